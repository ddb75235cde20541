"""Compiled scan over the catalogue that selects candidates for exact rescoring.

It reads 16-bit integers, half the memory of float32, in tiles of `WIDTH` films. Within a tile the films' numbers in a
column lie side by side, so every inner loop runs over films, and LLVM vectorises it: the products with each like, and
the choice of each film's largest similarities without a branch. The scores are approximate: every film that could be
among the best within the bound of the error is scored again from the original vectors (`recommender.search`).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from recommender.matrix import TOGETHER, WIDTH

Float32 = npt.NDArray[np.float32]


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled on first use and cached on disk: beside the source or in the user's cache, if one is writable.

    A product and a sum may become one instruction, which rounds once instead of twice.
    """
    options: dict[str, Any] = {"nogil": True, "fastmath": {"contract"}}
    try:
        kept: Callable[..., Any] = numba.njit(cache=True, **options)(function)
        return kept
    except RuntimeError:  # Numba found no writable cache directory
        made: Callable[..., Any] = numba.njit(**options)(function)
        return made


@_compiled
def _products(
    tile: npt.NDArray[np.int16], columns: npt.NDArray[np.int32], queries: Float32, part: Float32, sums: Float32
) -> None:
    """Write the products (m, WIDTH) of a tile's films and the queries (m, c), over the given columns."""
    sums[:] = 0
    for at in range(0, len(columns), TOGETHER):
        for i in range(TOGETHER):
            column, values = tile[columns[at + i]], part[i]
            for film in range(WIDTH):
                values[film] = np.float32(column[film])
        x0, x1, x2, x3, x4, x5, x6, x7 = part[0], part[1], part[2], part[3], part[4], part[5], part[6], part[7]
        for m in range(len(queries)):
            total, query = sums[m], queries[m]
            q0, q1, q2, q3 = query[at], query[at + 1], query[at + 2], query[at + 3]
            q4, q5, q6, q7 = query[at + 4], query[at + 5], query[at + 6], query[at + 7]
            for film in range(WIDTH):
                first = x0[film] * q0 + x1[film] * q1 + x2[film] * q2 + x3[film] * q3
                second = x4[film] * q4 + x5[film] * q5 + x6[film] * q6 + x7[film] * q7
                total[film] += first + second


@_compiled
def _choose(values: Float32, width: int, chosen: Float32, worst: np.float32, high: bool) -> None:
    """Write the largest (or smallest) of each column of (m, WIDTH) into (k, WIDTH), best first; destroys `values`."""
    chosen[:] = worst
    for m in range(len(values)):
        new = values[m]
        for place in range(len(chosen)):
            held = chosen[place]
            if high:
                for film in range(width):
                    one, other = new[film], held[film]
                    held[film] = one if one > other else other
                    new[film] = other if one > other else one
            else:
                for film in range(width):
                    one, other = new[film], held[film]
                    held[film] = one if one < other else other
                    new[film] = other if one < other else one


@_compiled
def _add_named(
    sums: Float32,
    start: int,
    stop: int,
    queries: npt.NDArray[np.int32],
    films: npt.NDArray[np.int32],
    amounts: Float32,
    next_: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
) -> None:
    """Add what shared names give to the sums of the films from start to stop; `next_` moves on to later films."""
    for i in range(len(queries)):
        total, at = sums[queries[i]], next_[i]
        while at < ends[i] and films[at] < stop:
            if films[at] >= start:
                total[films[at] - start] += amounts[at]
            at += 1
        next_[i] = at


@_compiled
def _means(
    sums: Float32,
    gains: Float32,
    counts: Float32,
    patterns: npt.NDArray[np.uint16],
    largest: Float32,
    means: Float32,
    films: Float32,
) -> None:
    """Write the mean of each film's largest similarities to the queries, and the number of likes in the mean.

    With nearly as many queries as count, it is the sum of all without the few smallest, which are found faster.

    Args:
        sums: (m, WIDTH) products of the queries and the films.
        gains: (m, patterns), counts: (m,): of these queries, as in `scan`.
        patterns: (w,) of the tile's films, at most WIDTH.
        largest: (k, WIDTH) used for the largest similarities.
        means, films: (WIDTH,) written.
    """
    none, most = np.float32(-np.inf), np.float32(np.inf)
    means[:], films[:] = 0, 0
    left_out = max(0, len(sums) - len(largest))
    by_smallest = left_out < len(largest)
    for m in range(len(sums)):
        alike, gain, count = sums[m], gains[m], counts[m]
        for film in range(len(patterns)):
            factor = gain[patterns[film]]
            known = factor != 0
            alike[film] = alike[film] * factor if known else none
            means[film] += alike[film] * count if known else np.float32(0)
            films[film] += count if known else np.float32(0)
    if by_smallest:
        _choose(sums, len(patterns), largest[:left_out], most, False)
    else:
        means[:], films[:] = 0, 0
        _choose(sums, len(patterns), largest, none, True)
    sign = np.float32(-1 if by_smallest else 1)
    for place in range(left_out if by_smallest else len(largest)):
        held = largest[place]
        for film in range(len(patterns)):
            known = held[film] > none
            means[film] += sign * held[film] if known else np.float32(0)
            films[film] += sign if known else np.float32(0)
    for film in range(len(patterns)):
        means[film] /= max(films[film], np.float32(1))


