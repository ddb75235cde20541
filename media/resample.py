"""Resample and downmix frames of any format to mono int16 at 8 kHz, or at 16 kHz.

FFmpeg's libswresample converts formats and layouts, and resamples most rates. The common rates that are an even
multiple of 8 kHz, 48 kHz above all, are decimated here with matrix products, which is faster; so are 32, 48 and 96 kHz
to 16 kHz. The filter is libswresample's own (FILTER_SIZE, PASS_BAND, KAISER_BETA are its defaults), so the samples
differ by rounding only.

The taps are integers times 2^-TAP_BITS, so every sum is a whole number below 2^53 times that, and exact in float64. The
samples are therefore the same however the sound is cut into blocks, and on any processor, BLAS and number of threads.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from media.geometry import SAMPLE_RATE_HZ, WIDE_RATE_HZ

FILTER_SIZE = 32
"""Length of the filter in output samples, before PASS_BAND stretches it."""
PASS_BAND = 0.97
KAISER_BETA = 9.0
TAP_BITS = 24
"""The taps are multiples of 2^-TAP_BITS; 16 bits of a sample and at most 26 of a sum of taps fit float64's 53."""
_FACTORS = {SAMPLE_RATE_HZ: (2, 4, 6, 12), WIDE_RATE_HZ: (2, 3, 6)}
_AT_ONCE = 16
"""Output samples in one row of a product."""
_ROWS = 3
"""So many successive rows of input, of `factor` times _AT_ONCE samples each, hold all that their filters reach."""

Float64 = npt.NDArray[np.float64]
Int16 = npt.NDArray[np.int16]


class Resampler:
    """Takes blocks of one sample rate, format and layout in order, and gives the mix at one or more rates."""

    def __init__(self, rate_hz: int, *targets_hz: int) -> None:
        self._decimators = [_decimator(rate_hz, target_hz) for target_hz in targets_hz]
        self._from_hz = [
            rate_hz if decimator else target_hz
            for decimator, target_hz in zip(self._decimators, targets_hz, strict=True)
        ]
        # as integers, or libswresample would not scale a downmix so that it cannot clip
        self._swr = {at_hz: AudioResampler("s16", "mono", at_hz) for at_hz in self._from_hz}

    def add(self, block: AudioFrame) -> list[Int16]:
        """(n,) samples at each rate that the block completes.

        Raises:
            av.FFmpegError: the block's format cannot be resampled.
        """
        mixed = self._mixed(block)
        return [
            to_int16(decimator.add(mixed[at_hz])) if decimator else mixed[at_hz]
            for decimator, at_hz in zip(self._decimators, self._from_hz, strict=True)
        ]

    def finish(self) -> list[Int16]:
        """(n,) samples at each rate that were held back."""
        mixed = self._mixed(None)
        return [
            to_int16(np.concatenate([decimator.add(mixed[at_hz]), decimator.finish()])) if decimator else mixed[at_hz]
            for decimator, at_hz in zip(self._decimators, self._from_hz, strict=True)
        ]

    def _mixed(self, block: AudioFrame | None) -> dict[int, Int16]:
        """By rate what libswresample gives of it, mono."""
        mixed = {}
        for at_hz, swr in self._swr.items():
            parts = [frame.to_ndarray()[0] for frame in swr.resample(block)]
            mixed[at_hz] = parts[0] if len(parts) == 1 else np.concatenate([*parts, np.empty(0, np.int16)])
        return mixed


def _decimator(rate_hz: int, target_hz: int) -> Decimator | None:
    """One from the rate to the target, if that is one of _FACTORS."""
    factor, rest = divmod(rate_hz, target_hz)
    return Decimator(factor) if not rest and factor in _FACTORS[target_hz] else None


class Decimator:
    """Keeps every `factor`-th sample after libswresample's low-pass filter; mirrored at both ends.

    Takes whole numbers of 16 bits; what comes out is exact, and not rounded yet.
    """

    def __init__(self, factor: int) -> None:
        self._factor = factor
        self._row = _AT_ONCE * factor
        self._reach = (len(low_pass(factor)) - 1) // 2
        self._held = np.empty(0, np.float64)
        self._n_in = self._n_out = 0

    def add(self, samples: Int16) -> Float64:
        """(n,) output samples that are complete with this input; none until the filter's support is filled."""
        self._held = np.concatenate([self._held, samples])
        started, self._n_in = self._n_in > self._reach, self._n_in + len(samples)
        if self._n_in <= self._reach:
            return np.empty(0, np.float64)
        if not started:
            self._held = np.pad(self._held, (self._reach, 0), "reflect")
        return self._filtered(len(self._held) // self._row - _ROWS + 1)

    def finish(self) -> Float64:
        """(n,) remaining samples; together with the former ones, one for each started group of `factor` samples."""
        wanted = -(-self._n_in // self._factor) - self._n_out
        if wanted <= 0:
            return np.empty(0, np.float64)
        if self._n_in <= self._reach:
            self._held = np.pad(self._held, (self._reach, 0), "reflect")
        rows = -(-wanted // _AT_ONCE)
        self._held = np.pad(self._held, (0, max(0, (rows + _ROWS - 1) * self._row - len(self._held))), "symmetric")
        return self._filtered(rows)[:wanted]

    def _filtered(self, rows: int) -> Float64:
        if rows < 1:
            return np.empty(0, np.float64)
        used = rows + _ROWS - 1
        held = self._held[: used * self._row].reshape(used, self._row)
        out = np.zeros((rows, _AT_ONCE))
        for row, taps in enumerate(_products(self._factor)):
            out += held[row : row + rows] @ taps
        self._held = self._held[rows * self._row :]
        self._n_out += out.size
        return out.reshape(-1)


def low_pass(factor: int) -> npt.NDArray[np.float64]:
    """(n,) libswresample's filter for one phase (resample.c, build_filter): a sinc under a Kaiser window, sum 1."""
    cut = PASS_BAND / factor
    n = int(np.ceil(FILTER_SIZE / cut))
    at = np.arange(n) - (n - 1) // 2
    window = np.i0(KAISER_BETA * np.sqrt(np.maximum(1 - (2 * at / n) ** 2, 0)))
    taps: npt.NDArray[np.float64] = np.sinc(at * cut) * window
    taps /= taps.sum()
    return taps


def integer_taps(factor: int) -> Float64:
    """(n,) whole numbers: the taps of `low_pass` times 2^TAP_BITS, rounded; they sum to exactly 2^TAP_BITS."""
    taps = np.rint(np.ldexp(low_pass(factor), TAP_BITS))
    taps[(len(taps) - 1) // 2] += 2**TAP_BITS - taps.sum()
    return taps


@cache
def _products(factor: int) -> list[Float64]:
    """_ROWS times (factor * _AT_ONCE, _AT_ONCE): what each row of input adds to the outputs."""
    taps = np.ldexp(integer_taps(factor), -TAP_BITS)
    all_rows = np.zeros((_ROWS * _AT_ONCE * factor, _AT_ONCE), np.float64)
    for output in range(_AT_ONCE):
        all_rows[output * factor : output * factor + len(taps), output] = taps
    return np.split(all_rows, _ROWS)


def to_int16(samples: Float64) -> Int16:
    """Round and clip."""
    return np.clip(np.rint(samples), -32_768, 32_767).astype(np.int16)
