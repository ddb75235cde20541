"""The best films of a catalogue for a query: exact, filters inside, one pass over the vectors.

The weights act on the query, so the stored side is read as it is at every slider position. Films that lack blocks
differ only in W(x), one number per pattern of blocks, looked up in the pass. It runs in fixed point; whatever its
rounding leaves a chance to be among the best is scored again in float64, which alone decides. A small
catalogue is scored in float64 at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.matrix import FULL_SCALE, BlockMatrix
from recommender.scoring import Query, scores

FLOAT_ROUNDING = 4 * float(np.finfo(np.float32).eps)
"""Of a score: what the few float32 operations after the sum can be wrong by."""

FILMS_WITHOUT_SCAN = 5_000
"""Scoring so many films in float64 takes some 10 ms; importing Numba for the scan takes hundreds."""


@dataclass(frozen=True, eq=False)
class FixedQuery:
    """sum_b w_b <q_b, x_b> / W(x) + w_p p(x) for the scan."""

    numbers: npt.NDArray[np.int16]
    """(k,): w_b q_b, from the first to the last column that the question asks about"""
    first: int
    gain: npt.NDArray[np.float32]
    """(2^blocks,): by pattern, 1 / W and the scales; 0 for patterns that share no block with the question"""
    error: float
    """No score of the scan is further than this from the true one."""


def fixed_query(matrix: BlockMatrix, query: Query) -> FixedQuery:
    """The query in 16-bit integers, and a bound on what that costs.

    With c and k the integers of the query's and a film's part in a block, S and T their scales, and f = w q - c / T:
    w <q, x> - <c, k> / (S T) = <c / T, x - k / S> + <f, x>, at most |c| / T * sqrt(d) / (2 S) + |f| |x|
    (Cauchy-Schwarz). The integers' sum stays below 2^31: with the whole weight at most 1 it is at most S T.
    """
    first = min(matrix.slices[name].start for name in query.weight)
    last = max(matrix.slices[name].stop for name in query.weight)
    fixed, scale = matrix.fixed, FULL_SCALE / query.total
    numbers, error = np.zeros(last - first, np.int16), 0.0
    for name, weight in query.weight.items():
        columns = matrix.slices[name]
        wanted = weight * query.direction(name)
        rounded = np.rint(wanted * scale)
        numbers[columns.start - first : columns.stop - first] = rounded
        half_step = np.sqrt(len(wanted)) * 0.501 / fixed.scale
        error += float(np.linalg.norm(rounded / scale) * half_step)
        error += float(np.linalg.norm(wanted - rounded / scale) * fixed.longest)
    codes = np.arange(1 << len(matrix.slices))
    common = np.zeros(len(codes))
    for bit, name in enumerate(matrix.slices):
        common += query.weight.get(name, 0.0) * (codes >> bit & 1)
    gain = np.where(common > 0, 1.0 / (np.maximum(common, query.total / 2) * scale * fixed.scale), 0.0)
    error = error * 2 / query.total + FLOAT_ROUNDING * (2 * fixed.longest + query.prior)
    return FixedQuery(numbers, first, gain.astype(np.float32), error)


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
        excluded: rows that must not come back.

    Returns:
        (k,) rows of the matrix and their float64 scores; fewer than `limit` if there are no more candidates.
    """
    passing = np.ones(len(matrix), bool) if allowed is None else allowed.copy()
    if excluded is not None:
        passing[excluded] = False
    if len(matrix) <= FILMS_WITHOUT_SCAN:
        candidates = np.flatnonzero(passing)
    else:
        candidates = _scanned(matrix, query, limit, passing)
    exact = scores(matrix, query, candidates)
    candidates, exact = candidates[np.isfinite(exact)], exact[np.isfinite(exact)]
    order = np.lexsort((candidates, -exact))[:limit]
    return candidates[order], exact[order]


def _scanned(matrix: BlockMatrix, query: Query, limit: int, passing: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Rows that the scan leaves a chance to be among the `limit` best; all of those are in it."""
    from recommender.scan import scan

    n = len(matrix)
    asked = fixed_query(matrix, query)
    rows, found = np.empty(n, np.int32), np.empty(n, np.float32)
    margin = 2 * asked.error  # the film at the threshold may be wrong by the error too
    count, threshold = scan(
        matrix.fixed.numbers, asked.numbers, asked.first, asked.gain, matrix.patterns, matrix.prior,
        np.float32(query.prior), passing, min(limit, n), np.float32(margin), rows, found,
    )  # fmt: skip
    near: npt.NDArray[np.bool_] = found[:count] >= threshold - np.float32(margin)
    return rows[:count][near].astype(np.intp)
