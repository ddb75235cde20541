"""The score of a film, and the shares that sum to it (docs/design.md, "Scoring").

Likeness of a film x to one liked film l, over the blocks b that both have: s(l, x) = sum_b w_b <l_b, x_b> / (|l_b| W),
with W(l, x) the weight of these blocks and of the heard ones that l has and x lacks, but at least half of the weight of
all that l has.
score(x) = the mean of the k largest s(l, x) - g times the same for the disliked films + w_p p(x).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from errors import ParameterError
from recommender.matrix import BlockMatrix
from recommender.names import NOBODY, Sharing
from recommender.outside import OutsideFilm
from recommender.vectors import HEARD
from recommender.weights import DEFAULT_WEIGHTS, Balance, Weights, block_weights, group_of

Float64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

PEOPLE = "people"
"""The block that is compared by names, where the matrix has them."""

SERIES = "series"
"""The part of that block's share that comes from a common series."""

SHORTEST = 1e-9
"""A block with a smaller norm has no direction and counts as missing."""


@dataclass(frozen=True, eq=False)
class Anchors:
    """The liked or the disliked films of a question that have a block to compare by."""

    rows: Rows
    """(m,): their rows in the matrix; -1 - i for the i-th film outside of it"""
    directions: Float64
    """(m, d): w_b l_b / |l_b| in the columns of block b; 0 where l lacks b"""
    weight: Float64
    """(m, blocks): w_b of each; 0 where l lacks b. The blocks are those of the matrix, in its order"""
    named: tuple[Sharing, ...]
    """Of each, the films that it shares names with, and w_b times how much; `directions` is 0 in the columns of that
    block"""

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, places: Rows) -> Anchors:
        """Some of these films, by their positions."""
        named = tuple(self.named[place] for place in places)
        return Anchors(self.rows[places], self.directions[places], self.weight[places], named)


