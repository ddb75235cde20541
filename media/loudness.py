"""Measure loudness (ITU-R BS.1770-5), and normalise sound to one loudness without clipping.

This module does not import scipy, which would cost the process that cuts excerpts a second.
"""

from __future__ import annotations

from math import ceil, log10

import numpy as np
import numpy.typing as npt

from film import FloatArray

RATE_HZ = 48_000
"""The rate for which BS.1770 gives the filter's coefficients."""
TARGET_LUFS = -16.0
CEILING_DBFS = -1.5
"""No sample is above; a lossy codec may overshoot by a decibel."""
MOST_GAIN_DB = 25.0
"""Very quiet sound stays quiet; otherwise the noise of the recording would become audible."""
FADE_S = 0.25

_K_WEIGHTING = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)
"""BS.1770-5, tables 1 and 2: a shelf for the head, then a high pass; coefficients of z^0, z^-1, z^-2."""
_DECAY = RATE_HZ // 10
"""Samples after which the filters' response to a sound that ended is below 1e-10: their slowest pole has radius
0.995."""
_PIECE = 1 << 16
"""Samples of a Fourier transform: small enough for a processor's cache."""
_OFFSET_DB = -0.691
STEPS_PER_SECOND = 10
STEPS_PER_BLOCK = 4
"""BS.1770-5 measures blocks of 0.4 s; a block begins every 0.1 s."""
_STEP = RATE_HZ // STEPS_PER_SECOND
_SILENT_LUFS = -70.0
_QUIET_LU = -10.0
_REACH = RATE_HZ // 20
"""Samples over which the limiter turns down before a peak, and up again after it: 50 ms."""

Stereo = npt.NDArray[np.float32]
"""(n, 2), full scale 1"""


def loudness(samples: Stereo) -> float | None:
    """The integrated loudness in LUFS, gated as BS.1770-5 annex 1 says; None: shorter than 0.4 s, or silent."""
    steps = len(samples) // _STEP
    if steps < STEPS_PER_BLOCK:
        return None
    weighted = _weighted(samples[: steps * _STEP])
    return integrated((weighted**2).sum(axis=1).reshape(steps, _STEP).mean(axis=1))


def integrated(power: FloatArray, counted: npt.NDArray[np.bool_] | None = None) -> float | None:
    """The integrated loudness in LUFS of successive tenths of a second.

    Args:
        power: (n,) mean square of each after K-weighting, summed over the channels; full scale 1.
        counted: (n,) whether each counts; a block counts only if all its tenths do. None: all count.

    Returns:
        None if no block counts, or all are silent.
    """
    if len(power) < STEPS_PER_BLOCK:
        return None
    one_block = np.ones(STEPS_PER_BLOCK)
    blocks = np.convolve(np.asarray(power, np.float64), one_block, "valid") / STEPS_PER_BLOCK
    if counted is not None:
        blocks = blocks[np.convolve(counted, one_block, "valid") > STEPS_PER_BLOCK - 0.5]
    blocks = blocks[blocks > _power(_SILENT_LUFS)]
    if not len(blocks):
        return None
    kept = blocks[blocks > blocks.mean() * 10 ** (_QUIET_LU / 10)]
    return _OFFSET_DB + 10 * log10(kept.mean())


def levelled(samples: Stereo) -> Stereo:
    """Sound at TARGET_LUFS, or as near as MOST_GAIN_DB allows; its peaks limited, both ends faded.

    Args:
        samples: (n, 2) at RATE_HZ, finite.
    """
    heard = loudness(samples)
    gain_db = 0.0 if heard is None else min(TARGET_LUFS - heard, MOST_GAIN_DB)
    return _faded(limited(samples * np.float32(10 ** (gain_db / 20))))


def limited(samples: Stereo) -> Stereo:
    """Sound whose samples are at most CEILING_DBFS: turned down around each peak, in both channels alike.

    The gain that each moment needs is held for _REACH on both sides and smoothed over the same length, so that at a
    peak no value that is averaged is above what the peak needs.
    """
    ceiling = 10 ** (CEILING_DBFS / 20)
    peaks = np.maximum(np.abs(samples[:, 0]), np.abs(samples[:, 1])).astype(np.float64)
    if not len(peaks) or peaks.max() <= ceiling:
        return samples
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    gain = _means(_means(_lowest(needed, _REACH), _REACH // 2), _REACH // 2)
    out: Stereo = (samples * gain[:, None]).astype(np.float32)
    return out


def _weighted(samples: Stereo) -> npt.NDArray[np.float64]:
    """(n, 2): samples after K-weighting, which assumes silence before them. The filters' frequency response is applied
    piece by piece; the tail of a piece is added to the next one."""
    response = k_response(np.arange(_PIECE // 2 + 1) * RATE_HZ / _PIECE)
    channels = np.ascontiguousarray(samples.T, np.float64)
    out = np.zeros((2, len(samples) + _PIECE))
    for start in range(0, len(samples), _PIECE - _DECAY):
        spectrum = np.fft.rfft(channels[:, start : start + _PIECE - _DECAY], _PIECE)
        out[:, start : start + _PIECE] += np.fft.irfft(spectrum * response, _PIECE)
    return out[:, : len(samples)].T


def k_response(hz: FloatArray) -> npt.NDArray[np.complex128]:
    """(n,): the response of the filter at RATE_HZ to each frequency; above half of RATE_HZ as at half of it."""
    turn = np.exp(-2j * np.pi * np.minimum(hz, RATE_HZ / 2) / RATE_HZ)
    response = np.ones(len(turn), complex)
    for above, below in _K_WEIGHTING:
        response *= np.polyval(above[::-1], turn) / np.polyval(below[::-1], turn)
    return response


def _lowest(values: npt.NDArray[np.float64], reach: int) -> npt.NDArray[np.float64]:
    """(n,): the lowest value within `reach` of each place. A window is the end of one block and the start of the next,
    so that running minima of blocks of the window's width answer all of them."""
    width, n = 2 * reach + 1, len(values)
    padded = np.pad(values, (reach, reach + -(n + 2 * reach) % width), "edge").reshape(-1, width)
    from_start = np.minimum.accumulate(padded, axis=1).reshape(-1)
    to_end = np.minimum.accumulate(padded[:, ::-1], axis=1)[:, ::-1].reshape(-1)
    lowest: npt.NDArray[np.float64] = np.minimum(to_end[:n], from_start[width - 1 : width - 1 + n])
    return lowest


def _means(values: npt.NDArray[np.float64], reach: int) -> npt.NDArray[np.float64]:
    """(n,): the mean within `reach` of each place, the ends going on beyond."""
    sums = np.cumsum(np.pad(values, (reach + 1, reach), "edge"))
    return (sums[2 * reach + 1 :] - sums[: -2 * reach - 1]) / (2 * reach + 1)


def _faded(samples: Stereo) -> Stereo:
    n = min(ceil(FADE_S * RATE_HZ), len(samples) // 4)
    rise = np.sin(np.linspace(0, np.pi / 2, n, dtype=np.float32)) ** 2
    out = samples.copy()
    out[:n] *= rise[:, None]
    out[len(out) - n :] *= rise[::-1, None]
    return out


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_DB) / 10))
