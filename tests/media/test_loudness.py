"""Loudness by the reference signals of EBU Tech 3341 and a slow filter; the limiter by what it promises."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import minimum_filter1d
from scipy.signal import lfilter

from media.loudness import _K_WEIGHTING, CEILING_DBFS, RATE_HZ, _lowest, _weighted, levelled, limited, loudness

CEILING = 10 ** (CEILING_DBFS / 20)


def tone(seconds: float, dbfs: float, hz: float = 1000.0) -> npt.NDArray[np.float32]:
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    one = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * t)
    return np.stack([one, one], axis=1).astype(np.float32)


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(20, -23)], -23.0),
        ([(20, -33)], -33.0),
        ([(10, -36), (60, -23), (10, -36)], -23.0),
        ([(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23.0),
        ([(20, -26), (20.1, -20), (20, -26)], -23.0),
    ],
)
def test_the_signals_of_ebu_tech_3341_are_as_loud_as_it_says(parts: list[tuple[float, float]], lufs: float) -> None:
    assert loudness(np.concatenate([tone(*part) for part in parts])) == pytest.approx(lufs, abs=0.1)


def test_the_weighting_is_the_standards_filter() -> None:
    samples = np.random.default_rng(1).normal(0, 0.1, (RATE_HZ // 2, 2)).astype(np.float32)
    expected = samples.astype(np.float64)
    for above, below in _K_WEIGHTING:
        expected = lfilter(above, below, expected, axis=0)
    assert np.allclose(_weighted(samples), expected, atol=1e-9)


def test_silence_and_what_is_too_short_have_no_loudness_and_stay_as_they_are() -> None:
    silence = np.zeros((RATE_HZ, 2), np.float32)
    assert loudness(silence) is None and loudness(tone(0.3, -20)) is None
    assert not levelled(silence).any()
    assert levelled(np.zeros((0, 2), np.float32)).shape == (0, 2)


@pytest.mark.parametrize("dbfs", [-35.0, -23.0, 0.0])
def test_sound_comes_to_sixteen_lufs_with_faded_ends(dbfs: float) -> None:
    out = levelled(tone(10, dbfs))
    assert loudness(out[RATE_HZ:-RATE_HZ]) == pytest.approx(-16.0, abs=0.1)
    assert np.abs(out[0]).max() == np.abs(out[-1]).max() == 0.0


def test_very_quiet_sound_stays_quiet() -> None:
    assert loudness(levelled(tone(5, -60))) == pytest.approx(-35.0, abs=0.5)


def test_a_crack_is_turned_down_and_nothing_far_from_it_is() -> None:
    quiet = tone(2, -20)
    cracked = quiet.copy()
    cracked[RATE_HZ, 0] = 8.0
    out = limited(cracked)
    assert np.abs(out).max() <= CEILING + 1e-6
    assert out[RATE_HZ, 0] == pytest.approx(CEILING, abs=1e-6)
    assert np.array_equal(out[: RATE_HZ // 2], quiet[: RATE_HZ // 2])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.integers(0, 9))
def test_the_lowest_value_nearby_is_what_a_slow_filter_finds(values: list[float], reach: int) -> None:
    given_values = np.array(values)
    assert np.array_equal(_lowest(given_values, reach), minimum_filter1d(given_values, 2 * reach + 1, mode="nearest"))
