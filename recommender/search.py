"""Find the best films of a catalogue for a query: exactly, with filters, in one pass over the vectors.

The weights apply to the liked films, so the stored vectors are the same at every slider position. Missing blocks only
affect W(l, x), a factor per like and pattern of blocks, which the scan looks up. The scan runs in fixed point; every
film that could be among the best within the rounding error is scored again in float64, which determines the result. A
small catalogue is scored in float64 directly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.matrix import TOGETHER, BlockMatrix
from recommender.scoring import Anchors, Float64, Query, Rows, divisors, scores

FLOAT32 = float(np.finfo(np.float32).eps)
FLOAT_ROUNDING = 4 * FLOAT32
"""Generous bound of the error of each float32 operation after a sum, relative to the score."""

FILMS_WITHOUT_SCAN = 5_000
"""Up to this many films, float64 scoring with ten likes takes about 10 ms; importing Numba takes hundreds."""


Named = tuple[npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class ScanQuery:
    """A question for the scan: its likes, then its dislikes."""

    columns: npt.NDArray[np.int32]
    """(c,): the columns in which some film of the question has a number, filled up with the first column"""
    queries: npt.NDArray[np.float32]
    """(m, c): w_b l_b / |l_b| of each film, or the mean over several; 0 in the columns that only fill up. If m is odd,
    a row of zeros follows"""
    counts: npt.NDArray[np.float32]
    """(m,): number of films that each row represents"""
    liked: int
    """Number of likes, the first rows"""
    gains: npt.NDArray[np.float32]
    """(m, patterns): 1 / W(l, x) and the scale; 0 for patterns that share no block with the like"""
    named: Named
    """What shared names add to the products, as `recommender.scan` takes it"""
    error: float
    """Bound of the difference between the scan's scores and the exact ones."""


def _errors(matrix: BlockMatrix, directions: Float64, weight: Float64) -> Float64:
    """Bound the error (m,) of the scan's similarity of each of (m, d) directions to any film.

    With k the integers of a film's part in a block, S their scale, and f = w l - c what float32 leaves of it:
    w <l, x> - <c, k> / S = <c, x - k / S> + <f, x>, at most |c| sqrt(d) / (2 S) + |f| |x| (Cauchy-Schwarz). A sum of d
    products in float32 is off by at most d units in the last place of the sum of their amounts, at most |c| |x|.
    """
    fixed, error = matrix.fixed, np.zeros(len(directions))
    rounded = directions.astype(np.float32).astype(np.float64)
    for columns in matrix.slices.values():
        length, width = np.linalg.norm(rounded[:, columns], axis=1), columns.stop - columns.start
        error += length * (np.sqrt(width) * 0.501 / fixed.scale + directions.shape[1] * FLOAT32 * fixed.longest)
        error += np.linalg.norm(directions[:, columns] - rounded[:, columns], axis=1) * fixed.longest
    error *= 2 / weight.sum(axis=1)
    return error


def _merged(anchors: Anchors, nearest: int) -> tuple[Float64, Float64, Rows]:
    """Directions and weights for the scan, and the row of each film among them.

    If all films count, those of equal weights become their mean; otherwise they are next to each other.
    """
    if len(anchors) > nearest or len(anchors) < 2:
        order = np.lexsort(anchors.weight.T)
        return anchors.directions[order], anchors.weight[order], np.argsort(order)
    weight, which = np.unique(anchors.weight, axis=0, return_inverse=True)
    which = which.ravel()
    directions = np.stack([anchors.directions[which == i].mean(axis=0) for i in range(len(weight))])
    return directions, weight, which


def scan_query(matrix: BlockMatrix, query: Query) -> ScanQuery:
    """The query as the scan takes it, and a bound of the error.

    The mean of the k largest numbers changes by at most the largest change of one of them.
    """
    liked, disliked = _merged(query.liked, query.nearest), _merged(query.disliked, query.nearest)
    directions, weight = np.vstack([liked[0], disliked[0]]), np.vstack([liked[1], disliked[1]])
    errors = _errors(matrix, directions, weight)
    n_likes = len(liked[0])
    error = float(errors[:n_likes].max() + query.dislike * errors[n_likes:].max(initial=0.0))
    operations = 5 + 2 * min(query.nearest, len(weight))
    error += FLOAT_ROUNDING * operations * (2 * matrix.fixed.longest * (1 + query.dislike) + query.prior)
    columns = np.flatnonzero(directions.any(axis=0)).astype(np.int32)
    filling = -len(columns) % TOGETHER
    queries = np.pad(directions[:, columns], ((0, len(directions) % 2), (0, filling))).astype(np.float32)
    scale = divisors(matrix, matrix.pattern_blocks.astype(np.float64), weight).T * matrix.fixed.scale
    gains = np.ascontiguousarray(np.nan_to_num(1.0 / scale), np.float32)
    counts = np.bincount(np.concatenate([liked[2], n_likes + disliked[2]])).astype(np.float32)
    named = _named([(query.liked, liked[2]), (query.disliked, n_likes + disliked[2])], matrix.fixed.scale)
    return ScanQuery(np.pad(columns, (0, filling)), queries, counts, n_likes, gains, named, error)


def _named(asked: Sequence[tuple[Anchors, Rows]], scale: float) -> Named:
    """What shared names add to the sums of likes and of dislikes, each with the query row of every film."""
    rows = np.concatenate([which for _, which in asked])
    found = [sharing for anchors, _ in asked for sharing in anchors.named]
    ends = np.cumsum([0, *(len(one.rows) for one in found)])
    together = np.bincount(rows)[rows]  # the mean of several films
    amounts = [one.alike * scale / n for one, n in zip(found, together, strict=True)]
    return (
        rows.astype(np.int32),
        ends.astype(np.int64),
        np.concatenate([one.rows for one in found]).astype(np.int32),
        np.concatenate(amounts).astype(np.float32),
    )


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
    if np.count_nonzero(passing) * max(10, len(query.liked) + len(query.disliked)) <= 10 * FILMS_WITHOUT_SCAN:
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
    asked = scan_query(matrix, query)
    rows, found = np.empty(n, np.int32), np.empty(n, np.float32)
    margin = 2 * asked.error  # the score at the threshold has the same error
    count, threshold = scan(
        matrix.fixed.tiles, asked.columns, asked.queries, asked.gains, asked.counts, asked.liked, query.nearest,
        np.float32(query.dislike), matrix.patterns, matrix.prior, np.float32(query.prior), passing, min(limit, n),
        np.float32(margin), asked.named, rows, found,
    )  # fmt: skip
    near: npt.NDArray[np.bool_] = found[:count] >= threshold - np.float32(margin)
    return rows[:count][near].astype(np.intp)
