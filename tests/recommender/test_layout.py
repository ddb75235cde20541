"""Points for vectors: neighbours stay neighbours, new films find their place, and old ones keep theirs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.manifold import trustworthiness

from bench.generated import GeneratedCatalogue
from db.catalogue.scenes import Scenes
from recommender import layout
from recommender.film_map import MapVectors, film_vectors, is_current, path_between, scene_vectors, updated
from recommender.layout import aligned, lay_out, place
from recommender.matrix import BlockMatrix
from tests.recommender.catalogues import generated


def _vectors(n: int, seed: int = 0) -> MapVectors:
    """n unit vectors in six clusters."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((6, 12))
    rows = centres[rng.integers(0, 6, n)] + 0.3 * rng.standard_normal((n, 12))
    unit = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return MapVectors(np.arange(1, n + 1), np.full(n, -1), unit, np.arange(n, dtype=np.uint32))


def _first(vectors: MapVectors, n: int) -> MapVectors:
    return MapVectors(vectors.film_ids[:n], vectors.runs[:n], vectors.vectors[:n], vectors.checks[:n])


def test_neighbours_stay_neighbours_better_than_with_two_components() -> None:
    rows = _vectors(150).vectors
    points = lay_out(rows)
    components = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    flat = (components[0] * components[1])[:, :2]
    for one, other in (("trust", False), ("continuity", True)):
        own, plain = (
            trustworthiness(*((low, rows) if other else (rows, low)), n_neighbors=15) for low in (points, flat)
        )
        assert own > max(plain, 0.9), one


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_few_films_have_finite_points_apart_from_each_other(n: int) -> None:
    points = lay_out(_vectors(n).vectors)
    assert points.shape == (n, 2) and np.isfinite(points).all()
    assert len({tuple(point) for point in points.tolist()}) == n


def test_equal_films_lie_beside_each_other_and_can_be_told_apart() -> None:
    rows = _vectors(20).vectors[[0] * 10 + list(range(1, 20))]
    points = lay_out(rows)
    assert len({tuple(point) for point in points.tolist()}) == len(rows)
    assert np.linalg.norm(points[:10] - points[0], axis=1).max() < 0.02
    same = lay_out(np.repeat(rows[:1], 7, axis=0))
    assert np.isfinite(same).all() and np.abs(same).max() < 0.02


def test_a_sample_is_laid_out_and_the_others_find_their_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "LANDMARKS", 60)
    rows = _vectors(200).vectors
    points = lay_out(rows)
    assert points.shape == (200, 2) and np.isfinite(points).all()
    assert trustworthiness(rows, points, n_neighbors=15) > 0.85


@given(st.integers(0, 2**32 - 1))
def test_alignment_undoes_turning_mirroring_scaling_and_moving(seed: int) -> None:
    rng = np.random.default_rng(seed)
    old = rng.standard_normal((12, 2))
    turned = np.linalg.qr(rng.standard_normal((2, 2)))[0]
    new = old @ turned * rng.uniform(0.1, 9) + rng.standard_normal(2)
    all_rows = np.arange(12)
    np.testing.assert_allclose(aligned(new, old, (all_rows, all_rows)), old, atol=1e-8)


def test_an_alignment_without_shared_films_changes_nothing() -> None:
    new, none = np.ones((3, 2)), np.zeros(0, np.intp)
    assert (aligned(new, np.zeros((2, 2)), (none, none)) == new).all()


