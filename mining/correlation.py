"""Spearman's rank correlation of every pair of columns, with p-values corrected for the number of pairs.

Source: thesis chapter 6, figures 25-30; Spearman (1904). Corrections: Holm (1979) bounds the chance of any false find,
Benjamini and Hochberg (1995) the expected share of false finds. Permutation p-values: Phipson and Smyth (2010).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtr

from errors import ParameterError
from mining.preprocess import DURATIONS, FACE_FEATURES, MUSIC_SHARES, PRESENT, SAID_AND_SEEN

Correction = Literal["holm", "benjamini-hochberg", "none"]
Floats = npt.NDArray[np.float64]

ASYMPTOTIC_FROM = 30
"""From this many films on, Student's t approximates the distribution of rho well enough."""
EXACT_TO = 7
"""Up to this many films, all permutations are enumerated (5,040); above, SHUFFLES of them are sampled."""
SHUFFLES = 4_999
SEED = 25
INTERVAL_DRAWS = 1_000
DRAWN_TO = 5_000
"""Largest number of films for which intervals are bootstrapped; with more, the draws alone take hundreds of
megabytes."""
PAIRS_AT_ONCE = 100
"""Bounds the memory of `rho_intervals`."""
PRODUCTS_AT_ONCE = 1_000_000
"""Bounds the memory of `permutation_p`."""
TALK = ("Speech Duration", "Speech Present", "Dialogue", "Words Per Minute")
COLOURS = ("Saturation", "Colourfulness")
FACES = FACE_FEATURES[:3]
EXPRESSIONS = FACE_FEATURES[3:]
WHOLES: tuple[tuple[str, ...], ...] = (MUSIC_SHARES, (*DURATIONS, *PRESENT), TALK, COLOURS, FACES, EXPRESSIONS)
"""Percentages of one whole (the music's seconds, the film's, the faces' expressions), and measures of the same thing
(how much is said, how colourful the frames are, how many faces they show): they sum to 100 or count the same, so they
correlate by construction, whatever the films are."""
_ONE_OF = "Director: "
"""Indicator columns of which exactly one is set per film."""

FOCUS: dict[str, tuple[str, ...]] = {
    "All attributes (figure 25)": (),
    "Rating and Metascore (figure 26)": ("Rating", "Metascore"),
    "Director and year (figure 27)": ("Director", "Year"),
    "Music, speech and other (figure 28)": DURATIONS,
    "Danceability, valence, energy and director (figure 29)": ("Danceability", "Valence", "Energy", "Director"),
    "Film genres and director (figure 30)": ("Movie Genres", "Director"),
    "Said and seen (founded encoding)": (*SAID_AND_SEEN, *DURATIONS, "Energy", "Valence", "Rating"),
}
"""The columns of the thesis's heatmaps by figure, and of one that compares what is said and seen with the music; () =
every column. In the founded encoding a name stands for its indicators too."""


@dataclass(frozen=True)
class Correlations:
    """Pairwise rank correlation of k columns."""

    names: tuple[str, ...]
    rho: Floats
    """(k, k); NaN where undefined"""
    p: Floats
    """(k, k), two-sided, uncorrected; the diagonal is 0"""
    p_corrected: Floats
    """(k, k), corrected over the k(k-1)/2 pairs that are defined"""
    n: npt.NDArray[np.int64]
    """(k, k) films that have both"""
    constant: tuple[str, ...]
    """Columns whose known values are all equal, so that their correlation is undefined."""
    low: Floats
    """(k, k) lower bound of the 95 % interval of rho (`rho_intervals`); NaN where undefined"""
    high: Floats
    """(k, k) upper bound"""

    def pairs(self) -> pd.DataFrame:
        """One row a pair, strongest first.

        Columns: first, second, rho, low, high, p, p_corrected, films, p_method (`p_method` of the films) and
        by_construction (`by_construction` of the pair).
        """
        upper = np.triu_indices(len(self.names), 1)
        table = pd.DataFrame(
            {
                "first": [self.names[i] for i in upper[0]],
                "second": [self.names[j] for j in upper[1]],
                "rho": self.rho[upper],
                "low": self.low[upper],
                "high": self.high[upper],
                "p": self.p[upper],
                "p_corrected": self.p_corrected[upper],
                "films": self.n[upper],
                "p_method": [p_method(int(films)) for films in self.n[upper]],
                "by_construction": [by_construction(self.names[i], self.names[j]) for i, j in zip(*upper, strict=True)],
            }
        )
        return table.sort_values("rho", key=lambda rho: -rho.abs(), kind="stable").reset_index(drop=True)

    def only(self, names: Collection[str]) -> Correlations:
        """These columns, in their order here. All numbers stay as they are, also the correction over all pairs."""
        places = [place for place, name in enumerate(self.names) if name in names]
        squares = ("rho", "p", "p_corrected", "n", "low", "high")
        parts: dict[str, Any] = {name: getattr(self, name)[np.ix_(places, places)] for name in squares}
        return replace(self, names=tuple(self.names[place] for place in places), **parts)


