"""Two films or two directors side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mining.differences import Difference, difference
from service.questions.app_data import OpenCatalogue
from service.questions.comparing import MEASURES, Compared, compare, measures_of, worth_saying
from tests.views.catalogue import build


def test_a_difference_is_that_of_the_means_and_its_interval_holds_it() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.normal(10, 2, 40), np.append(rng.normal(4, 2, 30), np.nan)
    found = difference(first, second)
    assert found is not None and found.low is not None and found.high is not None
    assert found.difference == pytest.approx(first.mean() - np.nanmean(second))
    assert (found.n_first, found.n_second) == (40, 30) and found.is_clear
    # the interval of the normal theory, an independent way to it
    half = 1.96 * np.sqrt(first.var(ddof=1) / 40 + np.nanvar(second, ddof=1) / 30)
    assert found.low == pytest.approx(found.difference - half, abs=0.25)
    assert found.high == pytest.approx(found.difference + half, abs=0.25)


def test_the_interval_covers_no_difference_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    covered = [not found.is_clear for _ in range(200) if (found := difference(rng.random(20), rng.random(20)))]
    assert len(covered) == 200 and 0.88 <= np.mean(covered) <= 0.99


def test_few_films_have_no_interval_and_none_no_difference() -> None:
    few = difference(np.array([1.0, 2.0]), np.arange(9.0))
    assert few is not None and few.low is None and not few.is_clear
    assert difference(np.array([np.nan]), np.arange(9.0)) is None


def test_a_sentence_says_who_has_more_and_how_much() -> None:
    told = Compared(MEASURES["electronic"], Difference(4.0, 31.0, -38.0, -15.0, 6, 7))
    assert told.sentence("Hitchcock", "Nolan") == (
        "Hitchcock has less electronic music than Nolan: 4 % against 31 %, difference -27 [-38, -15]."
    )
    two_films = Compared(MEASURES["tempo_bpm"], Difference(120.0, 90.0, None, None, 1, 1))
    assert two_films.sentence("A", "B") == "A has faster music than B: 120 BPM against 90 BPM."


def test_only_clear_differences_are_told_where_there_are_films_enough(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = OpenCatalogue.open(build(tmp_path_factory.mktemp("compared")))
    table = measures_of(found)
    assert sorted(table.index) == [int(one) for one in found.films.index[found.films["has_music"]]]
    by = {
        name: [one for one in table.index if found.snapshot.film(one).directors == (name,)] for name in found.directors
    }
    compared = compare(table, by["Slow strings"], by["Loud guitars"])
    sizes = [one.size for one in compared]
    assert sizes == sorted(sizes, reverse=True)
    names = {one.measure.name for one in worth_saying(compared)}
    assert {"classical", "metal"} <= names
    expected = float(table.loc[by["Slow strings"], "metal"].mean() - table.loc[by["Loud guitars"], "metal"].mean())
    metal = next(one for one in compared if one.measure.name == "metal")
    assert metal.found.difference == pytest.approx(expected) and metal.found.is_clear
    assert worth_saying(compare(table, by["Slow strings"], by["Slow strings"])) == []
    assert isinstance(table, pd.DataFrame)
