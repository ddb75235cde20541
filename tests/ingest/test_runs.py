import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.runs import find_runs


def test_nine_seconds_are_no_run_and_ten_are_one() -> None:
    assert find_runs(np.array([True] * 9)) == []
    assert find_runs(np.array([True] * 10)) == [(0, 10)]


def test_a_run_may_end_with_the_film() -> None:
    assert find_runs(np.array([False] * 3 + [True] * 12)) == [(3, 15)]


def test_no_seconds_no_runs() -> None:
    assert find_runs(np.zeros(0, dtype=bool)) == []


@given(st.lists(st.booleans(), max_size=200))
def test_runs_are_the_long_stretches_of_a_slow_scan(present: list[bool]) -> None:
    expected, start = [], None
    for second, heard in enumerate([*present, False]):
        if heard and start is None:
            start = second
        if not heard and start is not None:
            if second - start >= 10:
                expected.append((start, second))
            start = None
    assert find_runs(np.array(present, dtype=bool)) == expected