@dataclass(frozen=True, eq=False)
class Query:
    """A question as vectors, for `search`."""

    liked: Anchors
    disliked: Anchors
    weight: dict[str, float]
    """Weight of each block that some like has, without blocks of weight 0"""
    dislike: float
    prior: float
    nearest: int

    @property
    def total(self) -> float:
        """The question's total weight."""
        return sum(self.weight.values())


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of the scores of n films, in float64; NaN for films without a common block."""

    nearest: Rows
    """(n, k): positions in `Query.liked` of the likes that count, nearest first; -1 where fewer can be compared"""
    likes: Float64
    """(n, k): contribution of each, s(l, x) / their number"""
    blocks: dict[str, Float64]
    """Contributions (n, k) by block"""
    dislikes: Float64
    """(n,): contribution of all disliked films together; zeros without any"""
    averse: Rows
    """(n,): position among `Query.disliked` of the nearest; -1 if none can be compared"""
    prior: Float64
    """(n,)"""

    def shares(self) -> dict[str, Float64]:
        """Shares (n,) by block, and of `dislikes` and `prior`; they sum to the score."""
        shares = {name: values.sum(axis=1) for name, values in self.blocks.items()}
        return {**shares, "dislikes": self.dislikes, "prior": self.prior}


def anchors_of(matrix: BlockMatrix, rows: Rows, balance: Balance, weights: Weights) -> Anchors:
    """Directions and weights of some films, without films that have no block of positive weight."""
    has = np.stack([matrix.has[name][rows] for name in matrix.slices], axis=1)
    names = matrix.people
    sharing = [lambda row=int(row): names.sharing(row, weights.series) for row in rows] if names is not None else []
    return _anchors(matrix, rows, matrix.vectors[rows], has, sharing, balance, weights)


def anchors_outside(matrix: BlockMatrix, films: Sequence[OutsideFilm], balance: Balance, weights: Weights) -> Anchors:
    """As `anchors_of`, of films that are not in the matrix. The i-th film has the row -1 - i."""
    vectors = np.zeros((len(films), matrix.vectors.shape[1]), np.float32)
    has = np.zeros((len(films), len(matrix.slices)), bool)
    for i, outside in enumerate(films):
        for place, (name, columns) in enumerate(matrix.slices.items()):
            if name in outside.blocks:
                vectors[i, columns], has[i, place] = outside.blocks[name], True
    names = matrix.people
    own = weights.series
    sharing = [lambda film=one.film: names.sharing_film(film, own) for one in films] if names is not None else []
    rows = -1 - np.arange(len(films), dtype=np.intp)
    return _anchors(matrix, rows, vectors, has, sharing, balance, weights)


def joined(first: Anchors, second: Anchors) -> Anchors:
    """The films of both."""
    return Anchors(
        np.concatenate([first.rows, second.rows]),
        np.concatenate([first.directions, second.directions]),
        np.concatenate([first.weight, second.weight]),
        (*first.named, *second.named),
    )


def _anchors(
    matrix: BlockMatrix,
    rows: Rows,
    vectors: npt.NDArray[np.float32],
    has: npt.NDArray[np.bool_],
    sharing: Sequence[Callable[[], Sharing]],
    balance: Balance,
    weights: Weights,
) -> Anchors:
    """Anchors of (m, d) vectors with (m, blocks) `has`.

    `sharing` finds for each film those that share people with it; empty if people are not compared by name.
    """
    names = list(matrix.slices)
    if not len(rows):
        return Anchors(rows, np.zeros((0, vectors.shape[1])), np.zeros((0, len(names))), ())
    length = np.zeros((len(rows), len(names)))
    for place, columns in enumerate(matrix.slices.values()):
        own = vectors[:, columns].astype(np.float64)
        length[:, place] = np.where(has[:, place], np.sqrt(np.einsum("ij,ij->i", own, own)), 0.0)
    weight = _weights_of(names, length > SHORTEST, balance, weights)
    directions = np.zeros((len(rows), vectors.shape[1]))
    for place, (name, columns) in enumerate(matrix.slices.items()):
        if name != PEOPLE or matrix.people is None:
            amount = np.divide(weight[:, place], length[:, place], out=np.zeros(len(rows)), where=weight[:, place] > 0)
            directions[:, columns] = vectors[:, columns].astype(np.float64) * amount[:, None]
    named = [NOBODY] * len(rows)
    if sharing and PEOPLE in names:
        for i, amount_named in enumerate(weight[:, names.index(PEOPLE)]):
            if amount_named:
                found = sharing[i]()
                named[i] = found.take(matrix.has[PEOPLE][found.rows], float(amount_named))
    comparable = weight.any(axis=1)
    kept = tuple(named[i] for i in np.flatnonzero(comparable))
    return Anchors(rows[comparable], directions[comparable], weight[comparable], kept)


def _weights_of(names: Sequence[str], having: npt.NDArray[np.bool_], balance: Balance, weights: Weights) -> Float64:
    """(m, blocks) w_b of films by the blocks that they have, (m, blocks)."""
    found, by_kind = np.zeros(having.shape), dict[bytes, list[float]]()
    for i, kind in enumerate(having):
        key = kind.tobytes()
        if key not in by_kind:
            own = block_weights(weights, [name for name, held in zip(names, kind, strict=True) if held], balance)
            by_kind[key] = [own.get(name, 0.0) for name in names]
        found[i] = by_kind[key]
    return found


def asked_blocks(matrix: BlockMatrix, weight: Float64) -> dict[str, slice]:
    """The blocks with a positive weight in (m, blocks), and their columns."""
    return {name: columns for i, (name, columns) in enumerate(matrix.slices.items()) if np.count_nonzero(weight[:, i])}


def build_query(
    matrix: BlockMatrix, likes: Rows, dislikes: Rows, balance: Balance, weights: Weights = DEFAULT_WEIGHTS
) -> Query:
    """The query of a question about films of the matrix.

    Args:
        matrix: the catalogue.
        likes, dislikes: rows of the matrix.
        balance: the slider, 0 to 1, or a mix.

    Raises:
        ParameterError: the liked films have no block of positive weight.
    """
    liked = anchors_of(matrix, likes, balance, weights)
    disliked = anchors_of(matrix, dislikes, balance, weights)
    return query_of(matrix, liked, disliked, balance, weights)


def query_of(matrix: BlockMatrix, liked: Anchors, disliked: Anchors, balance: Balance, weights: Weights) -> Query:
    """As `build_query`, of films that were made anchors before.

    Raises:
        ParameterError: there is no liked film.
    """
    if not len(liked):
        raise ParameterError(_nothing_left(balance))
    weight = block_weights(weights, list(asked_blocks(matrix, liked.weight)), balance)
    known = sum(amount for block, amount in weight.items() if group_of(block) == "about") / sum(weight.values())
    return Query(liked, disliked, weight, weights.dislike, known * weights.prior, max(1, weights.nearest))


def _nothing_left(balance: Balance) -> str:
    if isinstance(balance, Mapping):
        return f"`mix` {', '.join(balance)}: no liked film has any of it. Name something else, or like another film."
    heard = "none of the liked films has music" if balance == 1 else "nothing is known of the liked films"
    return f"`music` {balance:g}: {heard} to compare by. Choose another value, or like another film."


def common_weight(matrix: BlockMatrix, anchors: Anchors, rows: Rows) -> Float64:
    """(len(rows), m) W(l, x); NaN where the two have no block in common."""
    by_pattern = divisors(matrix, matrix.pattern_blocks.astype(np.float64), anchors.weight)
    found: Float64 = by_pattern[matrix.patterns[rows]]
    return found


def divisors(matrix: BlockMatrix, having: Float64, weight: Float64) -> Float64:
    """(n, m) W(l, x) of films by the blocks they have; NaN where the two have no block in common.

    A like's blocks of sound count whether or not the film has them: a film that was not analysed scores as if its sound
    were neither similar nor dissimilar, and gains nothing from missing blocks.

    Args:
        having: (n, blocks) 1 where a film has the block; in the order of the matrix.
        weight: (m, blocks) weights of the likes' blocks.
    """
    as_if_heard = np.where([name in HEARD for name in matrix.slices], 1.0, having)
    common, counted = products_of_rows(having, weight), products_of_rows(as_if_heard, weight)
    return np.where(common > 0, np.maximum(counted, weight.sum(axis=1) / 2), np.nan)


def products(rows: Float64, vector: Float64) -> Float64:
    """Products (n,) of (n, d) and (d,), without BLAS: its last bits depend on a row's position and break ties."""
    found: Float64 = np.einsum("ij,j->i", rows, vector)
    return found


