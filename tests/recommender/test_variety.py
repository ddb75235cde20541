from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from errors import ParameterError
from recommender.matrix import BlockMatrix
from recommender.scoring import Query, build_query, leanings
from recommender.search import search
from recommender.variety import choose
from tests.recommender.catalogues import matrices, rows


def slow_choice(
    matrix: BlockMatrix,
    query: Query,
    pool: list[int],
    relevance: list[float],
    n: int,
    variety: float,
    directors: list[tuple[str, ...]],
    limit: int | None,
    leaning: list[list[float]],
) -> list[int]:
    """MMR by its definition: every candidate is compared with every chosen film in each step."""

    def alike(x: int, y: int) -> float:
        total, common = 0.0, 0.0
        for block, weight in query.weight.items():
            a, b = (matrix.vectors[i, matrix.slices[block]].astype(np.float64) for i in (x, y))
            total += weight * float(a @ b)
            common += weight * bool(a.any() and b.any())
        return total / max(common, query.total / 2)

    chosen: list[int] = []
    while len(chosen) < n:
        best, best_value = -1, -np.inf
        for i in range(len(pool)):
            held = [d for j in chosen for d in directors[j]]
            if i in chosen or (limit and any(held.count(d) >= limit for d in directors[i])):
                continue
            value = (1 - variety) * relevance[i]
            if chosen:
                value -= variety * max(alike(pool[i], pool[j]) for j in chosen)
                served = [sum(leaning[j][m] for j in chosen) for m in range(len(leaning[i]))]
                length = sum(s * s for s in served) ** 0.5
                if length > 0:
                    value -= variety * sum(p * q for p, q in zip(leaning[i], served, strict=True)) / length
            if value > best_value + 1e-12:
                best, best_value = i, value
        if best < 0:
            break
        chosen.append(best)
    return sorted(chosen)


@given(matrices(25), st.floats(0, 1), st.integers(1, 12), st.sampled_from([None, 1, 2]), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_the_set_is_the_one_of_the_obvious_loop(
    matrix: BlockMatrix, variety: float, n: int, limit: int | None, seed: int
) -> None:
    likes = rows([0, 1])
    try:
        query = build_query(matrix, likes, rows([]), 0.5)
    except ParameterError:
        assume(False)
    pool, relevance = search(matrix, query, 100, None, likes)
    leaning = leanings(matrix, query, pool)
    rng = np.random.default_rng(seed)
    directors = [tuple(f"d{d}" for d in set(rng.integers(0, 4, 2))) for _ in pool]
    found = choose(matrix, query.weight, pool, relevance, n, variety, directors, limit, leaning)
    assert found.tolist() == slow_choice(
        matrix, query, pool.tolist(), relevance.tolist(), n, variety, directors, limit, leaning.tolist()
    )


@given(matrices(25), st.integers(1, 12))
@settings(max_examples=20, deadline=None)
def test_no_variety_gives_the_best(matrix: BlockMatrix, n: int) -> None:
    try:
        query = build_query(matrix, rows([0]), rows([]), 0.5)
    except ParameterError:
        assume(False)
    pool, relevance = search(matrix, query, 100, None, rows([0]))
    assert choose(matrix, query.weight, pool, relevance, n, 0.0, [()] * len(pool), None).tolist() == list(
        range(min(n, len(pool)))
    )


def test_a_film_leans_to_the_likes_it_is_nearer_to_than_on_average() -> None:
    genres = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0.6, 0.8, 0], [0, 0, 1]], np.float32)
    matrix = BlockMatrix.from_blocks(range(1, 6), {"genres": genres}, np.zeros(5, np.float32))
    query = build_query(matrix, rows([0, 1]), rows([]), 0.5)
    assert leanings(matrix, query, rows([2, 3, 4])).tolist() == [[1, 0], [0, 1], [0, 0]]
    alone = build_query(matrix, rows([0]), rows([]), 0.5)
    assert not leanings(matrix, alone, rows([2, 3])).any()
