"""The vocabulary's own arithmetic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from film import MUSIC, OTHER, SPEECH, Activity, largest_remainder

_shares = st.lists(st.floats(0, 1e6), min_size=1, max_size=12)


@given(_shares)
def test_whole_percentages_sum_to_a_hundred(shares):
    whole = largest_remainder(shares)
    assert sum(whole) == (100 if sum(shares) > 0 else 0)


@given(_shares.filter(lambda shares: sum(shares) > 0))
def test_no_percentage_is_off_by_one_or_more(shares):
    for share, value in zip(shares, largest_remainder(shares), strict=True):
        assert abs(value - 100 * share / sum(shares)) < 1 + 1e-6


def test_the_largest_remainders_are_rounded_up():
    assert largest_remainder([1, 1, 1]) == [34, 33, 33]
    assert largest_remainder([0.4, 0.35, 0.25], total=3) == [1, 1, 1]
    assert largest_remainder([0, 0]) == [0, 0]
    assert largest_remainder([12.6, 87.4]) == [13, 87]


_seconds = st.lists(st.tuples(st.floats(0, 1, width=32), st.floats(0, 1, width=32)), max_size=200)


@given(_seconds)
def test_presence_counts_every_second_with_music_with_speech_and_with_both(seconds):
    music = np.array([m for m, _ in seconds], np.float32)
    speech = np.array([s for _, s in seconds], np.float32)
    label = np.where(np.maximum(music, speech) < 0.5, OTHER, np.where(music >= speech, MUSIC, SPEECH)).astype(np.int8)
    n = max(len(seconds), 1)
    assert Activity(music, speech, label, music >= 0.5).presence() == pytest.approx(
        {
            "music_present": 100 * sum(m >= 0.5 for m, _ in seconds) / n,
            "speech_present": 100 * sum(s >= 0.5 for _, s in seconds) / n,
            "music_under_speech": 100 * sum(m >= 0.5 and s >= 0.5 for m, s in seconds) / n,
        }
    )


def test_with_a_label_alone_what_is_said_is_present():
    """The thesis detector gives a second one label; its likeliest class may have a probability below 0.5."""
    third = np.full(4, 0.4, np.float32)
    label = np.array([SPEECH, SPEECH, MUSIC, OTHER], np.int8)
    presence = Activity(third, third, label, label == MUSIC).presence()
    assert presence == {"music_present": 25.0, "speech_present": 50.0, "music_under_speech": 0.0}
