from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest

import recommender.search
from recommender import scan
from recommender.matrix import WIDTH, BlockMatrix, FixedPoint
from recommender.names import SharedNames
from recommender.scoring import build_query, scores
from recommender.search import search
from recommender.terms import unit_rows
from tests.recommender.catalogues import rows


def test_without_a_folder_to_keep_it_the_pass_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    njit = numba.njit

    def nowhere_to_keep(*given: Any, **options: Any) -> Any:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return njit(*given, **options)

    monkeypatch.setattr(numba, "njit", nowhere_to_keep)

    def doubled(values: Any) -> Any:
        return values * 2

    assert scan._compiled(doubled)(np.arange(3)).tolist() == [0, 2, 4]


@pytest.mark.parametrize("k", [1, 5, 8, 9, 17])
@pytest.mark.parametrize("likes", [1, 3, 8, 9, 12, 16, 30])
def test_the_mean_of_the_largest_is_that_of_a_sort(likes: int, k: int) -> None:
    rng = np.random.default_rng(likes)
    films = WIDTH - 7
    sums = rng.standard_normal((likes, WIDTH)).astype(np.float32)
    gains = (rng.random((likes, 5)) * (rng.random((likes, 5)) < 0.6)).astype(np.float32)
    gains[1::2] = gains[: likes - 1 : 2]  # likes of the same blocks
    gains[:, 4] = 0  # films that no like can be compared with
    patterns = rng.integers(0, 5, films).astype(np.uint16)
    alike = np.where(gains[:, patterns] != 0, sums[:, :films] * gains[:, patterns], -np.inf)
    means, held = np.empty(WIDTH, np.float32), np.empty(WIDTH, np.float32)
    place = np.empty((-(-likes // scan.GROUP) * scan.GROUP, WIDTH), np.float32)
    scan._means(sums, gains, np.ones(likes, np.float32), patterns, k, place, means, held)
    for film in range(films):
        largest = np.sort(alike[:, film])[::-1][:k]
        known = largest[np.isfinite(largest)]
        assert held[film] == len(known)
        assert means[film] == pytest.approx(known.mean() if len(known) else 0.0, abs=1e-5)


def test_names_count_in_every_tile_even_after_tiles_that_a_filter_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recommender.search, "FILMS_WITHOUT_SCAN", 0)
    n = 3 * WIDTH + 5
    rng = np.random.default_rng(5)
    people, genres = (rng.standard_normal((n, 6)).astype(np.float32) for _ in range(2))
    blocks = {"people": people, "genres": genres / np.linalg.norm(genres, axis=1, keepdims=True)}
    names = SharedNames([(f"Director {i % 7}",) for i in range(n)], [()] * n)
    matrix = BlockMatrix.from_blocks(range(1, n + 1), blocks, np.full(n, 0.5, np.float32), names)
    query = build_query(matrix, rows(range(0, 40, 3)), rows([50]), 0.0)
    for allowed in (np.arange(n) >= 2 * WIDTH, np.arange(n) < WIDTH, np.ones(n, bool)):
        found, values = search(matrix, query, 20, allowed)
        right = scores(matrix, query, np.flatnonzero(allowed))
        order = np.argsort(-right, kind="stable")[:20]
        assert found.tolist() == np.flatnonzero(allowed)[order].tolist()
        assert values.tobytes() == right[order].tobytes()


@pytest.mark.parametrize("longer", [1.0, 1.5])
def test_fixed_point_that_follows_holds_every_film(longer: float) -> None:
    rng, slices = np.random.default_rng(3), {"a": slice(0, 2), "b": slice(2, 5)}
    vectors = unit_rows(rng.standard_normal((WIDTH + 7, 5))).astype(np.float32)
    rows, other = np.arange(len(vectors)), vectors.copy()
    for row in (0, WIDTH + 3):
        rows[row] = -1
        other[row] = longer * vectors[row + 1]
    before, whole = FixedPoint.of(vectors, slices), FixedPoint.of(other, slices)
    followed = before.followed(other, slices, rows)
    assert (followed.scale == before.scale) == (longer == 1.0)
    places = np.arange(len(other))
    held = followed.tiles[places // WIDTH, :, places % WIDTH] / followed.scale
    assert np.abs(held - other).max() <= 0.51 / followed.scale and followed.longest >= whole.longest
    fewer = followed.followed(other[:5], slices, np.arange(5))
    np.testing.assert_array_equal(fewer.tiles, FixedPoint.of(other[:5], slices).tiles)
