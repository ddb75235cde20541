"""Which of the best films make the set: maximal marginal relevance and the limit per director.

Source: Carbonell and Goldstein, "The use of MMR", SIGIR 1998.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recommender.matrix import BlockMatrix
from recommender.scoring import Query, products


def pool_size(n: int, variety: float, max_per_director: int | None) -> int:
    """How many of the best films the set is chosen from."""
    return n if variety == 0 and max_per_director is None else max(200, 5 * n)


def choose(
    matrix: BlockMatrix,
    query: Query,
    rows: npt.NDArray[np.intp],
    relevance: npt.NDArray[np.float64],
    n: int,
    variety: float,
    directors: Sequence[Sequence[str]],
    max_per_director: int | None,
) -> npt.NDArray[np.intp]:
    """Choose up to `n` of the pool, one after the other, each the best of what is left by
    (1 - variety) score(x) - variety max over the chosen y of sim(x, y).

    Args:
        rows: (p,) the pool, best first; a tie goes to the earlier.
        relevance: (p,) their scores.
        directors: per film of the pool its directors; a film counts for each of them.

    Returns:
        Positions in the pool, ascending: the set in the order of its scores.

    sim is the score's own sum over blocks, with the question's weights: sum_b w_b <x_b, y_b> / W(x, y).
    """
    if variety == 0 and max_per_director is None:
        return np.arange(min(n, len(rows)))
    names = list(query.weight)
    roots = [np.sqrt(query.weight[name]) for name in names]
    scaled = np.hstack(
        [matrix.vectors[rows, matrix.slices[name]] * root for name, root in zip(names, roots, strict=True)]
    ).astype(np.float64)
    having = np.stack([matrix.has[name][rows] * root for name, root in zip(names, roots, strict=True)], axis=1)
    nearest = np.full(len(rows), -np.inf)
    open_ = np.ones(len(rows), bool)
    per_director: Counter[str] = Counter()
    chosen: list[int] = []
    while len(chosen) < n and open_.any():
        value = (1 - variety) * relevance
        if chosen and variety:
            value = value - variety * nearest
        best = int(np.argmax(np.where(open_, value, -np.inf)))
        chosen.append(best)
        open_[best] = False
        if variety:
            common = np.maximum(products(having, having[best]), query.total / 2)
            nearest = np.maximum(nearest, products(scaled, scaled[best]) / common)
        if max_per_director is not None:
            per_director.update(directors[best])
            full = {name for name in directors[best] if per_director[name] >= max_per_director}
            if full:
                open_ &= np.array([full.isdisjoint(who) for who in directors])
    return np.sort(np.array(chosen, np.intp))
