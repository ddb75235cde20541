"""The best films of a catalogue for a query: exact, filters inside, one pass over the vectors.

The weights act on the query, so the stored side is read as it is at every slider position. Films that lack blocks
differ only in W(x), one number per pattern of blocks, looked up after the pass. Scores are found in float32; whatever
float32's error leaves a chance to be among the best is scored again in float64, which alone decides.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from recommender.matrix import BlockMatrix
from recommender.scoring import Query, scores

ROUNDING = 1e-4
"""More than float32 can be wrong by in a sum of 256 products of numbers up to 1, divided by half the weight."""

GATHER_BELOW = 0.5
"""With fewer of the films allowed, reading only their rows is cheaper than reading all."""

CHUNK = 1024
"""Rows gathered at a time: they fit in a core's own cache."""


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _inverse_weight(matrix: BlockMatrix, query: Query) -> npt.NDArray[np.float32]:
    """(2^blocks,) 1 / W by pattern; NaN for patterns that share no block with the question."""
    codes = np.arange(1 << len(matrix.slices))
    common = np.zeros(len(codes))
    for bit, name in enumerate(matrix.slices):
        common += query.weight.get(name, 0.0) * (codes >> bit & 1)
    table = np.full(len(codes), np.nan, np.float32)
    np.divide(1.0, np.maximum(common, query.total / 2), out=table, where=common > 0, casting="same_kind")
    return table


def _products(matrix: BlockMatrix, query: Query, rows: npt.NDArray[np.intp] | None) -> npt.NDArray[np.float32]:
    """sum_b w_b <q_b, x_b> of all films or of some rows; only the columns between the first and last block are read."""
    first = min(matrix.slices[name].start for name in query.weight)
    last = max(matrix.slices[name].stop for name in query.weight)
    weighted = np.zeros(last - first, np.float32)
    for name, weight in query.weight.items():
        columns = matrix.slices[name]
        weighted[columns.start - first : columns.stop - first] = weight * query.direction(name)
    vectors = matrix.vectors[:, first:last]
    if rows is None:
        return vectors @ weighted
    found = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        found[start : start + CHUNK] = vectors[part] @ weighted
    return found


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
    n = len(matrix)
    rows = None
    if allowed is not None and np.count_nonzero(allowed) < GATHER_BELOW * n:
        rows = np.flatnonzero(allowed)
    # One core on purpose: two threads that wait for each other on a busy machine are slower than one.
    with _threads().limit(limits=1, user_api="blas"):
        found = _products(matrix, query, rows)
    patterns = matrix.patterns if rows is None else matrix.patterns[rows]
    prior = matrix.prior if rows is None else matrix.prior[rows]
    found *= _inverse_weight(matrix, query)[patterns]
    found += np.float32(query.prior) * prior
    np.copyto(found, -np.inf, where=np.isnan(found))
    if rows is None and allowed is not None:
        found[~allowed] = -np.inf
    if excluded is not None and len(excluded) and len(found):
        if rows is None:
            found[excluded] = -np.inf
        else:
            at = np.minimum(np.searchsorted(rows, excluded), len(rows) - 1)
            found[at[rows[at] == excluded]] = -np.inf
    if len(found) > limit:
        threshold = np.partition(found, len(found) - limit)[len(found) - limit]
        near = np.flatnonzero(found >= max(threshold - ROUNDING, np.finfo(np.float32).min))
    else:
        near = np.flatnonzero(found > -np.inf)
    candidates = near if rows is None else rows[near]
    exact = scores(matrix, query, candidates)
    order = np.lexsort((candidates, -exact))[:limit]
    return candidates[order], exact[order]
