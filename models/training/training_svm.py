"""Fit the thesis's detector: choose C by cross-validated macro F1, then fit sigmoids for probabilities (thesis
3.2-3.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from errors import ModelError
from film import LABELS
from models.ears.svm import Float64, RbfSvm, pairs, standardise
from models.evaluation.scores import score
from models.examples.labelled import Examples
from models.examples.pyaudio_vectors import LabelledVectors
from models.examples.split import folds

C_GRID = (0.001, 0.01, 0.5, 1.0, 5.0, 10.0, 20.0)
GAMMA = 1 / 68
"""As pyAudioAnalysis's "svm_rbf": 1 / number of features, on standardised features."""
N_FOLDS = 5


@dataclass(frozen=True)
class FittedSvm:
    """The fitted SVM and the metrics by which C was chosen (the thesis's figure 5)."""

    model: RbfSvm
    by_c: dict[float, dict[str, Any]]
    """C -> cross-validated metrics (models.evaluation.scores.score)."""


def long_term_averages(examples: Examples) -> Examples:
    """One row per clip: the mean of its seconds' statistics (thesis 3.1.2, segments of arbitrary length)."""
    _, first, inverse = np.unique(examples.clips, return_index=True, return_inverse=True)
    summed = np.zeros((len(first), examples.inputs.shape[1]))
    np.add.at(summed, inverse, examples.inputs)
    means = summed / np.bincount(inverse)[:, None]
    return Examples(examples.kind, means, examples.labels[first], examples.clips[first], examples.groups[first])


def fit_detector(
    examples: Examples,
    seed: int,
    extra: LabelledVectors | None = None,
    own_weight: float = 1.0,
    on_step: Callable[[int, int], None] | None = None,
) -> FittedSvm:
    """Choose C by grouped cross-validation, then fit on all examples.

    Args:
        examples: (n, 68) levelled statistics (models.ears.svm.level_seconds), the training part only.
        seed: of the folds.
        extra: vectors without clips, learnt from in every fold and never tested on.
        own_weight: weight of an example against an extra vector.
        on_step: told the steps done and their number.

    Raises:
        ModelError: fewer than two classes, or a class with a single group.
    """
    classes = np.unique(examples.labels)
    if len(classes) != len(LABELS):
        missing = [name for index, name in enumerate(LABELS) if index not in classes]
        raise ModelError(f"the detector's training part: no clips of {', '.join(missing)}. Add some.")
    if min(len(np.unique(examples.groups[examples.labels == k])) for k in classes) < 2:
        raise ModelError("the detector's training part: a class has a single recording. Add recordings of it.")
    parts = list(folds(examples.groups.tolist(), examples.labels, N_FOLDS, seed))
    steps = len(C_GRID) * len(parts) + 1
    done = 0
    by_c: dict[float, dict[str, Any]] = {}
    decided_by_c: dict[float, Float64] = {}
    for c in C_GRID:
        decided = np.zeros((len(examples), len(pairs(len(LABELS)))))
        predicted = np.zeros(len(examples), dtype=np.int64)
        for train, test in parts:
            machine = _fit(examples.where(train), extra, own_weight, c)
            decided[test] = machine.decisions(examples.inputs[test])
            predicted[test] = _voted(decided[test])
            done += 1
            if on_step is not None:
                on_step(done, steps)
        by_c[c] = score(examples.labels, predicted, LABELS)
        decided_by_c[c] = decided
    # At a tie, choose the smaller C, which gives the smoother surface.
    best = max(C_GRID, key=lambda c: (round(by_c[c]["macro_f1"], 6), -c))
    sigmoid = np.array([_sigmoid(decided_by_c[best][:, k], examples.labels, i, j) for k, (i, j) in _numbered()])
    fitted = _fit(examples, extra, own_weight, best)
    model = RbfSvm(LABELS, fitted.mean, fitted.std, fitted.support, fitted.dual, fitted.intercept, sigmoid, GAMMA, best)
    if on_step is not None:
        on_step(steps, steps)
    return FittedSvm(model, by_c)


def _fit(examples: Examples, extra: LabelledVectors | None, own_weight: float, c: float) -> RbfSvm:
    from sklearn.svm import SVC

    inputs, labels = examples.inputs, examples.labels
    weights = np.full(len(labels), own_weight)
    if extra is not None:
        inputs = np.vstack([inputs, extra.features])
        labels = np.concatenate([labels, extra.labels])
        weights = np.concatenate([weights, np.ones(len(extra.labels))])
    mean, std = inputs.mean(axis=0), inputs.std(axis=0)
    std = np.where(std > 0, std, 1.0)
    machine = SVC(C=c, kernel="rbf", gamma=GAMMA, decision_function_shape="ovo", cache_size=400)
    machine.fit(standardise(inputs, mean, std).astype(np.float64), labels, sample_weight=weights)
    return RbfSvm(
        LABELS,
        mean,
        std,
        machine.support_vectors_.astype(np.float32),
        pairwise_weights(machine.dual_coef_, machine.n_support_),
        np.array(machine.intercept_, dtype=np.float64),
        np.tile([1.0, 0.0], (len(pairs(len(LABELS))), 1)),
        GAMMA,
        c,
    )


def pairwise_weights(dual: Float64, n_support: npt.NDArray[np.integer]) -> Float64:
    """libsvm's (k - 1, m) dual coefficients as (m, n_pairs) weights, zero for vectors of neither class of a pair."""
    ends = np.cumsum(n_support)
    starts = ends - n_support
    weights = np.zeros((dual.shape[1], len(pairs(len(n_support)))))
    for column, (i, j) in enumerate(pairs(len(n_support))):
        weights[starts[i] : ends[i], column] = dual[j - 1, starts[i] : ends[i]]
        weights[starts[j] : ends[j], column] = dual[i, starts[j] : ends[j]]
    return weights


def _numbered() -> list[tuple[int, tuple[int, int]]]:
    return list(enumerate(pairs(len(LABELS))))


def _voted(decided: Float64) -> npt.NDArray[np.int64]:
    """The class with the most pairwise votes; ties are broken by the summed decision values."""
    votes = np.zeros((len(decided), len(LABELS)))
    strength = np.zeros_like(votes)
    for column, (i, j) in _numbered():
        first = decided[:, column] > 0
        votes[:, i] += first
        votes[:, j] += ~first
        strength[:, i] += decided[:, column]
        strength[:, j] -= decided[:, column]
    return np.asarray((votes + strength / (3 * (np.abs(strength) + 1))).argmax(axis=1), dtype=np.int64)


def _sigmoid(decided: Float64, labels: npt.NDArray[np.int64], first: int, second: int) -> tuple[float, float]:
    """a, b of P(first) = 1 / (1 + exp(-(a d + b))), fitted on decision values of held-out folds."""
    from sklearn.linear_model import LogisticRegression

    rows = (labels == first) | (labels == second)
    regression = LogisticRegression(C=1.0).fit(decided[rows, None], labels[rows] == first)
    return float(max(regression.coef_[0, 0], 0.0)), float(regression.intercept_[0])
