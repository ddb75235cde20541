"""Choose a diverse set from the best films: maximal marginal relevance, and a limit per director.

Source: Carbonell and Goldstein, "The use of MMR", SIGIR 1998.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from recommender.matrix import BlockMatrix
from recommender.scoring import products


def pool_size(n: int, variety: float, max_per_director: int | None) -> int:
    """Number of best films that the set is chosen from."""
    return n if variety == 0 and max_per_director is None else max(200, 5 * n)


def choose(
    matrix: BlockMatrix,
    weight: Mapping[str, float],
    rows: npt.NDArray[np.intp],
    relevance: npt.NDArray[np.float64],
    n: int,
    variety: float,
    directors: Sequence[Sequence[str]],
    max_per_director: int | None,
    leaning: npt.NDArray[np.float64] | None = None,
) -> npt.NDArray[np.intp]:
    """Choose up to `n` of the pool, one after the other, each the best of what is left by
    (1 - variety) score(x) - variety (max over the chosen y of sim(x, y) + cos(leaning of x, sum of the chosen's)).

    Args:
        weight: of each block that the question compares by.
        rows: (p,) the pool, best first; a tie goes to the earlier.
        relevance: (p,) their scores.
        directors: directors of each film of the pool; a film counts for each of them.
        leaning: (p, m) which likes each film of the pool suits (`scoring.leanings`); None: ignored.

    Returns:
        Positions in the pool, ascending: the set in the order of its scores.

    sim is the score's sum over blocks with the question's weights: sum_b w_b <x_b, y_b> / W(x, y). It separates similar
    films; the cosine prevents one of several tastes from filling the list.
    """
    if variety == 0 and max_per_director is None:
        return np.arange(min(n, len(rows)))
    names = list(weight)
    roots = [np.sqrt(weight[name]) for name in names]
    scaled = np.hstack(
        [matrix.vectors[rows, matrix.slices[name]] * root for name, root in zip(names, roots, strict=True)]
    ).astype(np.float64)
    having = np.stack([matrix.has[name][rows] * root for name, root in zip(names, roots, strict=True)], axis=1)
    nearest = np.full(len(rows), -np.inf)
    served = np.zeros(0 if leaning is None else leaning.shape[1])
    open_ = np.ones(len(rows), bool)
    per_director: Counter[str] = Counter()
    chosen: list[int] = []
    while len(chosen) < n and open_.any():
        value = (1 - variety) * relevance
        if chosen and variety:
            value = value - variety * nearest
            if leaning is not None and served.any():
                value = value - variety * products(leaning, served) / float(np.linalg.norm(served))
        best = int(np.argmax(np.where(open_, value, -np.inf)))
        chosen.append(best)
        open_[best] = False
        if variety:
            common = np.maximum(products(having, having[best]), sum(weight.values()) / 2)
            nearest = np.maximum(nearest, products(scaled, scaled[best]) / common)
            if leaning is not None:
                served += leaning[best]
        if max_per_director is not None:
            per_director.update(directors[best])
            full = {name for name in directors[best] if per_director[name] >= max_per_director}
            if full:
                open_ &= np.array([full.isdisjoint(who) for who in directors])
    return np.sort(np.array(chosen, np.intp))
