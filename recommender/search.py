"""Find the best films of a catalogue for a query: exactly, with filters, in one pass over the vectors.

The weights apply to the liked films, so the stored vectors are the same at every slider position. Missing blocks only
affect W(l, x), a factor per like and pattern of blocks, which the scan looks up. The scan runs in fixed point; every
film that could be among the best within the rounding error is scored again in float64, which determines the result. A
small catalogue is scored in float64 directly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.matrix import FULL_SCALE, BlockMatrix
from recommender.scoring import Anchors, Float64, Query, asked_blocks, divisors, scores

FLOAT_ROUNDING = 4 * float(np.finfo(np.float32).eps)
"""Generous bound of the error of each float32 operation after a sum, relative to the score."""

FILMS_WITHOUT_SCAN = 5_000
"""Up to this many films, float64 scoring with ten likes takes about 10 ms; importing Numba takes hundreds."""


@dataclass(frozen=True, eq=False)
class FixedQuery:
    """A question for the scan: its likes, then its dislikes, in 16-bit integers."""

    numbers: npt.NDArray[np.int16]
    """(m, k): w_b l_b / |l_b| of each like, or the mean over several, in the columns from the first asked about on"""
    first: int
    counts: npt.NDArray[np.int32]
    """(m,): number of films that each row represents"""
    liked: int
    """Number of likes, the first rows"""
    gains: npt.NDArray[np.float32]
    """(patterns, m): 1 / W(l, x) and the scales; 0 for patterns that share no block with the like"""
    error: float
    """Bound of the difference between the scan's scores and the exact ones."""


def _rounded(matrix: BlockMatrix, directions: Float64, weight: Float64) -> tuple[npt.NDArray[np.int16], Float64]:
    """Convert films' directions (m, d) to integers, and bound the error (m,) of their similarity to any film.

    With c and k the integers of the two films' parts in a block, S and T their scales, and f = w l - c / T:
    w <l, x> - <c, k> / (S T) = <c / T, x - k / S> + <f, x>, at most |c| / T * sqrt(d) / (2 S) + |f| |x|
    (Cauchy-Schwarz). The integers' sum stays below 2^31: it is at most S T.
    """
    fixed, total = matrix.fixed, weight.sum(axis=1)
    scale = (FULL_SCALE / total)[:, None]
    numbers = np.rint(directions * scale)
    error = np.zeros(len(directions))
    for place, columns in enumerate(matrix.slices.values()):
        part, rounded = directions[:, columns], numbers[:, columns] / scale
        most = np.linalg.norm(rounded, axis=1) * np.sqrt(part.shape[1]) * 0.501 / fixed.scale
        most += np.linalg.norm(part - rounded, axis=1) * fixed.longest
        error += np.where(weight[:, place] > 0, most, 0.0)
    return numbers.astype(np.int16), error * 2 / total


def _merged(anchors: Anchors, nearest: int) -> tuple[Float64, Float64, npt.NDArray[np.int32]]:
    """Directions, weights and counts for the scan; if all films count, those of equal weights become their mean."""
    if len(anchors) > nearest or len(anchors) < 2:
        return anchors.directions, anchors.weight, np.ones(len(anchors), np.int32)
    weight, which = np.unique(anchors.weight, axis=0, return_inverse=True)
    counts = np.bincount(which.ravel(), minlength=len(weight))
    directions = np.stack([anchors.directions[which.ravel() == i].mean(axis=0) for i in range(len(weight))])
    return directions, weight, counts.astype(np.int32)


