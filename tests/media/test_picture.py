"""Which key frames are decoded."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from media.picture import COST_A_SECOND, COST_AHEAD, EVERY_S, PAIR_EVERY_S, PIXELS_A_BYTE, _Due

FULL_HD = 1_920 * 1_080


def taken_of(due: _Due, size: int, gap_s: float, length_s: float = 3_600.0) -> list[float]:
    """The times of the decoded key frames, for a film with key frames of a given size at a given interval."""
    return [float(at_s) for at_s in np.arange(0, length_s, gap_s) if due.take(float(at_s), size, EVERY_S)]


@given(st.lists(st.tuples(st.floats(0.1, 70), st.integers(1, 3_000_000)), min_size=1, max_size=80))
def test_key_frames_are_taken_by_time_and_cost_and_in_pairs(frames: list[tuple[float, int]]) -> None:
    times = list(itertools.accumulate(gap for gap, _ in frames))
    due, taken, spent = _Due(FULL_HD), [], 0
    for at_s, (_, size) in zip(times, frames, strict=True):
        waited = at_s - taken[-1] if taken else PAIR_EVERY_S
        cost = size + FULL_HD // PIXELS_A_BYTE
        affordable = spent + cost <= COST_AHEAD + COST_A_SECOND * (at_s - times[0])
        lacks_the_second = len(taken) % 2 == 1
        if due.take(at_s, size, EVERY_S):
            assert waited >= EVERY_S - 1e-3 and (affordable or lacks_the_second or waited >= PAIR_EVERY_S - 1e-3)
            taken.append(at_s)
            spent += cost
        else:
            assert waited < EVERY_S or not (affordable or lacks_the_second or waited >= PAIR_EVERY_S)
    assert taken[0] == times[0]


def test_of_a_small_picture_a_frame_is_seen_every_two_seconds_and_of_a_disc_a_pair_every_minute() -> None:
    assert len(taken_of(_Due(640 * 360), 12_000, 1.0)) == 1_800
    of_a_disc = taken_of(_Due(FULL_HD), 900_000, 5.0)
    assert 110 <= len(of_a_disc) <= 125
    assert {second - first for first, second in zip(of_a_disc[::2], of_a_disc[1::2], strict=True)} == {5.0}


def test_an_hour_costs_about_the_same_whatever_the_size_of_its_key_frames() -> None:
    for size in (40_000, 100_000, 270_000):
        cost = len(taken_of(_Due(FULL_HD), size, 2.5)) * (size + FULL_HD // PIXELS_A_BYTE)
        assert 0.9 * 3_600 * COST_A_SECOND <= cost <= 1.1 * 3_600 * COST_A_SECOND
