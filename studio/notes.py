"""One note of a piece."""

from __future__ import annotations

from dataclasses import dataclass

DRUM_CHANNEL = 9


@dataclass(frozen=True)
class Note:
    """One note: a key that is pressed and released."""

    start_s: float
    seconds: float
    channel: int
    key: int
    velocity: int
