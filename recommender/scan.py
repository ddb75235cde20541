"""One compiled pass over a catalogue in fixed point: which films may be among the best, on half of float32's memory.

The pass is bound by memory, so what it reads is small: 16-bit integers, whose products LLVM sums many at a time. It
decides nothing: `error` bounds by how much a score found here can be wrong, and whatever that leaves a chance is scored
again from the vectors themselves (`recommender.search`).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import numpy.typing as npt


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled on first use and kept on disk, beside the source or in the user's cache; not kept if neither can be."""
    try:
        kept: Callable[..., Any] = numba.njit(nogil=True, cache=True)(function)
        return kept
    except RuntimeError:  # numba: no folder that can be written
        made: Callable[..., Any] = numba.njit(nogil=True)(function)
        return made


@_compiled
def scan(
    fixed: npt.NDArray[np.int16],
    query: npt.NDArray[np.int16],
    first: int,
    gain: npt.NDArray[np.float32],
    patterns: npt.NDArray[np.uint16],
    prior: npt.NDArray[np.float32],
    prior_weight: np.float32,
    allowed: npt.NDArray[np.bool_],
    limit: int,
    margin: np.float32,
    rows: npt.NDArray[np.int32],
    found: npt.NDArray[np.float32],
) -> tuple[int, np.float32]:
    """Collect the films that come within `margin` of the `limit` best so far.

    Args:
        fixed: (n, d) the films; query: (k,) against the columns from `first` on. No sum may leave 32 bits.
        gain: by pattern of blocks, what turns the sum into a score; 0 for films that cannot be compared.
        patterns, prior, allowed: (n,)
        rows, found: (n,) written: the collected films, ascending, and their scores.

    Returns:
        How many were collected, and the `limit`-th best score (-infinity if there are fewer films).
    """
    best = [np.float32(-np.inf)] * limit
    count = 0
    for i in range(fixed.shape[0]):
        if not allowed[i] or gain[patterns[i]] == 0:
            continue
        row = fixed[i, first : first + query.shape[0]]
        total = np.int32(0)
        for j in range(query.shape[0]):
            total = np.int32(total + np.int32(np.int32(row[j]) * np.int32(query[j])))
        score = np.float32(total) * gain[patterns[i]] + prior_weight * prior[i]
        if score >= best[0] - margin:
            rows[count], found[count] = i, score
            count += 1
            if score > best[0]:
                heapq.heapreplace(best, score)
    return count, best[0]