def p_method(films: int) -> Literal["exact", "permutation", "t"]:
    """The method for a pair's p-value: all permutations of the films, sampled permutations, or Student's t."""
    if films <= EXACT_TO:
        return "exact"
    return "permutation" if films < ASYMPTOTIC_FROM else "t"


def by_construction(first: str, second: str) -> bool:
    """Whether two columns are parts of one whole or measure the same thing (`WHOLES`)."""
    return (first.startswith(_ONE_OF) and second.startswith(_ONE_OF)) or any(
        first in whole and second in whole for whole in WHOLES
    )


def correct(p: npt.ArrayLike, correction: Correction) -> Floats:
    """Adjusted p-values in the given order; NaN stays NaN and does not count as a comparison.

    Args:
        p: (m,) p-values.
        correction: "holm", "benjamini-hochberg" or "none".
    """
    values = np.asarray(p, dtype=np.float64)
    adjusted = values.copy()
    known = np.flatnonzero(~np.isnan(values))
    if correction == "none" or known.size == 0:
        return adjusted
    order = known[np.argsort(values[known], kind="stable")]
    m = order.size
    if correction == "holm":
        stepped = np.maximum.accumulate(values[order] * (m - np.arange(m)))
    else:
        stepped = np.minimum.accumulate((values[order] * m / np.arange(1, m + 1))[::-1])[::-1]
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


@cache
def _orders(n: int) -> npt.NDArray[np.intp]:
    """(m, n) permutations of n films: all of them up to EXACT_TO films, else SHUFFLES sampled with SEED."""
    if n <= EXACT_TO:
        return np.array(list(itertools.permutations(range(n))), dtype=np.intp)
    rng = np.random.default_rng((SEED, n))
    return rng.permuted(np.tile(np.arange(n, dtype=np.intp), (SHUFFLES, 1)), axis=1)


