"""Rank correlation by hand, by an independent library, and corrected p-values by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from errors import ParameterError
from mining.correlation import FOCUS, correct, focus_columns, spearman


def test_rho_by_hand() -> None:
    # ranks 1 2 3 4 5 against 2 1 4 3 5: the squared differences sum to 4, rho = 1 - 6*4/(5*24) = 0.8
    found = spearman(pd.DataFrame({"a": [10, 20, 30, 40, 50.0], "b": [2, 1, 4, 3, 9.0]}))
    assert found.rho[0, 1] == pytest.approx(0.8)
    # t = 0.8 * sqrt(3 / 0.36) = 2.3094 with 3 degrees of freedom: p = 0.1041 (any t table)
    assert found.p[0, 1] == pytest.approx(0.1041, abs=5e-5)


def test_ties_take_their_mean_rank() -> None:
    # ranks 1.5 1.5 3 4 against 1 2 3 4: centred products 4.5, lengths sqrt(4.5 * 5)
    found = spearman(pd.DataFrame({"a": [1, 1, 2, 3.0], "b": [1, 2, 3, 4.0]}))
    assert found.rho[0, 1] == pytest.approx(4.5 / np.sqrt(22.5))


def test_a_constant_column_is_undefined_and_named() -> None:
    found = spearman(pd.DataFrame({"a": [1, 2, 3.0], "same": [5, 5, 5.0]}))
    assert found.constant == ("same",)
    assert np.isnan(found.rho[0, 1])
    assert np.isnan(found.p_corrected[0, 1])


def test_films_without_a_value_are_left_out_of_that_pair_only() -> None:
    table = pd.DataFrame({"a": [1, 2, 3, 4, np.nan], "b": [1, 2, 3, 4, 5.0], "c": [5, 4, 3, 2, 1.0]})
    found = spearman(table)
    assert found.n.tolist() == [[4, 4, 4], [4, 5, 5], [4, 5, 5]]
    assert found.rho[0, 2] == -1


def test_two_films_have_no_correlation() -> None:
    assert np.isnan(spearman(pd.DataFrame({"a": [1, 2.0], "b": [2, 1.0]})).rho[0, 1])


def test_one_column_is_refused() -> None:
    with pytest.raises(ParameterError, match="two columns"):
        spearman(pd.DataFrame({"a": [1.0, 2.0]}))


def test_corrections_by_hand() -> None:
    p = [0.01, 0.04, 0.03, 0.005]
    # Holm: .005*4, .01*3, .03*2, .04*1, never falling
    # BH: .005*4/1, .01*4/2, .03*4/3, .04*4/4, never rising from behind
    assert correct(p, "holm").tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert correct(p, "benjamini-hochberg").tolist() == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert correct(p, "none").tolist() == p


def test_undefined_pairs_do_not_count_as_comparisons() -> None:
    assert correct([0.01, np.nan, 0.5], "holm")[0] == pytest.approx(0.02)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_benjamini_hochberg_equals_scipy(p: list[float]) -> None:
    np.testing.assert_allclose(correct(p, "benjamini-hochberg"), stats.false_discovery_control(p))


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=4, max_size=40))
def test_rho_and_p_equal_scipy(pairs: list[tuple[int, int]]) -> None:
    table = pd.DataFrame(pairs, columns=["a", "b"], dtype=float)
    found = spearman(table)
    if table["a"].nunique() > 1 and table["b"].nunique() > 1:
        expected = stats.spearmanr(table["a"], table["b"])
        assert found.rho[0, 1] == pytest.approx(expected.statistic, abs=1e-12)
        assert found.p[0, 1] == pytest.approx(expected.pvalue, abs=1e-9)


def test_pairs_come_strongest_first() -> None:
    table = pd.DataFrame({"a": [1, 2, 3, 4.0], "b": [4, 3, 2, 1.0], "c": [1, 3, 2, 4.0]})
    pairs = spearman(table).pairs()
    assert pairs.loc[0, ["first", "second"]].tolist() == ["a", "b"]
    assert pairs["rho"].abs().is_monotonic_decreasing


def test_focus_stands_for_indicators_too() -> None:
    columns = ["Rating", "Genre: Crime", "Genre: War", "Director: X", "Country: UK"]
    assert focus_columns(columns, "Film genres and director (figure 30)") == [
        "Genre: Crime",
        "Genre: War",
        "Director: X",
    ]
    assert focus_columns(columns, next(iter(FOCUS))) == columns
