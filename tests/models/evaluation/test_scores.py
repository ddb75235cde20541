"""Scores are scikit-learn's, over the classes that occur in the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from errors import ParameterError
from models.evaluation.scores import by_clip, calibration_error, reliability, score, wilson_interval

LABELS = ("a", "b", "c", "d")
answers = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)


@given(answers)
def test_scores_equal_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    truth, said = np.array(pairs).T
    found = score(truth, said, LABELS)
    occurring = sorted(set(truth.tolist()))
    f1 = metrics.f1_score(truth, said, labels=occurring, average="macro", zero_division=0)
    recall = metrics.recall_score(truth, said, labels=occurring, average="macro", zero_division=0)
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(truth, said))
    assert found["macro_f1"] == pytest.approx(f1)
    assert found["balanced_accuracy"] == pytest.approx(recall)
    assert found["confusion"] == metrics.confusion_matrix(truth, said, labels=range(4)).tolist()
    precision = metrics.precision_score(truth, said, labels=range(4), average=None, zero_division=0)
    assert [found["per_class"][name]["precision"] for name in LABELS] == pytest.approx(list(precision))


def test_nothing_to_score_is_refused() -> None:
    with pytest.raises(ParameterError):
        score(np.array([], dtype=int), np.array([], dtype=int), LABELS)


def test_a_clip_gets_the_class_of_the_highest_mean() -> None:
    probabilities = np.array([[0.6, 0.4], [0.6, 0.4], [0.0, 1.0], [0.9, 0.1]])
    truth, said = by_clip(probabilities, ["x", "x", "x", "y"], np.array([1, 1, 1, 0]))
    assert truth.tolist() == [1, 0]
    assert said.tolist() == [1, 0]


def test_the_interval_holds_the_share() -> None:
    low, high = wilson_interval(0.7, 50)
    assert 0.55 < low < 0.7 < high < 0.82
    assert wilson_interval(1.0, 10)[1] == 1.0


@given(st.integers(1, 200), st.integers(2, 5), st.integers(0, 9))
def test_reliability_keeps_every_row_and_its_means(n: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    probabilities, truth = rng.dirichlet(np.ones(k), n), rng.integers(k, size=n)
    bins = reliability(probabilities, truth)
    assert sum(b["n"] for b in bins) == n
    assert sum(b["p"] * b["n"] for b in bins) == pytest.approx(probabilities.max(axis=1).sum())
    assert sum(b["right"] * b["n"] for b in bins) == pytest.approx((probabilities.argmax(axis=1) == truth).sum())
    assert 0 <= calibration_error(bins) <= 1


def test_honest_probabilities_are_told_from_boasting_ones() -> None:
    rng = np.random.default_rng(0)
    honest = rng.dirichlet(np.ones(3), 20_000)
    truth = np.array([rng.choice(3, p=row) for row in honest])
    boasting = honest**3 / (honest**3).sum(axis=1, keepdims=True)
    assert calibration_error(reliability(honest, truth)) < 0.02
    assert calibration_error(reliability(boasting, truth)) > 0.1
    assert reliability(np.array([[0.0, 1.0]]), np.array([1])) == [{"p": 1.0, "right": 1.0, "n": 1}]