def permutation_p(ranks: Floats) -> Floats:
    """The share of permutations whose rank correlation is at least as far from 0, two-sided, of every pair of columns.

    Exact up to EXACT_TO films. Beyond, the observed order counts among the drawn ones, so p is never 0.

    Args:
        ranks: (n, k), ties at their mean rank. Doubled they are whole numbers, whose sums of products float64 holds
            exactly, so that equal sums compare as equal on every processor.

    Returns:
        (k, k); of the pair (i, j) with i < j the second column is reordered.
    """
    n, k = ranks.shape
    doubled = np.rint(2 * ranks)
    expected = n * (n + 1) ** 2  # of the sum of products of doubled ranks, over all orders
    observed = np.abs(doubled.T @ doubled - expected)
    hits, orders = np.zeros((k, k)), _orders(n)
    step = max(1, PRODUCTS_AT_ONCE // (k * max(n, k)))
    for first in range(0, len(orders), step):
        some = orders[first : first + step].T
        sums = (doubled.T @ doubled[some].reshape(n, -1)).reshape(k, -1, k)  # of each column with each reordered one
        hits += (np.abs(sums - expected) >= observed[:, None]).sum(axis=1)
    upper = np.triu(hits, 1)
    hits = upper + upper.T
    p: Floats = hits / len(orders) if n <= EXACT_TO else (1 + hits) / (1 + len(orders))
    return p


def _shared_films(values: Floats) -> dict[bytes, list[tuple[int, int]]]:
    """Films that have both values, as the bytes of an (n,) bool array -> the pairs of columns with exactly these films.

    Few sets of films occur (analysed films, films with a Metascore), so ranks are computed once per set, not per pair.
    """
    known = ~np.isnan(values)
    groups: dict[bytes, list[tuple[int, int]]] = {}
    for i, j in itertools.combinations(range(values.shape[1]), 2):
        groups.setdefault((known[:, i] & known[:, j]).tobytes(), []).append((i, j))
    return groups


def _ranks(values: Floats, pairs: Sequence[tuple[int, int]]) -> tuple[npt.NDArray[np.intp], Floats]:
    """The m columns of some pairs, and (n, m) their ranks among the given films, ties at their mean rank."""
    columns = np.unique(np.array(pairs, np.intp))
    return columns, np.asarray(pd.DataFrame(values[:, columns]).rank(), np.float64)


def _related(ranks: Floats) -> tuple[Floats, Floats]:
    """(m, m) rho and p of (n, m) ranks; NaN for fewer than 3 films or a constant column."""
    n, m = ranks.shape
    if n < 3:
        return np.full((m, m), np.nan), np.full((m, m), np.nan)
    centred = ranks - ranks.mean(axis=0)
    squared = (centred * centred).sum(axis=0)
    length = np.sqrt(np.outer(squared, squared))
    rho = np.divide(centred.T @ centred, length, out=np.full((m, m), np.nan), where=length > 0)
    rho = np.clip(rho, -1.0, 1.0)
    if n < ASYMPTOTIC_FROM:
        return rho, np.where(length > 0, permutation_p(ranks), np.nan)
    with np.errstate(divide="ignore"):
        p: Floats = 2 * stdtr(
            n - 2, -np.abs(rho) * np.sqrt((n - 2) / (1 - rho * rho))
        )  # Student's t; scipy.stats is slow to import
    return rho, p


def rho_intervals(table: pd.DataFrame, draws: int) -> tuple[Floats, Floats]:
    """95 % intervals of Spearman's rho of every pair of columns: percentiles of a bootstrap (Efron 1979) from
    ASYMPTOTIC_FROM to DRAWN_TO films; of fewer and of more films Fisher's z with the variance of Bonett and Wright
    (2000). The bootstrap's intervals of few films are too short (`bench.false_finds`).

    Films are drawn with replacement, with SEED, and keep the ranks that they have among all films of the pair: so one
    product of matrices serves all pairs with the same films.

    Args:
        table: (n_films, k) numbers; NaN = not known.
        draws: resamples of the films.

    Returns:
        (k, k) lower and upper bounds; draws in which a column is constant are left out. NaN where a pair has fewer than
        3 films or a constant column, and on the diagonal.
    """
    values = table.to_numpy(np.float64)
    k = values.shape[1]
    low, high = np.full((k, k), np.nan), np.full((k, k), np.nan)
    for mask, pairs in _shared_films(values).items():
        both = np.frombuffer(mask, dtype=bool)
        n = int(both.sum())
        if n < 3:
            continue
        columns, ranks = _ranks(values[both], pairs)
        ranks = (ranks - ranks.mean(axis=0)) / n
        drawn, is_drawn = np.zeros((0, n)), ASYMPTOTIC_FROM <= n <= DRAWN_TO
        if is_drawn:
            drawn = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), draws) / n
        means = drawn @ ranks
        varied = drawn @ (ranks * ranks) - means**2
        for first in range(0, len(pairs), PAIRS_AT_ONCE):
            some = np.array(pairs[first : first + PAIRS_AT_ONCE])
            x, y = np.searchsorted(columns, some).T
            if is_drawn:
                together = drawn @ (ranks[:, x] * ranks[:, y]) - means[:, x] * means[:, y]
                bounds = _percentiles(together, varied[:, x] * varied[:, y])
            else:
                bounds = _fisher(ranks[:, x], ranks[:, y])
            for bound, found in zip((low, high), bounds, strict=True):
                bound[some[:, 0], some[:, 1]] = bound[some[:, 1], some[:, 0]] = found
    return low, high


