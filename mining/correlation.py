"""Spearman's rank correlation of every pair of columns, with p-values that know how many pairs were looked at.

Source: thesis chapter 6, figures 25-30; Spearman (1904). Corrections: Holm (1979) bounds the chance of any false find,
Benjamini and Hochberg (1995) the expected share of false finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from errors import ParameterError
from mining.preprocess import DURATIONS

Correction = Literal["holm", "benjamini-hochberg", "none"]
Floats = npt.NDArray[np.float64]

FOCUS: dict[str, tuple[str, ...]] = {
    "All attributes (figure 25)": (),
    "Rating and Metascore (figure 26)": ("Rating", "Metascore"),
    "Director and year (figure 27)": ("Director", "Year"),
    "Music, speech and other (figure 28)": DURATIONS,
    "Danceability, valence, energy and director (figure 29)": ("Danceability", "Valence", "Energy", "Director"),
    "Film genres and director (figure 30)": ("Movie Genres", "Director"),
}
"""The thesis's heatmaps by figure; () = every column. In the founded encoding a name stands for its indicators too."""


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
    """Columns of which all known values are equal: their correlation is undefined."""

    def pairs(self) -> pd.DataFrame:
        """One row a pair, strongest first: first, second, rho, p, p_corrected, films."""
        upper = np.triu_indices(len(self.names), 1)
        table = pd.DataFrame(
            {
                "first": [self.names[i] for i in upper[0]],
                "second": [self.names[j] for j in upper[1]],
                "rho": self.rho[upper],
                "p": self.p[upper],
                "p_corrected": self.p_corrected[upper],
                "films": self.n[upper],
            }
        )
        return table.sort_values("rho", key=lambda rho: -rho.abs(), kind="stable").reset_index(drop=True)


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


def _pair(first: Floats, second: Floats) -> tuple[float, float, int]:
    both = ~(np.isnan(first) | np.isnan(second))
    n = int(both.sum())
    if n < 3:
        return float("nan"), float("nan"), n
    x, y = stats.rankdata(first[both]), stats.rankdata(second[both])
    x -= x.mean()
    y -= y.mean()
    length = float(np.sqrt((x @ x) * (y @ y)))
    if length == 0:
        return float("nan"), float("nan"), n
    rho = float(np.clip((x @ y) / length, -1.0, 1.0))
    if abs(rho) == 1:
        return rho, 0.0, n
    t = rho * np.sqrt((n - 2) / (1 - rho * rho))
    return rho, float(2 * stats.t.sf(abs(t), n - 2)), n


def spearman(table: pd.DataFrame, correction: Correction = "benjamini-hochberg") -> Correlations:
    """Spearman's rho of every pair of columns over the films that have both values.

    Args:
        table: (n_films, k) numbers; NaN = not known.
        correction: how p-values allow for the number of pairs.

    Returns:
        rho with ties at their mean rank; p from Student's t with n - 2 degrees of freedom; both NaN for pairs with a
        constant column or fewer than 3 films.

    Raises:
        ParameterError: fewer than two columns.
    """
    names = tuple(str(name) for name in table.columns)
    k = len(names)
    if k < 2:
        raise ParameterError("correlation: it needs two columns. Choose another one as well.")
    columns = [table.iloc[:, i].to_numpy(dtype=np.float64) for i in range(k)]
    rho = np.full((k, k), np.nan)
    p = np.full((k, k), np.nan)
    n = np.zeros((k, k), dtype=np.int64)
    constant = []
    for i in range(k):
        known = columns[i][~np.isnan(columns[i])]
        n[i, i] = known.size
        if known.size and np.all(known == known[0]):
            constant.append(names[i])
        elif known.size:
            rho[i, i], p[i, i] = 1.0, 0.0
        for j in range(i + 1, k):
            rho[i, j], p[i, j], n[i, j] = _pair(columns[i], columns[j])
            rho[j, i], p[j, i], n[j, i] = rho[i, j], p[i, j], n[i, j]
    upper = np.triu_indices(k, 1)
    adjusted = p.copy()
    adjusted[upper] = correct(p[upper], correction)
    adjusted.T[upper] = adjusted[upper]
    return Correlations(names, rho, p, adjusted, n, tuple(constant))


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
