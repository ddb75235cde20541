"""Faces in pictures, and how they look: two small networks of the package face-api (MIT), ported to ONNX.

Weights: models/weights/face_detector.onnx and face_expressions.onnx, made by models.recipes.convert_faces. Nobody is
recognised: the networks tell that there is a face, where, and which of seven expressions it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from errors import ModelError
from models.ears.network import open_network
from models.ears.store import load_weights

DETECTOR, EXPRESSION_NET = "face_detector", "face_expressions"
"""Names of the weights."""
EXPRESSIONS = ("neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised")
"""In the network's order."""
ANCHORS = np.array(
    [(1.603231, 2.094468), (6.041143, 7.080126), (2.882459, 3.518061), (4.266906, 5.178857), (9.041765, 10.66308)]
)
"""(5, 2) usual widths and heights of faces, in cells of 32 pixels."""
CELL = 32
FACE_SIDE = 112
"""Pixels of a face as the network of expressions takes it."""
SCORE = 0.5
"""A face counts from this score on: the package's own default."""
OVERLAP = 0.4
"""Of two boxes that overlap by more (intersection by union) the better one is kept, as in the package."""
AT_ONCE = 16

Pixels = npt.NDArray[np.uint8]
Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Face:
    """A face in a picture, in pixels; it may reach over the picture's edge."""

    left: float
    top: float
    right: float
    bottom: float
    score: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


class FaceReader:
    """Finds faces, and reads their expressions."""

    def __init__(self, detector: Path, expressions: Path) -> None:
        """Open checked weights files.

        Raises:
            ModelError: one is not what it should be.
        """
        self._detector = open_network(detector, 1)
        self._expressions = open_network(expressions, 1)

    def find(self, pictures: Pixels) -> list[list[Face]]:
        """The faces of each of (n, height, width, 3) RGB pictures, the surest first."""
        found: list[list[Face]] = []
        height, width = pictures.shape[1:3]
        padded = ((0, 0), (0, -height % CELL), (0, -width % CELL), (0, 0))
        for first in range(0, len(pictures), AT_ONCE):
            some = np.pad(pictures[first : first + AT_ONCE], padded).astype(np.float32)
            cells = _answer(self._detector, "cells", some)
            found.extend(_without_overlaps(_boxes(one)) for one in cells)
        return found

    def expressions(self, picture: Pixels, faces: list[Face]) -> npt.NDArray[np.float32]:
        """(n, 7) how much each face of a picture (height, width, 3) shows each of EXPRESSIONS; rows sum to 1."""
        if not faces:
            return np.zeros((0, len(EXPRESSIONS)), np.float32)
        squares = np.stack([_square(picture, face) for face in faces]).astype(np.float32)
        said: npt.NDArray[np.float32] = _answer(self._expressions, "expressions", squares)
        return said


def _answer(network: Any, output: str, pixels: npt.NDArray[np.float32]) -> Any:
    """What a network says of some pixels. Raises ModelError: ONNX Runtime fails, for example for want of memory."""
    try:
        return network.run([output], {"pixels": pixels})[0]
    except Exception as error:  # ONNX Runtime's own classes share no other base
        raise ModelError(f"{output}: the network failed ({error}).") from error


def _boxes(cells: npt.NDArray[np.float32]) -> list[Face]:
    """The faces told by (rows, columns, 25) cells, surest first: each has five anchors with the middle's place in the
    cell, logarithms of size, and a score (Redmon and Farhadi 2017, YOLO9000)."""
    told = cells.reshape(*cells.shape[:2], len(ANCHORS), 5).astype(np.float64)
    scores = _sigmoid(told[..., 4])
    faces = []
    for row, column, anchor in np.argwhere(scores > SCORE):
        x, y, w, h = told[row, column, anchor, :4]
        middle = np.array([column + _sigmoid(x), row + _sigmoid(y)]) * CELL
        half = np.exp(np.minimum([w, h], 10.0)) * ANCHORS[anchor] * CELL / 2
        (left, top), (right, bottom) = middle - half, middle + half
        score = float(scores[row, column, anchor])
        faces.append(Face(float(left), float(top), float(right), float(bottom), score))
    return sorted(faces, key=lambda face: -face.score)


def _sigmoid(values: Float64) -> Float64:
    return np.asarray(1 / (1 + np.exp(-values)))


def _without_overlaps(faces: list[Face]) -> list[Face]:
    kept: list[Face] = []
    for face in faces:
        if all(_overlap(face, other) <= OVERLAP for other in kept):
            kept.append(face)
    return kept


def _overlap(one: Face, other: Face) -> float:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    common = max(width, 0.0) * max(height, 0.0)
    areas = sum((face.right - face.left) * face.height for face in (one, other))
    return common / max(areas - common, 1e-9)


def _square(picture: Pixels, face: Face) -> Pixels:
    """A face as the network takes it: cut out, black beside it to a square, 112 pixels wide."""
    height, width = picture.shape[:2]
    left, top = (min(max(int(edge), 0), most - 1) for edge, most in ((face.left, width), (face.top, height)))
    right, bottom = min(max(int(face.right), left + 1), width), min(max(int(face.bottom), top + 1), height)
    side = max(right - left, bottom - top)
    square = Image.new("RGB", (side, side))
    cut = Image.fromarray(np.ascontiguousarray(picture[top:bottom, left:right]))
    square.paste(cut, ((side - right + left) // 2, (side - bottom + top) // 2))
    return np.asarray(square.resize((FACE_SIDE, FACE_SIDE), Image.Resampling.BILINEAR))


def face_reader() -> FaceReader:
    """The shipped networks, opened.

    Raises:
        ModelError: their files are missing or damaged.
    """
    return FaceReader(load_weights(DETECTOR), load_weights(EXPRESSION_NET))
