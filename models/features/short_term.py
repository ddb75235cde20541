"""The thesis's 34 short-term features and their 68 statistics per second, for all frames at once in float64.

Reference: pyAudioAnalysis 0.3.14 `ShortTermFeatures.feature_extraction` (thesis 3.1, Table 8), which these equal to
1e-9. float32 would not do: where a frame is nearly silent the first MFCC would be wrong by up to 7.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from errors import ParameterError
from media.geometry import FRAME_SAMPLES, FRAMES_PER_SECOND, SECOND_SAMPLES
from models.features.filterbanks import SPECTRUM_BINS, cepstrum, chroma_folding, mfcc_filters

Samples = npt.NDArray[np.int16] | npt.NDArray[np.floating]
Features = npt.NDArray[np.float64]
Normalisation = Literal["file", "fixed"]

FEATURE_NAMES: tuple[str, ...] = (
    "zcr",
    "energy",
    "energy_entropy",
    "spectral_centroid",
    "spectral_spread",
    "spectral_entropy",
    "spectral_flux",
    "spectral_rolloff",
    *(f"mfcc_{n}" for n in range(1, 14)),
    *(f"chroma_{n}" for n in range(1, 13)),
    "chroma_std",
)
"""The 34 rows of a short-term matrix, in the library's order and spelling."""

ROLLOFF_SHARE = 0.90
SUB_FRAMES = 10
"""Parts of a frame or spectrum whose energies make an entropy."""

_EPS = sys.float_info.epsilon
_INT16_SCALE = 2.0**15
_BLOCK_S = 20
"""Seconds computed at once: the spectra of a block stay in the processor's cache."""
_PASS_SAMPLES = 1 << 20


def short_term_features(samples: Samples, normalisation: Normalisation = "file", *, gain: float = 1.0) -> Features:
    """The 34 features of every 50 ms frame (no overlap).

    Args:
        samples: (n,) at 8 kHz; int16, or floats where full scale is 1.
        normalisation: "file" removes the mean of all samples and divides by their peak, as the library does: one loud
            sample changes every feature. "fixed" multiplies by `gain` only. Train and serve with the same one.
        gain: for "fixed"; full scale times gain is 1.

    Returns:
        (34, n // 400) in the order of FEATURE_NAMES. A last, incomplete frame is dropped.

    Raises:
        ParameterError: samples are not one-dimensional, hold NaN or infinity, or the normalisation is not known.
    """
    blocks = list(_feature_blocks(samples, normalisation, gain))
    return np.concatenate(blocks, axis=0).T if blocks else np.empty((len(FEATURE_NAMES), 0))


