"""Small random catalogues, and a slow, obvious implementation of the score to compare the recommender with."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from bench.generated import GeneratedCatalogue
from db.titles import series_key
from recommender.matrix import BlockMatrix
from recommender.names import LARGEST_SERIES, SharedNames
from recommender.weights import Weights

HEARD = {"music", "embedding"}


@cache
def generated(n: int = 300) -> GeneratedCatalogue:
    """Generated films with all blocks, a fifth of them without music."""
    return GeneratedCatalogue(n)


@st.composite
def matrices(draw: st.DrawFn, most: int = 40) -> BlockMatrix:
    """Catalogues of random unit blocks, some missing; in some, films come twice and more, alike or all but alike."""
    n = draw(st.integers(3, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    twin_of = rng.integers(0, draw(st.sampled_from([n, max(2, n // 4)])), n)
    apart = draw(st.sampled_from([0.0, 1e-7, 1e-4]))
    blocks = {}
    for name, width in (("music", 5), ("embedding", 4), ("genres", 6), ("people", 3), ("era", 2)):
        rows = rng.standard_normal((n, width)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        rows[rng.random(n) < draw(st.sampled_from([0.0, 0.3, 0.9]))] = 0
        nudged = rows[twin_of] * (1 + apart * rng.standard_normal((n, width)))
        blocks[name] = (nudged / np.maximum(np.linalg.norm(nudged, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    ids = np.cumsum(rng.integers(1, 4, n))
    known = [blocks["people"][i].any() for i in range(n)]
    made, played = ([rng.choice(10, size).tolist() for size in rng.integers(0, 3, n)] for _ in range(2))
    sides = [[map(str, side[twin_of[i]] if known[i] else ()) for i in range(n)] for side in (made, played)]
    people = SharedNames(*sides) if draw(st.booleans()) else None
    return BlockMatrix.from_blocks(ids.tolist(), blocks, rng.random(n)[twin_of].astype(np.float32), people)


def slow_weights(matrix: BlockMatrix, blocks: list[str], music: float, weights: Weights) -> dict[str, float]:
    """w_b: heard blocks weigh `music` together, the others the rest."""
    heard = sum(weights.blocks.get(b, 0) for b in blocks if b in HEARD)
    known = sum(weights.blocks.get(b, 0) for b in blocks if b not in HEARD)
    found = {}
    for b in blocks:
        weight = weights.blocks.get(b, 0)
        found[b] = music * weight / heard if b in HEARD else (1 - music) * weight / known
    return {b: w for b, w in found.items() if w > 0}


def slow_names(matrix: BlockMatrix, like: int, film: int, series: float) -> tuple[list[float], list[float]]:
    """The names of two films as numbers in the columns of all of their names; that of a series comes last."""
    names = matrix.people
    assert names is not None
    vectors: list[dict[object, float]] = []
    for row in (like, film):
        longer = float(np.hypot(names._lengths[row], series)) if len(names._titles) else float(names._lengths[row])
        own: dict[object, float] = {name: v * names._lengths[row] / longer for name, v in names.vector(row).items()}
        if len(names._titles):
            key = series_key(names._titles[row])
            shared = len(names._films_of_series[key]) <= LARGEST_SERIES
            own[(key, 0 if shared else row)] = series / longer
        vectors.append(own)
    columns = sorted({*vectors[0], *vectors[1]}, key=lambda name: (isinstance(name, tuple), str(name)))
    return [vectors[0].get(name, 0.0) for name in columns], [vectors[1].get(name, 0.0) for name in columns]


def slow_likeness(
    vector: dict[str, list[list[float]]], matrix: BlockMatrix, like: int, film: int, music: float, weights: Weights
) -> dict[str, float] | None:
    """Block -> its part of s(l, x), one like and one film at a time; None if they have nothing to compare by."""
    having = [b for b in vector if sum(v * v for v in vector[b][like]) ** 0.5 > 1e-9]
    weight = slow_weights(matrix, having, music, weights)
    common = [b for b in weight if any(vector[b][film])]
    if not common:
        return None
    counted = sum(weight[b] for b in weight if b in common or b in HEARD)
    divisor = max(counted, sum(weight.values()) / 2)
    found = {}
    for b in common:
        theirs, own = vector[b][like], vector[b][film]
        length = sum(v * v for v in theirs) ** 0.5
        if b == "people" and matrix.people is not None:
            length, theirs, own = 1.0, *slow_names(matrix, like, film, weights.series)
        found[b] = weight[b] * sum(p * q for p, q in zip(theirs, own, strict=True)) / (length * divisor)
    return found


def slow_scores(
    matrix: BlockMatrix, likes: list[int], dislikes: list[int], music: float, weights: Weights
) -> dict[int, tuple[float, dict[str, float]]]:
    """Row -> (score, shares) by the formula, one film, one like and one block at a time, in Python floats."""
    vector = {
        b: [[float(v) for v in row] for row in matrix.vectors[:, columns]] for b, columns in matrix.slices.items()
    }
    present = [b for b in vector if any(sum(v * v for v in vector[b][i]) ** 0.5 > 1e-9 for i in likes)]
    weight = slow_weights(matrix, present, music, weights)
    known = sum(w for b, w in weight.items() if b not in HEARD) / sum(weight.values()) if weight else 0.0
    found = {}
    for i in range(len(matrix)):
        sides = []
        for side in (likes, dislikes):
            alike = [slow_likeness(vector, matrix, j, i, music, weights) for j in side]
            sides.append(sorted((a for a in alike if a is not None), key=lambda a: -sum(a.values()))[: weights.nearest])
        if not sides[0]:
            continue
        shares = {b: sum(a.get(b, 0.0) for a in sides[0]) / len(sides[0]) for a in sides[0] for b in a}
        if dislikes:
            against = sum(sum(a.values()) for a in sides[1]) / len(sides[1]) if sides[1] else 0.0
            shares["dislikes"] = -weights.dislike * against
        shares["prior"] = known * weights.prior * float(matrix.prior[i])
        found[i] = (sum(shares.values()), shares)
    return found


def rows(values: list[int]) -> npt.NDArray[np.intp]:
    """A list of rows as an array."""
    return np.array(values, np.intp)
