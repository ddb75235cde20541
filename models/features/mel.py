"""Log-mels of a run's windows: computed once per run and sliced, at one level, with one treatment of the edges.

What a window's log-mel is, in training and in serving alike:

* Level: the window's samples times one gain, so that their RMS is 0.1. The gain is applied to the power afterwards.
  A window of digital silence stays silent.
* Spectrum: power of 1,600 Hann-weighted samples zero-padded to 2,048; frame j is centred at sample 800 j; 128 Slaney
  mel bands up to 4 kHz, each of unit area; dB re 1, nothing below -80 dB.
* Edges: a window is heard as if it stood alone, with zeros around it. Frames 1 to 99 lie wholly inside the window and
  are slices of the run's frames; frame 0 reaches half a frame to the left, where a slice would hear the film before
  the window: it is computed for each window on its own. Frame 100 is dropped. So every frame equals librosa's
  `melspectrogram` of the lone window, and the data's `windows.npz`, which was made per window.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from errors import ParameterError
from media.geometry import (
    MEL_BANDS,
    MEL_FRAMES,
    MEL_FRAMES_PER_SECOND,
    MEL_HOP_SAMPLES,
    MEL_N_FFT,
    MEL_WINDOW_SAMPLES,
    SAMPLE_RATE_HZ,
    SECOND_SAMPLES,
    WINDOW_RMS,
    WINDOW_S,
    WINDOW_SAMPLES,
)

Samples = npt.NDArray[np.int16] | npt.NDArray[np.floating]
Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]

FLOOR_DB = -80.0
"""Floor of a log-mel, after levelling."""

_INT16_SCALE = 2.0**15
_NO_POWER = 1e-60
"""Replaces zero power, far below any floor for every gain."""
_FRAMES_AT_ONCE = 128
"""Frames transformed at once: their spectra stay in the processor's cache."""


def log_mel(samples: Samples) -> Float32:
    """The log-mel of one window.

    Args:
        samples: (80000,) at 8 kHz; int16, or floats where full scale is 1.

    Returns:
        (128, 100) in dB, as the module says.

    Raises:
        ParameterError: another shape, or NaN or infinity among the samples.
    """
    if samples.shape != (WINDOW_SAMPLES,):
        raise ParameterError(f"samples: shape {samples.shape}. Give one window of 10 s at 8 kHz, ({WINDOW_SAMPLES},).")
    return _log_mels(samples).reshape(MEL_BANDS, MEL_FRAMES)


def window_log_mels(samples: Samples) -> Float32:
    """The log-mels of all windows of a run: one window of 10 s starts every second.

    Takes 51 kB per second of the run; `log_mel_batches` gives the same in bounded memory.

    Args:
        samples: (n,) of a run at 8 kHz; int16, or floats where full scale is 1. A last, incomplete second is dropped.

    Returns:
        (n_seconds - 9, 128, 100) in dB; no rows for a run under 10 s.

    Raises:
        ParameterError: samples are not one-dimensional, or hold NaN or infinity.
    """
    batches = list(log_mel_batches(samples))
    return np.concatenate(batches) if batches else np.empty((0, MEL_BANDS, MEL_FRAMES), dtype=np.float32)


def log_mel_batches(samples: Samples, windows_per_batch: int = 64) -> Iterator[Float32]:
    """The log-mels of a run's windows in order, (at most windows_per_batch, 128, 100) at a time.

    Args and errors as in `window_log_mels`.
    """
    if samples.ndim != 1:
        raise ParameterError(f"samples: shape {samples.shape}. Give one channel, (n,).")
    if windows_per_batch < 1:
        raise ParameterError(f"windows_per_batch: {windows_per_batch}. Give at least 1.")
    n_windows = samples.shape[0] // SECOND_SAMPLES - WINDOW_S + 1
    for first in range(0, n_windows, windows_per_batch):
        last = min(first + windows_per_batch, n_windows)
        yield _log_mels(samples[first * SECOND_SAMPLES : (last + WINDOW_S - 1) * SECOND_SAMPLES])


def _log_mels(samples: Samples) -> Float32:
    """Whole seconds, at least ten -> (n_seconds - 9, 128, 100)"""
    x = samples.astype(np.float64)
    if samples.dtype == np.int16:
        x /= _INT16_SCALE
    elif not np.isfinite(x).all():
        raise ParameterError("samples: NaN or infinity among them. Decode the file again.")
    hops = x.reshape(-1, MEL_HOP_SAMPLES)
    starts = hops[::MEL_FRAMES_PER_SECOND]
    n_windows = starts.shape[0] - WINDOW_S + 1
    first_frames = _decibels(_mel_power(np.zeros_like(starts[:n_windows]), starts[:n_windows]))
    inner_frames = _decibels(_mel_power(hops[:-1], hops[1:])).T.copy()

    energy = np.einsum("ij,ij->i", x.reshape(-1, SECOND_SAMPLES), x.reshape(-1, SECOND_SAMPLES))
    energies = np.lib.stride_tricks.sliding_window_view(energy, WINDOW_S).sum(axis=1)
    mean_square = energies / WINDOW_SAMPLES
    gain_db = _decibels(np.divide(WINDOW_RMS**2, mean_square, out=np.zeros_like(mean_square), where=mean_square > 0))

    # Windows share frames: the logarithm is computed once per frame, and a window's level is added to it.
    levelled = np.empty((n_windows, MEL_BANDS, MEL_FRAMES), np.float32)
    levelled[:, :, 0] = first_frames + gain_db[:, None]
    for window in range(n_windows):
        at = window * MEL_FRAMES_PER_SECOND
        levelled[window, :, 1:] = inner_frames[:, at : at + MEL_FRAMES - 1] + gain_db[window]
    return np.maximum(levelled, np.float32(FLOOR_DB), out=levelled)


def _decibels(power: Float64) -> Float64:
    decibels: Float64 = 10 * np.log10(np.maximum(power, _NO_POWER))
    return decibels


def _mel_power(left: Float64, right: Float64) -> Float64:
    """Mel power of frames given as their two halves, (n, 800) each -> (n, 128)"""
    out = np.empty((left.shape[0], MEL_BANDS))
    for first in range(0, left.shape[0], _FRAMES_AT_ONCE):
        part = slice(first, first + _FRAMES_AT_ONCE)
        # where the samples lie within the transform changes its phase only
        frames = np.concatenate([left[part], right[part]], axis=1) * _hann()
        spectra = rfft(frames, n=MEL_N_FFT, axis=1)
        out[part] = (spectra.real**2 + spectra.imag**2) @ mel_filters()
    return out


@cache
def _hann() -> Float64:
    """(MEL_WINDOW_SAMPLES,)"""
    hann: Float64 = 0.5 + 0.5 * np.cos(np.linspace(-np.pi, np.pi, MEL_WINDOW_SAMPLES + 1)[:-1])
    return hann


@cache
def mel_filters() -> Float64:
    """(1025, 128): triangular filters equally wide in Slaney's mel scale from 0 to 4 kHz, of unit area each."""
    from librosa.filters import mel  # slow to import; the default ear needs none of these spectra

    return np.ascontiguousarray(mel(sr=SAMPLE_RATE_HZ, n_fft=MEL_N_FFT, n_mels=MEL_BANDS, dtype=np.float64).T)