def fixed_query(matrix: BlockMatrix, query: Query) -> FixedQuery:
    """The query in 16-bit integers, and a bound of the error.

    The mean of the k largest numbers changes by at most the largest change of one of them.
    """
    liked, disliked = _merged(query.liked, query.nearest), _merged(query.disliked, query.nearest)
    directions, weight = np.vstack([liked[0], disliked[0]]), np.vstack([liked[1], disliked[1]])
    numbers, errors = _rounded(matrix, directions, weight)
    asked = asked_blocks(matrix, weight).values()
    first, last = min(columns.start for columns in asked), max(columns.stop for columns in asked)
    scale = divisors(matrix, matrix.pattern_blocks.astype(np.float64), weight)
    scale *= FULL_SCALE / weight.sum(axis=1) * matrix.fixed.scale
    gains = np.nan_to_num(1.0 / scale).astype(np.float32)
    n_likes = len(liked[0])
    error = float(errors[:n_likes].max() + query.dislike * errors[n_likes:].max(initial=0.0))
    operations = 4 + min(query.nearest, len(weight))
    error += FLOAT_ROUNDING * operations * (2 * matrix.fixed.longest * (1 + query.dislike) + query.prior)
    counts = np.concatenate([liked[2], disliked[2]])
    return FixedQuery(np.ascontiguousarray(numbers[:, first:last]), first, counts, n_likes, gains, error)


def _by_name(matrix: BlockMatrix, anchors: Anchors, nearest: int) -> npt.NDArray[np.float32]:
    """(n,): upper bound of what shared names, which the scan ignores, add to the mean of a film's largest similarities.

    Names add at most the largest addition, and at most the sum of the additions divided by the number of likes in the
    mean.
    """
    most, total = np.zeros(len(matrix), np.float32), np.zeros(len(matrix), np.float32)
    if not len(anchors):
        return most
    by_pattern = divisors(matrix, matrix.pattern_blocks.astype(np.float64), anchors.weight)
    for i, (rows, values) in enumerate(anchors.named):
        added = values / by_pattern[matrix.patterns[rows], i]
        most[rows] = np.maximum(most[rows], added)
        total[rows] += added
    in_mean = np.clip(np.isfinite(by_pattern).sum(axis=1), 1, nearest).astype(np.float32)
    least: npt.NDArray[np.float32] = np.minimum(most, total / in_mean[matrix.patterns] * (1 + 100 * FLOAT_ROUNDING))
    return least


def search(
    matrix: BlockMatrix,
    query: Query,
    limit: int,
    allowed: npt.NDArray[np.bool_] | None = None,
    excluded: npt.NDArray[np.intp] | None = None,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """The `limit` best films, best first; equal scores by film_id.

    Args:
        allowed: (n,) films that pass the filters; None = all.
        excluded: rows that must not be returned.

    Returns:
        (k,) rows of the matrix and their float64 scores; fewer than `limit` if there are no more candidates.
    """
    passing = np.ones(len(matrix), bool) if allowed is None else allowed.copy()
    if excluded is not None:
        passing[excluded] = False
    if len(matrix) * max(10, len(query.liked) + len(query.disliked)) <= 10 * FILMS_WITHOUT_SCAN:
        candidates = np.flatnonzero(passing)
    else:
        candidates = _scanned(matrix, query, limit, passing)
    exact = scores(matrix, query, candidates)
    candidates, exact = candidates[np.isfinite(exact)], exact[np.isfinite(exact)]
    order = np.lexsort((candidates, -exact))[:limit]
    return candidates[order], exact[order]


def _scanned(matrix: BlockMatrix, query: Query, limit: int, passing: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Rows that could be among the `limit` best; they include all of the best."""
    from recommender.scan import scan

    n = len(matrix)
    asked = fixed_query(matrix, query)
    rows, found = np.empty(n, np.int32), np.empty(n, np.float32)
    margin = 2 * asked.error  # the score at the threshold has the same error
    count, threshold = scan(
        matrix.fixed.numbers, asked.numbers, asked.first, asked.gains, asked.counts, asked.liked, query.nearest,
        np.float32(query.dislike), matrix.patterns, matrix.prior, np.float32(query.prior), passing, min(limit, n),
        np.float32(margin), _by_name(matrix, query.liked, query.nearest),
        np.float32(query.dislike) * _by_name(matrix, query.disliked, query.nearest), rows, found,
    )  # fmt: skip
    near: npt.NDArray[np.bool_] = found[:count] >= threshold - np.float32(margin)
    return rows[:count][near].astype(np.intp)
