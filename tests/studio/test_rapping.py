"""A rapper speaks one line on each bar, and the same lines for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from studio.rapping import LINES, rap

RATE_HZ = 16_000


def test_a_line_fills_most_of_each_bar_and_a_breath_follows():
    bar_s = 240 / 90
    sound = rap(90.0, 4 * bar_s, RATE_HZ, 1, np.random.default_rng(1))
    assert sound.shape == (round(4 * bar_s * RATE_HZ),)
    for bar in range(4):
        one = sound[round(bar * bar_s * RATE_HZ) : round((bar + 1) * bar_s * RATE_HZ)]
        loud = np.flatnonzero(np.abs(one) > 0.02) / RATE_HZ
        assert loud[0] < 0.2
        assert 0.6 * bar_s < loud[-1] < bar_s


def test_the_same_seed_raps_the_same():
    def once(seed):
        return rap(100.0, 3.0, RATE_HZ, seed, np.random.default_rng(seed))

    assert np.array_equal(once(3), once(3))
    assert not np.array_equal(once(3), once(4))


def test_a_hot_microphone_takes_the_peaks_away():
    def crest(hot):
        sound = rap(100.0, 2.0, RATE_HZ, 3, np.random.default_rng(3), hot=hot)
        return np.abs(sound).max() / np.sqrt((sound**2).mean())

    assert crest(True) < 0.8 * crest(False)


@pytest.mark.parametrize("seconds", [0.0, 0.01, 1.0])
def test_a_short_piece_cuts_the_line(seconds):
    sound = rap(60.0, seconds, RATE_HZ, 0, np.random.default_rng(0))
    assert sound.shape == (round(seconds * RATE_HZ),)


def test_the_lines_come_in_pairs():
    assert len(LINES) % 2 == 0
    assert len(set(LINES)) == len(LINES)