@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_a_new_film_is_placed_within_its_neighbours_and_an_equal_one_on_its_twin(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    known, points = rng.standard_normal((n, 4)).astype(np.float32), rng.standard_normal((n, 2))
    placed = place(np.concatenate([known[:1], rng.standard_normal((3, 4)).astype(np.float32)]), known, points)
    np.testing.assert_allclose(placed[0], points[0], atol=1e-3)
    assert (placed >= points.min(axis=0) - 1e-9).all() and (placed <= points.max(axis=0) + 1e-9).all()


def test_films_stay_where_they_are_while_others_come_go_and_change() -> None:
    everything = _vectors(90)
    old = updated(None, _first(everything, 80), "encoder 1")
    new = updated(old, everything, "encoder 1")
    assert (new.points[:80] == old.points).all()
    assert np.isfinite(new.points).all() and not is_current(old, everything, "encoder 1")
    assert is_current(new, everything, "encoder 1") and not is_current(new, everything, "encoder 2")
    fewer = updated(new, _first(everything, 70), "encoder 1")
    assert (fewer.points == old.points[:70]).all()
    changed = replace(everything, vectors=np.roll(everything.vectors, 1, axis=0), checks=np.roll(everything.checks, 1))
    moved = updated(new, changed, "encoder 1")
    assert np.isfinite(moved.points).all() and is_current(moved, changed, "encoder 1")


def test_scenes_stay_where_they_are_while_films_are_added() -> None:
    rng = np.random.default_rng(4)
    embeddings = rng.standard_normal((64, 12)).astype(np.float32)
    numbers = np.arange(64, dtype=np.int32)

    def first(n: int) -> MapVectors:
        runs = numbers[:n]
        return scene_vectors(
            Scenes.of_embeddings(runs // 4 + 1, runs % 4, runs, runs + 20, embeddings[:n], ["one"] * n)
        )

    old = updated(None, first(60), "one")
    new = updated(old, first(64), "one")
    assert (new.points[:60] == old.points).all() and is_current(new, first(64), "one")


def test_a_map_that_begins_small_gets_a_shape_as_it_grows() -> None:
    everything = _vectors(90)
    grown = updated(updated(None, _first(everything, 1), "one"), everything, "one")
    assert len({tuple(point) for point in grown.points.tolist()}) == 90
    assert trustworthiness(everything.vectors, grown.points, n_neighbors=15) > 0.85


def test_a_new_encoder_makes_a_map_that_is_turned_towards_the_old_one() -> None:
    vectors = _vectors(60)
    old = updated(None, vectors, "encoder 1")
    mirrored = replace(old, points=old.points * [-1.0, 2.0] @ np.array([[0.6, 0.8], [-0.8, 0.6]]) + 5)
    new = updated(mirrored, vectors, "encoder 2")
    before = np.linalg.norm(lay_out(vectors.vectors) - mirrored.points, axis=1).mean()
    assert np.linalg.norm(new.points - mirrored.points, axis=1).mean() < before / 2


def test_a_path_has_ten_films_no_film_twice_and_steps_smaller_than_its_length() -> None:
    vectors = _vectors(200)
    path = path_between(vectors, 0, 7)
    assert (path[0], path[-1], len(path), len(set(path))) == (0, 7, 10, 10)
    rows = vectors.vectors
    along = rows[path] @ (rows[7] - rows[0])
    assert (np.diff(along) >= 0).all()
    assert path_between(vectors, 3, 3) == [3]
    assert path_between(_first(vectors, 2), 0, 1) == [0, 1]


def test_a_map_of_sound_has_the_films_with_music_and_products_are_weighted_similarities() -> None:
    catalogue: GeneratedCatalogue = generated()
    matrix = BlockMatrix.of(catalogue.matrix())
    sound, about = film_vectors(matrix, "sound"), film_vectors(matrix, "about")
    heard = matrix.has["music"] | matrix.has["embedding"]
    assert sound.film_ids.tolist() == matrix.film_ids[heard].tolist() and len(about) == len(matrix)
    assert len(film_vectors(matrix, "picture")) == 0
    both = np.flatnonzero(matrix.has["music"] & matrix.has["embedding"])[:2]
    one, other = (matrix.vectors[row].astype(float) for row in both)
    expected = np.mean([one[matrix.slices[name]] @ other[matrix.slices[name]] for name in ("music", "embedding")])
    places = np.searchsorted(sound.film_ids, matrix.film_ids[both])
    assert sound.vectors[places[0]] @ sound.vectors[places[1]] == pytest.approx(expected, abs=1e-5)
