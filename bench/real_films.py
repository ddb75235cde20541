"""Pseudo films of real recordings with known truth: built, ingested by the real pipeline, and scored.

    python -m bench.real_films build DIR --sources CACHE [--films 24] [--seed 7]
    python -m bench.real_films score DIR --home HOME [--json]
    python -m bench.real_films long DIR FILM.mkv [--hours 2]

`build` uses the recordings of the part `test` of `models.recipes.recordings` (Debian packages downloaded to CACHE,
nothing is installed; every fifth track of `$FILMSCORE_DATA/music/emotify`). No shipped detector was trained on them,
and other code mixes them than mixed the training films. The films have the thesis's layout, DIR/<style>/<title>.<ext>,
with the style in place of the director; `truth.json` beside them has the truth of every second. `score` compares the
catalogue of HOME with it. `long` joins several films into one; `filmscore analyse FILM.mkv --json` then reports the
time of each stage and the peak memory. The recordings serve for measuring only and are not part of the project.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import numpy as np
from scipy.signal import fftconvolve

from bench.given import existing, real_data
from media.geometry import SAMPLE_RATE_HZ as RATE_HZ
from models.recipes.recordings import EMOTIFY_TEST_EVERY, fetch, read, recordings

FORMATS = ("mkv", "mp4", "mp3", "flac")
CODECS = {
    "mkv": ("aac", 48_000, "stereo"),
    "mp4": ("aac", 44_100, "stereo"),
    "mp3": ("libmp3lame", 44_100, "stereo"),
    "flac": ("flac", 16_000, "mono"),
}


def levelled(sound: np.ndarray, rms: float) -> np.ndarray:
    loud = np.sqrt(np.mean(sound**2)) if len(sound) else 0.0
    return sound * np.float32(rms / loud) if loud > 1e-6 else sound


@dataclass
class Film:
    """A mix under construction: its sound, and where music and speech are."""

    rng: np.random.Generator
    sound: list[np.ndarray] = field(default_factory=list)
    music: list[np.ndarray] = field(default_factory=list)
    speech: list[np.ndarray] = field(default_factory=list)
    cues: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, scene: np.ndarray, music: np.ndarray, speech: np.ndarray) -> None:
        self.sound.append(scene)
        self.music.append(music)
        self.speech.append(speech)
        self.seconds += len(scene) / RATE_HZ


def spoken(rng: np.random.Generator, take: Callable[[], np.ndarray], seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Sentences with pauses: the sound, and for each sample whether somebody speaks."""
    total = int(seconds * RATE_HZ)
    sound, active = np.zeros(total, np.float32), np.zeros(total, bool)
    at = int(rng.uniform(0, 0.5) * RATE_HZ)
    while at < total - RATE_HZ // 2:
        sentence = levelled(take(), 0.1)[: total - at]
        sound[at : at + len(sentence)] += sentence
        frames = len(sentence) // 400
        loud = np.sqrt(np.mean(sentence[: frames * 400].reshape(frames, 400) ** 2, axis=1)) > 0.01
        closed = np.convolve(loud, np.ones(7), "same") > 0
        active[at : at + frames * 400] |= np.repeat(closed, 400)
        at += len(sentence) + int(rng.uniform(0.1, 1.2) * RATE_HZ)
    if rng.random() < 0.4:  # a room
        decay = np.exp(-np.arange(int(0.25 * RATE_HZ)) / (0.05 * RATE_HZ)) * rng.standard_normal(int(0.25 * RATE_HZ))
        room = fftconvolve(sound, decay.astype(np.float32))[:total].astype(np.float32)
        sound = levelled(sound + levelled(room, 0.03), 0.1)
    return sound, active


def sprinkled(rng: np.random.Generator, take: Callable[[], np.ndarray], seconds: float, rms: float) -> np.ndarray:
    """Occasional effects over quiet ambience."""
    total = int(seconds * RATE_HZ)
    sound = (rng.standard_normal(total) * 0.0008).astype(np.float32)
    at = 0
    while at < total:
        effect = levelled(take(), rms * rng.uniform(0.4, 1.2))[: total - at]
        sound[at : at + len(effect)] += effect
        at += len(effect) + int(rng.uniform(0.1, 2.5) * RATE_HZ)
    return sound


