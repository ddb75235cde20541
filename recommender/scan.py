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

GROUP = 8
"""Number of similarities that are sorted together."""


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
    """Write the products (m, WIDTH) of a tile's films and the queries (m, c), over the given columns; m is even.

    Two queries at once, so that each number of a film is loaded once for both.
    """
    sums[:] = 0
    for at in range(0, len(columns), TOGETHER):
        for i in range(TOGETHER):
            column, values = tile[columns[at + i]], part[i]
            for film in range(WIDTH):
                values[film] = np.float32(column[film])
        x0, x1, x2, x3, x4, x5, x6, x7 = part[0], part[1], part[2], part[3], part[4], part[5], part[6], part[7]
        for m in range(0, len(queries), 2):
            total, query, other_total, other = sums[m], queries[m], sums[m + 1], queries[m + 1]
            q0, q1, q2, q3 = query[at], query[at + 1], query[at + 2], query[at + 3]
            q4, q5, q6, q7 = query[at + 4], query[at + 5], query[at + 6], query[at + 7]
            p0, p1, p2, p3 = other[at], other[at + 1], other[at + 2], other[at + 3]
            p4, p5, p6, p7 = other[at + 4], other[at + 5], other[at + 6], other[at + 7]
            for film in range(WIDTH):
                first = x0[film] * q0 + x1[film] * q1 + x2[film] * q2 + x3[film] * q3
                second = x4[film] * q4 + x5[film] * q5 + x6[film] * q6 + x7[film] * q7
                total[film] += first + second
                first = x0[film] * p0 + x1[film] * p1 + x2[film] * p2 + x3[film] * p3
                second = x4[film] * p4 + x5[film] * p5 + x6[film] * p6 + x7[film] * p7
                other_total[film] += first + second


@_compiled
def _two(one: np.float32, other: np.float32) -> tuple[np.float32, np.float32]:
    """Both, the larger first; without a branch, so that loops over films are vectorised."""
    return (one if one > other else other), (other if one > other else one)


@_compiled
def _merged(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any) -> Any:
    """Eight numbers that rise and then fall, or fall and then rise, largest first."""
    (a, e), (b, f), (c, g), (d, h) = _two(a, e), _two(b, f), _two(c, g), _two(d, h)
    (a, c), (b, d), (e, g), (f, h) = _two(a, c), _two(b, d), _two(e, g), _two(f, h)
    (a, b), (c, d), (e, f), (g, h) = _two(a, b), _two(c, d), _two(e, f), _two(g, h)
    return a, b, c, d, e, f, g, h


@_compiled
def _order(rows: Float32, sorting: bool) -> None:
    """Order each column of (GROUP, WIDTH), flat, largest first; if not `sorting`, as `_merged` can."""
    w = WIDTH
    for i in range(WIDTH):
        a, b, c, d = rows[i], rows[w + i], rows[2 * w + i], rows[3 * w + i]
        e, f, g, h = rows[4 * w + i], rows[5 * w + i], rows[6 * w + i], rows[7 * w + i]
        if sorting:
            (a, b), (d, c), (e, f), (h, g) = _two(a, b), _two(c, d), _two(e, f), _two(g, h)
            (a, c), (b, d), (g, e), (h, f) = _two(a, c), _two(b, d), _two(e, g), _two(f, h)
            (a, b), (c, d), (f, e), (h, g) = _two(a, b), _two(c, d), _two(e, f), _two(g, h)
        a, b, c, d, e, f, g, h = _merged(a, b, c, d, e, f, g, h)
        rows[i], rows[w + i], rows[2 * w + i], rows[3 * w + i] = a, b, c, d
        rows[4 * w + i], rows[5 * w + i], rows[6 * w + i], rows[7 * w + i] = e, f, g, h


@_compiled
def _largest(rows: Float32, blocks: int) -> None:
    """Move the largest values of each column of (m, WIDTH), flat, to the first `blocks` groups, largest first.

    m is a multiple of GROUP. Each group is sorted, and merged with the groups of the largest so far. Comparing the
    first of one with the last of the other, and so on, leaves the larger half in one group and the smaller half in
    the other, both in an order that `_merged` sorts (Batcher, "Sorting networks and their applications", 1968).
    """
    size = GROUP * WIDTH
    for start in range(0, len(rows), size):
        new = rows[start : start + size]
        _order(new, True)
        for block in range(min(blocks, start // size)):
            held = rows[block * size : (block + 1) * size]
            for at in range(0, size, WIDTH):
                first, last = held[at : at + WIDTH], new[size - at - WIDTH : size - at]
                for film in range(WIDTH):
                    first[film], last[film] = _two(first[film], last[film])
            _order(held, False)
            if block + 1 < blocks:
                _order(new, False)


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
    nearest: int,
    alike: Float32,
    means: Float32,
    films: Float32,
) -> None:
    """Write the mean of each film's largest similarities to the queries, and the number of likes in the mean.

    Args:
        sums: (m, WIDTH) products of the queries and the films.
        gains: (m, patterns), counts: (m,): of these queries, as in `scan`.
        patterns: (w,) of the tile's films, at most WIDTH.
        nearest: number of largest similarities in the mean; with more queries than that, every count is 1.
        alike: (m or more, WIDTH) used for the similarities; its number of rows is a multiple of GROUP.
        means, films: (WIDTH,) written.
    """
    none = np.float32(-np.inf)
    factors = films
    for m in range(len(sums)):
        total, found, gain = sums[m], alike[m], gains[m]
        if m == 0 or (gain != gains[m - 1]).any():
            for film in range(len(patterns)):
                factors[film] = gain[patterns[film]]
        for film in range(len(patterns)):
            found[film] = total[film] * factors[film] if factors[film] != 0 else none
    used = len(sums)
    if used > nearest:
        alike[used:] = none
        _largest(alike.ravel(), -(-nearest // GROUP))
        used = nearest
    means[:], films[:] = 0, 0
    for place in range(used):
        found, count = alike[place], counts[place]
        for film in range(len(patterns)):
            known = found[film] > none
            means[film] += found[film] * count if known else np.float32(0)
            films[film] += count if known else np.float32(0)
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
        queries: (m, c) the queries in these columns, and a row of zeros more if their number is odd.
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
    best, least = [np.float32(-np.inf)] * limit, np.float32(-np.inf)
    part, sums = np.empty((TOGETHER, WIDTH), np.float32), np.empty((len(queries), WIDTH), np.float32)
    m = len(gains)
    alike = np.empty((-(-max(liked, m - liked) // GROUP) * GROUP, WIDTH), np.float32)
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
        _means(sums[:liked], gains[:liked], counts[:liked], kinds, nearest, alike, score, films)
        if liked < m:
            _means(sums[liked:m], gains[liked:], counts[liked:], kinds, nearest, alike, against, others)
        for film in range(stop - start):
            score[film] += prior_weight * prior[start + film] - dislike * against[film]
        for film in range(stop - start):
            i = start + film
            if score[film] < least or films[film] == 0 or not allowed[i]:
                continue
            rows[count], found[count] = i, score[film]
            count += 1
            if score[film] > best[0]:
                heapq.heapreplace(best, score[film])
                least = best[0] - margin
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
