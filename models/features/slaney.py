"""Triangular filters on Slaney's mel scale for the default ear, equal to librosa's bit by bit
(tests/models/features/test_slaney.py). Its import would take a second of processor time of each process that hears; the
thesis ear, whose spectra the thesis made with librosa, still takes librosa's (`mel.py`).

The scale is linear up to 1 kHz, and logarithmic above.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Float64 = npt.NDArray[np.float64]

_LINEAR_MEL_HZ = 200.0 / 3
_LOG_FROM_HZ = 1_000.0
_LOG_FROM_MEL = _LOG_FROM_HZ / _LINEAR_MEL_HZ
_LOG_STEP = np.log(6.4) / 27.0


def mel_filters(rate_hz: int, n_fft: int, bands: int) -> npt.NDArray[np.float32]:
    """(bands, n_fft // 2 + 1): triangular filters from 0 to half of the rate, of unit area each."""
    edges_hz = _hz(np.linspace(0.0, _mel(rate_hz / 2), bands + 2))
    bins_hz = np.fft.rfftfreq(n_fft, 1 / rate_hz)
    width_hz = np.diff(edges_hz)[:, None]
    rising = (bins_hz - edges_hz[:-2, None]) / width_hz[:-1]
    falling = (edges_hz[2:, None] - bins_hz) / width_hz[1:]
    heights = np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)
    # rounded before and after the product, as the networks learnt with librosa's
    area = 2.0 / (edges_hz[2:] - edges_hz[:-2])
    filters: npt.NDArray[np.float32] = (heights * area[:, None]).astype(np.float32)
    return filters


def _mel(hz: float) -> float:
    """Of a frequency of at least 1 kHz."""
    return float(_LOG_FROM_MEL + np.log(hz / _LOG_FROM_HZ) / _LOG_STEP)


def _hz(mel: Float64) -> Float64:
    logarithmic = _LOG_FROM_HZ * np.exp(_LOG_STEP * (mel - _LOG_FROM_MEL))
    return np.where(mel < _LOG_FROM_MEL, mel * _LINEAR_MEL_HZ, logarithmic)