def faded(sound: np.ndarray, seconds: float = 1.0) -> np.ndarray:
    ramp = np.linspace(0, 1, min(int(seconds * RATE_HZ), len(sound) // 2), dtype=np.float32)
    out = sound.copy()
    out[: len(ramp)] *= ramp
    out[len(out) - len(ramp) :] *= ramp[::-1]
    return out


def shoot(
    rng: np.random.Generator,
    tracks: Iterator[dict[str, str]],
    say: Callable[[], np.ndarray],
    hit: Callable[[], np.ndarray],
) -> Film:
    """One pseudo film of 5 to 10 minutes: about a third is music, half of it under speech or effects."""
    film = Film(rng)
    target = rng.uniform(300, 600)
    while film.seconds < target:
        kind = rng.choice(
            ["speech", "effects", "music", "music_speech", "music_effects", "quiet"],
            p=[0.3, 0.2, 0.18, 0.17, 0.1, 0.05],
        )
        seconds = float(rng.uniform(12, 40)) if kind != "quiet" else float(rng.uniform(2, 6))
        total = int(seconds * RATE_HZ)
        sound = (rng.standard_normal(total) * 0.0005).astype(np.float32)
        music = np.zeros(total, bool)
        speech = np.zeros(total, bool)
        if "music" in kind:
            track = next(tracks)
            whole = read(real_data() / "music/emotify" / track["path"]) / np.float32(32768)
            at = int(rng.integers(0, max(1, len(whole) - total)))
            cue = faded(levelled(whole[at : at + total], 0.1))
            sound[: len(cue)] += cue
            music[: len(cue)] = True
            film.cues.append(
                {**track, "start_s": film.seconds, "end_s": film.seconds + len(cue) / RATE_HZ, "over": kind}
            )
        if kind in {"speech", "music_speech"}:
            voice, speech = spoken(rng, say, seconds)
            if "music" in kind:
                sound *= np.float32(10 ** (rng.uniform(-14, 0) / 20))
            sound = sound + voice
        if kind in {"effects", "music_effects"}:
            sound = sound + sprinkled(rng, hit, seconds, 0.1 * 10 ** (rng.uniform(-10, 0) / 20))
        film.add((sound * 10 ** (rng.uniform(-12, 0) / 20)).astype(np.float32), music, speech)
    return film


def per_second(active: np.ndarray, share: float = 0.5) -> list[bool]:
    seconds = len(active) // RATE_HZ
    means = active[: seconds * RATE_HZ].reshape(seconds, RATE_HZ).mean(axis=1)
    return [bool(value >= share) for value in means]


def write(sound: np.ndarray, path: Path) -> None:
    codec, rate, layout = CODECS[path.suffix[1:]]
    samples = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        resampler = av.AudioResampler(
            stream.codec_context.format, layout, rate, frame_size=stream.codec_context.frame_size or 0
        )
        for at in range(0, len(samples), RATE_HZ):
            frame = av.AudioFrame.from_ndarray(samples[None, at : at + RATE_HZ], format="s16", layout="mono")
            frame.sample_rate = RATE_HZ
            frame.pts = at
            for out in resampler.resample(frame):
                container.mux(stream.encode(out))
        for out in resampler.resample(None):
            container.mux(stream.encode(out))
        container.mux(stream.encode(None))


def build(out: Path, cache: Path, count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    fetch(cache)
    kept = [recording for recording in recordings(cache, None) if recording.part == "test"]
    sounds = {
        kind: [recording.samples / np.float32(32768) for recording in kept if recording.kind == kind]
        for kind in ("speech", "effect")
    }
    with (real_data() / "music/emotify/labels.csv").open(newline="") as file:
        tracks = [row for row in csv.DictReader(file) if int(Path(row["path"]).stem) % EMOTIFY_TEST_EVERY == 0]
    styles = sorted({row["genre"] for row in tracks})

    def of_style(style: str) -> Iterator[dict[str, str]]:
        rows = [row for row in tracks if row["genre"] == style]
        while True:
            yield from (rows[k] for k in rng.permutation(len(rows)))

    def any_of(kind: str) -> np.ndarray:
        return sounds[kind][rng.integers(len(sounds[kind]))][: 12 * RATE_HZ]

    cues = {style: of_style(style) for style in styles}
    truth = {}
    for number in range(count):
        style = styles[number % len(styles)]
        film = shoot(rng, cues[style], lambda: any_of("speech"), lambda: any_of("effect"))
        path = out / style.title() / f"Reel {number + 1:02}.{FORMATS[(number // len(styles) + number) % len(FORMATS)]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        write(np.concatenate(film.sound), path)
        truth[str(path.relative_to(out))] = {
            "style": style,
            "music": per_second(np.concatenate(film.music)),
            "speech": per_second(np.concatenate(film.speech), 0.4),
            "cues": film.cues,
        }
        print(path, f"{film.seconds:.0f} s")
    (out / "truth.json").write_text(json.dumps({"seed": seed, "tracks": len(tracks), "films": truth}))


def long_film(folder: Path, out: Path, hours: float) -> None:
    """Repeat the films of a folder in sequence as one film of `hours`."""
    films = [path for path in sorted(folder.rglob("*")) if path.suffix[1:] in FORMATS]
    sound = np.concatenate([read(path, 3600) for path in films])
    samples = int(hours * 3600 * RATE_HZ)
    write(np.resize(sound, samples) / np.float32(32768), out)


def f1(truth: np.ndarray, found: np.ndarray) -> float:
    hits = int((truth & found).sum())
    return 2 * hits / max(1, int(truth.sum()) + int(found.sum()))


def score(out: Path, home: Path) -> dict[str, Any]:
    """F1 per second of music and speech over all films, and the attributes of runs against those of their cues."""
    from db.catalogue.snapshot import Snapshot
    from db.home import Home

    snapshot = Snapshot.open(Home.at(home))
    films = snapshot.films()
    truths = json.loads((out / "truth.json").read_text())["films"]
    heard: dict[str, list[np.ndarray]] = {"music": [], "speech": []}
    known: dict[str, list[np.ndarray]] = {"music": [], "speech": []}
    right: dict[str, list[bool]] = {"genre": [], "energy": [], "valence": []}
    for name, truth in truths.items():
        [film_id] = films.loc[films.media_path == str((out / name).resolve()), "film_id"]
        activity = snapshot.activity(int(film_id))
        assert activity is not None
        for kind in heard:
            n = min(len(truth[kind]), len(activity.label))
            known[kind].append(np.array(truth[kind][:n]))
            heard[kind].append(getattr(activity, kind)[:n] >= 0.5)
        for run in snapshot.runs(int(film_id)):
            overlap = {
                k: min(run.end_s, cue["end_s"]) - max(run.start_s, cue["start_s"])
                for k, cue in enumerate(truth["cues"])
            }
            best = max(overlap, key=overlap.__getitem__, default=None)
            if best is None or overlap[best] < 0.5 * (run.end_s - run.start_s):
                continue
            cue = truth["cues"][best]
            right["genre"].append(run.genre == cue["genre"])
            for attribute in ("energy", "valence"):
                names = {"energy": ("low", "medium", "high"), "valence": ("negative", "neutral", "positive")}[attribute]
                right[attribute].append(getattr(run, attribute) == names[int(cue[attribute])])
    return {
        "films": len(truths),
        "seconds": int(sum(len(k) for k in known["music"])),
        "music_share": float(np.concatenate(known["music"]).mean()),
        "music_f1": f1(np.concatenate(known["music"]), np.concatenate(heard["music"])),
        "speech_f1": f1(np.concatenate(known["speech"]), np.concatenate(heard["speech"])),
        "runs": len(right["genre"]),
        **{f"{key}_accuracy": float(np.mean(values)) if values else 0.0 for key, values in right.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    builder = verbs.add_parser("build")
    builder.add_argument("out", type=Path)
    builder.add_argument("--sources", type=existing, required=True)
    builder.add_argument("--films", type=int, default=24)
    builder.add_argument("--seed", type=int, default=7)
    scorer = verbs.add_parser("score")
    scorer.add_argument("out", type=existing)
    scorer.add_argument("--home", type=existing, required=True)
    scorer.add_argument("--json", action="store_true")
    joiner = verbs.add_parser("long")
    joiner.add_argument("folder", type=existing)
    joiner.add_argument("out", type=Path)
    joiner.add_argument("--hours", type=float, default=2.0)
    arguments = parser.parse_args()
    if arguments.verb == "long":
        long_film(arguments.folder, arguments.out, arguments.hours)
    elif arguments.verb == "build":
        build(arguments.out, arguments.sources, arguments.films, arguments.seed)
    else:
        result = score(arguments.out, arguments.home)
        print(json.dumps(result) if arguments.json else "\n".join(f"{key}: {value}" for key, value in result.items()))


if __name__ == "__main__":
    main()
