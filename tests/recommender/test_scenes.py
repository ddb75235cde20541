"""Scenes by their sound: what the indexes find is what a slow comparison of everything finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.catalogue.scenes import NEUTRAL_RUNS, Scenes
from errors import ParameterError
from recommender.scenes import SceneIndex


def scenes_of(seed: int, n: int, broken: bool) -> tuple[Scenes, np.ndarray, np.ndarray]:
    """Runs of some films, with twins; and their embeddings, and which count."""
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((n, 6)).astype(np.float32)[rng.integers(0, max(1, n // 2), n)]
    versions = np.array(["a"] * n, object)
    if broken:
        vectors[rng.random(n) < 0.1, 2] = np.nan
        versions[rng.random(n) < 0.3] = "b"
    film_ids = np.sort(rng.integers(1, max(3, n // 4), n))
    start = np.arange(n, dtype=np.int32)
    counts = (versions == ("a" if (versions == "a").sum() * 2 >= n else "b")) & np.isfinite(vectors).all(axis=1)
    return Scenes.of_embeddings(film_ids, start, start, start + 10, vectors, versions.tolist()), vectors, counts


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 300), st.integers(1, 5), st.booleans())
def test_what_is_found_is_what_a_slow_comparison_finds(seed: int, n: int, clips: int, broken: bool) -> None:
    scenes, vectors, counts = scenes_of(seed, n, broken)
    rng = np.random.default_rng(seed + 1)
    asked, seconds = rng.standard_normal((clips, 6)), rng.integers(10, 60, clips)
    found, films = SceneIndex(scenes).nearest(asked, seconds.tolist(), n=4)
    centre = vectors[counts].sum(axis=0, dtype=np.float64) / (counts.sum() + NEUTRAL_RUNS)

    def cosine(a: np.ndarray, b: np.ndarray) -> float:
        a, b = a.astype(np.float64) - centre, b - centre
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    table = {int(i): [cosine(vectors[i], clip) for clip in asked] for i in np.flatnonzero(counts)}
    best = sorted((max(row) for row in table.values()), reverse=True)[:4]
    assert [scene.score for scene in found] == pytest.approx(best, abs=3e-6)
    assert all(max(table[scene.start_s]) == pytest.approx(scene.score, abs=3e-6) for scene in found)
    of_film = {
        film: sum(
            w * max(table[i][k] for i in table if scenes.film_ids[i] == film) for k, w in enumerate(seconds)
        ) / seconds.sum()
        for film in {int(scenes.film_ids[i]) for i in table}
    }  # fmt: skip
    assert [score for _, score in films] == pytest.approx(sorted(of_film.values(), reverse=True)[:4], abs=3e-6)
    assert all(of_film[film] == pytest.approx(score, abs=3e-6) for film, score in films)


def test_the_nearest_scenes_of_two_films_are_those_of_a_slow_comparison() -> None:
    scenes, vectors, counts = scenes_of(7, 80, broken=True)
    centre = vectors[counts].sum(axis=0, dtype=np.float64) / (counts.sum() + NEUTRAL_RUNS)
    units = vectors.astype(np.float64) - centre
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    heard = [int(film) for film in np.unique(scenes.film_ids[counts])]
    pairs = [(heard[0], film) for film in heard[1:]]
    for (first, second), found in zip(pairs, SceneIndex(scenes).nearest_pairs(pairs), strict=True):
        here, there = (np.flatnonzero(counts & (scenes.film_ids == film)) for film in (first, second))
        assert found is not None and (found[0].film_id, found[1].film_id) == (first, second)
        assert found[0].score == found[1].score == pytest.approx((units[here] @ units[there].T).max(), abs=3e-6)
    assert SceneIndex(scenes).nearest_pairs([(heard[0], 999), (999, 998)]) == [None, None]
    assert SceneIndex(scenes).nearest_pairs([]) == []


def test_twins_come_in_the_order_of_their_films() -> None:
    vectors = np.tile(np.random.default_rng(3).standard_normal(6).astype(np.float32), (9, 1))
    vectors[4:] += np.float32(1)
    start = np.zeros(9, np.int32)
    scenes = Scenes.of_embeddings(np.arange(9, 0, -1), start, start, start + 10, vectors, ("a",) * 9)
    assert [scene.film_id for scene in SceneIndex(scenes).like_run(9, 0, n=3)] == [6, 7, 8]


def test_a_run_that_another_model_heard_is_not_called_broken() -> None:
    rng = np.random.default_rng(2)
    rows = np.arange(4, dtype=np.int32)
    scenes = Scenes.of_embeddings(
        rows + np.int64(1), rows, rows, rows + 10, rng.standard_normal((4, 6)).astype(np.float32), ["a", "a", "a", "b"]
    )
    assert scenes.model_version == "a"
    with pytest.raises(ParameterError, match="film 4, run 3: another model heard it than most films here"):
        SceneIndex(scenes).like_run(4, 3)


def test_a_run_without_a_usable_embedding_is_refused_and_never_found() -> None:
    scenes, vectors, counts = scenes_of(5, 60, broken=True)
    index, broken = SceneIndex(scenes), int(np.flatnonzero(~np.isfinite(vectors).all(axis=1))[0])
    with pytest.raises(ParameterError, match="empty or broken"):
        index.like_run(int(scenes.film_ids[broken]), broken)
    sound = int(np.flatnonzero(counts)[0])
    found = {scene.run for scene in index.like_run(int(scenes.film_ids[sound]), sound, n=60)}
    assert found <= set(np.flatnonzero(counts)) - {sound}
