"""Rank correlation by hand, by an independent library, and corrected p-values by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from errors import ParameterError
from mining import correlation
from mining.correlation import (
    ASYMPTOTIC_FROM,
    FOCUS,
    SHUFFLES,
    by_construction,
    correct,
    focus_columns,
    rho_intervals,
    spearman,
)


def test_rho_by_hand() -> None:
    # ranks 1 2 3 4 5 against 2 1 4 3 5: the squared differences sum to 4, rho = 1 - 6*4/(5*24) = 0.8
    found = spearman(pd.DataFrame({"a": [10, 20, 30, 40, 50.0], "b": [2, 1, 4, 3, 9.0]}))
    assert found.rho[0, 1] == pytest.approx(0.8)
    # 16 of the 120 orders of five films are as far from 0 (tables of Spearman's rho: .067 on one side)
    assert found.p[0, 1] == pytest.approx(16 / 120)


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


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=ASYMPTOTIC_FROM, max_size=60))
def test_rho_and_p_of_many_films_equal_scipy(pairs: list[tuple[int, int]]) -> None:
    table = pd.DataFrame(pairs, columns=["a", "b"], dtype=float)
    found = spearman(table)
    if table["a"].nunique() > 1 and table["b"].nunique() > 1:
        expected = stats.spearmanr(table["a"], table["b"])
        assert found.rho[0, 1] == pytest.approx(expected.statistic, abs=1e-12)
        assert found.p[0, 1] == pytest.approx(expected.pvalue, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=6))
def test_the_p_of_few_films_equals_scipys_exact_permutation_test(pairs: list[tuple[int, int]]) -> None:
    table = pd.DataFrame(pairs, columns=["a", "b"], dtype=float)
    if table["a"].nunique() < 2 or table["b"].nunique() < 2:
        return
    a, b = stats.rankdata(table["a"]), stats.rankdata(table["b"])
    expected = stats.permutation_test(
        (a,),
        lambda x: abs(float((x - x.mean()) @ (b - b.mean()))),
        permutation_type="pairings",
        n_resamples=np.inf,
        alternative="greater",
    )
    assert spearman(table).p[0, 1] == pytest.approx(expected.pvalue, abs=1e-12)


def test_false_finds_after_benjamini_hochberg_are_as_rare_as_it_says() -> None:
    """1,000 tables of 6 unrelated columns: any find is a false one, and 3 to 7 % of the tables may have one."""
    rng = np.random.default_rng(8)
    upper = np.triu_indices(6, 1)
    found, uncorrected = [], []
    for _ in range(1_000):
        table = pd.DataFrame(rng.standard_normal((40, 6)))
        p = spearman(table, "none").p[upper]
        found.append((correct(p, "benjamini-hochberg") < 0.05).any())
        uncorrected.append((p < 0.05).any())
    assert 0.03 < np.mean(found) < 0.07
    assert np.mean(uncorrected) > 0.3, "without the correction every second table would have a find"


@pytest.mark.parametrize("films", [3, 5, 6, 7, 8, 12, 20, 29, 30, 60])
def test_null_draws_are_seldom_found_significant(films: int) -> None:
    """2,016 unrelated pairs: about 5 % have p < .05; fewer where few films leave few possible values of p."""
    table = pd.DataFrame(np.random.default_rng(films).standard_normal((films, 64)))
    small = spearman(table, "none").p[np.triu_indices(64, 1)] < 0.05
    assert np.mean(small) < 0.07
    assert np.mean(small) > (0.03 if films >= 7 else -1)


def test_the_p_of_a_few_films_is_never_zero_and_the_same_each_time() -> None:
    table = pd.DataFrame({"a": np.arange(12.0), "b": np.arange(12.0)})
    assert spearman(table).p[0, 1] == spearman(table).p[0, 1] == 1 / (SHUFFLES + 1)
    three = pd.DataFrame({"a": [1, 2, 3.0], "b": [1, 2, 3.0]})
    assert spearman(three).p[0, 1] == pytest.approx(2 / 6), "three films prove nothing"


def test_parts_of_one_whole_are_marked() -> None:
    assert by_construction("Music Duration", "Speech Duration") and by_construction("Jazz", "Rock")
    assert by_construction("Music Duration", "Music Under Speech") and not by_construction("Jazz", "Music Present")
    assert by_construction("Frames With Faces", "Close-ups") and by_construction("Faces Angry", "Faces Disgusted")
    assert by_construction("Saturation", "Colourfulness") and not by_construction("Saturation", "Faces Angry")
    assert by_construction("Director: Alfred Hitchcock", "Director: Tim Burton")
    assert not by_construction("Jazz", "Music Duration") and not by_construction("Genre: Drama", "Genre: Crime")
    found = spearman(pd.DataFrame({"Jazz": [10, 20, 30.0], "Rock": [90, 80, 70.0], "Year": [1950, 1970, 1960.0]}))
    marked = {frozenset((row["first"], row["second"])): row["by_construction"] for _, row in found.pairs().iterrows()}
    assert marked == {
        frozenset(("Jazz", "Rock")): True,
        frozenset(("Jazz", "Year")): False,
        frozenset(("Rock", "Year")): False,
    }
    assert set(found.pairs()["p_method"]) == {"exact"}


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


def test_the_interval_of_rho_holds_it_and_narrows_with_more_films() -> None:
    rng = np.random.default_rng(4)
    widths = []
    for films in (20, 200):
        x = rng.standard_normal(films)
        y = x + rng.standard_normal(films)
        pair = spearman(pd.DataFrame({"x": x, "y": y}), interval_draws=1_000)
        low, high = pair.low[0, 1], pair.high[1, 0]
        assert low < pair.rho[0, 1] < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_the_interval_of_rho_covers_no_relation_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(6)
    covered = 0
    for _ in range(150):
        low, high = (bound[0, 1] for bound in rho_intervals(pd.DataFrame(rng.standard_normal((30, 2))), 1_000))
        covered += low <= 0 <= high
    assert 0.9 <= covered / 150 <= 0.99


@pytest.mark.parametrize("films", [3, 5, 8, 20])
def test_intervals_of_few_films_leave_out_no_relation_as_seldom_as_they_say(films: int) -> None:
    table = pd.DataFrame(np.random.default_rng(films).standard_normal((films, 40)))
    low, high = rho_intervals(table, 100)
    apart = ((low > 0) | (high < 0))[np.triu_indices(40, 1)]
    assert apart.mean() <= 0.07
    assert np.isfinite(low[0, 1]) and np.isfinite(high[0, 1])


def test_intervals_of_all_pairs_equal_drawing_the_films_one_sample_at_a_time() -> None:
    rng = np.random.default_rng(9)
    table = pd.DataFrame(rng.integers(0, 9, (35, 4)).astype(float), columns=list("abcd"))
    table.loc[[2, 5], "b"] = np.nan
    table["d"] = 3.0
    low, high = rho_intervals(table, 300)
    for first, second in ((0, 1), (0, 2), (1, 2)):
        both = table.iloc[:, [first, second]].dropna()
        n = len(both)
        ranks = stats.rankdata(both.to_numpy(), axis=0)
        drawn = np.random.default_rng(25).multinomial(n, np.full(n, 1 / n), 300)
        rho = [np.corrcoef(np.repeat(ranks, counts, axis=0).T)[0, 1] for counts in drawn]
        assert (low[first, second], high[second, first]) == pytest.approx(tuple(np.quantile(rho, [0.025, 0.975])))
    assert np.isnan(low[3]).all() and np.isnan(high[:, 3]).all(), "a constant column has no correlation"


def test_intervals_of_many_films_equal_those_of_the_bootstrap(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    x = rng.standard_normal(1_500)
    table = pd.DataFrame({"x": x, "y": 0.4 * x + rng.standard_normal(1_500), "same": 1.0})
    drawn = rho_intervals(table, 2_000)
    monkeypatch.setattr(correlation, "DRAWN_TO", 100)
    for bound, other in zip(rho_intervals(table, 2_000), drawn, strict=True):
        np.testing.assert_allclose(bound, other, atol=0.01)


def test_some_columns_keep_their_numbers() -> None:
    table = pd.DataFrame(np.random.default_rng(4).standard_normal((40, 4)), columns=list("abcd"))
    found = spearman(table, "holm")
    some = found.only(["d", "b", "z"])
    assert some.names == ("b", "d") and some.rho[0, 1] == found.rho[1, 3] and some.n.tolist() == [[40, 40], [40, 40]]
    assert some.p_corrected[1, 0] == found.p_corrected[3, 1], "corrected over all pairs"
    assert found.only([]).names == ()
