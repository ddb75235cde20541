"""Detect stereo in opposite phase, whose channels would cancel each other in the downmix."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame

from media.channels import views_of

CANCELLED = 0.05
"""The channels count as in opposite phase if their sum has less than this share of the energy of their difference."""
_EVERY = 7
"""One in this many samples is examined."""
_FORMATS = frozenset({"u8", "s16", "s32", "flt", "dbl"})


def in_phase(block: AudioFrame) -> AudioFrame:
    """The block unchanged, or with its right channel inverted if the two channels are in opposite phase.

    Args:
        block: of any format and layout; only what has two channels is looked at.
    """
    kind = block.format.name.removesuffix("p")
    if block.layout.nb_channels != 2 or kind not in _FORMATS:
        return block
    if not _cancels(views_of(block), kind):
        return block
    turned = block.to_ndarray()
    right = turned[1] if block.format.is_planar else turned[0, 1::2]
    # the complement of an integer has no overflow: -x - 1, and 255 - x where the middle is 128
    np.copyto(right, np.negative(right) if kind in ("flt", "dbl") else np.invert(right))
    made = AudioFrame.from_ndarray(turned, block.format.name, block.layout.name)
    made.sample_rate, made.pts = block.sample_rate, block.pts
    if block.time_base is not None:
        made.time_base = block.time_base
    return made


def _cancels(channels: list[npt.NDArray[np.generic]], kind: str) -> bool:
    left, right = (channel[::_EVERY].astype(np.float64) - (128 if kind == "u8" else 0) for channel in channels)
    together, apart = left + right, left - right
    return bool(np.dot(together, together) < CANCELLED * np.dot(apart, apart))
