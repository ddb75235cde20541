"""Hear the music of a run at 16 kHz, for the genre of music over which nobody speaks (`models.ears.default_ear`).

The network was trained on sound with this bandwidth. One patch of 3 s is heard in every STEP_S; a window's tags and
embedding are interpolated between the patches around its middle. Narrow-band sound (an old film, a telephone, sound
that was stored at 8 kHz) is recognised by what it has above 4.5 kHz, patch by patch, and is not heard here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from media.geometry import WIDE_RATE_HZ, WINDOW_S
from models.ears.default_features import PATCH_S, Samples, between, patch_gains, second_energies
from models.ears.musicnn import Musicnn
from models.features import musicnn_mel

STEP_S = 10
HIGH_HZ = 5_000
LEAST_HIGH_SHARE = 1e-5
"""Of a patch's power above HIGH_HZ. All but 5 % of Emotify's 855 windows have more, quiet classical music the least;
what a short filter leaves there of the mirror image of sound at 8 kHz is less."""
LEAST_HIGH_POWER = 4 / (12 * 32_768.0**2)
"""Four times the power of rounding to 16 bits, which is spread over all frequencies."""


@dataclass(frozen=True)
class HeardWide:
    """What is heard at 16 kHz in a run's windows."""

    tags: npt.NDArray[np.float64]
    """(n_windows, 50) probabilities"""
    embedding: npt.NDArray[np.float64]
    """(n_windows, 200)"""
    share: npt.NDArray[np.float64]
    """(n_windows,) 0 to 1: how much of what is around a window's middle is wide-band sound"""


def is_wide(sound: npt.NDArray[np.float32]) -> bool:
    """Whether sound (n,) at 16 kHz, full scale 1, has content above HIGH_HZ."""
    power = np.square(np.abs(rfft(sound)))
    high = power[round(HIGH_HZ / WIDE_RATE_HZ * sound.size) :].sum() * 2 / sound.size**2
    return bool(high > LEAST_HIGH_POWER and high > LEAST_HIGH_SHARE * np.mean(np.square(sound)))


def hear_wide(network: Musicnn, samples: Samples, wide: Samples, start_s: int, end_s: int) -> HeardWide | None:
    """Tags and embedding of a run's windows at 16 kHz, or None if all of its sound is narrow-band.

    Args:
        samples: (n,) int16 at 8 kHz, for the level.
        wide: (2 n,) int16 at 16 kHz, the same sound.
        start_s: first second of the run; `end_s` is exclusive and at least 10 later.
    """
    starts = np.arange(0, end_s - start_s - PATCH_S + 1, STEP_S)
    gains = patch_gains(second_energies(samples, start_s, end_s), starts)
    mels, high = [], []
    for start, gain in zip((starts + start_s) * WIDE_RATE_HZ, gains, strict=True):
        first = max(0, int(start) - musicnn_mel.N_FFT)
        last = int(start) + PATCH_S * WIDE_RATE_HZ + musicnn_mel.N_FFT
        sound = wide[first:last].astype(np.float32) / np.float32(32_768)
        high.append(is_wide(sound[int(start) - first :][: PATCH_S * WIDE_RATE_HZ]))
        place = np.array([int(start) - first])
        mels.append(musicnn_mel.patches(sound, place, np.array([gain]), wide=True))
    if not any(high):
        return None
    tags, embeddings = network.hear(np.concatenate(mels))
    weights = between(starts, end_s - start_s - WINDOW_S + 1)
    return HeardWide(weights @ tags, weights @ embeddings, weights @ np.array(high, np.float64))
