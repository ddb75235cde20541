"""The thesis's detector at work: an RBF support vector machine over the 68 statistics of each second (3.1-3.3).

Served from plain arrays instead of a pickled scikit-learn object: the kernel is one matrix product per block of time,
so that a two-hour film against thousands of support vectors takes about a second, and the file can be read without
trusting it. Equal to scikit-learn's one-against-one decision function to 1e-6 (its input is rounded to float32 before
fitting, so the stored support vectors are exact).

Level. The library's normalisation divides a file by its peak: one loud sample changes the energy and the first MFCC
of every second. The detector is trained and served on levelled seconds instead: `level_seconds` moves each second's
statistics to what they would be at RMS 0.1. Scaling a signal by g multiplies energy by g^2 and adds
sqrt(40) log10(g) to the first MFCC (40 mel filters, orthonormal DCT), and changes nothing else, so features computed
at any gain can be levelled, the vectors inside pyAudioAnalysis included, and a film's loudness plays no role.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

import durable
from errors import ModelError, ParameterError
from media.geometry import WINDOW_RMS
from models.arrays import read_arrays

Float64 = npt.NDArray[np.float64]

N_STATISTICS = 68
ENERGY_MEAN, MFCC1_MEAN, ENERGY_STD = 1, 8, 35
MEL_FILTERS = 40
SILENCE_RMS = 1e-4
"""-80 dBFS; a quieter second is not levelled up: it is silence."""
VERSION = 1
_BLOCK = 512


def level_seconds(features: npt.NDArray[np.floating]) -> Float64:
    """The statistics that each second would have at RMS 0.1.

    Args:
        features: (n, 68) statistics, computed at any fixed gain at which full scale is 1.

    Returns:
        (n, 68). Seconds below SILENCE_RMS keep their values.
    """
    levelled = np.array(features, dtype=np.float64)
    rms = np.sqrt(np.maximum(levelled[:, ENERGY_MEAN], 0))
    gain = np.where(rms >= SILENCE_RMS, WINDOW_RMS / np.maximum(rms, SILENCE_RMS), 1.0)
    levelled[:, ENERGY_MEAN] *= gain**2
    levelled[:, ENERGY_STD] *= gain**2
    levelled[:, MFCC1_MEAN] += np.sqrt(MEL_FILTERS) * np.log10(gain)
    return levelled


@dataclass(frozen=True)
class RbfSvm:
    """A fitted one-against-one RBF SVM with sigmoids that turn its decisions into probabilities."""

    labels: tuple[str, ...]
    mean: Float64
    """(68,) of the training features"""
    std: Float64
    """(68,)"""
    support: npt.NDArray[np.float32]
    """(m, 68) standardised support vectors"""
    dual: Float64
    """(m, n_pairs) weight of each support vector in each pair's decision"""
    intercept: Float64
    """(n_pairs,)"""
    sigmoid: Float64
    """(n_pairs, 2): P(first of the pair) = 1 / (1 + exp(-(a d + b)))"""
    gamma: float
    c: float

    def decisions(self, features: npt.NDArray[np.floating]) -> Float64:
        """One-against-one decisions; positive favours the first class of the pair (0-1, 0-2, 1-2).

        Args:
            features: (n, 68), not yet standardised.

        Returns:
            (n, n_pairs)

        Raises:
            ParameterError: not 68 columns, or NaN.
        """
        if features.ndim != 2 or features.shape[1] != N_STATISTICS or not np.isfinite(features).all():
            raise ParameterError(f"detector features: shape {features.shape}; (n, 68) finite numbers are needed.")
        out = np.empty((len(features), len(self.intercept)))
        support = self.support.astype(np.float64)
        norms = (support**2).sum(axis=1)
        for start in range(0, len(features), _BLOCK):
            block = standardise(features[start : start + _BLOCK], self.mean, self.std).astype(np.float64)
            squared = (block**2).sum(axis=1)[:, None] + norms - 2 * block @ support.T
            np.maximum(squared, 0, out=squared)
            out[start : start + _BLOCK] = np.exp(-self.gamma * squared) @ self.dual + self.intercept
        return out

    def probabilities(self, features: npt.NDArray[np.floating]) -> Float64:
        """(n, k) class probabilities of features (n, 68): sigmoids per pair, coupled. Errors as `decisions`."""
        decided = self.decisions(features)
        with np.errstate(over="ignore"):
            pairwise = 1 / (1 + np.exp(-(decided * self.sigmoid[:, 0] + self.sigmoid[:, 1])))
        return couple(pairwise, len(self.labels))

    def save(self, path: Path) -> None:
        """Write as .npz of plain arrays, replaced whole."""
        with durable.whole(path) as beside, beside.open("wb") as stream:
            np.savez_compressed(
                stream,
                allow_pickle=False,
                version=np.array(VERSION),
                labels=np.array(self.labels),
                mean=self.mean,
                std=self.std,
                support=self.support,
                dual=self.dual,
                intercept=self.intercept,
                sigmoid=self.sigmoid,
                gamma=np.array(self.gamma),
                c=np.array(self.c),
            )


