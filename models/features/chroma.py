"""How much of each pitch class music contains: the peaks of long spectra, tuned, folded into one octave."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft
from scipy.ndimage import uniform_filter1d

from media.geometry import SAMPLE_RATE_HZ
from models.features.levelling import unit

N_FFT = 4_096
"""About half a second: notes a semitone apart are separate from 130 Hz upwards."""
HOP = 2_048
LOWEST_HZ, HIGHEST_HZ = 60.0, 2_000.0
DYNAMIC = 10 ** (-50 / 20)
"""Peaks below this share of a frame's highest are left out."""
PROMINENCE = 1.5
"""A peak is at least this many times as high as the mean of NEIGHBOURS bins around it; noise and drums rarely are."""
NEIGHBOURS = 61
FRAMES_AT_ONCE = 64
STEPS = 20
"""Parts of a semitone in which peaks are counted, before the tuning is known."""
SEMITONES = 12
HARMONICS, DECAY = 3, 0.6
"""A peak may be the first, second or third partial of a note, so that it counts for three pitch classes, for each DECAY
times as much as for the one before. Otherwise the third partial of a low note would count as the fifth above it."""
EXPONENT = 0.75
"""Of a peak's height beside the frame's highest. Chosen with HARMONICS, DECAY and the profiles of `models.ears.key` on
the validation pieces of `python -m bench.keys`."""
A4_HZ, A4 = 440.0, 9
_FIRST, _LAST = int(LOWEST_HZ * N_FFT / SAMPLE_RATE_HZ), int(HIGHEST_HZ * N_FFT / SAMPLE_RATE_HZ) + 2


def pitch_classes(samples: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    """Shares (12,) of the pitch classes from C to B; they sum to 1, or are all 0 in silence and noise without peaks.

    Args:
        samples: (n,) at 8 kHz, int16 or floats of full scale 1. Less than N_FFT samples are padded with zeros.

    A peak is measured beside the frame's highest, so that a quiet passage counts as much as a loud one. The tuning,
    which is the same for the whole sound, is the circular mean of the peaks' distances from the semitones of
    A = 440 Hz; a peak between two semitones counts for both.
    """
    counted = np.zeros(SEMITONES * STEPS)
    sound = samples if samples.size >= N_FFT else np.pad(samples, (0, N_FFT - samples.size))
    frames = np.lib.stride_tricks.sliding_window_view(sound, N_FFT)[::HOP]
    for first in range(0, len(frames), FRAMES_AT_ONCE):
        pitch, weight = _peaks(unit(frames[first : first + FRAMES_AT_ONCE]))
        place = np.floor(pitch * STEPS).astype(np.int64) % counted.size
        counted += np.bincount(place, weight, counted.size)
    if not counted.any():
        return np.zeros(SEMITONES)
    pitch = (np.arange(counted.size) + 0.5) / STEPS
    pitch -= np.angle(counted @ np.exp(2j * np.pi * pitch)) / (2 * np.pi)
    classes = np.zeros(SEMITONES)
    for partial in range(1, HARMONICS + 1):
        note = pitch - SEMITONES * np.log2(partial)
        below = np.floor(note).astype(np.int64)
        share, weight = np.cos(np.pi / 2 * (note - below)) ** 2, counted * DECAY ** (partial - 1)
        classes += np.bincount(below % SEMITONES, weight * share, SEMITONES)
        classes += np.bincount((below + 1) % SEMITONES, weight * (1 - share), SEMITONES)
    result: npt.NDArray[np.float64] = classes / classes.sum()
    return result


def _peaks(frames: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Of the peaks in the spectra of (n, N_FFT) frames: semitones above the C below A4, and weights."""
    hann = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)).astype(np.float32)
    heights = np.abs(rfft(frames * hann, axis=1)[:, _FIRST - 1 : _LAST + 1]) + np.float32(1e-9)
    inside = heights[:, 1:-1]
    top = inside.max(axis=1, keepdims=True)
    is_peak = (inside > heights[:, :-2]) & (inside >= heights[:, 2:]) & (inside > top * DYNAMIC) & (top > 1e-3)
    is_peak &= inside > PROMINENCE * uniform_filter1d(inside, NEIGHBOURS, axis=1)
    row, column = np.nonzero(is_peak)
    before, peak, after = (np.log(heights[row, column + k].astype(np.float64)) for k in (0, 1, 2))
    shift = 0.5 * (before - after) / (before - 2 * peak + after)
    hz = (column + _FIRST + shift) * SAMPLE_RATE_HZ / N_FFT
    weight = (inside[row, column] / top[row, 0]).astype(np.float64) ** EXPONENT
    return A4 + SEMITONES * np.log2(hz / A4_HZ), weight
