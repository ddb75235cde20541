"""Scores are scikit-learn's, over the classes that occur in the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from errors import ParameterError
from models.scores import by_clip, score, wilson_interval

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
