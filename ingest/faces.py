"""What a film's larger frames tell of its faces. Definitions: docs/senses.md."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from ingest.picture import larger_without_bars
from media.picture import Frames
from models.pictures.faces import EXPRESSIONS, FaceReader, face_reader
from senses import CURVE_PARTS, Faces

CLOSE_UP = 1 / 3
"""Of the picture's height: a taller face makes a close-up."""
SMALLEST = 24
"""Pixels: the expression of a face that is less tall is not read."""
MOST_READ = 4
"""Faces of a frame whose expressions are read, the tallest first: a crowd costs no more than a few."""

Float64 = npt.NDArray[np.float64]


@cache
def shipped_reader() -> FaceReader:
    """The networks, opened once in a process. Raises ModelError: their files are missing or damaged."""
    return face_reader()


def describe_faces(frames: Frames, duration_s: float, reader: FaceReader | None = None) -> Faces | None:
    """The faces of a film, inside its black bars; None without larger frames.

    Args:
        frames: key frames.
        duration_s: of the film.
        reader: None: the shipped networks.

    Raises:
        ModelError: their files are missing or damaged.
    """
    if not len(frames.larger):
        return None
    reader = reader or shipped_reader()
    seen = larger_without_bars(frames)
    height = seen.shape[1]
    counts, close, times_s = [], [], []
    shown: list[npt.NDArray[np.float32]] = []
    for at_s, picture in zip(frames.larger_times_s, seen, strict=True):
        faces = reader.find(picture[None])[0]
        counts.append(len(faces))
        close.append(any(face.height > CLOSE_UP * height for face in faces))
        large = sorted((face for face in faces if face.height >= SMALLEST), key=lambda face: -face.height)
        said = reader.expressions(picture, large[:MOST_READ])
        shown.extend(said)
        times_s.extend([at_s] * len(said))
    told = np.array(shown, np.float64).reshape(-1, len(EXPRESSIONS))
    curves = _curves(np.array(times_s), told, duration_s)
    return Faces(
        share=float(np.mean(np.array(counts) > 0)),
        faces_per_frame=float(np.mean(counts)),
        close_up_share=float(np.mean(close)),
        expressions=dict(zip(EXPRESSIONS, told.mean(axis=0).tolist(), strict=True)) if len(told) else {},
        expression_curves=dict(zip(EXPRESSIONS, curves, strict=True)) if len(told) else {},
        frames=len(seen),
    )


def _curves(times_s: Float64, told: Float64, duration_s: float) -> list[tuple[float | None, ...]]:
    """For each expression its mean in CURVE_PARTS parts of the film."""
    places = np.clip((times_s / duration_s * CURVE_PARTS).astype(np.int64), 0, CURVE_PARTS - 1)
    parts = [told[places == part] for part in range(CURVE_PARTS)]
    return [
        tuple(float(part[:, column].mean()) if len(part) else None for part in parts)
        for column in range(len(EXPRESSIONS))
    ]
