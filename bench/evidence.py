"""What the activity networks hear in films by bench.real_films' code, from recordings of one part.

    python -m bench.evidence DECODED PART OUT.npz [--films 42] [--seed 263]

models.recipes.fit_activity learns from it beside the films of its own code (--further). OUT.npz holds `evidence`
(n, len(EVIDENCE)), `truth` (n, 2: music, speech), and `seconds` of each film.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench import real_films
from models.ears.joining import ActivityNetworks
from models.features.levelling import levelled
from models.recipes.films import Shelf, load_shelves

LONGEST_PIECE = 96_000
"""Samples of a recording of speech or effects: 12 s."""
SHORTEST_MUSIC = 64_000


def _draw(rng: np.random.Generator, shelf: Shelf) -> int:
    return int(rng.choice(shelf.by_group[shelf.group(rng)]))


def _piece(shelf: Shelf, number: int) -> npt.NDArray[np.int16]:
    return shelf.samples[shelf.starts[number] : shelf.ends[number]]


def _tracks(rng: np.random.Generator, music: Shelf) -> Iterator[dict[str, str]]:
    while True:
        number = _draw(rng, music)
        if music.ends[number] - music.starts[number] > SHORTEST_MUSIC:
            yield {"path": str(number)}


def main() -> None:
    """Render, hear, store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("decoded", type=Path)
    parser.add_argument("part")
    parser.add_argument("out", type=Path)
    parser.add_argument("--films", type=int, default=42)
    parser.add_argument("--seed", type=int, default=263)
    arguments = parser.parse_args()
    shelves, rng = load_shelves(arguments.decoded, arguments.part), np.random.default_rng(arguments.seed)
    real_films.read = lambda path, *_: _piece(shelves["music"], int(Path(path).name))

    def drawn(kind: str) -> npt.NDArray[np.float32]:
        piece = _piece(shelves[kind], _draw(rng, shelves[kind]))[:LONGEST_PIECE]
        return piece.astype(np.float32) / np.float32(32_768)

    networks, evidence, truth = ActivityNetworks(), [], []
    for _ in range(arguments.films):
        film = real_films.shoot(rng, _tracks(rng, shelves["music"]), lambda: drawn("speech"), lambda: drawn("effect"))
        sound = np.concatenate(film.sound)
        samples = (np.clip(sound[: len(sound) // 8_000 * 8_000], -1, 1) * 32_767).astype(np.int16)
        evidence.append(networks.hear(levelled(samples))[0])
        of_music, of_speech = np.concatenate(film.music), np.concatenate(film.speech)
        truth.append(np.stack([real_films.per_second(of_music), real_films.per_second(of_speech, 0.4)], axis=1))
    seconds = [len(film) for film in truth]
    np.savez_compressed(arguments.out, evidence=np.concatenate(evidence), truth=np.concatenate(truth), seconds=seconds)


if __name__ == "__main__":
    main()
