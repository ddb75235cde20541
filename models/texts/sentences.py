"""What a text is about, as a vector: all-MiniLM-L6-v2 (Apache 2.0), ported to ONNX with 8-bit weights.

Weights: models/weights/minilm.onnx and minilm_words.json, made by models.recipes.convert_minilm. Texts about the same
have a cosine near 1. The network learnt English; of other languages it knows words that look alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from errors import ModelError
from models.ears.network import open_network
from models.ears.store import load_weights, version_of

WIDTH = 384
"""Numbers of a vector."""
MOST_PIECES = 256
"""Of a text, its ends included; the rest is not read."""
TEXTS_AT_ONCE = 16


NETWORK, WORDS = "minilm", "minilm_words"
"""Names of the weights."""


class SentenceEncoder:
    """Reads texts."""

    def __init__(self, network: Path, words: Path) -> None:
        """Open checked weights files.

        Raises:
            ModelError: one is not what it should be.
        """
        from tokenizers import Tokenizer

        self._session = open_network(network, 1)
        try:
            self._pieces = Tokenizer.from_file(str(words))
        except Exception as error:  # tokenizers raises plain Exception
            raise ModelError(f"{words}: not a vocabulary ({error}). Reinstall filmscore.") from error
        self._pieces.enable_truncation(MOST_PIECES)
        self._pieces.no_padding()

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(n, WIDTH) vectors of length 1. A text's vector does not depend on the others beyond rounding."""
        pieces = [found.ids for found in self._pieces.encode_batch(list(texts))]
        vectors = np.empty((len(texts), WIDTH), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(pieces[i]))
        for first in range(0, len(order), TEXTS_AT_ONCE):
            some = order[first : first + TEXTS_AT_ONCE]
            length = len(pieces[some[-1]])
            ids = np.zeros((len(some), length), np.int64)
            mask = np.zeros((len(some), length), np.float32)
            for row, text in enumerate(some):
                ids[row, : len(pieces[text])] = pieces[text]
                mask[row, : len(pieces[text])] = 1.0
            vectors[some] = self._session.run(["vectors"], {"pieces": ids, "mask": mask})[0]
        return vectors


def sentence_encoder() -> SentenceEncoder:
    """The shipped network, opened.

    Raises:
        ModelError: its files are missing or damaged.
    """
    return SentenceEncoder(load_weights(NETWORK), load_weights(WORDS))


def model_version() -> str:
    """Names the weights: vectors of two versions cannot be compared."""
    return version_of("minilm", 1, (NETWORK, WORDS))
