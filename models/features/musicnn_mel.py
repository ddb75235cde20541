"""The input of the musicnn networks: 96-band log-mel of 16 kHz sound, computed from our 8 kHz sound.

At 8 kHz the bands above 4 kHz stay empty; each head is trained and served on the same bandwidth (`models.ears.wide`
hears at 16 kHz).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft
from scipy.special import i0

from errors import ParameterError
from film import FloatArray
from models.features import slaney

RATE_HZ = 16_000
N_FFT = 512
HOP = 256
BANDS = 96
FRAMES = 187
"""Frames of a patch, about 3 s."""
_REACH = 20
"""Samples at 8 kHz that a value between two of them depends on."""
_KAISER_BETA = 5.0
_AT_ONCE = 8_192
"""Samples upsampled at once: they stay in the processor's cache."""


@cache
def mel_filters() -> npt.NDArray[np.float32]:
    """(BANDS, N_FFT // 2 + 1): Slaney's mel scale and area normalisation, 0 to 8 kHz."""
    return slaney.mel_filters(RATE_HZ, N_FFT, BANDS)


@cache
def _hann() -> npt.NDArray[np.float32]:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)).astype(np.float32)


@cache
def _low_pass() -> npt.NDArray[np.float64]:
    """(41,): the upsampling filter, a sinc under a Kaiser window, as `scipy.signal.firwin` (whose import takes a
    second). Every second tap is zero, except the middle one."""
    at = np.arange(-_REACH, _REACH + 1.0)
    kaiser = i0(_KAISER_BETA * np.sqrt(1 - (at / _REACH) ** 2)) / i0(_KAISER_BETA)
    sinc = 0.5 * np.sinc(0.5 * at) * kaiser
    taps: npt.NDArray[np.float64] = 2 * (sinc / sinc.sum())
    return taps


def upsample(samples: FloatArray) -> npt.NDArray[np.float32]:
    """8 kHz samples (n,) to 16 kHz (2 n,), as `scipy.signal.resample_poly`.

    Each value is summed in one order, on any processor and however a film is cut: what remains above 4 kHz is the
    rounding, and the event network hears its logarithm. A matrix product is faster, but rounds by the shape of a block.
    """
    sound = samples.astype(np.float32, copy=False)
    taps = _low_pass()[1::2].astype(np.float32)  # symmetric
    padded = np.pad(sound, (_REACH // 2 - 1, _REACH // 2))
    doubled = np.empty(2 * sound.size, np.float32)
    np.multiply(sound, np.float32(_low_pass()[_REACH]), out=doubled[::2])
    for first in range(0, sound.size, _AT_ONCE):
        last = min(first + _AT_ONCE, sound.size)
        between, pair = np.zeros(last - first, np.float32), np.empty(last - first, np.float32)
        for k in range(_REACH // 2):  # the smallest products first
            np.add(padded[first + k : last + k], padded[first + _REACH - 1 - k : last + _REACH - 1 - k], out=pair)
            pair *= taps[k]
            between += pair
        doubled[2 * first + 1 : 2 * last : 2] = between
    return doubled


def power_mel(samples_16k: FloatArray) -> npt.NDArray[np.float32]:
    """(n_frames, BANDS) power mel of 16 kHz sound; centred with zeros, as the networks were trained."""
    sound = np.pad(samples_16k.astype(np.float32, copy=False), N_FFT // 2)
    if sound.ndim != 1 or sound.size < N_FFT:
        raise ParameterError(f"musicnn mel: {sound.shape} samples are too few. Give at least {N_FFT} at 16 kHz.")
    frames = np.lib.stride_tricks.sliding_window_view(sound, N_FFT)[::HOP]
    spectrum = rfft(frames * _hann(), axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    mel: npt.NDArray[np.float32] = power.astype(np.float32, copy=False) @ mel_filters().T
    return mel


def log_compress(mel: FloatArray) -> npt.NDArray[np.float32]:
    """log10(10000 m + 1), in float32: in float16 10000 m overflows at m = 6.5."""
    compressed: npt.NDArray[np.float32] = np.log10(
        np.float32(10_000) * mel.astype(np.float32, copy=False) + np.float32(1)
    )
    return compressed


@cache
def _folded_filters() -> npt.NDArray[np.float32]:
    """(BANDS, N_FFT // 4 + 1): the mel filters seen from the 8 kHz spectrum, through the upsampling filter.

    Upsampled sound has the 8 kHz spectrum below 4 kHz and its mirror image above, both times the filter's response.
    """
    response = np.abs(np.fft.rfft(_low_pass(), n=N_FFT)) ** 2
    weighted = mel_filters() * response
    quarter = N_FFT // 4
    folded = weighted[:, : quarter + 1].copy()
    folded[:, :quarter] += weighted[:, :quarter:-1]
    result: npt.NDArray[np.float32] = folded.astype(np.float32)
    return result


def patches(
    samples: FloatArray, starts: npt.NDArray[np.integer], gains: FloatArray | None = None, *, wide: bool = False
) -> npt.NDArray[np.float32]:
    """Log-mel patches of 8 kHz sound, without upsampling it, or of 16 kHz sound.

    At 8 kHz they equal `power_mel` of the upsampled sound but for the upsampling filter's length (2.5 ms of a 32 ms
    frame).

    Args:
        samples: (n,) sound, full scale 1.
        starts: (m,) first sample of each patch; a patch reaches beyond either end into zeros.
        gains: (m,) factor per patch that levels its sound, or None for 1.
        wide: the samples are at 16 kHz.

    Returns:
        (m, FRAMES, BANDS) float32.
    """
    length, hop = (N_FFT, HOP) if wide else (N_FFT // 2, HOP // 2)
    window, filters = (_hann(), mel_filters()) if wide else (_hann()[::2], _folded_filters())
    heard = (FRAMES - 1) * hop + length
    first = starts.astype(np.int64) - length // 2
    before, after = max(0, -int(first.min())), max(0, int(first.max()) + heard - samples.size)
    sound = np.pad(samples.astype(np.float32, copy=False), (before, after))
    cut = np.empty((starts.size, FRAMES, BANDS), dtype=np.float32)
    for i, place in enumerate(first + before):
        frames = np.lib.stride_tricks.sliding_window_view(sound[place : place + heard], length)[::hop]
        spectrum = rfft(frames * window, axis=1)
        cut[i] = (spectrum.real**2 + spectrum.imag**2) @ filters.T
    if gains is not None:
        cut *= np.square(gains.astype(np.float32))[:, None, None]
    return log_compress(cut)