def load_svm(path: Path) -> RbfSvm:
    """Read what `RbfSvm.save` wrote.

    Raises:
        ModelError: not such a file, or of another version.
    """
    arrays = read_arrays(path, "Train a detector, or name another file.")
    try:
        if int(arrays["version"]) != VERSION:
            raise ModelError(f"{path}: detector of version {arrays['version']}, this filmscore reads {VERSION}.")
        model = RbfSvm(
            labels=tuple(str(name) for name in arrays["labels"]),
            mean=arrays["mean"].astype(np.float64),
            std=arrays["std"].astype(np.float64),
            support=arrays["support"].astype(np.float32),
            dual=arrays["dual"].astype(np.float64),
            intercept=arrays["intercept"].astype(np.float64),
            sigmoid=arrays["sigmoid"].astype(np.float64),
            gamma=float(arrays["gamma"]),
            c=float(arrays["c"]),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise ModelError(f"{path}: not a detector that filmscore wrote ({error}). Train it again.") from error
    n_pairs = len(model.labels) * (len(model.labels) - 1) // 2
    if model.support.shape[1:] != (N_STATISTICS,) or model.dual.shape != (len(model.support), n_pairs):
        raise ModelError(f"{path}: arrays of the wrong shape. Train the detector again.")
    return model


def standardise(features: npt.NDArray[np.floating], mean: Float64, std: Float64) -> npt.NDArray[np.float32]:
    """(n, 68) features with zero mean and unit deviation, rounded to float32 as the fitted ones were."""
    return ((np.asarray(features, dtype=np.float64) - mean) / std).astype(np.float32)


def pairs(n_classes: int) -> list[tuple[int, int]]:
    """The pairs in the order of scikit-learn's one-against-one decisions: (0, 1), (0, 2), ..., (k - 2, k - 1)."""
    return [(i, j) for i in range(n_classes) for j in range(i + 1, n_classes)]


def couple(pairwise: Float64, n_classes: int) -> Float64:
    """Class probabilities from pairwise ones: minimise sum_ij (r_ji p_i - r_ij p_j)^2 with sum p = 1.

    Args:
        pairwise: (n, n_pairs) probability of the first class of each pair.
        n_classes: k.

    Returns:
        (n, k), rows sum to 1.

    Source: Wu, Lin and Weng, "Probability estimates for multi-class classification by pairwise coupling" (2004),
    second approach, which libsvm uses; solved here directly as one linear system per row.
    """
    n = len(pairwise)
    bounded = np.clip(pairwise, 1e-7, 1 - 1e-7)
    r = np.zeros((n, n_classes, n_classes))
    for column, (i, j) in enumerate(pairs(n_classes)):
        r[:, i, j], r[:, j, i] = bounded[:, column], 1 - bounded[:, column]
    system = np.zeros((n, n_classes + 1, n_classes + 1))
    system[:, :n_classes, :n_classes] = -r.transpose(0, 2, 1) * r
    diagonal = np.arange(n_classes)
    system[:, diagonal, diagonal] = (r**2).sum(axis=1)
    system[:, :n_classes, n_classes] = system[:, n_classes, :n_classes] = 1
    target = np.zeros((n, n_classes + 1, 1))
    target[:, n_classes] = 1
    solved = np.clip(np.linalg.solve(system, target)[:, :n_classes, 0], 0, None)
    return np.asarray(solved / solved.sum(axis=1, keepdims=True))
