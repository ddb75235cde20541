"""Singers made of speakers, for the training of activity: lines of speech sung to melodies by a vocoder.

    python -m models.recipes.sung DECODED PART OUT [--seed 22]

Free recordings of people who sing alone are rare, those of speakers are not. WORLD (M. Morise and others, 2016; the
package pyworld, which is not among our dependencies) takes a line of DECODED/speech_PART.npz apart into pitch, spectrum
and breath. A melody replaces the pitch: notes of a scale, with glides, drift and a vibrato that grows while a note is
held; vowels are stretched to the notes, consonants keep their length. OUT/music_PART.npz holds these passages (groups
`sung/VOICE`), some of them with several voices, some in a room.

No shipped weight learnt from these passages: models/cards/default-activity.md says what they gained and what not.

A network must not learn that a vocoder is music. So OUT/speech_PART.npz holds lines of the same voices that went
through it with their own pitch, moved, flattened or livelier (groups `rebuilt/VOICE`).
"""

from __future__ import annotations

import argparse
import importlib
import zlib
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly, sosfilt

from media.geometry import SAMPLE_RATE_HZ
from models.recipes.films import SUNG_LINES, Shelf, room

Frames = npt.NDArray[np.float64]
Sound = npt.NDArray[np.float32]
RATE_HZ = 2 * SAMPLE_RATE_HZ
"""The vocoder's measure of breath needs more than 8 kHz."""
FRAME_S = 0.005
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 7, 10))
"""Semitones above the root: major, minor, and two of five notes."""
SYLLABLE_S = (0.12, 0.3)
LONGEST_LINE_S, LONGEST_PAUSE_S = 8.0, 0.25
PASSAGE_S = (8.0, 18.0)
SHORTEST_S = 0.4
"""Of a rebuilt line, as of models.recipes.recordings."""
PASSAGES, REBUILT = 8, 12
"""Of a voice: passages that it sings, and lines that it says."""
VOCALISE, SEVERAL, IN_A_ROOM = 0.2, 0.15, 0.4
"""Shares of the passages: on one held vowel, by several voices, in a room."""
SEED = 22


def world() -> Any:
    """The vocoder. Raises SystemExit where it is not installed."""
    try:
        return importlib.import_module("pyworld")
    except ImportError as fault:
        raise SystemExit(
            f"This recipe needs the vocoder WORLD, which cannot be imported ({fault}). Install it beside filmscore: "
            "pip install pyworld 'setuptools<81'"
        ) from fault


@dataclass(frozen=True)
class Line:
    """A spoken line taken apart, a frame every FRAME_S."""

    pitch_hz: Frames
    """(n,); 0 where there is no voice"""
    spectrum: Frames
    """(n, bins) power"""
    breath: Frames
    """(n, bins) share of noise, 0 to 1"""

    def at(self, frames: npt.NDArray[np.int64]) -> Line:
        return Line(self.pitch_hz[frames], self.spectrum[frames], self.breath[frames])


def taken_apart(vocoder: Any, sound: Sound) -> Line:
    """A line of sound at SAMPLE_RATE_HZ."""
    wide = resample_poly(sound[: int(LONGEST_LINE_S * SAMPLE_RATE_HZ)], 2, 1).astype(np.float64)
    rough, times = vocoder.dio(wide, RATE_HZ, frame_period=1000 * FRAME_S)
    pitch = vocoder.stonemask(wide, rough, times, RATE_HZ)
    return Line(
        pitch, vocoder.cheaptrick(wide, pitch, times, RATE_HZ), np.asarray(vocoder.d4c(wide, pitch, times, RATE_HZ))
    )


def syllables(line: Line) -> list[tuple[int, int, bool]]:
    """(first, last, voiced) of successive pieces of a line: voiced stretches cut where they are quietest."""
    loudness = line.spectrum.sum(axis=1)
    voiced = line.pitch_hz > 0
    edges = [0, *(np.flatnonzero(np.diff(voiced)) + 1), len(voiced)]
    pieces: list[tuple[int, int, bool]] = []
    for first, last in pairwise(edges):
        while voiced[first] and last - first > 2 * SYLLABLE_S[0] / FRAME_S:
            least, most = (int(s / FRAME_S) for s in SYLLABLE_S)
            window = loudness[first + least : min(first + most, last - least) + 1]
            cut = first + least + int(window.argmin()) if window.size else last
            pieces.append((first, cut, True))
            first = cut
        if last > first:
            pieces.append((first, last, bool(voiced[first])))
    return pieces


def held(first: int, last: int, length: int) -> npt.NDArray[np.int64]:
    """Which frames of a syllable sound in `length` frames: its ends keep their pace, its middle is held."""
    n = last - first
    knots = [0, 0.4 * n, 0.6 * n, n - 1]
    ends = min(0.4 * n, 0.3 * length)
    places = np.interp(np.arange(length), [0, ends, length - ends, length - 1], knots)
    frames: npt.NDArray[np.int64] = first + np.round(places).astype(np.int64)
    return frames