def second_features(samples: Samples, normalisation: Normalisation = "file", *, gain: float = 1.0) -> Features:
    """The 68 statistics of every whole second, in bounded memory for a film of any length.

    Args and errors as in `short_term_features`.

    Returns:
        (n // 8000, 68): columns 0-33 means, 34-67 standard deviations.
    """
    whole = samples[: samples.shape[0] // SECOND_SAMPLES * SECOND_SAMPLES] if samples.ndim == 1 else samples
    offset, scale = _level(samples, normalisation, gain)
    blocks = [_statistics(block) for block in _blocks_at_level(whole, offset, scale)]
    return np.concatenate(blocks, axis=0) if blocks else np.empty((0, 2 * len(FEATURE_NAMES)))


def mid_term_statistics(frames: Features, frames_per_second: int = FRAMES_PER_SECOND) -> Features:
    """Mean and standard deviation of the short-term features over each second.

    Args:
        frames: (34, n_frames) short-term features, one column per 50 ms frame.
        frames_per_second: frames that make one mid-term window.

    Returns:
        (n_seconds, 68): columns 0-33 are means, 34-67 standard deviations. A last, incomplete second is dropped.

    Raises:
        ParameterError: `frames` has not 34 rows, or holds NaN.

    Source: thesis 3.1.1; equal to pyAudioAnalysis 0.3.14 `mid_feature_extraction` rows 0-33 and 68-101.
    """
    if frames.ndim != 2 or frames.shape[0] != len(FEATURE_NAMES):
        raise ParameterError(f"short-term features: shape {frames.shape}. Give (34, n_frames).")
    if not np.isfinite(frames).all():
        raise ParameterError("short-term features: NaN or infinity among them. Compute them from finite samples.")
    if frames_per_second < 1:
        raise ParameterError(f"frames_per_second: {frames_per_second}. Give at least 1.")
    return _statistics(frames.T, frames_per_second)


def _statistics(frames: Features, frames_per_second: int = FRAMES_PER_SECOND) -> Features:
    """(n_frames, 34) -> (n_frames // frames_per_second, 68)"""
    n_seconds = frames.shape[0] // frames_per_second
    seconds = frames[: n_seconds * frames_per_second].reshape(n_seconds, frames_per_second, frames.shape[1])
    return np.concatenate([seconds.mean(axis=1), seconds.std(axis=1)], axis=1)


def _level(samples: Samples, normalisation: Normalisation, gain: float) -> tuple[float, float]:
    """Offset and divisor that bring the samples (full scale 1) to the level asked for."""
    if samples.ndim != 1:
        raise ParameterError(f"samples: shape {samples.shape}. Give one channel, (n,).")
    if normalisation == "fixed":
        return 0.0, 1.0 / gain
    if normalisation != "file":
        raise ParameterError(f'normalisation: "{normalisation}". Choose "file" or "fixed".')
    if samples.shape[0] == 0:
        return 0.0, 1.0
    if samples.dtype != np.int16:
        mean = float(np.asarray(samples, dtype=np.float64).mean())
        peak = max(abs(float(samples.max()) - mean), abs(float(samples.min()) - mean))
        return mean, peak + 1e-10
    # sums of int16 are exact in int64 and in the library's float64 alike, so the mean is the same to the last bit
    total, lowest, highest = 0, int(samples[0]), int(samples[0])
    for start in range(0, samples.shape[0], _PASS_SAMPLES):
        part = samples[start : start + _PASS_SAMPLES]
        total += int(part.sum(dtype=np.int64))
        lowest, highest = min(lowest, int(part.min())), max(highest, int(part.max()))
    mean = total / _INT16_SCALE / samples.shape[0]
    peak = max(abs(highest / _INT16_SCALE - mean), abs(lowest / _INT16_SCALE - mean))
    return mean, peak + 1e-10


def _feature_blocks(samples: Samples, normalisation: Normalisation, gain: float) -> Iterator[Features]:
    offset, scale = _level(samples, normalisation, gain)
    yield from _blocks_at_level(samples, offset, scale)


def _blocks_at_level(samples: Samples, offset: float, scale: float) -> Iterator[Features]:
    """Successive (n_frames, 34) blocks; the last spectrum of a block is the previous one of the next."""
    n_frames = samples.shape[0] // FRAME_SAMPLES
    step = _BLOCK_S * FRAMES_PER_SECOND
    previous: Features | None = None
    for first in range(0, n_frames, step):
        last = min(first + step, n_frames)
        part = samples[first * FRAME_SAMPLES : last * FRAME_SAMPLES]
        x = part.astype(np.float64)
        if part.dtype == np.int16:
            x /= _INT16_SCALE
        elif not np.isfinite(x).all():
            raise ParameterError("samples: NaN or infinity among them. Decode the file again.")
        x -= offset
        x /= scale
        frames = x.reshape(-1, FRAME_SAMPLES)
        spectra = np.abs(rfft(frames, axis=1)[:, :SPECTRUM_BINS]) / SPECTRUM_BINS
        before = np.concatenate([spectra[:1] if previous is None else previous, spectra[:-1]])
        previous = spectra[-1:].copy()
        yield _frame_features(frames, spectra, before)


def _frame_features(frames: Features, spectra: Features, before: Features) -> Features:
    """(n, 400) frames with their (n, 200) spectra and those of the frames before -> (n, 34)"""
    out = np.empty((frames.shape[0], len(FEATURE_NAMES)))
    signs = (frames > 0).view(np.int8) - (frames < 0).view(np.int8)
    out[:, 0] = np.abs(np.diff(signs, axis=1)).sum(axis=1, dtype=np.int32) / 2 / (FRAME_SAMPLES - 1)
    squares = frames * frames
    energy = squares.sum(axis=1)
    out[:, 1] = energy / FRAME_SAMPLES
    out[:, 2] = _entropy(squares, energy)
    out[:, 3], out[:, 4] = _centroid_and_spread(spectra)
    power = spectra * spectra
    total = power.sum(axis=1)
    out[:, 5] = _entropy(power, total)
    out[:, 6] = _flux(spectra, before)
    reached = np.cumsum(power, axis=1) + _EPS > (ROLLOFF_SHARE * total)[:, None]
    out[:, 7] = reached.argmax(axis=1) / SPECTRUM_BINS
    out[:, 8:21] = np.log10(spectra @ mfcc_filters() + _EPS) @ cepstrum()
    chroma = power @ chroma_folding() / np.where(total == 0, _EPS, total)[:, None]
    out[:, 21:33] = chroma
    out[:, 33] = chroma.std(axis=1)
    return out


def _entropy(power: Features, total: Features) -> Features:
    """Entropy in bits of the shares that ten successive parts have in a row's total; (n, m) -> (n,)"""
    parts = np.einsum("ijk->ij", power.reshape(power.shape[0], SUB_FRAMES, -1)) / (total + _EPS)[:, None]
    entropy: Features = -(parts * np.log2(parts + _EPS)).sum(axis=1)
    return entropy


def _centroid_and_spread(spectra: Features) -> tuple[Features, Features]:
    """Both in units of half the sample rate."""
    place = np.arange(1, SPECTRUM_BINS + 1) / SPECTRUM_BINS
    peak = spectra.max(axis=1)
    shape = spectra / np.where(peak == 0, _EPS, peak)[:, None]
    weight = shape.sum(axis=1) + _EPS
    centroid = shape @ place / weight
    spread = np.sqrt(np.einsum("ij,ij->i", (place - centroid[:, None]) ** 2, shape) / weight)
    return centroid, spread


def _flux(spectra: Features, before: Features) -> Features:
    now = spectra / (spectra + _EPS).sum(axis=1)[:, None]
    then = before / (before + _EPS).sum(axis=1)[:, None]
    flux: Features = ((now - then) ** 2).sum(axis=1)
    return flux
