"""Remove the centre channel. In a film that has one, dialogue is in the centre, and music is left, right and behind."""

from __future__ import annotations

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.layout import AudioLayout

from media.channels import views_of

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
    centre = views_of(block)[place]
    centre[:] = 128 if centre.dtype == np.uint8 else 0
