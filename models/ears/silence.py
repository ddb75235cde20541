"""Where a film is silent: no detector is asked there, since levelling would turn rounding noise into sound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from film import OTHER, Activity
from media.geometry import SECOND_SAMPLES

SILENCE_DBFS = -75.0
"""RMS below which a second is silent, re full scale: about 6 steps of 16 bits; a film's quiet room is near -60."""


def silent_seconds(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.bool_]:
    """(floor(n / 8000),) whether each whole second of (n,) int16 samples at 8 kHz is silent."""
    count = len(samples) // SECOND_SAMPLES
    limit = (32768 * 10 ** (SILENCE_DBFS / 20)) ** 2
    silent = np.empty(count, dtype=np.bool_)
    for at in range(0, count, 600):  # ten minutes at a time: samples may be a memmap of hours
        seconds = samples[at * SECOND_SAMPLES : min(at + 600, count) * SECOND_SAMPLES].reshape(-1, SECOND_SAMPLES)
        silent[at : at + len(seconds)] = np.square(seconds, dtype=np.float32).mean(axis=1) < limit
    return silent


def without_silence(activity: Activity, samples: npt.NDArray[np.int16]) -> Activity:
    """The activity with nothing present in silent seconds."""
    silent = silent_seconds(samples)
    return Activity(
        music=np.where(silent, np.float32(0), activity.music),
        speech=np.where(silent, np.float32(0), activity.speech),
        label=np.where(silent, np.int8(OTHER), activity.label),
        present=activity.present & ~silent,
    )
