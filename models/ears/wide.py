"""Hear the music of a run at 16 kHz, for the genre of music over which nobody speaks (`models.ears.default_ear`).

The network was trained on sound with this bandwidth. One patch of 3 s is heard in every STEP_S; a window's tags and
embedding are interpolated between the patches around its middle. Narrow-band sound (an old film, a telephone, sound
that was stored at 8 kHz) is recognised by what it has above HIGH_HZ, patch by patch, and is not heard here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from media.geometry import WIDE_RATE_HZ, WINDOW_S
from models.ears.default_features import PATCH_S, Samples, between, patch_gains, second_energies
from models.ears.musicnn import EMBEDDING, MSD_TAGS, Musicnn
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


def hear_wide(
    network: Musicnn, samples: Samples, wide: Samples, start_s: int, end_s: int, wanted: npt.NDArray[np.bool_]
) -> HeardWide | None:
    """Tags and embedding of a run's windows at 16 kHz, or None if all sound of those that are wanted is narrow-band.
    Patches that no wanted window needs are not heard, so what is returned for the other windows is incomplete.

    Args:
        samples: (n,) int16 at 8 kHz, for the level.
        wide: (2 n,) int16 at 16 kHz, the same sound.
        start_s: first second of the run; `end_s` is exclusive and at least 10 later.
        wanted: (end_s - start_s - 9,) whether each window is.
    """
    starts = np.arange(0, end_s - start_s - PATCH_S + 1, STEP_S)
    gains = patch_gains(second_energies(samples, start_s, end_s), starts)
    weights = between(starts, end_s - start_s - WINDOW_S + 1)
    places = (starts + start_s) * WIDE_RATE_HZ
    high = np.array([is_wide(_unit(wide[place : place + PATCH_S * WIDE_RATE_HZ])) for place in places])
    share = weights @ high
    needed = (weights[wanted & (share > 0)] > 0).any(axis=0)
    if not needed.any():
        return None
    mels = []
    for place, gain in zip(places[needed], gains[needed], strict=True):
        first = max(0, int(place) - musicnn_mel.N_FFT)
        sound = _unit(wide[first : int(place) + PATCH_S * WIDE_RATE_HZ + musicnn_mel.N_FFT])
        mels.append(musicnn_mel.patches(sound, np.array([int(place) - first]), np.array([gain]), wide=True))
    tags, embeddings = np.zeros((starts.size, len(MSD_TAGS))), np.zeros((starts.size, EMBEDDING))
    tags[needed], embeddings[needed] = network.hear(np.concatenate(mels))
    return HeardWide(weights @ tags, weights @ embeddings, share)


def _unit(samples: Samples) -> npt.NDArray[np.float32]:
    return samples.astype(np.float32) / np.float32(32_768)
