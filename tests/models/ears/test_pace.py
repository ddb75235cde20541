"""The tempo of windows: the beat that fits the music; the map's file; the recipe recovers a known relation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import ModelError
from models.ears.musicnn import MSD_TAGS
from models.ears.pace import FASTEST_BPM, SLOWEST_BPM, Pace, chosen
from models.ears.store import load_weights
from models.recipes.train_pace import OCTAVES, fit, halves, in_folds, share_right


@pytest.mark.parametrize(("likely", "expected"), [(70.0, 64.0), (140.0, 128.0)])
def test_of_a_beat_and_its_double_the_likelier_is_the_tempo(likely: float, expected: float) -> None:
    bpm, confidence = chosen(np.array([likely]), np.array([[128.0, 64.0]]), np.array([[0.6, 0.6]]), np.zeros((1, 2)))
    assert (bpm[0], confidence[0]) == (expected, 0.6)


def test_a_clear_beat_outweighs_a_faint_one_that_is_likelier() -> None:
    bpm, confidence = chosen(np.array([100.0]), np.array([[120.0, 100.0]]), np.array([[0.9, 0.05]]), np.zeros((1, 2)))
    assert (bpm[0], confidence[0]) == (120.0, 0.9)


@given(
    st.floats(SLOWEST_BPM, FASTEST_BPM),
    st.lists(st.tuples(st.floats(45, 215), st.floats(0, 1)), min_size=1, max_size=4),
)
def test_the_tempo_is_a_beat_its_half_or_its_double(likely: float, beats: list[tuple[float, float]]) -> None:
    bpm, strengths = (np.array([column]) for column in zip(*beats, strict=True))
    found, confidence = chosen(np.array([likely]), bpm, strengths, np.zeros_like(bpm))
    assert SLOWEST_BPM <= found[0] <= FASTEST_BPM and 0 <= confidence[0] <= 1
    assert min(abs(found[0] / beat / multiple - 1) for beat, _ in beats for multiple in (0.5, 1, 2)) < 1e-9


def test_a_double_counts_only_where_something_sounds_between_beats() -> None:
    likely, bpm, strength = np.full(2, 140.0), np.full((2, 1), 70.0), np.full((2, 1), 0.6)
    assert chosen(likely, bpm, strength, np.array([[0.2], [-0.3]]))[0].tolist() == [140.0, 70.0]


def test_the_shipped_map_expects_different_tempos_within_what_is_considered() -> None:
    pace = Pace.load(load_weights("pace"))
    likely = pace.likely_bpm(np.random.default_rng(2).normal(-4, 2, (20, len(MSD_TAGS))))
    assert SLOWEST_BPM < likely.min() < 0.9 * likely.max() < likely.max() < FASTEST_BPM
    extreme = pace.likely_bpm(np.array([[1e6], [-1e6]]) * np.sign(pace.weights))
    assert extreme == pytest.approx([FASTEST_BPM, SLOWEST_BPM])


@pytest.mark.parametrize("arrays", [{"weights": np.zeros(50)}, {"weights": np.zeros(3), "bias": np.float32(7)}])
def test_another_file_is_refused(arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    np.savez(tmp_path / "pace.npz", **arrays)
    with pytest.raises(ModelError, match="Reinstall"):
        Pace.load(tmp_path / "pace.npz")


def test_the_recipe_finds_a_relation_of_tags_and_tempo_again() -> None:
    rng = np.random.default_rng(7)
    tags = rng.normal(-4, 2, (300, len(MSD_TAGS)))
    truth = 2.0 ** (6.7 + 0.1 * (tags[:, 3] + 4))
    tracks = np.repeat(np.arange(150), 2).astype(str)
    assert np.abs(np.log2(fit(tags, truth, 1.0).likely_bpm(tags) / truth)).max() < 0.05
    assert np.abs(np.log2(in_folds(tags, truth, tracks, 1.0) / truth)).max() < 0.1
    assert (halves(tracks).reshape(-1, 2).std(axis=1) == 0).all(), "a track stays on one side"


def test_tempos_are_right_within_four_percent_and_octaves_only_where_they_are_allowed() -> None:
    found, rated = np.array([103.9, 104.1, 200.0, 50.0]), np.full(4, 100.0)
    assert share_right(found, rated) == 0.25
    assert share_right(found, rated, OCTAVES) == 0.75
