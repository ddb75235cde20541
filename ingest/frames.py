"""What a film's larger frames show, as numbers: mean and spread of the vectors of models.pictures.frames."""

from __future__ import annotations

from functools import cache

import numpy as np

from ingest.picture import larger_without_bars
from media.picture import Frames
from models.pictures.frames import FrameEncoder, frame_encoder
from senses import packed

MOST_ENCODED = 120
"""Frames of a film, spread over it evenly: a frame takes 20 ms, and more of them hardly move the mean."""


@cache
def shipped_encoder() -> FrameEncoder:
    """The network, opened once in a process. Raises ModelError: its file is missing or damaged."""
    return frame_encoder()


def describe_frames(frames: Frames, encoder: FrameEncoder | None = None) -> str:
    """`packed` mean and standard deviation (2, WIDTH) over a film's frames, inside its black bars; "" without frames.

    Args:
        frames: key frames.
        encoder: None: the shipped network.

    Raises:
        ModelError: its file is missing or damaged.
    """
    count = len(frames.larger)
    if not count:
        return ""
    chosen = np.unique(np.linspace(0, count - 1, min(count, MOST_ENCODED)).round().astype(np.int64))
    vectors = (encoder or shipped_encoder()).encode(larger_without_bars(frames)[chosen]).astype(np.float64)
    return packed([vectors.mean(axis=0), vectors.std(axis=0)])
