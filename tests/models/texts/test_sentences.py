"""The sentence model's port: the original's vectors of fixed texts, and what encoding many texts promises."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from errors import ModelError
from models.ears.store import load_weights
from models.recipes.minilm_reference import SENTENCES
from models.texts.sentences import NETWORK, WIDTH, SentenceEncoder, model_version, sentence_encoder

REFERENCE = Path(__file__).parent / "minilm_reference.npz"
"""Vectors of SENTENCES by models.recipes.minilm_reference: float64, unrounded weights."""


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return sentence_encoder()


def test_the_port_gives_the_originals_vectors(encoder: SentenceEncoder) -> None:
    with np.load(REFERENCE) as stored:
        expected = stored["vectors"]
    found = encoder.encode(SENTENCES)
    assert found.shape == expected.shape == (len(SENTENCES), WIDTH)
    assert (found * expected).sum(axis=1).min() > 0.995
    # what the authors print for their three sentences
    assert (expected[:3] @ expected[:3].T)[[0, 0, 1], [1, 2, 2]] == pytest.approx([0.6660, 0.1046, 0.1411], abs=5e-5)


def test_a_text_has_the_same_vector_alone_and_among_others(encoder: SentenceEncoder) -> None:
    together = encoder.encode(SENTENCES[::-1])[::-1]
    for text, row in zip(SENTENCES[:4], together, strict=False):
        assert np.abs(encoder.encode([text])[0] - row).max() < 1e-5
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert encoder.encode([]).shape == (0, WIDTH)


def test_a_vocabulary_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.json").write_text("{}", "utf-8")
    with pytest.raises(ModelError, match=r"words\.json: not a vocabulary"):
        SentenceEncoder(load_weights(NETWORK), tmp_path / "words.json")
    assert model_version().startswith("minilm-1-")