def melody(rng: np.random.Generator, lengths: list[int], root_hz: float) -> Frames:
    """(sum of lengths,) pitch in Hz of notes of so many frames each, sung one after the other."""
    scale = SCALES[int(rng.integers(len(SCALES)))]
    ladder = np.concatenate([np.array(scale) + 12 * octave for octave in (-1, 0, 1)])
    place, wanted, depth = len(scale), [], rng.uniform(0.0, 0.7)
    rate_hz, scoop = rng.uniform(4.0, 7.0), rng.uniform(0, 2.0)
    for length in lengths:
        place = int(np.clip(place + rng.choice([-4, -2, -1, -1, 0, 1, 1, 2, 4]), 0, len(ladder) - 1))
        t = np.arange(length) * FRAME_S
        grown = np.clip((t - rng.uniform(0.1, 0.4)) / 0.4, 0, 1)
        phase = 2 * np.pi * (rate_hz * t + rng.uniform())
        wanted.append(ladder[place] + depth * grown * np.sin(phase) - scoop * (rng.random() < 0.3) * np.exp(-t / 0.06))
    semitones = np.concatenate(wanted)
    # a voice reaches a note late and passes it a little: a resonance of some 3 Hz
    turn, damping = 2 * np.pi * rng.uniform(2.5, 6), rng.uniform(0.6, 1.0)
    b, a1 = (turn * FRAME_S) ** 2, 2 * damping * turn * FRAME_S
    start = semitones[0]
    glided = start + sosfilt(np.array([[0, b, 0, 1, a1 - 2, 1 - a1 + b]]), semitones - start)
    drift = np.interp(
        np.arange(len(glided)),
        np.arange(0, len(glided) + 100, 100),
        rng.normal(0, 0.15, len(range(0, len(glided) + 100, 100))),
    )
    pitch: Frames = root_hz * 2 ** ((glided + drift + rng.normal(0, 0.03, len(glided))) / 12)
    return pitch


def score(rng: np.random.Generator, line: Line, root_hz: float) -> tuple[npt.NDArray[np.int64], Frames]:
    """The frames of a line in the order and number in which they are sung, and the pitch of each (0: no voice)."""
    beat_s, frames, pitch_at, lengths = rng.uniform(0.25, 0.7), [], [], []
    for first, last, voiced in syllables(line):
        if voiced:
            length = max(int(beat_s * rng.choice([0.5, 1, 1, 1, 2, 3]) / FRAME_S), last - first)
            lengths.append(length)
            frames.append(held(first, last, length))
        else:
            frames.append(np.arange(first, min(last, first + int(LONGEST_PAUSE_S / FRAME_S))))
        pitch_at.append(np.full(len(frames[-1]), voiced))
    pitch = np.zeros(sum(len(piece) for piece in frames))
    if lengths:
        pitch[np.concatenate(pitch_at)] = melody(rng, lengths, root_hz)
    return np.concatenate(frames), pitch


def vocalise(rng: np.random.Generator, line: Line, root_hz: float) -> tuple[npt.NDArray[np.int64], Frames]:
    """The same of a melody on one vowel, the loudest of the line."""
    loudest = int((line.spectrum.sum(axis=1) * (line.pitch_hz > 0)).argmax())
    beat_s = rng.uniform(0.25, 0.8)
    lengths = [int(beat_s * rng.choice([0.5, 1, 1, 2, 3]) / FRAME_S) for _ in range(int(rng.integers(4, 10)))]
    pitch = melody(rng, lengths, root_hz)
    around = loudest + np.round(2 * np.sin(np.arange(len(pitch)) * rng.uniform(0.01, 0.1))).astype(np.int64)
    return np.clip(around, 0, len(line.pitch_hz) - 1), pitch


def voiced_by(rng: np.random.Generator, line: Line, pitch_hz: Frames) -> Line:
    """The line with that pitch, by a throat of another size, more or less breathy and bright."""
    bins = np.arange(line.spectrum.shape[1])
    longer = rng.uniform(0.88, 1.14)
    spectrum = np.exp(np.array([np.interp(bins * longer, bins, row) for row in np.log(line.spectrum)]))
    tilt_db = rng.uniform(-6, 8) * bins / bins[-1]
    if rng.random() < 0.3:  # trained singers are loud about 3 kHz
        tilt_db = tilt_db + rng.uniform(4, 12) * np.exp(-(((bins / bins[-1] * RATE_HZ / 2 - 2_900) / 400) ** 2))
    breath = np.clip(line.breath, 1e-3, 1) ** rng.uniform(0.6, 1.4)
    return Line(pitch_hz, spectrum * 10 ** (tilt_db / 10), np.where(pitch_hz[:, None] > 0, breath, line.breath))


def spoken_again(vocoder: Any, line: Line) -> Sound:
    """The sound of a line at SAMPLE_RATE_HZ, its largest sample 1."""
    arrays = (np.ascontiguousarray(values) for values in (line.pitch_hz, line.spectrum, line.breath))
    wide = vocoder.synthesize(*arrays, RATE_HZ, 1000 * FRAME_S)
    sound = resample_poly(wide, 1, 2)
    return np.asarray(sound / max(float(np.abs(sound).max()), 1e-6), np.float32)


