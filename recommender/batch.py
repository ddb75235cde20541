"""The lists of many users at once, for the evaluation: the scores of `recommender.scoring` as products of matrices.

Many users like the same films, so each liked film is compared with each candidate once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from recommender.matrix import BlockMatrix
from recommender.scoring import Anchors, Float64, Rows, anchors_of, divisors, leaning_to, query_of
from recommender.variety import choose, pool_size
from recommender.weights import Weights

DECIMALS = 12
"""BLAS gives equal films unequal last bits; likenesses are rounded to so many, so that ties go by row as elsewhere."""

IN_THE_MIDDLE = 0.5
"""The slider of these questions."""

CHUNK = 256
"""Liked films divided by W(l, x) at a time."""


def likenesses(matrix: BlockMatrix, anchors: Anchors, candidates: Rows) -> Float64:
    """(m, c) s(l, x) of some films and some candidates: those of `scoring.likeness`, rounded; NaN as there."""
    asked = np.flatnonzero(anchors.directions.any(axis=0))
    vectors = matrix.vectors[np.ix_(candidates, asked)].astype(np.float64)
    found: Float64 = anchors.directions[:, asked] @ vectors.T
    at = np.full(len(matrix), -1, np.intp)
    at[candidates] = np.arange(len(candidates))
    by_pattern = divisors(matrix, matrix.pattern_blocks.astype(np.float64), anchors.weight)
    patterns = matrix.patterns[candidates]
    for start in range(0, len(anchors), CHUNK):
        part = found[start : start + CHUNK]
        for row, named in zip(part, anchors.named[start : start + CHUNK], strict=True):
            wanted = at[named.rows] >= 0
            row[at[named.rows][wanted]] += named.alike[wanted]
        part /= by_pattern[patterns, start : start + CHUNK].T
        np.round(part, DECIMALS, out=part)
    return found


class ManyUsers:
    """Users with likes and no dislikes, asking the same catalogue with the same weights and the slider in the middle.

    The likenesses and the means over the nearest likes are found once; the prior and the variety may then change.
    """

    def __init__(
        self,
        matrix: BlockMatrix,
        candidates: npt.NDArray[np.bool_],
        likes: Sequence[Sequence[int]],
        weights: Weights,
    ) -> None:
        """
        Args:
            candidates: (n_films,) what may be recommended at all.
            likes: per user the rows of the liked films; never recommended to this user.
        """
        self._matrix, self._weights = matrix, weights
        self._candidates = np.flatnonzero(candidates)
        self._likes = [np.unique(np.array(rows, np.intp)) for rows in likes]
        liked = np.unique(np.concatenate([*self._likes, np.zeros(0, np.intp)]))
        self._anchors = anchors_of(matrix, liked, IN_THE_MIDDLE, weights)
        self._alike = likenesses(matrix, self._anchors, self._candidates)
        self._places = [np.flatnonzero(np.isin(self._anchors.rows, rows)) for rows in self._likes]
        self._means = self._mean_of_nearest(max(1, weights.nearest))

    def _mean_of_nearest(self, k: int) -> Float64:
        """(users, c): the mean of the k largest likenesses to each user's likes; NaN where nothing can be compared."""
        from recommender.scan import means_of_largest

        starts = np.cumsum([0, *(len(places) for places in self._places)])
        places = np.concatenate([*self._places, np.zeros(0, np.intp)])
        means = np.full((len(self._places), len(self._candidates)), np.nan)
        means_of_largest(self._alike, starts, places, k, means)
        return means

    def lists(self, prior: float, variety: float, k: int) -> list[Rows]:
        """Per user the rows of the k films that `recommend` would give, at this weight of the prior."""
        return [self._list(user, prior, variety, k) for user in range(len(self._likes))]

    def _list(self, user: int, prior: float, variety: float, k: int) -> Rows:
        places = self._places[user]
        if not len(places):
            return np.zeros(0, np.intp)
        liked = self._anchors.take(places)
        weights = replace(self._weights, prior=prior)
        query = query_of(self._matrix, liked, self._anchors.take(places[:0]), IN_THE_MIDDLE, weights)
        scores = self._means[user] + query.prior * self._matrix.prior[self._candidates].astype(np.float64)
        scores[np.isin(self._candidates, self._likes[user])] = np.nan
        allowed = np.flatnonzero(np.isfinite(scores))
        best = allowed[np.argsort(-scores[allowed], kind="stable")[: pool_size(k, variety, None)]]
        leaning = leaning_to(self._alike[np.ix_(places, best)].T)
        rows = self._candidates[best]
        chosen = choose(self._matrix, query.weight, rows, scores[best], k, variety, [()] * len(rows), None, leaning)
        return rows[chosen]
