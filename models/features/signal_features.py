"""Pulse and tempo of a window from its onset strength.

A fine log-mel (40 bands, 31.25 frames a second) rises where something starts; the mean rise over all, low, middle and
high bands is the onset strength. Its autocorrelation shows how clear the pulse is and how long a beat.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, rfft
from scipy.ndimage import uniform_filter1d

from film import FloatArray
from media.geometry import SAMPLE_RATE_HZ, WINDOW_S, WINDOW_SAMPLES
from models.features.slaney import mel_filters

N_FFT = 1_024
HOP = 256
BANDS = 40
FRAMES = WINDOW_SAMPLES // HOP + 1
FRAME_RATE_HZ = SAMPLE_RATE_HZ / HOP
DYNAMIC_DB = 60.0
"""Below the window's maximum nothing counts."""
SLOWEST_BPM, FASTEST_BPM = 50.0, 200.0
BAND_GROUPS = (slice(0, BANDS), slice(0, 8), slice(8, 24), slice(24, BANDS))
N_FEATURES = 13 * len(BAND_GROUPS) + 4


@cache
def _filters() -> npt.NDArray[np.float32]:
    return mel_filters(SAMPLE_RATE_HZ, N_FFT, BANDS)


def fine_power_mel(samples: FloatArray) -> npt.NDArray[np.float32]:
    """(n // HOP + 1, BANDS) power mel of 8 kHz sound (n,), Hann, centred with zeros."""
    sound = np.pad(samples.astype(np.float32, copy=False), N_FFT // 2)
    hann = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, N_FFT)[::HOP]
    spectrum = rfft(frames * hann, axis=1)
    mel: npt.NDArray[np.float32] = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) @ _filters().T
    return mel


def window_log_mels(run_mel: FloatArray, n_windows: int) -> npt.NDArray[np.float32]:
    """(n_windows, BANDS, FRAMES) decibels of the windows of a run, one a second, from the run's power mel."""
    first = np.rint(np.arange(n_windows) * FRAME_RATE_HZ).astype(np.int64)
    rows = np.minimum(first[:, None] + np.arange(FRAMES), len(run_mel) - 1)
    decibels = 10 * np.log10(np.maximum(run_mel, 1e-10))
    windows: npt.NDArray[np.float32] = decibels[rows].transpose(0, 2, 1).astype(np.float32)
    return windows