def sing(vocoder: Any, rng: np.random.Generator, line: Line) -> Sound:
    """A spoken line, sung."""
    usual_hz = float(np.median(line.pitch_hz[line.pitch_hz > 0]))
    root_hz = float(np.clip(usual_hz * 2 ** (rng.uniform(-3, 9) / 12), 75, 500))
    frames, pitch = (vocalise if rng.random() < VOCALISE else score)(rng, line, root_hz)
    singers = int(rng.integers(2, 7)) if rng.random() < SEVERAL else 1
    sound = np.zeros(0, np.float32)
    for _ in range(singers):
        apart = 2 ** (rng.normal(0, 0.15 if singers > 1 else 0) / 12) * rng.choice(
            [1, 1, 2, 0.5] if singers > 1 else [1]
        )
        voice = spoken_again(vocoder, voiced_by(rng, line.at(frames), pitch * apart))
        late = np.concatenate([np.zeros(int(rng.uniform(0, 0.06) * SAMPLE_RATE_HZ), np.float32), voice])
        longer, shorter = (late, sound) if late.size > sound.size else (sound, late)
        sound = longer.copy()
        sound[: shorter.size] += shorter
    return sound


def say(vocoder: Any, rng: np.random.Generator, line: Line) -> Sound:
    """A spoken line with its own melody, moved, flattened or livelier, slower or faster."""
    n = len(line.pitch_hz)
    frames = np.minimum((np.arange(0, n, rng.uniform(0.8, 1.25))).astype(np.int64), n - 1)
    again, voiced = line.at(frames), line.pitch_hz[frames] > 0
    middle = np.log(np.median(line.pitch_hz[line.pitch_hz > 0]))
    pitch = np.zeros(len(frames))
    moved = middle + rng.uniform(-4, 5) / 12 * np.log(2)
    pitch[voiced] = np.exp(moved + rng.choice([0.15, 0.5, 1, 1, 1.8]) * (np.log(again.pitch_hz[voiced]) - middle))
    return spoken_again(vocoder, voiced_by(rng, again, np.where(pitch > 0, np.clip(pitch, 60, 700), 0)))


def passages(recordings: Path, voice: str, seed: int) -> tuple[list[Sound], list[Sound]]:
    """What a voice sings, and lines that it says."""
    vocoder, rng, shelf = world(), np.random.default_rng([seed, zlib.crc32(voice.encode())]), Shelf(recordings)
    sung: list[Sound] = []

    def line() -> Line | None:
        found = taken_apart(vocoder, shelf.draw(rng, voice))
        return found if (found.pitch_hz > 0).mean() > 0.2 else None

    for _ in range(PASSAGES):
        strung: list[Sound] = []
        wanted = rng.uniform(*PASSAGE_S) * SAMPLE_RATE_HZ
        for _ in range(40):
            if sum(piece.size for piece in strung) >= wanted:
                break
            if found := line():
                pause = np.zeros(int(rng.uniform(0.05, 0.5) * SAMPLE_RATE_HZ), np.float32)
                strung += [sing(vocoder, rng, found), pause]
        if strung:
            passage = np.concatenate(strung)[: int(wanted)]
            sung.append(room(rng, passage, 2.0) if rng.random() < IN_A_ROOM else passage)
    said = [say(vocoder, rng, found) for _ in range(REBUILT) if (found := line())]
    return sung, [sound for sound in said if sound.size >= SHORTEST_S * SAMPLE_RATE_HZ]


def store(path: Path, found: dict[str, list[Sound]]) -> None:
    """Write passages by group in the form of models.recipes.recordings."""
    rows = [
        (group, sound / max(float(np.abs(sound).max()), 1e-6)) for group, sounds in found.items() for sound in sounds
    ]
    np.savez(
        path,
        samples=np.concatenate([np.round(sound * 16_384).astype(np.int16) for _, sound in rows]),
        length=np.array([sound.size for _, sound in rows]),
        group=np.array([group for group, _ in rows]),
    )


def main() -> None:
    """Let each voice sing, and store it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("decoded", type=Path)
    parser.add_argument("part")
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    world()
    recordings = options.decoded / f"speech_{options.part}.npz"
    voices = Shelf(recordings).names
    with get_context("spawn").Pool() as pool:
        made = dict(zip(voices, pool.map(partial(passages, recordings, seed=options.seed), voices, 1), strict=True))
    options.out.mkdir(parents=True, exist_ok=True)
    store(
        options.out / f"music_{options.part}.npz", {f"{SUNG_LINES}{voice}": sung for voice, (sung, _) in made.items()}
    )
    store(options.out / f"speech_{options.part}.npz", {f"rebuilt/{voice}": said for voice, (_, said) in made.items()})


if __name__ == "__main__":
    main()