@_compiled
def scan(
    tiles: npt.NDArray[np.int16],
    columns: npt.NDArray[np.int32],
    queries: Float32,
    gains: Float32,
    counts: Float32,
    liked: int,
    nearest: int,
    dislike: np.float32,
    patterns: npt.NDArray[np.uint16],
    prior: Float32,
    prior_weight: np.float32,
    allowed: npt.NDArray[np.bool_],
    limit: int,
    margin: np.float32,
    named: tuple[npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.int32], Float32],
    rows: npt.NDArray[np.int32],
    found: Float32,
) -> tuple[int, np.float32]:
    """Collect the films that come within `margin` of the `limit` best so far.

    Args:
        tiles: (t, d, WIDTH) the films.
        columns: (c,) the columns that the queries use, a multiple of `TOGETHER`.
        queries: (m, c) the queries in these columns.
        gains: (m, patterns) factors from sums to similarities; 0 where films of that pattern cannot be compared.
        counts: (m,) number of films whose mean each query is; more than one only if `nearest` covers all.
        liked: number of likes, the first queries; the others are dislikes.
        nearest: number of largest similarities in the mean, for likes and dislikes each.
        dislike: factor of the dislikes' mean.
        patterns, prior, allowed: (n,); a pattern is a column of `gains`.
        named: what shared names add to sums: the query of each of l films, (l + 1,) where the films start that share
            names with it, these films, ascending for each of the l, and the amounts.
        rows, found: (n,) outputs: the collected films, ascending, and their scores.

    Returns:
        Number of collected films, and a lower bound of the `limit`-th best score (-infinity if there are fewer films).
    """
    best = [np.float32(-np.inf)] * limit
    part, sums = np.empty((TOGETHER, WIDTH), np.float32), np.empty((len(queries), WIDTH), np.float32)
    largest = np.empty((nearest, WIDTH), np.float32)
    score, films = np.empty(WIDTH, np.float32), np.empty(WIDTH, np.float32)
    against, others = np.zeros(WIDTH, np.float32), np.empty(WIDTH, np.float32)
    named_queries, starts, named_films, amounts = named
    next_ = starts[:-1].copy()
    count = 0
    for tile in range(len(tiles)):
        start, stop = tile * WIDTH, min((tile + 1) * WIDTH, len(patterns))
        if not allowed[start:stop].any():
            continue
        kinds = patterns[start:stop]
        _products(tiles[tile], columns, queries, part, sums)
        _add_named(sums, start, stop, named_queries, named_films, amounts, next_, starts[1:])
        _means(sums[:liked], gains[:liked], counts[:liked], kinds, largest, score, films)
        if liked < len(queries):
            _means(sums[liked:], gains[liked:], counts[liked:], kinds, largest, against, others)
        for film in range(stop - start):
            score[film] += prior_weight * prior[start + film] - dislike * against[film]
        for film in range(stop - start):
            i = start + film
            if score[film] < best[0] - margin or films[film] == 0 or not allowed[i]:
                continue
            rows[count], found[count] = i, score[film]
            count += 1
            if score[film] > best[0]:
                heapq.heapreplace(best, score[film])
    return count, best[0]


@_compiled
def means_of_largest(
    alike: npt.NDArray[np.float64],
    starts: npt.NDArray[np.intp],
    places: npt.NDArray[np.intp],
    k: int,
    means: npt.NDArray[np.float64],
) -> None:
    """Write for each of u users and c films the mean of the k largest likenesses among the user's likes.

    Args:
        alike: (m, c) likenesses of all liked films; NaN where two films cannot be compared.
        starts, places: user i likes the rows `places[starts[i]:starts[i + 1]]` of `alike`.
        means: (u, c) written; left as it is where nothing can be compared.
    """
    films = alike.shape[1]
    largest, held = np.empty((films, k)), np.empty(films, np.int64)
    for user in range(len(starts) - 1):
        held[:] = 0
        for like in range(starts[user], starts[user + 1]):
            row = alike[places[like]]
            for film in range(films):
                value = row[film]
                if np.isnan(value):
                    continue
                at = held[film]
                if at < k:
                    held[film] += 1
                elif value > largest[film, k - 1]:
                    at = k - 1
                else:
                    continue
                while at > 0 and largest[film, at - 1] < value:
                    largest[film, at] = largest[film, at - 1]
                    at -= 1
                largest[film, at] = value
        for film in range(films):
            if held[film]:
                means[user, film] = largest[film, : held[film]].sum() / held[film]