def _onset_strengths(decibels: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
    """Of each band group (n, FRAMES - 1): mean rise in dB, of (n, BANDS, FRAMES) decibels."""
    rise = np.maximum(np.diff(decibels, axis=2), 0)
    return [rise[:, bands].mean(axis=1) for bands in BAND_GROUPS]


def _centred(onsets: FloatArray) -> npt.NDArray[np.float64]:
    """Onsets about their local mean."""
    centred: npt.NDArray[np.float64] = onsets - uniform_filter1d(onsets, 31, axis=1, mode="constant")
    return centred


def _autocorrelation(centred: FloatArray) -> npt.NDArray[np.float64]:
    """(n, FRAMES - 1), 1 at lag 0, corrected for the shrinking overlap."""
    length = centred.shape[1]
    spectrum = rfft(centred, n=2 * length, axis=1)
    raw = irfft(np.abs(spectrum) ** 2, n=2 * length, axis=1)[:, :length]
    corrected: npt.NDArray[np.float64] = raw / (raw[:, :1] + 1e-9) / (1 - np.arange(length) / length + 0.05)
    return corrected


def _lags() -> npt.NDArray[np.int64]:
    return np.arange(int(FRAME_RATE_HZ * 60 / FASTEST_BPM), int(FRAME_RATE_HZ * 60 / SLOWEST_BPM))


def _group_features(
    onsets: FloatArray, centred: FloatArray, autocorrelation: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    length = onsets.shape[1]
    mean, deviation = onsets.mean(axis=1), onsets.std(axis=1)
    lags = _lags()
    beats = autocorrelation[:, lags]
    best = lags[beats.argmax(axis=1)]
    rows = np.arange(len(onsets))
    double = np.where(2 * best < length, autocorrelation[rows, np.minimum(2 * best, length - 1)], 0.0)
    power = np.abs(rfft(centred * np.hanning(length), n=1_024, axis=1)) ** 2
    rate_hz = np.fft.rfftfreq(1_024, 1 / FRAME_RATE_HZ)
    inside = (rate_hz > 0.5) & (rate_hz < 8)
    total = power[:, inside].sum(axis=1) + 1e-12
    share = power[:, inside] / total[:, None]
    columns = [
        mean, deviation, deviation / (mean + 1e-6), np.percentile(onsets, 95, axis=1),
        beats.max(axis=1), beats.max(axis=1) - np.median(beats, axis=1), 60 * FRAME_RATE_HZ / best, double,
        beats.std(axis=1), -(share * np.log(share + 1e-12)).sum(axis=1),
        power[:, (rate_hz > 1.5) & (rate_hz < 2.5)].sum(axis=1) / total,
        power[:, (rate_hz > 2.5) & (rate_hz < 5)].sum(axis=1) / total, share.max(axis=1),
    ]  # fmt: skip
    return np.stack(columns, axis=1)


def pulse_and_beats(log_mels: FloatArray) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """`pulse_features` and `beats`, which share most of their work."""
    decibels = np.maximum(log_mels, log_mels.max(axis=(1, 2), keepdims=True) - DYNAMIC_DB).astype(np.float64)
    groups, found = [], []
    for onsets in _onset_strengths(decibels):
        centred = _centred(onsets)
        autocorrelation = _autocorrelation(centred)
        groups.append(_group_features(onsets, centred, autocorrelation))
        found.append(_strongest_beat(autocorrelation))
    return np.hstack([*groups, _loudness_features(decibels)]), np.stack(found, axis=2)


def pulse_features(log_mels: FloatArray) -> npt.NDArray[np.float64]:
    """(n, N_FEATURES) of (n, BANDS, FRAMES) decibels; a constant factor on the sound does not change them.

    Per band group: onset strength's mean, deviation, their ratio, 95th percentile; height, prominence, tempo and
    octave of the strongest beat, deviation of the autocorrelation; entropy, shares at 1.5-2.5 and 2.5-5 Hz and peak
    of the onsets' spectrum. Then: deviation and range of the loudness, share of the lowest four bands and its
    logarithm.
    """
    return pulse_and_beats(log_mels)[0]


def _loudness_features(decibels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(n, 4)"""
    power = 10 ** ((decibels - decibels.max(axis=(1, 2), keepdims=True)) / 10)
    loudness = 10 * np.log10(power.sum(axis=1) + 1e-12)
    low = power[:, :4].sum(axis=(1, 2)) / power.sum(axis=(1, 2))
    spread = np.percentile(loudness, 90, axis=1) - np.percentile(loudness, 10, axis=1)
    return np.stack([loudness.std(axis=1), spread, low, np.log(low + 1e-4)], axis=1)


def beats(log_mels: FloatArray) -> npt.NDArray[np.float64]:
    """(3, n, groups): the strongest beat of each band group in (n, BANDS, FRAMES) decibels.

    Its BPM: the lag of the highest autocorrelation of the onset strength, refined by a parabola. Its strength: that
    autocorrelation; 1 = each beat repeats exactly, 0 = no pulse. What is between beats: the autocorrelation at half the
    lag; below 0 there are fewer onsets than elsewhere. models.ears.pace chooses the tempo from these.
    """
    return pulse_and_beats(log_mels)[1]


def _strongest_beat(autocorrelation: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(3, n)"""
    lags = _lags()
    best = lags[autocorrelation[:, lags].argmax(axis=1)]
    rows = np.arange(len(best))
    before, peak, after = (autocorrelation[rows, best + k] for k in (-1, 0, 1))
    curvature = before - 2 * peak + after
    shift = np.where(np.abs(curvature) > 1e-9, 0.5 * (before - after) / np.where(curvature == 0, 1, curvature), 0)
    between = np.maximum(autocorrelation[rows, best // 2], autocorrelation[rows, (best + 1) // 2])
    return np.stack([60 * FRAME_RATE_HZ / (best + np.clip(shift, -0.5, 0.5)), np.clip(peak, 0, 1), between])


__all__ = [
    "BANDS", "FRAMES", "N_FEATURES", "WINDOW_S", "beats", "fine_power_mel", "pulse_and_beats", "pulse_features",
    "window_log_mels",
]  # fmt: skip
