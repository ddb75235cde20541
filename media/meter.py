"""Measure how loud each tenth of a second of a film's sound is, as ITU-R BS.1770-5 weights it, while it is decoded.

All channels are measured at the rate and level of the file, before the downmix. The spectrum of each tenth of a second
is multiplied by the frequency response of the standard's filter, which costs less than filtering; the results differ by
less than 0.05 LU unless most of the sound is below 20 Hz (`tests/media/test_meter.py`). `media.loudness.integrated`
computes LUFS from them.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame

from media.channels import read_into
from media.loudness import STEPS_PER_SECOND, k_response

_SIDES = frozenset({"SL", "SR"})
_BACKS = frozenset({"BL", "BR"})
SURROUND_WEIGHT = 1.41
"""BS.1770-5, table 3, for the channels at the listener's sides (+1.5 dB)."""

Powers = npt.NDArray[np.float32]
"""(n,): mean square of each tenth of a second, weighted and summed over the channels; full scale 1"""


class LoudnessMeter:
    """Takes the blocks of one track in order. Value n of the result belongs to n / 10 s after the film's start."""

    def __init__(self) -> None:
        self._powers: list[Powers] = []
        self._n_powers = 0
        self._heard_s = 0.0
        self._kind: tuple[int, str] | None = None
        self._held = np.empty((0, 0), np.float32)
        """(channels, n): the samples after the last whole tenth"""
        self._begun = 0
        """Number of tenths since the rate or the layout changed."""

    def add(self, block: AudioFrame) -> None:
        """Measure a block of any format and layout."""
        kind = (block.sample_rate, block.layout.name)
        if kind != self._kind:
            self._settle()
            self._kind = kind
            self._held = np.empty((block.layout.nb_channels, 0), np.float32)
        self._heard_s += block.samples / block.sample_rate
        n_held = self._held.shape[1]
        samples = np.empty((block.layout.nb_channels, n_held + block.samples), np.float32)
        samples[:, :n_held] = self._held
        read_into(block, samples[:, n_held:])
        rate, length = block.sample_rate, max(block.sample_rate // STEPS_PER_SECOND, 1)
        first = self._begun * rate // STEPS_PER_SECOND
        whole = max(0, -(-(samples.shape[1] + first - length + 1) * STEPS_PER_SECOND // rate) - self._begun)
        if whole:
            if rate == length * STEPS_PER_SECOND:
                tenths = samples[:, : whole * length].reshape(len(samples), whole, length)
            else:
                starts = (self._begun + np.arange(whole)) * rate // STEPS_PER_SECOND - first
                tenths = np.lib.stride_tricks.sliding_window_view(samples, length, axis=1)[:, starts]
            weights = _channel_weights(block.layout.name, _names(block))
            counted = weights > 0
            heard = tenths if counted.all() else tenths[counted]
            self._write(_weighted_powers(heard, rate) @ weights[counted])
        self._begun += whole
        self._held = samples[:, self._begun * rate // STEPS_PER_SECOND - first :]

    def add_silence(self, seconds: float) -> None:
        """Add some seconds of silence."""
        self._heard_s += seconds
        self._settle()

    def finish(self) -> Powers:
        """(n,) for everything added so far."""
        self._settle()
        return np.concatenate([*self._powers, np.empty(0, np.float32)])

    def _settle(self) -> None:
        """Drop an incomplete tenth, and add silence up to the present time."""
        self._kind, self._begun = None, 0
        self._write(np.zeros(max(0, int(self._heard_s * STEPS_PER_SECOND + 1e-6) - self._n_powers), np.float32))

    def _write(self, powers: npt.NDArray[np.floating]) -> None:
        self._powers.append(powers.astype(np.float32))
        self._n_powers += len(powers)


def _weighted_powers(tenths: npt.NDArray[np.float32], rate_hz: int) -> npt.NDArray[np.float32]:
    """(n, channels) mean square of (channels, n, length) samples after K-weighting."""
    from scipy.fft import rfft  # four times as fast as NumPy's; excerpts avoid its import, which takes a second

    spectrum = rfft(tenths, axis=2)
    parts = spectrum.view(np.float32)
    np.multiply(parts, parts, out=parts)
    power: npt.NDArray[np.float32] = (parts @ _bin_weights(rate_hz, tenths.shape[2])).T
    return power


@cache
def _bin_weights(rate_hz: int, length: int) -> npt.NDArray[np.float32]:
    """(2 * (length // 2 + 1),): factors with which the squares of each bin's real and imaginary part add to the mean
    square; every bin except the first and the last counts twice."""
    hz = np.arange(length // 2 + 1) * rate_hz / length
    both = np.where((hz == 0) | (2 * np.arange(len(hz)) == length), 1.0, 2.0)
    weights: npt.NDArray[np.float32] = np.repeat(both * np.abs(k_response(hz)) ** 2 / length**2, 2).astype(np.float32)
    return weights


def _names(block: AudioFrame) -> tuple[str, ...]:
    return tuple(channel.name for channel in block.layout.channels)


@cache
def _channel_weights(layout: str, names: tuple[str, ...]) -> npt.NDArray[np.float32]:
    """(channels,): 0 for LFE channels, SURROUND_WEIGHT for side channels, otherwise
    1. In a layout without side channels the
    back channels count as side channels, as in 5.1."""
    sides = _SIDES if _SIDES & set(names) else _BACKS
    weights = [0.0 if name.startswith("LFE") else SURROUND_WEIGHT if name in sides else 1.0 for name in names]
    return np.array(weights, np.float32)
