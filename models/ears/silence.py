"""Where a film is silent: no detector is asked there, since levelling would turn rounding noise into sound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from film import OTHER, Activity
from models.features.levelling import SILENT_RMS, second_rms


def silent_seconds(samples: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """(floor(n / 8000),) whether each whole second of (n,) samples at 8 kHz is silent."""
    return second_rms(samples) < SILENT_RMS


def without_silence(activity: Activity, samples: npt.NDArray[np.int16]) -> Activity:
    """The activity with nothing present in silent seconds."""
    silent = silent_seconds(samples)
    return Activity(
        music=np.where(silent, np.float32(0), activity.music),
        speech=np.where(silent, np.float32(0), activity.speech),
        label=np.where(silent, np.int8(OTHER), activity.label),
        present=activity.present & ~silent,
    )
