"""The score of a film and the shares it is the sum of (docs/design.md, "Scoring").

score(x) = sum_b w_b <q_b, x_b> / W(x) + w_p p(x), over the blocks b that some like has, with l_b and d_b the means of
the liked and of the disliked films' b, q_b = (l_b - g d_b) / n_b of length 1, and W(x) the weight of the blocks that
both have, but at least half of the question's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from errors import ParameterError
from recommender.matrix import BlockMatrix
from recommender.vectors import HEARD

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """The constants of the score: chosen on an earlier slice of the training likes (docs/decisions/0002-scoring.md)."""

    blocks: Mapping[str, float] = field(
        default_factory=lambda: {
            "music": 0.5,
            "embedding": 0.5,
            "genres": 0.20,
            "people": 0.36,
            "place": 0.07,
            "era": 0.43,
            "reception": 0.08,
        }
    )
    """Weights within the heard and within the known blocks; the slider sets the ratio of the two groups."""
    prior: float = 0.32
    """w_p where a question hears no music; it shrinks with the weight of the known blocks, to 0 for sound alone."""
    dislike: float = 0.5
    """g"""


DEFAULT_WEIGHTS = Weights()


@dataclass(frozen=True, eq=False)
class Query:
    """A question as vectors: what `search` multiplies with every film."""

    liked: dict[str, Float64]
    """l_b, means over the liked films that have b"""
    disliked: dict[str, Float64]
    """d_b; zeros if no disliked film has b"""
    length: dict[str, float]
    """n_b"""
    weight: dict[str, float]
    """w_b, without the blocks that the slider sets to zero"""
    dislike: float
    prior: float

    @property
    def total(self) -> float:
        """The question's total weight."""
        return sum(self.weight.values())

    def direction(self, block: str) -> Float64:
        """q_b"""
        direction: Float64 = (self.liked[block] - self.dislike * self.disliked[block]) / self.length[block]
        return direction


def block_weights(weights: Weights, blocks: list[str], music: float) -> dict[str, float]:
    """w_b: the heard blocks together weigh `music`, the others 1 - `music`; blocks of weight 0 are left out."""
    weight: dict[str, float] = {}
    for group, amount in ((True, music), (False, 1.0 - music)):
        names = [name for name in blocks if (name in HEARD) is group]
        total = sum(weights.blocks.get(name, 0.0) for name in names)
        if total > 0 and amount > 0:
            weight |= {name: amount * weights.blocks.get(name, 0.0) / total for name in names}
    return {name: weight[name] for name in blocks if weight.get(name, 0.0) > 0}


def build_query(
    matrix: BlockMatrix,
    likes: npt.NDArray[np.intp],
    dislikes: npt.NDArray[np.intp],
    music: float,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Query:
    """The query of a question.

    Args:
        matrix: the catalogue.
        likes, dislikes: rows of the matrix.
        music: the slider, 0 to 1.

    Raises:
        ParameterError: the liked films have no block that the slider leaves any weight.
    """
    liked, disliked, length = {}, {}, {}
    for block, columns in matrix.slices.items():
        having = likes[matrix.has[block][likes]]
        if not len(having):
            continue
        mean = matrix.vectors[having, columns].astype(np.float64).mean(axis=0)
        averse = dislikes[matrix.has[block][dislikes]]
        against = np.zeros_like(mean)
        if len(averse):
            against = matrix.vectors[averse, columns].astype(np.float64).mean(axis=0)
        norm = float(np.linalg.norm(mean - weights.dislike * against))
        if norm > 1e-9:
            liked[block], disliked[block], length[block] = mean, against, norm
    weight = block_weights(weights, list(liked), music)
    if not weight:
        heard = "none of the liked films has music" if music == 1 else "nothing is known of the liked films"
        raise ParameterError(f"--music {music:g}: {heard} to compare by. Move the slider, or like another film.")
    known = sum(amount for block, amount in weight.items() if block not in HEARD) / sum(weight.values())
    return Query(liked, disliked, length, weight, weights.dislike if len(dislikes) else 0.0, known * weights.prior)


def common_weight(matrix: BlockMatrix, query: Query, rows: npt.NDArray[np.intp]) -> Float64:
    """(len(rows),) W(x); 0 where a film and the question have no block in common."""
    common = np.zeros(len(rows))
    for block, weight in query.weight.items():
        common += weight * matrix.has[block][rows]
    return np.where(common > 0, np.maximum(common, query.total / 2), 0.0)


def products(rows: Float64, vector: Float64) -> Float64:
    """(n,) of (n, d) and (d,). BLAS gives equal rows unequal last bits by where they stand, and ties would break."""
    found: Float64 = np.einsum("ij,j->i", rows, vector)
    return found


def shares(matrix: BlockMatrix, query: Query, rows: npt.NDArray[np.intp]) -> dict[str, Float64]:
    """Per block, for `dislikes` and for `prior`: its share of the score of each row, in float64.

    A film's score is the sum of its shares. Films without a common block have NaN.
    """
    common = common_weight(matrix, query, rows)
    scale = np.divide(1.0, common, out=np.full_like(common, np.nan), where=common > 0)
    parts: dict[str, Float64] = {}
    against = np.zeros(len(rows))
    for block, weight in query.weight.items():
        values = matrix.vectors[rows, matrix.slices[block]].astype(np.float64)
        factor = weight / query.length[block] * scale
        parts[block] = factor * products(values, query.liked[block])
        if query.dislike:
            against -= query.dislike * factor * products(values, query.disliked[block])
    if query.dislike:
        parts["dislikes"] = against
    parts["prior"] = query.prior * matrix.prior[rows].astype(np.float64)
    return parts


def scores(matrix: BlockMatrix, query: Query, rows: npt.NDArray[np.intp]) -> Float64:
    """(len(rows),) float64 scores; NaN without a common block."""
    return sum(shares(matrix, query, rows).values(), start=np.zeros(len(rows)))
