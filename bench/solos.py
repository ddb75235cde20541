"""How sounds that are hard to tell from music or speech are heard: `python -m bench.solos [--passages 8] [--seed 5]`.

A film for each kind: passages of 20 s of it between 10 s of a synthetic voice speaking. The studio plays all of them
from notes or noise, so these are figures about rendered sound: solo brass (the melody alone, by trumpet, trombone, horn
and tuba), a brass section, a choir and a church organ (all parts), somebody who sings alone, drums alone, and what is
no music: shots and a crowd. The output is the share of the passages' seconds, without 2 s at either end, in which the
default ear hears music, and in which it hears speech. A melody's rests count as seconds without music.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bench.keys import Sound, play, speech
from media.geometry import SAMPLE_RATE_HZ
from models.ears.default_ear import DefaultEar
from studio.composing import Piece, compose
from studio.effects import effect
from studio.notes import DRUM_CHANNEL
from studio.script import INTENSITIES, MusicCue
from studio.singing import sing

PASSAGE_S, SPEECH_S, EDGE_S = 20, 10, 2
RMS = 0.1
BRASS, SECTION, CHOIR, ORGAN = (56, 57, 60, 58), (61,), (52, 53), (19,)
"""General MIDI programs."""
PLAYED = ("classical", "jazz", "pop", "country")
DRUMMED = ("rock", "dance", "electronic", "metal")
SUNG = ("rock", "pop", "metal", "dance")
MUSIC = ("solo brass", "brass section", "choir", "organ", "solo singing", "drums alone")
NO_MUSIC = ("shots", "crowd")


def _composed(genres: tuple[str, ...], number: int, rng: np.random.Generator) -> Piece:
    intensity = INTENSITIES[max(1, number % 3)]
    return compose(MusicCue(genres[number % len(genres)], 0.0, float(PASSAGE_S), intensity=intensity), rng)


def _together(programs: tuple[int, ...], number: int, rng: np.random.Generator) -> Sound:
    return play(_composed(PLAYED, number, rng).alone(programs[number % len(programs)]), PASSAGE_S, rng)


def melody(piece: Piece) -> Piece:
    """The last part of a piece, which is its melody."""
    last = max(note.channel for note in piece.notes)
    return replace(piece, notes=tuple(note for note in piece.notes if note.channel == last))


def _alone(programs: tuple[int, ...], number: int, rng: np.random.Generator) -> Sound:
    piece = _composed(PLAYED, number, rng).alone(programs[number % len(programs)])
    return play(melody(piece), PASSAGE_S, rng)


def _drums(number: int, rng: np.random.Generator) -> Sound:
    piece = _composed(DRUMMED, number, rng)
    drums = tuple(note for note in piece.notes if note.channel == DRUM_CHANNEL)
    return play(replace(piece, notes=drums, sung=(), voice=None, rapped=False, strings={}), PASSAGE_S, rng)


def _singing(number: int, rng: np.random.Generator) -> Sound:
    piece = _composed(SUNG, number, rng)
    if piece.voice is None or not piece.sung:
        return _singing(number + 1, rng)
    return np.asarray(sing(piece.sung, PASSAGE_S, SAMPLE_RATE_HZ, piece.voice, rng), np.float32)


MAKERS: dict[str, Callable[[int, np.random.Generator], Sound]] = {
    "solo brass": lambda number, rng: _alone(BRASS, number, rng),
    "brass section": lambda number, rng: _together(SECTION, number, rng),
    "choir": lambda number, rng: _together(CHOIR, number, rng),
    "organ": lambda number, rng: _together(ORGAN, number, rng),
    "solo singing": _singing,
    "drums alone": _drums,
    "shots": lambda _, rng: effect("shots", PASSAGE_S, rng),
    "crowd": lambda _, rng: effect("crowd", PASSAGE_S, rng),
}


def levelled(sound: Sound) -> Sound:
    """The sound at RMS."""
    return np.asarray(sound * (RMS / max(float(np.sqrt(np.mean(sound**2))), 1e-9)), np.float32)


def film(kind: str, passages: int, seed: int) -> tuple[Sound, np.ndarray]:
    """(n,) sound at 8 kHz, and (n // 8000,) which seconds are inside a passage."""
    voice = levelled(speech(seed))
    parts, inside, said = [], [], 0
    for number in range(passages):
        rng = np.random.default_rng([seed, number, list(MAKERS).index(kind)])
        parts.append(np.take(voice, np.arange(said, said + SPEECH_S * SAMPLE_RATE_HZ), mode="wrap"))
        said += SPEECH_S * SAMPLE_RATE_HZ
        parts.append(levelled(MAKERS[kind](number, rng)[: PASSAGE_S * SAMPLE_RATE_HZ]))
        inside += [False] * (SPEECH_S + EDGE_S) + [True] * (PASSAGE_S - 2 * EDGE_S) + [False] * EDGE_S
    return np.concatenate(parts), np.array(inside)


def measure(ear: DefaultEar, kind: str, passages: int, seed: int) -> dict[str, float]:
    """Shares of the passages' seconds in which music, and in which speech is heard."""
    sound, inside = film(kind, passages, seed)
    activity, _ = ear.activity((sound.clip(-1, 1) * 32_767).astype(np.int16))
    music, spoken = activity.present[inside], (activity.speech >= 0.5)[inside]
    return {"music": round(float(music.mean()), 2), "speech": round(float(spoken.mean()), 2)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=8)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    ear = DefaultEar.load()
    result = {kind: measure(ear, kind, options.passages, options.seed) for kind in (*MUSIC, *NO_MUSIC)}
    if options.json:
        print(json.dumps(result))
        return
    for kind, shares in result.items():
        print(f"{kind:14} music {shares['music']:.2f}   speech {shares['speech']:.2f}")


if __name__ == "__main__":
    main()
