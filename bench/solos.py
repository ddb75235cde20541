"""How sounds that are hard to tell from music or speech are heard.

    python -m bench.solos [--passages 8] [--seed 5]
    python -m bench.solos --recordings CACHE/solos/music_validation.npz CACHE/solos/effect_validation.npz [--groups]

A film for each kind: passages of 20 s of it between 10 s of a synthetic voice speaking. With --recordings (made by
models.recipes.solos) there is a film for each singer, player or package. The figure of a kind is then the mean of its
groups, with a 95 % interval (bootstrap over groups; one group has none), beside the mean probabilities of each
network. Without, the studio plays everything from notes or noise, so these are figures about rendered sound: solo
brass (the melody alone, by trumpet, trombone, horn and tuba), a brass section, a choir and a church organ (all
parts), somebody who sings alone, drums alone, and what is no music: shots and a crowd. The output is the share of the
passages' seconds, without 2 s at either end, in which the default ear hears music, and in which it hears speech. A
melody's rests count as seconds without music.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.given import existing
from bench.keys import Sound, play, speech
from media.geometry import SAMPLE_RATE_HZ
from models.ears.default_ear import DefaultEar
from models.ears.joining import SECOND, ActivityNetworks, by_second
from models.features.levelling import levelled as evened
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


def film(passages: Iterable[Sound], seed: int) -> tuple[Sound, np.ndarray]:
    """(n,) sound at 8 kHz, and (n // 8000,) the seconds inside a passage. Passages are cut or repeated to 20 s."""
    voice = levelled(speech(seed))
    parts, inside, said = [], [], 0
    for passage in passages:
        parts.append(np.take(voice, np.arange(said, said + SPEECH_S * SAMPLE_RATE_HZ), mode="wrap"))
        said += SPEECH_S * SAMPLE_RATE_HZ
        parts.append(levelled(np.resize(passage, PASSAGE_S * SAMPLE_RATE_HZ)))
        inside += [False] * (SPEECH_S + EDGE_S) + [True] * (PASSAGE_S - 2 * EDGE_S) + [False] * EDGE_S
    return np.concatenate(parts), np.array(inside)


def rendered(kind: str, passages: int, seed: int) -> Iterator[Sound]:
    """Passages that the studio plays."""
    for number in range(passages):
        yield MAKERS[kind](number, np.random.default_rng([seed, number, list(MAKERS).index(kind)]))


def recorded(path: Path) -> dict[str, list[Sound]]:
    """The passages of each group, which is named kind/singer, of a file of models.recipes.solos."""
    with np.load(path) as stored:
        pieces = np.split(stored["samples"], np.cumsum(stored["length"])[:-1])
        found: dict[str, list[Sound]] = {}
        for group, piece in zip(stored["group"], pieces, strict=True):
            found.setdefault(str(group), []).append(piece.astype(np.float32) / np.float32(32_768))
    return found


def measure(ear: DefaultEar, passages: Iterable[Sound], seed: int) -> dict[str, float]:
    """Shares of the passages' seconds in which music, and in which speech is heard."""
    sound, inside = film(passages, seed)
    activity, _ = ear.activity(samples_of(sound))
    music, spoken = activity.present[inside], (activity.speech >= 0.5)[inside]
    return {"music": float(music.mean()), "speech": float(spoken.mean())}


def samples_of(sound: Sound) -> np.ndarray:
    """The sound as int16."""
    return np.asarray((sound.clip(-1, 1) * 32_767).astype(np.int16))


def networks_alone(networks: ActivityNetworks, passages: Iterable[Sound], seed: int) -> dict[str, float]:
    """Mean probability of each network's outputs over the passages' seconds."""
    sound, inside = film(passages, seed)
    logits = by_second(networks.hear(evened(samples_of(sound)))[0])[inside]
    return dict(zip(SECOND, (1 / (1 + np.exp(-logits))).mean(axis=0).tolist(), strict=True))


def interval(values: list[float], draws: int = 2000) -> tuple[float, float]:
    """95 % interval of the mean of some groups' values, by bootstrap."""
    drawn = np.random.default_rng(0).choice(values, (draws, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)


def of_recordings(ear: DefaultEar, paths: list[Path], seed: int) -> dict[str, dict[str, float]]:
    """By group kind/singer: shares called music and speech, and what the networks hear."""
    networks = ActivityNetworks()
    return {
        group: measure(ear, passages, seed) | networks_alone(networks, passages, seed)
        for path in paths
        for group, passages in recorded(path).items()
    }


def tell_recordings(found: dict[str, dict[str, float]], groups: bool) -> None:
    """Print a line for each kind, and for each group if asked."""
    for kind in dict.fromkeys(group.split("/")[0] for group in found):
        rows = {group: row for group, row in found.items() if group.split("/")[0] == kind}
        shares = []
        for name in ("music", "speech"):
            values = [row[name] for row in rows.values()]
            low, high = interval(values)
            shares.append(f"{name} {np.mean(values):.2f}" + (f" ({low:.2f}-{high:.2f})" if len(values) > 1 else ""))
        heard = [name for name in next(iter(rows.values())) if name not in ("music", "speech")]
        outputs = ", ".join(f"{name} {np.mean([row[name] for row in rows.values()]):.2f}" for name in heard)
        print(f"{kind}, {len(rows)}: {', '.join(shares)}; {outputs}")
        for group, row in rows.items() if groups else ():
            print(f"    {group}: " + ", ".join(f"{name} {value:.2f}" for name, value in row.items()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=8)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--recordings", type=existing, nargs="+")
    parser.add_argument("--groups", action="store_true", help="a line for each singer, player or package")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    ear = DefaultEar.load()
    if options.recordings:
        found = of_recordings(ear, options.recordings, options.seed)
        if options.json:
            print(json.dumps(found))
        else:
            tell_recordings(found, options.groups)
        return
    result = {
        kind: measure(ear, rendered(kind, options.passages, options.seed), options.seed) for kind in (*MUSIC, *NO_MUSIC)
    }
    if options.json:
        print(json.dumps(result))
        return
    for kind, shares in result.items():
        print(f"{kind:14} music {shares['music']:.2f}   speech {shares['speech']:.2f}")


if __name__ == "__main__":
    main()
