"""Votes and percentages against slow obvious versions and the thesis's Tables 14-16."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from errors import ParameterError
from film import ATTRIBUTES, GENRES, LEVELS, Activity, MusicRun, WindowAttributes
from ingest.summarise import summarise, summarise_run, vote


def activity_of(labels: list[int]) -> Activity:
    label = np.array(labels, dtype=np.int8)
    zeros = np.zeros(len(labels), dtype=np.float32)
    return Activity(zeros, zeros, label, label == 0)


def run_of(
    seconds: int, genre: str = "jazz", danceability: str = "low", valence: str = "neutral", energy: str = "low"
) -> MusicRun:
    return MusicRun(0, seconds, genre, 0.5, danceability, 0.5, valence, 0.5, energy, 0.5)


def test_a_tie_of_votes_goes_to_the_higher_summed_probability() -> None:
    assert vote(np.array([[0.6, 0.4], [0.1, 0.9]])) == (1, pytest.approx(0.65))


def test_the_vote_counts_windows_before_probabilities() -> None:
    winner, p = vote(np.array([[0.51, 0.49], [0.51, 0.49], [0.0, 1.0]]))
    assert (winner, p) == (0, pytest.approx(0.34))


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.just(4)), elements=st.floats(0, 1)))
def test_the_winner_has_as_many_votes_as_any(probabilities: np.ndarray) -> None:
    winner, p = vote(probabilities)
    votes = Counter(probabilities.argmax(axis=1).tolist())
    assert votes[winner] == max(votes.values())
    assert p == pytest.approx(probabilities[:, winner].mean())


@pytest.mark.parametrize("bad", [np.zeros((0, 3)), np.full((2, 3), np.nan), np.zeros(3)])
def test_a_vote_needs_finite_windows(bad: np.ndarray) -> None:
    with pytest.raises(ParameterError):
        vote(bad)


def test_a_summary_has_the_presence_of_its_seconds() -> None:
    activity = activity_of([0, 0, 1, 2])
    assert summarise(activity, ()).presence == activity.presence()
    assert activity.presence() == {"music_present": 50.0, "speech_present": 25.0, "music_under_speech": 0.0}


def test_loudness_of_music_is_that_of_the_seconds_in_which_nobody_speaks() -> None:
    activity = activity_of([2] * 5 + [0] * 5 + [1] * 5)
    activity.present[10:] = True
    powers = np.repeat(np.array([0.0, 0.01, 1.0], np.float32), 50)
    loudness = summarise(activity, (), powers).loudness
    assert loudness["music_loudness_lufs"] == pytest.approx(-20.691, abs=1e-3)
    assert -0.691 > loudness["loudness_lufs"] > -2


@pytest.mark.parametrize("powers", [None, np.zeros(0), np.zeros(150), np.ones(3)])
def test_loudness_that_cannot_be_measured_is_absent(powers: np.ndarray | None) -> None:
    assert summarise(activity_of([0] * 15), (), powers).loudness == {}
    assert set(summarise(activity_of([1] * 15), (), np.ones(151)).loudness) == {"loudness_lufs"}


def test_a_film_without_music_has_zeros_and_no_dominant_value() -> None:
    summary = summarise(activity_of([2, 2, 1]), ())
    assert not summary.has_music
    assert set(summary.genres.values()) == {0.0}
    assert [summary.dominant(attribute) for attribute in ATTRIBUTES] == [None, None, None]
    assert summary.other == pytest.approx(200 / 3)


def test_a_run_weighs_its_seconds() -> None:
    summary = summarise(activity_of([0] * 40), [run_of(30, "jazz", energy="high"), run_of(10, "blues", energy="low")])
    assert summary.genres["jazz"] == 75.0
    assert summary.genres["blues"] == 25.0
    assert summary.dominant("energy") == "high"


def test_a_tied_dominant_value_is_the_lower_level() -> None:
    summary = summarise(activity_of([0] * 20), [run_of(10, energy="high"), run_of(10, energy="medium")])
    assert summary.dominant("energy") == "medium"


@given(
    st.lists(
        st.builds(
            run_of,
            st.integers(10, 500),
            st.sampled_from(GENRES),
            *(st.sampled_from(LEVELS[attribute]) for attribute in ATTRIBUTES),
        ),
        min_size=1,
        max_size=20,
    ),
    st.lists(st.integers(0, 2), min_size=1, max_size=50),
)
def test_percentages_sum_to_100(runs: list[MusicRun], labels: list[int]) -> None:
    summary = summarise(activity_of(labels), runs)
    assert sum(summary.genres.values()) == pytest.approx(100)
    for attribute in ATTRIBUTES:
        assert sum(getattr(summary, attribute).values()) == pytest.approx(100)
    assert summary.music + summary.speech + summary.other == pytest.approx(100)


def test_a_run_takes_the_mean_of_its_windows_embeddings() -> None:
    def rows(k: int) -> np.ndarray:
        return np.eye(k, dtype=np.float32)[[0, 0, 1]]

    windows = WindowAttributes(
        rows(10),
        rows(3),
        rows(3),
        rows(3),
        np.array([[0, 3], [3, 3], [3, 6]], dtype=np.float32),
        {"tempo_bpm": np.array([90, 90, 120], dtype=np.float32)},
        {"oldies": 0.25},
    )
    run = summarise_run(5, 17, windows)
    assert (run.genre, run.danceability, run.valence, run.energy) == ("blues", "low", "negative", "low")
    assert run.genre_p == pytest.approx(2 / 3)
    assert run.embedding == (2.0, 4.0)
    assert run.further == {"tempo_bpm": 100.0}
    assert run.tags == {"oldies": 0.25}


def test_runs_have_keys_and_a_film_only_its_share_of_minor() -> None:
    def run(key: float, minor: float, end_s: int) -> MusicRun:
        rows = np.eye(10, dtype=np.float32)[[0, 0]]
        heard = {"key": np.full(2, key, np.float32), "minor": np.full(2, minor, np.float32)}
        return summarise_run(0, end_s, WindowAttributes(rows, rows[:, :3], rows[:, :3], rows[:, :3], rows, heard))

    runs = [run(21, 0.75, 30), run(2, 0.25, 10)]
    assert [one.key for one in runs] == ["A minor", "D major"]
    assert summarise(activity_of([0] * 40), runs).further == {"minor": 0.625}