def products_of_rows(rows: Float64, others: Float64) -> Float64:
    """Products (n, m) of (n, d) and (m, d), as `products`."""
    found: Float64 = np.einsum("ij,kj->ik", rows, others)
    return found


def likeness(matrix: BlockMatrix, anchors: Anchors, rows: Rows) -> Float64:
    """(len(rows), m) s(l, x) in float64; NaN where the two have no block in common."""
    used = np.flatnonzero(anchors.directions.any(axis=0))
    values = matrix.vectors[rows].take(used, axis=1).astype(np.float64)
    found = products_of_rows(values, anchors.directions.take(used, axis=1))
    return (found + shared_names(anchors, rows)) / common_weight(matrix, anchors, rows)


def shared_names(anchors: Anchors, rows: Rows, series: bool = False) -> Float64:
    """(len(rows), m): contribution of shared names to each similarity, before the division by W(l, x).

    Args:
        series: only that of a common series.
    """
    found = np.zeros((len(rows), len(anchors)))
    for i, named in enumerate(anchors.named):
        if len(named.rows):
            values = named.series if series else named.alike
            at = np.minimum(np.searchsorted(named.rows, rows), len(named.rows) - 1)
            found[:, i] = np.where(named.rows[at] == rows, values[at], 0.0)
    return found


