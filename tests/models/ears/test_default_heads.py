"""Heads and smoothing: probabilities stay probabilities."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from errors import ModelError, ParameterError
from film import GENRES, LEVELS, MUSIC, OTHER, SPEECH
from models.ears.default_ear import GENRE_WIDE, UNDER_SPEECH
from models.ears.heads import FARTHEST, load_heads, save_heads
from models.ears.smoothing import labels, smooth
from models.ears.store import load_weights
from models.training.heads_training import HeadRecipe, Material, fit_head

UNIT = st.floats(0, 1)
UNIT_32 = st.floats(0, 1, width=32)


def random_features(n: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    widths = {"msd": 200, "tags": 50, "features68": 68, "pulse": 56}
    return {name: rng.standard_normal((n, d)) * 3 for name, d in widths.items()}


def material(n: int = 120) -> Material:
    rng = np.random.default_rng(0)
    y = np.arange(n) % 3
    values = y + rng.normal(0, 0.3, n)
    features = {"a": values[:, None] + rng.normal(0, 0.3, (n, 4)), "b": rng.normal(size=(n, 3))}
    return Material(features, y, np.array([f"clip{i // 2}" for i in range(n)]), values, np.array([0.5, 1.5]))


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 30), st.integers(0, 1000))
def test_the_shipped_heads_give_probabilities(n: int, seed: int) -> None:
    heads = load_heads(load_weights("default_heads"))
    assert set(heads) == {"genre", UNDER_SPEECH, GENRE_WIDE, "danceability", "valence", "energy"}
    features = random_features(n, seed)
    for name, head in heads.items():
        p = head.probabilities(features)
        assert p.shape == (n, len(GENRES) if name.startswith("genre") else 3)
        assert head.labels == (GENRES if name.startswith("genre") else LEVELS[name])
        assert np.allclose(p.sum(axis=1), 1, atol=1e-5)
        assert (p >= 0).all()


def test_a_head_learns_what_can_be_learnt_and_survives_the_file(tmp_path: Path) -> None:
    data = material()
    head = fit_head(HeadRecipe("energy", LEVELS["energy"], ("a", "b"), 1.0, 1.0), data)
    p = head.probabilities(data.features)
    assert (p.argmax(axis=1) == data.y).mean() > 0.7
    save_heads({"energy": head}, tmp_path / "heads.npz")
    assert np.array_equal(load_heads(tmp_path / "heads.npz")["energy"].probabilities(data.features), p)


def test_a_window_that_weighs_nothing_teaches_nothing() -> None:
    data = material()
    first = np.arange(data.y.size) < 60
    weighed = replace(data, y=np.where(first, data.y, 2), weight=np.where(first, 1.0, 0.0))
    recipe = HeadRecipe("energy", LEVELS["energy"], ("a",), 1.0)
    p = fit_head(recipe, weighed).probabilities(data.features)
    assert (p.argmax(axis=1) == data.y).mean() > 0.6


def test_a_feature_far_beyond_what_was_learnt_says_no_more_than_one_at_the_bound() -> None:
    data = material()
    head = fit_head(HeadRecipe("energy", LEVELS["energy"], ("a",), 1.0), data)
    head = replace(head, weights=head.weights / 100)
    bound = head.probabilities({"a": (head.mean + FARTHEST * head.scale)[None]})
    assert np.allclose(head.probabilities({"a": (head.mean + 40 * head.scale)[None]}), bound, atol=1e-6)
    assert not np.allclose(head.probabilities({"a": (head.mean + 2 * head.scale)[None]}), bound, atol=1e-6)


def test_a_class_without_examples_gets_no_probability() -> None:
    data = material()
    head = fit_head(HeadRecipe("genre", GENRES, ("a",), 1.0), data)
    assert head.probabilities(data.features)[:, 3:].max() < 1e-3


def test_missing_blocks_and_foreign_files_are_refused(tmp_path: Path) -> None:
    head = fit_head(HeadRecipe("energy", LEVELS["energy"], ("a", "b"), 1.0), material())
    with pytest.raises(ParameterError, match="no block named b"):
        head.probabilities({"a": np.zeros((1, 4))})
    with pytest.raises(ParameterError, match="features per window"):
        head.probabilities({"a": np.zeros((1, 4)), "b": np.zeros((1, 9))})
    (tmp_path / "x.npz").write_bytes(b"not one")
    with pytest.raises(ModelError, match=r"x\.npz: not a readable NumPy archive"):
        load_heads(tmp_path / "x.npz")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"weights": np.full((4, 3), np.nan)}, "NaN"),
        ({"bias": np.full(3, np.inf)}, "NaN or infinity"),
        ({"weights": np.zeros((5, 3))}, "do not fit each other"),
        ({"mean": np.zeros(5)}, "do not fit each other"),
        ({"scale": np.zeros(4)}, "not above 0"),
        ({"temperature": np.nan}, "not above 0"),
    ],
)
def test_numbers_that_cannot_hear_are_refused(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    head = fit_head(HeadRecipe("energy", LEVELS["energy"], ("a",), 1.0), material())
    save_heads({"energy": replace(head, **changed)}, tmp_path / "heads.npz")
    with pytest.raises(ModelError, match=f"energy cannot hear.*{said}.*Train it again"):
        load_heads(tmp_path / "heads.npz")


def test_heads_of_another_version_are_refused_with_the_way_out(tmp_path: Path) -> None:
    np.savez(tmp_path / "heads.npz", version=np.array(99))
    with pytest.raises(ModelError, match=r"version 99.*Train it again"):
        load_heads(tmp_path / "heads.npz")


def slow_posterior(p: np.ndarray, enter: float, leave: float, prior: float) -> np.ndarray:
    """Sums over every path of states."""
    n = len(p)
    step = np.array([[1 - enter, enter], [leave, 1 - leave]])
    start = np.array([leave, enter]) / (enter + leave)
    total, present = 0.0, np.zeros(n)
    for path in np.ndindex(*[2] * n):
        weight = start[path[0]] * np.prod([step[a, b] for a, b in pairwise(path)])
        weight *= np.prod([p[i] / prior if s else (1 - p[i]) / (1 - prior) for i, s in enumerate(path)])
        total += weight
        present += weight * np.array(path)
    return present / total


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0.01, 0.99), min_size=1, max_size=7),
    st.floats(0.02, 0.9), st.floats(0.02, 0.9), st.floats(0.1, 0.9),
)  # fmt: skip
def test_smoothing_is_the_posterior_over_all_paths(p: list[float], enter: float, leave: float, prior: float) -> None:
    found = smooth(np.array(p), enter, leave, prior)
    assert np.allclose(found, slow_posterior(np.array(p), enter, leave, prior), atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(arrays(np.float64, st.integers(1, 50), elements=UNIT))
def test_smoothing_does_not_know_the_direction_of_time(p: np.ndarray) -> None:
    found = smooth(p, 0.05, 0.05, 0.5, 0.7)
    assert np.allclose(found, smooth(p[::-1], 0.05, 0.05, 0.5, 0.7)[::-1], atol=1e-6)
    assert ((found >= 0) & (found <= 1)).all()


def test_a_single_doubtful_second_is_bridged() -> None:
    p = np.full(21, 0.95)
    p[10] = 0.3
    assert smooth(p, 0.05, 0.05, 0.5)[10] > 0.9


def test_smoothing_refuses_nan() -> None:
    with pytest.raises(ParameterError):
        smooth(np.array([0.5, np.nan]), 0.1, 0.1, 0.5)


@settings(max_examples=50, deadline=None)
@given(arrays(np.float32, 12, elements=UNIT_32), arrays(np.float32, 12, elements=UNIT_32))
def test_the_label_is_the_likelier_of_the_present_ones_else_other(music: np.ndarray, speech: np.ndarray) -> None:
    for label, m, s in zip(labels(music, speech), music, speech, strict=True):
        if m < 0.5 and s < 0.5:
            assert label == OTHER
        else:
            assert label == (MUSIC if m >= s else SPEECH)
