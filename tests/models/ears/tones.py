"""Chords of decaying partials, for tests of what is heard of notes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from media.geometry import SAMPLE_RATE_HZ


def chord(notes: Sequence[int], seconds: float, cents: float = 0.0) -> npt.NDArray[np.float32]:
    """(n,) at 8 kHz, full scale 1: MIDI notes with four partials each, mistuned by some cents."""
    t = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    hz = 440 * 2 ** ((np.array(notes) - 69 + cents / 100) / 12)
    sound = sum(np.sin(2 * np.pi * partial * one * t) / partial for one in hz for partial in range(1, 5))
    decayed = sound * np.exp(-t / seconds)
    return np.asarray(decayed / np.abs(decayed).max() / 2, np.float32)