def nearest_of(alike: Float64, k: int) -> tuple[Rows, Float64]:
    """The k largest of each row of (n, m) similarities, largest first: (n, k) positions and values.

    Ties keep their order. A row with fewer than k numbers is filled with position -1 and value NaN.
    """
    order = np.argsort(np.where(np.isnan(alike), np.inf, -alike), axis=1, kind="stable")[:, :k]
    values = np.take_along_axis(alike, order, axis=1)
    return np.where(np.isnan(values), -1, order), values


def leanings(matrix: BlockMatrix, query: Query, rows: Rows) -> Float64:
    """(len(rows), m): which likes each film suits: its similarity to each, minus the mean over all likes.

    Rows have length 1; zeros where a film is equally near to all likes, as with a single like.
    """
    return leaning_to(likeness(matrix, query.liked, rows))


def leaning_to(alike: Float64) -> Float64:
    """As `leanings`, of (n, m) likenesses to the likes."""
    alike = np.nan_to_num(alike)
    above = np.maximum(alike - alike.mean(axis=1, keepdims=True), 0.0)
    length = np.sqrt(np.einsum("ij,ij->i", above, above))[:, None]
    unit: Float64 = np.divide(above, length, out=np.zeros_like(above), where=length > SHORTEST)
    return unit


def _mean(values: Float64) -> Float64:
    """(n,) means of each row of (n, k), ignoring NaN; NaN for a row without numbers."""
    count = (~np.isnan(values)).sum(axis=1)
    mean: Float64 = np.divide(np.nansum(values, axis=1), count, out=np.full(len(values), np.nan), where=count > 0)
    return mean


def scores(matrix: BlockMatrix, query: Query, rows: Rows) -> Float64:
    """(len(rows),) float64 scores; NaN without a common block."""
    found = _mean(nearest_of(likeness(matrix, query.liked, rows), query.nearest)[1])
    if len(query.disliked):
        against = _mean(nearest_of(likeness(matrix, query.disliked, rows), query.nearest)[1])
        found = found - query.dislike * np.nan_to_num(against)
    return found + query.prior * matrix.prior[rows].astype(np.float64)


def parts(matrix: BlockMatrix, query: Query, rows: Rows) -> Parts:
    """The parts of each row's score: by like, by block, the dislikes and the prior."""
    nearest, values = nearest_of(likeness(matrix, query.liked, rows), query.nearest)
    count = np.maximum((nearest >= 0).sum(axis=1, keepdims=True), 1)
    common = np.take_along_axis(common_weight(matrix, query.liked, rows), np.maximum(nearest, 0), axis=1)
    blocks = {}
    for name in query.weight:
        columns = matrix.slices[name]
        own = matrix.vectors[rows, columns].astype(np.float64)
        theirs = query.liked.directions[:, columns][np.maximum(nearest, 0)]
        blocks[name] = np.einsum("ij,ikj->ik", own, theirs)
    if PEOPLE in blocks:
        named, series = (
            np.take_along_axis(shared_names(query.liked, rows, only), np.maximum(nearest, 0), axis=1)
            for only in (False, True)
        )
        blocks[PEOPLE] += named - series
        if series.any():
            blocks[SERIES] = series
    blocks = {name: np.where(nearest >= 0, given / common / count, 0.0) for name, given in blocks.items()}
    dislikes, averse = np.zeros(len(rows)), np.full(len(rows), -1, np.intp)
    if len(query.disliked):
        order, against = nearest_of(likeness(matrix, query.disliked, rows), query.nearest)
        averse, dislikes = order[:, 0], -query.dislike * np.nan_to_num(_mean(against))
    prior = query.prior * matrix.prior[rows].astype(np.float64)
    return Parts(nearest, np.where(nearest >= 0, values / count, 0.0), blocks, dislikes, averse, prior)
