from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.batch import ManyUsers, likenesses
from recommender.matrix import BlockMatrix
from recommender.scoring import anchors_of, build_query, leanings, likeness
from recommender.search import search
from recommender.variety import choose, pool_size
from recommender.weights import DEFAULT_WEIGHTS, Weights
from tests.recommender.catalogues import matrices, rows


def one_list(
    matrix: BlockMatrix, likes: list[int], allowed: np.ndarray, weights: Weights, variety: float, k: int
) -> np.ndarray:
    """What the recommender does for one user."""
    query = build_query(matrix, rows(likes), rows([]), 0.5, weights)
    found, scores = search(matrix, query, pool_size(k, variety, None), allowed, rows(likes))
    leaning = leanings(matrix, query, found)
    nobody: list[tuple[str, ...]] = [()] * len(found)
    return found[choose(matrix, query.weight, found, scores, k, variety, nobody, None, leaning)]


@given(matrices(), st.data(), st.integers(1, 9), st.sampled_from([0.0, 0.1, 0.4]), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_many_users_at_once_get_the_lists_of_each_alone(
    matrix: BlockMatrix, data: st.DataObject, nearest: int, variety: float, prior: float
) -> None:
    weights = Weights(DEFAULT_WEIGHTS.blocks, nearest=nearest, prior=prior)
    film = st.integers(0, len(matrix) - 1)
    likes = data.draw(st.lists(st.lists(film, min_size=1, max_size=12, unique=True), min_size=1, max_size=4))
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=len(matrix), max_size=len(matrix))))
    anchors = anchors_of(matrix, np.arange(len(matrix)), 0.5, weights)
    together = likenesses(matrix, anchors, np.flatnonzero(allowed))
    alone = likeness(matrix, anchors, np.flatnonzero(allowed)).T if len(anchors) else together
    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-9)
    found = ManyUsers(matrix, allowed, likes, weights).lists(prior, variety, 5)
    for user, rows_found in zip(likes, found, strict=True):
        if len(anchors_of(matrix, rows(user), 0.5, weights)):
            assert rows_found.tolist() == one_list(matrix, user, allowed, weights, variety, 5).tolist()
        else:
            assert not len(rows_found), "nothing to compare by"
