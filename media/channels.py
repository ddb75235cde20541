"""The samples of decoded frames, channel by channel, without copying them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.plane import AudioPlane

KINDS = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}
"""FFmpeg's sample formats, planar or not, as NumPy types."""
LARGEST_SAMPLE = 1_000.0
"""Floating-point files may contain samples of any size; larger ones are clipped to this."""


def views_of(block: AudioFrame) -> list[npt.NDArray[np.generic]]:
    """(n,) samples of each channel, in the block's format; who writes to them changes the block."""
    kind, channels, n = KINDS[block.format.name.removesuffix("p")], block.layout.nb_channels, block.samples
    if not block.format.is_planar:
        packed = np.frombuffer(memoryview(AudioPlane(block, 0)), kind, channels * n)
        return [packed[channel::channels] for channel in range(channels)]
    # by number: PyAV 18 reads past the eighth plane of a planar frame in `to_ndarray`, and crashes
    return [np.frombuffer(memoryview(AudioPlane(block, channel)), kind, n) for channel in range(channels)]


def read_into(block: AudioFrame, samples: npt.NDArray[np.float32]) -> None:
    """Copy a block of any format to (channels, n), full scale 1."""
    kind = np.dtype(KINDS[block.format.name.removesuffix("p")])
    for channel, row in zip(views_of(block), samples, strict=True):
        if kind.kind == "f":
            np.clip(channel, -LARGEST_SAMPLE, LARGEST_SAMPLE, out=row, casting="same_kind")
        else:
            np.copyto(row, channel, casting="same_kind")
    if kind.kind == "u":
        samples -= np.float32(128)
    if kind.kind != "f":
        samples /= np.float32(2.0 ** (8 * kind.itemsize - 1))
