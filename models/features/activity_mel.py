"""What our activity network hears: 48-band log-mel of 8 kHz sound, 50 frames a second, of levelled sound
(models.features.levelling)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from film import FloatArray
from media.geometry import SAMPLE_RATE_HZ, SECOND_SAMPLES
from models.features.levelling import Levelled
from models.features.slaney import mel_filters

N_FFT = 512
WINDOW = 400
HOP = 160
BANDS = 48
FRAMES_PER_SECOND = SAMPLE_RATE_HZ // HOP
FLOOR_DB, SCALE_DB = -70.0, 25.0
"""Decibels become (dB - FLOOR_DB) / SCALE_DB - 1, clipped from below at -1."""


@cache
def _filters() -> npt.NDArray[np.float32]:
    return mel_filters(SAMPLE_RATE_HZ, N_FFT, BANDS)


@cache
def _window() -> npt.NDArray[np.float32]:
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    return np.pad(hann, (N_FFT - WINDOW) // 2).astype(np.float32)


def scale(power_mel: FloatArray) -> npt.NDArray[np.float32]:
    """Scale a power mel to the network's input, about -1 to 2.5."""
    decibels = 10 * np.log10(np.maximum(power_mel, 1e-12))
    scaled: npt.NDArray[np.float32] = np.maximum((decibels - FLOOR_DB) / SCALE_DB - 1, -1).astype(np.float32)
    return scaled


def power_mel(sound: FloatArray) -> npt.NDArray[np.float32]:
    """(n_frames, BANDS) power mel; frame f is centred on sample f * HOP of what lies between the first and last half
    window.

    `sound` carries N_FFT // 2 samples of context before its first and after its last frame.
    """
    frames = np.lib.stride_tricks.sliding_window_view(sound.astype(np.float32, copy=False), N_FFT)[::HOP]
    spectrum = rfft(frames * _window(), axis=1)
    mel: npt.NDArray[np.float32] = (spectrum.real**2 + spectrum.imag**2).astype(np.float32, copy=False) @ _filters().T
    return mel


def network_input(sound: Levelled, first_s: int, last_s: int) -> npt.NDArray[np.float32]:
    """((last_s - first_s) * FRAMES_PER_SECOND, BANDS) for the seconds from first_s to last_s; zeros beyond the file."""
    first = first_s * SECOND_SAMPLES - N_FFT // 2
    last = last_s * SECOND_SAMPLES - HOP + N_FFT // 2
    return scale(power_mel(sound.piece(first, last)))


def chunks(n_seconds: int, chunk_s: int, context_s: int) -> Iterator[tuple[int, int, int, int]]:
    """(first kept, last kept, first heard, last heard) seconds of successive pieces with context on both sides."""
    for first in range(0, n_seconds, chunk_s):
        last = min(first + chunk_s, n_seconds)
        yield first, last, max(0, first - context_s), min(n_seconds, last + context_s)
