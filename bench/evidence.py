"""What the activity networks hear in films by bench.real_films' code, from recordings of one part.

    python -m bench.evidence DECODED PART OUT.npz [--films 42] [--seed 263] [--solos DIR ...]

models.recipes.fit_activity learns from it beside the films of its own code (--further). OUT.npz holds `evidence`
(n, EVIDENCE), `truth` (n, 2: music, speech), `share` (n,: how much of the second is speech), and `seconds` of each
film. Prints how many seconds of each share the shipped ear calls speech.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench import real_films
from media.geometry import SECOND_SAMPLES
from models.ears.default_ear import activity_of
from models.ears.joining import ActivityNetworks, Joint
from models.ears.store import load_weights
from models.features.levelling import levelled
from models.recipes.films import Shelf, load_shelves

LONGEST_PIECE = 96_000
"""Samples of a recording of speech or effects: 12 s."""
SHORTEST_MUSIC = 64_000
SHARES = (0.0, 0.01, 0.2, 0.4, 0.5, 0.6, 0.8, 1.0)
"""From 0.4 on the truth of bench.real_films says speech."""


def _draw(rng: np.random.Generator, shelf: Shelf) -> int:
    return int(rng.choice(shelf.by_group[shelf.group(rng)]))


def _piece(shelf: Shelf, number: int) -> npt.NDArray[np.int16]:
    return shelf.samples[shelf.starts[number] : shelf.ends[number]]


def _tracks(rng: np.random.Generator, music: Shelf) -> Iterator[dict[str, str]]:
    while True:
        number = _draw(rng, music)
        if music.ends[number] - music.starts[number] > SHORTEST_MUSIC:
            yield {"path": str(number)}


def called_by_share(share: npt.NDArray[np.float64], called: npt.NDArray[np.bool_]) -> list[str]:
    """A line for each of SHARES: seconds with at least so much speech, but less than the next, and how many of them are
    called speech."""
    within = np.digitize(share, SHARES) - 1
    return [
        f"{least:.0%} speech and more: {(within == k).sum()} seconds, {called[within == k].sum()} called speech"
        for k, least in enumerate(SHARES)
    ]


def main() -> None:
    """Render, hear, store, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("decoded", type=Path)
    parser.add_argument("part")
    parser.add_argument("out", type=Path)
    parser.add_argument("--films", type=int, default=42)
    parser.add_argument("--seed", type=int, default=263)
    parser.add_argument("--solos", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    shelves, rng = (
        load_shelves(arguments.decoded, arguments.part, *arguments.solos),
        np.random.default_rng(arguments.seed),
    )
    real_films.read = lambda path, *_: _piece(shelves["music"], int(Path(path).name))

    def drawn(kind: str) -> npt.NDArray[np.float32]:
        piece = _piece(shelves[kind], _draw(rng, shelves[kind]))[:LONGEST_PIECE]
        return piece.astype(np.float32) / np.float32(32_768)

    networks, joint = ActivityNetworks(), Joint.load(load_weights("activity_joint"))
    evidence, truth, share, called = [], [], [], []
    for _ in range(arguments.films):
        film = real_films.shoot(rng, _tracks(rng, shelves["music"]), lambda: drawn("speech"), lambda: drawn("effect"))
        sound = np.concatenate(film.sound)
        samples = (np.clip(sound[: len(sound) // 8_000 * 8_000], -1, 1) * 32_767).astype(np.int16)
        evidence.append(networks.hear(levelled(samples))[0])
        called.append(activity_of(joint.logits(evidence[-1])).speech >= 0.5)
        of_music, of_speech = np.concatenate(film.music), np.concatenate(film.speech)
        truth.append(np.stack([real_films.per_second(of_music), real_films.per_second(of_speech, 0.4)], axis=1))
        share.append(of_speech[: len(samples)].reshape(-1, SECOND_SAMPLES).mean(axis=1))
    seconds = [len(film) for film in truth]
    shares = np.concatenate(share)
    np.savez_compressed(
        arguments.out, evidence=np.concatenate(evidence), truth=np.concatenate(truth), share=shares, seconds=seconds
    )
    print("\n".join(called_by_share(shares, np.concatenate(called))))


if __name__ == "__main__":
    main()
