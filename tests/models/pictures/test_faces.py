"""The ports of the face networks: node's answers to fixed pictures, and what is found in a portrait."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.ears.network import open_network
from models.ears.store import load_weights
from models.pictures.faces import DETECTOR, EXPRESSION_NET, EXPRESSIONS, FaceReader, face_reader
from models.recipes.faces_reference import inputs, portrait

REFERENCE = Path(__file__).parent / "faces_reference.npz"
"""What @vladmandic/face-api 1.7.15 answers in node, by models.recipes.faces_reference."""


@pytest.fixture(scope="module")
def reader() -> FaceReader:
    return face_reader()


@pytest.mark.parametrize(
    ("name", "weights", "tolerance"), [("detector", DETECTOR, 1e-3), ("expressions", EXPRESSION_NET, 1e-5)]
)
def test_the_ports_give_the_packages_answers(name: str, weights: str, tolerance: float) -> None:
    with np.load(REFERENCE) as stored:
        expected = stored[name]
    pixels = np.stack(inputs()[name]).astype(np.float32)
    (found,) = open_network(load_weights(weights)).run(None, {"pixels": pixels})
    assert np.abs(found - expected).max() < tolerance  # the cells reach 51, the shares 1


def test_a_portrait_has_one_face_wherever_it_stands_in_the_frame(reader: FaceReader) -> None:
    frame = np.zeros((2, 180, 320, 3), np.uint8)
    small = np.asarray(portrait().resize((150, 176)))
    frame[0, :176, 20:170], frame[1, 4:, 165:315] = small, small
    (left,), (right,) = reader.find(frame)
    assert (left.left, left.top) == pytest.approx((20 + 45, 43), abs=12)
    assert right.left - left.left == pytest.approx(145, abs=12)
    shares = reader.expressions(frame[0], [left])
    assert shares.shape == (1, len(EXPRESSIONS)) and shares.sum() == pytest.approx(1, abs=1e-5)
    assert EXPRESSIONS[shares[0].argmax()] == "neutral"


def test_noise_and_flat_colours_have_no_face(reader: FaceReader) -> None:
    rng = np.random.default_rng(2)
    frames = np.stack([rng.integers(0, 256, (90, 160, 3)), np.full((90, 160, 3), 90), np.zeros((90, 160, 3))])
    assert reader.find(frames.astype(np.uint8)) == [[], [], []]
    assert reader.expressions(frames[0].astype(np.uint8), []).shape == (0, len(EXPRESSIONS))
