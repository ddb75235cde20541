"""The port of EfficientNet-Lite0: a slow NumPy pass's answers to fixed pictures, and pictures that are alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.pictures.frames import WIDTH, FrameEncoder, frame_encoder
from models.recipes.frames_reference import inputs, photographs

REFERENCE = Path(__file__).parent / "frames_reference.npz"
"""Of the package's weights in float64, by models.recipes.frames_reference."""


@pytest.fixture(scope="module")
def encoder() -> FrameEncoder:
    return frame_encoder()


def test_the_port_gives_the_answers_of_a_slow_pass(encoder: FrameEncoder) -> None:
    with np.load(REFERENCE) as stored:
        expected = stored["vectors"]
    found = encoder.encode(inputs())
    assert found.shape == expected.shape == (4, WIDTH)
    assert (np.linalg.norm(found - expected, axis=1) < 1e-2 * np.linalg.norm(expected, axis=1)).all()


def test_two_parts_of_one_photograph_are_nearer_than_two_photographs(encoder: FrameEncoder) -> None:
    halves = [
        photo.crop((left, 0, left + 400, 427)).resize((168, 180), Image.Resampling.BILINEAR)
        for photo in photographs()
        for left in (0, 240)
    ]
    vectors = encoder.encode(np.stack([np.asarray(half) for half in halves]))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    near = vectors @ vectors.T
    assert min(near[0, 1], near[2, 3]) > near[:2, 2:].max() + 0.2
