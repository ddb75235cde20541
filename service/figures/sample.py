"""Choose the points of a large catalogue that a figure draws."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

MOST_POINTS = 5_000
"""Limit for Mining's figures: each point is sent with its title in every run of the page."""
SEED = 14


def sampled(n: int, most: int) -> npt.NDArray[np.intp]:
    """Indices of the points to draw, ascending: all n, or `most` of them chosen at random with SEED.

    Args:
        n: number of points.
        most: number of points chosen at random.
    """
    if n <= most:
        return np.arange(n)
    drawn = np.random.default_rng(SEED).choice(n, most, replace=False)
    return np.sort(drawn).astype(np.intp)
