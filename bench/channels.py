"""Measure how much the sound without the centre channel helps with music under speech.

    python -m bench.channels [--tracks 20] [--json]

Emotify's tracks ($FILMSCORE_DATA) play left, right and, 6 dB lower, behind. Recordings of speech from activity/3_class
play in the centre, LOUDER_DB above the music, and BLEED_DB quieter also left and right, like reverberation. Each mix is
written as 5.1 in AC-3 (MKV), as in films. The shares say how often genre, energy and valence of the music under speech
are the same as those of the music alone: from the mix and, as in the product, without the centre. They are not
accuracies: the heads were trained on these tracks.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
import numpy.typing as npt

from bench.given import real_data
from ingest.analyse import attributes
from ingest.summarise import vote
from media.decode import Sound, decode
from media.geometry import SAMPLE_RATE_HZ
from models.ears.default_ear import DefaultEar

SECONDS, SKIPPED_S = 14, 10
LOUDER_DB = (4.0, 12.0)
BLEED_DB = -20.0
MUSIC_RMS, RATE_HZ, SEED = 0.02, 48_000, 5
NAMES = ("genre", "energy", "valence")
Samples = npt.NDArray[np.float64]


def heard(path: Path, scratch: Path) -> Samples:
    """The file at 8 kHz with RMS 1."""
    with decode(path, scratch_dir=scratch) as sound:
        samples = np.array(sound.samples(), np.float64)
    return samples / max(float(np.sqrt(np.mean(samples**2))), 1e-9)


def write_film(music: Samples, speech: Samples, path: Path) -> None:
    """Write both as 5.1 at RATE_HZ."""
    sides = music + 10 ** (BLEED_DB / 20) * speech
    left_right_centre_deep_behind = [sides, sides, speech, 0 * music, music / 2, music / 2]
    samples = np.repeat(np.stack(left_right_centre_deep_behind), RATE_HZ // SAMPLE_RATE_HZ, axis=1).astype(np.float32)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("ac3", rate=RATE_HZ, layout="5.1", bit_rate=448_000)
        for start in range(0, samples.shape[1] - 1_535, 1_536):
            piece = np.ascontiguousarray(samples[:, start : start + 1_536])
            frame = av.AudioFrame.from_ndarray(piece, "fltp", "5.1")
            frame.sample_rate, frame.pts = RATE_HZ, start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def values(sound: Sound, ear: DefaultEar, spoken: bool) -> list[int]:
    """Genre, energy and valence of the whole sound as one run."""
    memo = np.full(SECONDS, spoken)
    (windows,) = attributes(sound, ear, [(0, SECONDS)], memo)
    return [vote(getattr(windows, name))[0] for name in NAMES]


def measure(tracks: int) -> dict[str, dict[str, float]]:
    """Share of tracks whose value under speech is the same as that of the music alone, by kind of sound and
    attribute."""
    data, ear, rng = (
        real_data(),
        DefaultEar.load(),
        np.random.default_rng(SEED),
    )
    paths = sorted((data / "music" / "emotify").glob("*.opus"))
    found: dict[str, list[list[bool]]] = {}
    with TemporaryDirectory() as folder:
        scratch, film = Path(folder), Path(folder) / "film.mkv"
        spoken = [heard(path, scratch) for path in sorted((data / "activity" / "3_class" / "speech").glob("*.wav"))]
        n = (SECONDS + 1) * SAMPLE_RATE_HZ
        for path in paths[:: max(1, len(paths) // tracks)][:tracks]:
            music = MUSIC_RMS * np.resize(heard(path, scratch)[SKIPPED_S * SAMPLE_RATE_HZ :], n)
            speech = np.resize(np.concatenate([spoken[i] for i in rng.permutation(len(spoken))]), n)
            write_film(music, 0 * speech, film)
            with decode(film, scratch_dir=scratch) as sound:
                alone = values(sound, ear, False)
            for louder_db in LOUDER_DB:
                write_film(music, MUSIC_RMS * 10 ** (louder_db / 20) * speech, film)
                for way, details in (("mix", False), ("without the centre", True)):
                    with decode(film, scratch_dir=scratch, details=details) as sound:
                        same = [a == b for a, b in zip(values(sound, ear, True), alone, strict=True)]
                    found.setdefault(f"speech {louder_db:g} dB louder, {way}", []).append(same)
    return {way: dict(zip(NAMES, np.mean(rows, axis=0).round(3).tolist(), strict=True)) for way, rows in found.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure(arguments.tracks)
    if arguments.json:
        print(json.dumps(found))
        return
    for way, shares in found.items():
        print(f"{way}: " + ", ".join(f"{name} {share:.2f}" for name, share in shares.items()))


if __name__ == "__main__":
    main()
