"""The values of a column, read whole or taken over from an earlier catalogue."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from service.questions.columns import ColumnValues

CELLS = st.one_of(st.none(), st.lists(st.sampled_from(["a", "b", "c", "d", "B", ""]), max_size=3))


def test_who_holds_a_value_and_which_is_most_frequent() -> None:
    lists = pd.Series([["a", "b"], [], ["b"], ["b", "", "c"], None], index=[9, 8, 7, 6, 5])
    held = ColumnValues.of(lists)
    assert held.names == ["b", "a", "c"]
    assert held.films_with("b").tolist() == [True, False, True, True, False]
    assert not held.films_with("B").any() and not held.films_with("").any()
    assert ColumnValues.of(pd.Series([], dtype=object)).names == []


@given(st.lists(CELLS, max_size=8), st.data())
def test_values_that_follow_earlier_ones_are_as_read_whole(before: list[object], data: st.DataObject) -> None:
    stay = data.draw(st.lists(st.booleans(), min_size=len(before), max_size=len(before)))
    rows = [row for row, stays in enumerate(stay) if stays]
    cells = [before[row] for row in rows]
    for cell in data.draw(st.lists(CELLS, max_size=4)):
        place = data.draw(st.integers(0, len(rows)))
        rows.insert(place, -1)
        cells.insert(place, cell)
    column, at = pd.Series(cells, dtype=object), np.array(rows, np.intp)
    whole = ColumnValues.of(column)
    followed = ColumnValues.of(pd.Series(before, dtype=object)).followed(at, column[at < 0])
    assert followed.names == whole.names and followed.n == whole.n
    for name in (*whole.names, *"abcdB", ""):
        assert followed.films_with(name).tolist() == whole.films_with(name).tolist()