def _fisher(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """(m,) bounds of the correlation of m pairs of (n, m) centred ranks."""
    length = np.sqrt((x * x).sum(axis=0) * (y * y).sum(axis=0))
    rho = np.divide((x * y).sum(axis=0), length, out=np.full(x.shape[1], np.nan), where=length > 0)
    half = 1.96 * np.sqrt((1 + rho**2 / 2) / (len(x) - 3)) if len(x) > 3 else np.full(rho.shape, np.inf)
    z = np.arctanh(np.clip(rho, -1 + 1e-12, 1 - 1e-12))
    return np.tanh(z - half), np.tanh(z + half)


def _percentiles(products: Floats, squared_lengths: Floats) -> tuple[Floats, Floats]:
    """(m,) 2.5 and 97.5 % quantiles of m pairs' correlations, from (draws, m) covariances and products of variances.

    Draws in which a column is constant are left out; NaN where there are no others.
    """
    varying = squared_lengths > 1e-12
    rho = np.full((products.shape[1], len(products)), np.nan)
    rho[varying.T] = products.T[varying.T] / np.sqrt(squared_lengths.T[varying.T])
    rho.sort(axis=1)  # NaN last
    last = np.maximum(varying.sum(axis=0) - 1, 0)
    at = np.array([[0.025], [0.975]]) * last
    below, pair = at.astype(np.intp), np.arange(len(rho))
    low, high = rho[pair, below], rho[pair, np.minimum(below + 1, last)]
    bounds = np.clip(low + (high - low) * (at - below), -1, 1)
    return bounds[0], bounds[1]


def spearman(
    table: pd.DataFrame, correction: Correction = "benjamini-hochberg", *, interval_draws: int = 0
) -> Correlations:
    """Spearman's rho of every pair of columns over the films that have both values.

    Args:
        table: (n_films, k) numbers; NaN = not known.
        correction: how p-values allow for the number of pairs.
        interval_draws: resamples for the intervals; 0 leaves them NaN.

    Returns:
        rho with ties at their mean rank; p by permutation for fewer than ASYMPTOTIC_FROM films, else from Student's t
        with n - 2 degrees of freedom; both NaN for pairs with a constant column or fewer than 3 films.

    Raises:
        ParameterError: fewer than two columns.
    """
    names = tuple(str(name) for name in table.columns)
    k = len(names)
    if k < 2:
        raise ParameterError("correlation: it needs two columns. Choose another one as well.")
    values = table.to_numpy(dtype=np.float64)
    rho = np.full((k, k), np.nan)
    p = np.full((k, k), np.nan)
    n = np.zeros((k, k), dtype=np.int64)
    constant = []
    for i in range(k):
        known = values[~np.isnan(values[:, i]), i]
        n[i, i] = known.size
        if known.size and np.all(known == known[0]):
            constant.append(names[i])
        elif known.size:
            rho[i, i], p[i, i] = 1.0, 0.0
    for mask, pairs in _shared_films(values).items():
        both = np.frombuffer(mask, dtype=bool)
        columns, ranks = _ranks(values[both], pairs)
        here = np.array(pairs, np.intp).T
        for found, table_of in zip((rho, p), _related(ranks), strict=True):
            found[tuple(here)] = found[tuple(here[::-1])] = table_of[tuple(np.searchsorted(columns, here))]
        n[tuple(here)] = n[tuple(here[::-1])] = int(both.sum())
    upper = np.triu_indices(k, 1)
    adjusted = p.copy()
    adjusted[upper] = correct(p[upper], correction)
    adjusted.T[upper] = adjusted[upper]
    low, high = rho_intervals(table, interval_draws) if interval_draws else np.full((2, k, k), np.nan)
    return Correlations(names, rho, p, adjusted, n, tuple(constant), low, high)


def focus_columns(columns: Sequence[str], focus: str) -> list[str]:
    """The columns of a preset of FOCUS; a name stands for its indicator columns in the founded encoding."""
    wanted = FOCUS[focus]
    if not wanted:
        return list(columns)
    prefixes = {"Movie Genres": "Genre: ", "Director": "Director: ", "Countries": "Country: "}
    return [
        name
        for name in columns
        if name in wanted or any(name.startswith(prefixes[one]) for one in wanted if one in prefixes)
    ]
