"""The fixed matrices of the thesis's short-term features: mel-like filters, cosine transform, folding to chroma.

They reproduce pyAudioAnalysis 0.3.14 for 8 kHz and 50 ms frames, its quirks included, since its features are the
reference (thesis 3.1): the filters' frequencies run to 8 kHz over bins that only reach 4 kHz; of the bins that share
a semitone only the last counts; the first bin (20 Hz) lies below the lowest note and wraps to the end of the table.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.fft import dct

from media.geometry import FRAME_SAMPLES, SAMPLE_RATE_HZ

Matrix = npt.NDArray[np.float64]

SPECTRUM_BINS = FRAME_SAMPLES // 2
MFCC = 13
CHROMA = 12

_LINEAR_FILTERS, _LOG_FILTERS = 13, 27
_LOWEST_HZ, _LINEAR_STEP_HZ, _LOG_STEP = 133.33, 200 / 3, 1.0711703
_LOWEST_NOTE_HZ = 27.50


@cache
def mfcc_filters() -> Matrix:
    """(200, 40): triangular filters, one a column, in the order of scikits.talkbox."""
    n_filters = _LINEAR_FILTERS + _LOG_FILTERS
    edges_hz = np.empty(n_filters + 2)
    edges_hz[:_LINEAR_FILTERS] = _LOWEST_HZ + np.arange(_LINEAR_FILTERS) * _LINEAR_STEP_HZ
    edges_hz[_LINEAR_FILTERS:] = edges_hz[_LINEAR_FILTERS - 1] * _LOG_STEP ** np.arange(1, _LOG_FILTERS + 3)
    bins_hz = np.arange(SPECTRUM_BINS) / SPECTRUM_BINS * SAMPLE_RATE_HZ
    first_bin = np.floor(edges_hz * SPECTRUM_BINS / SAMPLE_RATE_HZ).astype(int) + 1
    filters = np.zeros((SPECTRUM_BINS, n_filters))
    for i in range(n_filters):
        low, centre, high = edges_hz[i : i + 3]
        height = 2.0 / (high - low)
        rise = slice(first_bin[i], first_bin[i + 1])
        fall = slice(first_bin[i + 1], first_bin[i + 2])
        filters[rise, i] = height / (centre - low) * (bins_hz[rise] - low)
        filters[fall, i] = height / (high - centre) * (high - bins_hz[fall])
    return filters


@cache
def cepstrum() -> Matrix:
    """(40, 13): the first coefficients of the orthonormal cosine transform (type 2), one a column."""
    transform: Matrix = dct(np.eye(_LINEAR_FILTERS + _LOG_FILTERS), type=2, norm="ortho", axis=-1)
    return np.ascontiguousarray(transform[:, :MFCC])


@cache
def chroma_folding() -> Matrix:
    """(200, 12): power spectrum -> unnormalised chroma A, A#, ... G#."""
    bins_hz = np.arange(1, SPECTRUM_BINS + 1) * SAMPLE_RATE_HZ / (2 * SPECTRUM_BINS)
    note = np.round(12.0 * np.log2(bins_hz / _LOWEST_NOTE_HZ)).astype(int)
    bins_of_same_note = np.array([np.count_nonzero(note == n) for n in note], dtype=np.float64)
    source = np.full(SPECTRUM_BINS, -1)
    source[note] = np.arange(SPECTRUM_BINS)
    folding = np.zeros((SPECTRUM_BINS, CHROMA))
    for row, bin_ in enumerate(source):
        if bin_ >= 0:
            folding[bin_, row % CHROMA] += 1.0 / bins_of_same_note[note[row]]
    return folding
