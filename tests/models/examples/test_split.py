"""Splits keep recordings whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import ModelError
from models.examples.split import folds, halves_then_balance, held_out

rows = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), min_size=1, max_size=80)


@given(rows, st.floats(0.1, 0.6), st.integers(0, 5))
def test_no_group_stands_on_both_sides(pairs: list[tuple[int, int]], part: float, seed: int) -> None:
    groups = np.array([f"g{g}" for g, _ in pairs])
    labels = np.array([label for _, label in pairs])
    out = held_out(groups.tolist(), labels, part, seed)
    assert not set(groups[out]) & set(groups[~out])
    assert (out == held_out(groups.tolist(), labels, part, seed)).all()
    assert (~out).any()


def test_seventy_thirty_of_each_class() -> None:
    labels = np.repeat([0, 1], [100, 20])
    out = held_out([str(k) for k in range(120)], labels, 0.3, 0)
    assert out[labels == 0].sum() == 30
    assert out[labels == 1].sum() == 6


def test_halves_then_balance_draws_classes_evenly_from_different_halves() -> None:
    labels = np.repeat([0, 1, 2], [600, 500, 400])
    train, test = halves_then_balance([str(k) for k in range(1500)], labels, 3)
    assert np.bincount(labels[train]).tolist() == [200, 200, 200]
    assert np.bincount(labels[test]).tolist() == [100, 100, 100]
    assert not (train & test).any()


def test_one_recording_of_a_class_cannot_be_balanced() -> None:
    with pytest.raises(ModelError, match="too few recordings to balance"):
        halves_then_balance(["a", "b", "c"], np.array([0, 0, 1]), 0)


@settings(max_examples=20)
@given(st.integers(0, 100))
def test_folds_test_every_row_once_and_keep_groups_whole(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = np.repeat([0, 1, 2], 12)
    groups = np.array([f"{label}-{rng.integers(5)}" for label in labels])
    tested = np.zeros(len(labels), dtype=int)
    for train, test in folds(groups.tolist(), labels, 5, seed):
        assert not set(groups[train]) & set(groups[test])
        tested += test
    assert (tested == 1).all()
