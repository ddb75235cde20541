"""Centred log-ratios of shares, and bootstrap intervals of a rank correlation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.composition import ZERO_PCT, centred_log_ratios
from mining.correlation import DURATIONS, spearman

SHARES = st.lists(st.floats(0.01, 100), min_size=3, max_size=3)


@given(SHARES)
def test_log_ratios_are_the_logarithms_against_the_geometric_mean(values: list[float]) -> None:
    found = centred_log_ratios(pd.DataFrame([values], columns=DURATIONS), [DURATIONS])
    middle = math.prod(values) ** (1 / 3)
    assert list(found.iloc[0]) == pytest.approx([math.log(value / middle) for value in values], abs=1e-9)


def test_zeros_are_replaced_and_the_others_keep_their_ratios() -> None:
    table = pd.DataFrame([[0.0, 60.0, 40.0], [np.nan] * 3, [0.0, 0.0, 0.0]], columns=DURATIONS).assign(Year=1950)
    found = centred_log_ratios(table)
    first = found.iloc[0][list(DURATIONS)].to_numpy(float)
    assert first.sum() == pytest.approx(0)
    assert math.exp(first[1] - first[2]) == pytest.approx(60 / 40)
    assert math.exp(first[0] - first[1]) == pytest.approx(ZERO_PCT / (60 * (1 - ZERO_PCT / 100)))
    assert found[list(DURATIONS)].iloc[1:].isna().all(axis=None) and (found["Year"] == 1950).all()


def test_a_whole_that_lacks_a_part_stays() -> None:
    table = pd.DataFrame([[30.0, 70.0]], columns=DURATIONS[:2])
    pd.testing.assert_frame_equal(centred_log_ratios(table), table)


def test_log_ratios_of_independent_parts_are_less_bound_than_their_shares() -> None:
    amounts = np.random.default_rng(2).lognormal(size=(200, 3))
    shares = pd.DataFrame(100 * amounts / amounts.sum(axis=1, keepdims=True), columns=DURATIONS)
    bound = np.abs(spearman(shares).rho[np.triu_indices(3, 1)] + 0.5)
    freed = np.abs(spearman(centred_log_ratios(shares)).rho[np.triu_indices(3, 1)] + 0.5)
    assert freed.max() < 0.2 and bound.max() < 0.3, "both near -1/2, which three parts have by construction"
