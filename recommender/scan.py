"""Compiled int16 scan over the catalogue that selects candidates for exact rescoring, with half the memory of float32.

The scan is limited by memory bandwidth, so it reads 16-bit integers, whose products LLVM vectorises. Its scores are
approximate: `error` bounds their deviation, and every film that could be among the best within this bound is scored
again from the original vectors (`recommender.search`).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import numpy.typing as npt


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled on first use and cached on disk: beside the source or in the user's cache, if one is writable."""
    try:
        kept: Callable[..., Any] = numba.njit(nogil=True, cache=True)(function)
        return kept
    except RuntimeError:  # Numba found no writable cache directory
        made: Callable[..., Any] = numba.njit(nogil=True)(function)
        return made


@_compiled
def _products(row: npt.NDArray[np.int16], queries: npt.NDArray[np.int16], sums: npt.NDArray[np.int32]) -> None:
    """Write <row, query> for each of the (m, k) queries; a separate loop, so that LLVM vectorises it."""
    for m in range(queries.shape[0]):
        query = queries[m]
        total = np.int32(0)
        for j in range(row.shape[0]):
            total = np.int32(total + np.int32(np.int32(row[j]) * np.int32(query[j])))
        sums[m] = total


@_compiled
def _largest(sums: npt.NDArray[np.int32], gain: npt.NDArray[np.float32]) -> np.float32:
    """The largest similarity among all queries; -infinity if none can be compared."""
    top = np.float32(-np.inf)
    for m in range(len(sums)):
        alike = np.float32(sums[m]) * gain[m]
        if gain[m] != 0 and alike > top:
            top = alike
    return top


@_compiled
def _mean_of_largest(
    sums: npt.NDArray[np.int32],
    gain: npt.NDArray[np.float32],
    counts: npt.NDArray[np.int32],
    start: int,
    stop: int,
    largest: npt.NDArray[np.float32],
) -> tuple[np.float32, int]:
    """The mean of the largest similarities among queries start to stop (as many as `largest` holds), and their number.

    A query that stands for several films counts that many times; in that case no other films are in the question.
    """
    held, films, summed = 0, 0, np.float32(0)
    for m in range(start, stop):
        if gain[m] == 0:
            continue
        alike = np.float32(sums[m]) * gain[m]
        if counts[m] > 1:
            summed += np.float32(counts[m]) * alike
            films += counts[m]
            continue
        if held < largest.shape[0]:
            at = held
            held += 1
        elif alike > largest[held - 1]:
            at = held - 1
        else:
            continue
        while at > 0 and largest[at - 1] < alike:
            largest[at] = largest[at - 1]
            at -= 1
        largest[at] = alike
    for at in range(held):
        summed += largest[at]
    films += held
    return summed / np.float32(max(films, 1)), films


@_compiled
def scan(
    fixed: npt.NDArray[np.int16],
    queries: npt.NDArray[np.int16],
    first: int,
    gains: npt.NDArray[np.float32],
    counts: npt.NDArray[np.int32],
    liked: int,
    nearest: int,
    dislike: np.float32,
    patterns: npt.NDArray[np.uint16],
    prior: npt.NDArray[np.float32],
    prior_weight: np.float32,
    allowed: npt.NDArray[np.bool_],
    limit: int,
    margin: np.float32,
    more: npt.NDArray[np.float32],
    less: npt.NDArray[np.float32],
    rows: npt.NDArray[np.int32],
    found: npt.NDArray[np.float32],
) -> tuple[int, np.float32]:
    """Collect the films that come within `margin` of the `limit` best so far.

    Args:
        fixed: (n, d) the films; queries: (m, k) against the columns from `first` on. No sum may leave 32 bits.
        gains: (patterns, m) factors from sums to similarities; 0 where films of that pattern cannot be compared.
        counts: (m,) number of films whose mean each query is; more than one only if `nearest` covers all.
        liked: number of likes, the first queries; the others are dislikes.
        nearest: number of largest similarities in the mean, for likes and dislikes each.
        dislike: factor of the dislikes' mean.
        patterns, prior, allowed: (n,); a pattern is a row of `gains`.
        more, less: (n,) bounds on how much higher and lower a score can be due to terms that are not in `fixed`.
        rows, found: (n,) outputs: the collected films, ascending, and upper bounds of their scores.

    Returns:
        Number of collected films, and a lower bound of the `limit`-th best score (-infinity if there are fewer films).
    """
    best = [np.float32(-np.inf)] * limit
    sums, largest = np.empty(len(queries), np.int32), np.empty(nearest, np.float32)
    count = 0
    for i in range(fixed.shape[0]):
        if not allowed[i]:
            continue
        _products(fixed[i, first : first + queries.shape[1]], queries, sums)
        gain = gains[patterns[i]]
        if liked == len(queries):  # the mean of the largest is at most the largest, which suffices for most films
            top = _largest(sums, gain)
            if top + prior_weight * prior[i] + more[i] < best[0] - margin:
                continue
        score, films = _mean_of_largest(sums, gain, counts, 0, liked, largest)
        if films == 0:
            continue
        if liked < len(queries):
            score -= dislike * _mean_of_largest(sums, gain, counts, liked, len(queries), largest)[0]
        score += prior_weight * prior[i]
        if score + more[i] >= best[0] - margin:
            rows[count], found[count] = i, score + more[i]
            count += 1
            if score - less[i] > best[0]:
                heapq.heapreplace(best, score - less[i])
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
