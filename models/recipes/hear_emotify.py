"""Hears Emotify's tracks as films play music, and stores what the heads of genre, energy and valence learn from.

    python -m models.recipes.hear_emotify DATA/music CACHE/decoded/speech_train.npz OUT.npz

The windows are those of windows.npz, which has them clean. The copies are those of mixed.npz: under speech of which the
music lies 4, 8, 12 and 16 dB below, at 300-3400 Hz, and at 80-3000 Hz with hiss at -20 dB. A window is heard in three
of the six, the next in the other three. Who speaks is drawn from the recordings of the part `train`
(models.recipes.recordings). Each track has a seed of its own, so that its copies do not depend on the other tracks.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt

from media.geometry import SAMPLE_RATE_HZ, WINDOW_RMS, WINDOW_S
from models.ears.default_features import Samples, window_features
from models.ears.musicnn import Musicnn
from models.ears.store import load_weights
from models.recipes.films import LONGEST_OF, Shelf, Sound, decibels
from models.recipes.recordings import read

BLOCKS = ("msd", "tags", "features68")
NARROW, OLD = "narrow", "old"
BELOW_SPEECH_DB = (4, 8, 12, 16)
BANDS_HZ = {NARROW: (300, 3_400), OLD: (80, 3_000)}
HISS_DB = -20
PAUSE_S = (0.1, 0.6)
"""Shortest and longest pause between two lines."""
SEED = 16


def levelled(sound: Sound) -> Sound:
    """(n,) at RMS WINDOW_RMS; silence stays silence."""
    result: Sound = sound * np.float32(WINDOW_RMS / max(float(np.sqrt(np.mean(np.square(sound)))), 1e-6))
    return result


def talk(rng: np.random.Generator, shelf: Shelf, n: int) -> Sound:
    """(n,) one voice that speaks line after line; RMS WINDOW_RMS."""
    speech, at, voice = np.zeros(n, np.float32), 0, shelf.group(rng)
    while at < n:
        line = max((shelf.draw(rng, voice) for _ in range(LONGEST_OF)), key=len)[: n - at]
        speech[at : at + line.size] = line
        at += line.size + int(rng.uniform(*PAUSE_S) * SAMPLE_RATE_HZ)
    return levelled(speech)


def copies_of(rng: np.random.Generator, music: Sound, shelf: Shelf) -> Iterator[tuple[str, Samples]]:
    """Name and sound, (n,) int16 at RMS WINDOW_RMS, of each copy of a window."""
    music = levelled(music)
    for db in BELOW_SPEECH_DB:
        yield f"speech-{db}", _stored(talk(rng, shelf, music.size) + music * decibels(-db))
    for name, band_hz in BANDS_HZ.items():
        heard = levelled(sosfilt(butter(4, band_hz, "bandpass", fs=SAMPLE_RATE_HZ, output="sos"), music))
        if name == OLD:
            heard = heard + rng.standard_normal(music.size).astype(np.float32) * WINDOW_RMS * decibels(HISS_DB)
        yield name, _stored(heard)


def _stored(sound: Sound) -> Samples:
    return np.clip(np.rint(levelled(sound) * 32_768), -32_768, 32_767).astype(np.int16)


def hear(music: Path, shelf: Shelf) -> dict[str, npt.NDArray[np.generic]]:
    """Feature blocks (n, d) of what is heard, and of each its clip, the second in the track and the copy (n,)."""
    with np.load(music / "windows.npz") as stored:
        emotify = np.char.startswith(stored["clip"], "emotify-")
        windows = sorted(set(zip(stored["clip"][emotify].tolist(), stored["start_s"][emotify].tolist(), strict=True)))
    network = Musicnn(load_weights("musicnn_msd"))
    heard: dict[str, list[npt.NDArray[np.generic]]] = {name: [] for name in BLOCKS}
    of: dict[str, list[str | float]] = {"clip": [], "start_s": [], "copy": []}
    for clip in sorted({clip for clip, _ in windows}):
        number = clip.removeprefix("emotify-")
        sound = read(music / "emotify" / f"{number}.opus").astype(np.float32) / np.float32(32_768)
        rng = np.random.default_rng((SEED, int(number)))
        for place, start_s in enumerate(start_s for other, start_s in windows if other == clip):
            first = int(start_s * SAMPLE_RATE_HZ)
            copies = list(copies_of(rng, sound[first : first + WINDOW_S * SAMPLE_RATE_HZ], shelf))
            for copy, samples in copies[(place + int(number)) % 2 :: 2]:
                features = window_features(network, samples, 0, WINDOW_S)
                for name in BLOCKS:
                    heard[name].append(features[name].astype(np.float32))
                for name, value in (("clip", clip), ("start_s", start_s), ("copy", copy)):
                    of[name].append(value)
    return {name: np.concatenate(parts) for name, parts in heard.items()} | {n: np.array(v) for n, v in of.items()}


def main() -> None:
    """Hear and store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("music", type=Path)
    parser.add_argument("speech", type=Path, help="recordings as models.recipes.recordings stores them")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    np.savez_compressed(arguments.out, allow_pickle=False, **hear(arguments.music, Shelf(arguments.speech)))


if __name__ == "__main__":
    main()
