"""Level the input of the activity networks: scale each second by the loudness of its surroundings.

The reference of a second is the LOUD_PERCENTILE of the RMS of the seconds up to SURROUNDINGS_S before and after it,
silent ones left out; it is brought to LEVEL_RMS, and between the centres of seconds the gain changes evenly. So a quiet
scene is heard as a loud one is, pauses stay quiet, and what a film plays later changes nothing but the SURROUNDINGS_S
before. Surroundings quieter than QUIETEST_RMS are amplified no further: a room's noise stays noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from media.geometry import SECOND_SAMPLES

SILENCE_DBFS = -75.0
"""RMS below which a second is silent, re full scale: about 6 steps of 16 bits; a film's quiet room is near -60."""
SILENT_RMS = 10 ** (SILENCE_DBFS / 20)
SECONDS_AT_ONCE = 600
"""Samples may be a memmap of hours."""
LEVEL_RMS = 0.1
SURROUNDINGS_S = 15
LOUD_PERCENTILE = 90.0
QUIETEST_RMS = 1e-3
SHORTEST_S = 24
"""A shorter clip is repeated up to this length, because the networks were trained on films."""


def unit(samples: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    """Convert int16 or float samples to full scale 1."""
    sound = samples.astype(np.float32)
    return sound / np.float32(32_768) if np.issubdtype(samples.dtype, np.integer) else sound


def second_rms(samples: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    """(floor(n / 8000),) RMS of each whole second of (n,) samples at 8 kHz, int16 or floats of full scale 1."""
    count = len(samples) // SECOND_SAMPLES
    rms = np.empty(count)
    for at in range(0, count, SECONDS_AT_ONCE):
        piece = unit(samples[at * SECOND_SAMPLES : min(at + SECONDS_AT_ONCE, count) * SECOND_SAMPLES])
        rms[at : at + SECONDS_AT_ONCE] = np.sqrt(np.square(piece).reshape(-1, SECOND_SAMPLES).mean(axis=1))
    return rms


@dataclass(frozen=True)
class Levelled:
    """A file as the activity networks get it: its samples (a short clip repeated), and the gains that level them."""

    samples: npt.NDArray[np.generic]
    """(n,) at 8 kHz; int16, may be a memmap, or floats of full scale 1"""
    gains: npt.NDArray[np.float32]
    """(floor(n / 8000),) the factor at the centre of each whole second"""
    seconds: slice
    """The file's own seconds within `samples`."""

    def piece(self, begin: int, end: int) -> npt.NDArray[np.float32]:
        """(end - begin,) levelled samples of full scale 1, zeros beyond either end of the file."""
        first, last = max(begin, 0), min(end, self.samples.size)
        inside = unit(self.samples[first:last]) * self._curve(first, last)
        return np.pad(inside, (first - begin, end - last))

    def _curve(self, begin: int, end: int) -> npt.NDArray[np.float32]:
        """(end - begin,) gain of each sample: straight lines between the centres of seconds."""
        half = SECOND_SAMPLES // 2
        first, last = (begin - half) // SECOND_SAMPLES, (end - half) // SECOND_SAMPLES + 1
        ends = self.gains[np.clip(np.arange(first, last + 1), 0, self.gains.size - 1)][:, None]
        ramp = np.arange(SECOND_SAMPLES, dtype=np.float32) / np.float32(SECOND_SAMPLES)
        lines: npt.NDArray[np.float32] = (ends[:-1] + (ends[1:] - ends[:-1]) * ramp).ravel()
        offset = begin - half - first * SECOND_SAMPLES
        return lines[offset : offset + end - begin]


def level_gains(rms: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """(n,) the factor that levels each second, of the RMS of every second, full scale 1."""
    if rms.size == 0:
        return np.empty(0, np.float32)
    heard = np.where(rms < SILENT_RMS, np.inf, rms)
    around = np.pad(heard, SURROUNDINGS_S, constant_values=np.inf)
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(around, 2 * SURROUNDINGS_S + 1), axis=1)
    counted = np.isfinite(windows).sum(axis=1)
    place = np.maximum(counted - 1, 0) * LOUD_PERCENTILE / 100
    below, share = place.astype(np.int64), place % 1
    above = np.minimum(below + 1, np.maximum(counted - 1, 0))
    rows = np.arange(rms.size)
    windows[counted == 0] = 0
    reference = windows[rows, below] * (1 - share) + windows[rows, above] * share
    gains: npt.NDArray[np.float32] = (LEVEL_RMS / np.maximum(reference, QUIETEST_RMS)).astype(np.float32)
    return gains


def levelled(samples: npt.NDArray[np.generic]) -> Levelled:
    """(n,) samples with their gains; a constant factor on them changes nothing, down to QUIETEST_RMS."""
    n_seconds = samples.size // SECOND_SAMPLES
    if n_seconds == 0 or n_seconds >= SHORTEST_S:
        return Levelled(samples, level_gains(second_rms(samples)), slice(0, n_seconds))
    times = repeats(n_seconds)
    heard = np.tile(np.asarray(samples[: n_seconds * SECOND_SAMPLES]), times)
    first = times // 2 * n_seconds
    return Levelled(heard, level_gains(second_rms(heard)), slice(first, first + n_seconds))


def repeats(n_seconds: int) -> int:
    """How many copies of a clip of n_seconds < SHORTEST_S are analysed, an odd number: the middle one is used."""
    return 2 * (SHORTEST_S // (2 * n_seconds)) + 1
