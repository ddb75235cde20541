"""Classification metrics: the one place that defines accuracy, F1 and confusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from errors import ParameterError

RELIABILITY_BINS = 10


def confusion_matrix(
    truth: npt.NDArray[np.integer], predicted: npt.NDArray[np.integer], n_classes: int
) -> npt.NDArray[np.int64]:
    """(k, k) counts; rows are the truth, columns the prediction."""
    counts = np.zeros((n_classes, n_classes), dtype=np.int64)
    np.add.at(counts, (truth, predicted), 1)
    return counts


def score(truth: npt.NDArray[np.integer], predicted: npt.NDArray[np.integer], labels: Sequence[str]) -> dict[str, Any]:
    """Metrics of n predictions in the shape of `evaluate --json` (docs/design.md).

    Balanced accuracy (mean recall) and macro F1 run over the classes that occur in the truth. Precision, recall and
    F1 of a class that is never predicted, or never true, are 0.

    Args:
        truth: (n,) class numbers, n > 0.
        predicted: (n,) class numbers.
        labels: all class names of the model, in order.

    Returns:
        n, labels, accuracy, balanced_accuracy, macro_f1, per_class, confusion.

    Raises:
        ParameterError: nothing to score, or lengths differ.
    """
    if len(truth) == 0 or len(truth) != len(predicted):
        raise ParameterError(f"scores: {len(truth)} truths and {len(predicted)} predictions; give one each.")
    counts = confusion_matrix(np.asarray(truth), np.asarray(predicted), len(labels))
    right = np.diag(counts).astype(float)
    true, said = counts.sum(axis=1), counts.sum(axis=0)
    recall = np.divide(right, true, out=np.zeros_like(right), where=true > 0)
    precision = np.divide(right, said, out=np.zeros_like(right), where=said > 0)
    f1 = np.divide(2 * right, true + said, out=np.zeros_like(right), where=true + said > 0)
    occurring = true > 0
    return {
        "n": len(truth),
        "labels": list(labels),
        "accuracy": float(right.sum() / len(truth)),
        "balanced_accuracy": float(recall[occurring].mean()),
        "macro_f1": float(f1[occurring].mean()),
        "per_class": {
            name: {"precision": float(precision[k]), "recall": float(recall[k]), "f1": float(f1[k])}
            for k, name in enumerate(labels)
        },
        "confusion": counts.tolist(),
    }


def by_clip(
    probabilities: npt.NDArray[np.floating], clips: Sequence[str], labels: npt.NDArray[np.integer]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """One prediction per clip: the class of the highest mean probability over its windows or seconds.

    Args:
        probabilities: (n, k) per row.
        clips: (n,) the clip of each row.
        labels: (n,) truth; a clip's is that of its first row.

    Returns:
        (truth, predicted), each (n_clips,), clips in sorted order.
    """
    _, first, inverse = np.unique(np.asarray(clips, dtype=str), return_index=True, return_inverse=True)
    summed = np.zeros((len(first), probabilities.shape[1]))
    np.add.at(summed, inverse, probabilities)
    means = summed / np.bincount(inverse)[:, None]
    return np.asarray(labels, dtype=np.int64)[first], means.argmax(axis=1).astype(np.int64)


def reliability(
    probabilities: npt.NDArray[np.floating], truth: npt.NDArray[np.integer]
) -> list[dict[str, float | int]]:
    """Calibration of probabilities: rows (n, k) in ten bins by their highest probability, without empty bins.

    Returns:
        Per bin `p`, the mean of the highest probability; `right`, the share of rows whose class it was; `n`.
    """
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    place = np.clip((sure * RELIABILITY_BINS).astype(int), 0, RELIABILITY_BINS - 1)
    return [
        {"p": float(sure[place == b].mean()), "right": float(right[place == b].mean()), "n": int((place == b).sum())}
        for b in np.unique(place)
    ]


def calibration_error(bins: Sequence[Mapping[str, float | int]]) -> float:
    """Mean distance between probability and share of correct rows over the bins of `reliability`, weighted by rows."""
    return sum(abs(b["p"] - b["right"]) * b["n"] for b in bins) / sum(b["n"] for b in bins)


def wilson_interval(share: float, n: int) -> tuple[float, float]:
    """95 % interval of a share observed in n trials (Wilson 1927)."""
    z = 1.96
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return float(max(0.0, centre - half)), float(min(1.0, centre + half))
