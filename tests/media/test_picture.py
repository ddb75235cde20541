"""Which key frames are decoded."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from media.picture import BYTES_A_SECOND, BYTES_AHEAD, EVERY_S, LARGER_EVERY_S, _Due


@given(st.lists(st.tuples(st.floats(0.1, 12), st.integers(1, 3_000_000)), min_size=1, max_size=80))
def test_key_frames_are_taken_by_time_and_size(frames: list[tuple[float, int]]) -> None:
    times = list(itertools.accumulate(gap for gap, _ in frames))
    due, taken, spent = _Due(), [], 0
    for at_s, (_, size) in zip(times, frames, strict=True):
        waited = at_s - taken[-1] if taken else LARGER_EVERY_S
        affordable = spent + size <= BYTES_AHEAD + BYTES_A_SECOND * (at_s - times[0])
        if due.take(at_s, size, EVERY_S):
            assert waited >= EVERY_S - 1e-3 and (affordable or waited >= LARGER_EVERY_S - 1e-3)
            taken.append(at_s)
            spent += size
        else:
            assert waited < EVERY_S or (waited < LARGER_EVERY_S and not affordable)
    assert taken[0] == times[0]


def test_of_a_film_on_disc_every_ten_seconds_are_seen_and_of_a_small_file_every_two() -> None:
    for size, wanted in ((600_000, 361), (50_000, 1_800)):
        due = _Due()
        assert abs(sum(due.take(float(at_s), size, EVERY_S) for at_s in range(3_600)) - wanted) <= 1
