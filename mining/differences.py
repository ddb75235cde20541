"""Difference of the means of two groups of films, with a bootstrap interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DRAWS = 2_000
SEED = 31
FEWEST = 3
"""A smaller group gets no interval, because so few films say nothing about the spread."""


@dataclass(frozen=True)
class Difference:
    """Mean of the first group minus mean of the second."""

    first: float
    second: float
    low: float | None
    """95 % percentile bootstrap interval of first - second; None where a group has fewer than FEWEST films"""
    high: float | None
    n_first: int
    n_second: int

    @property
    def difference(self) -> float:
        """first - second."""
        return self.first - self.second

    @property
    def is_clear(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def difference(first: Floats, second: Floats) -> Difference | None:
    """Compare the means of two groups. NaN values are left out.

    Args:
        first, second: (n,), (m,) a number of each film.

    Returns:
        None if a group has no known value. The interval: 2.5 and 97.5 % quantiles of the difference of means over DRAWS
        resamples of each group with replacement, drawn with SEED (Efron 1979).
    """
    one, other = (values[np.isfinite(values)] for values in (np.asarray(first, float), np.asarray(second, float)))
    if not len(one) or not len(other):
        return None
    low = high = None
    if min(len(one), len(other)) >= FEWEST:
        rng = np.random.default_rng(SEED)
        means = [values[rng.integers(0, len(values), (DRAWS, len(values)))].mean(axis=1) for values in (one, other)]
        low, high = (float(bound) for bound in np.quantile(means[0] - means[1], [0.025, 0.975]))
    return Difference(float(one.mean()), float(other.mean()), low, high, len(one), len(other))
