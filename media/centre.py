"""Remove the centre channel. In a film that has one, dialogue is in the centre, and music is left, right and behind."""

from __future__ import annotations

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.layout import AudioLayout
from av.audio.plane import AudioPlane

from media.meter import KINDS

_CENTRE, _SIDES = "FC", frozenset({"FL", "FR"})


def has_centre(layout: AudioLayout) -> bool:
    """Whether the layout has a centre channel as well as left and right channels."""
    names = {channel.name for channel in layout.channels}
    return _CENTRE in names and names >= _SIDES


def silence_centre(block: AudioFrame) -> None:
    """Silence the centre channel of a block in place; a block without one (`has_centre`) stays unchanged.

    Args:
        block: of any format and layout; the caller must own its samples.
    """
    if not has_centre(block.layout):
        return
    place = [channel.name for channel in block.layout.channels].index(_CENTRE)
    kind, channels = KINDS[block.format.name.removesuffix("p")], block.layout.nb_channels
    silence = 128 if kind == "u1" else 0
    if block.format.is_planar:
        np.frombuffer(memoryview(AudioPlane(block, place)), kind, block.samples)[:] = silence
    else:
        np.frombuffer(memoryview(AudioPlane(block, 0)), kind, channels * block.samples)[place::channels] = silence
