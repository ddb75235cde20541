"""The part of a large catalogue's points that a figure draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

MOST_POINTS = 5_000
"""Of Mining's figures. Each point is sent with its title, each time the page runs."""
MOST_MAP_POINTS = 10_000
SEED = 14


def sampled(n: int, most: int, kept: Sequence[int] = ()) -> npt.NDArray[np.intp]:
    """Which of n points are drawn, in their order: all, or `most` of them drawn at random with SEED, and the kept ones.

    Args:
        n: how many points there are.
        most: how many are drawn without a choice.
        kept: places that are drawn in any case.
    """
    if n <= most:
        return np.arange(n)
    drawn = np.random.default_rng(SEED).choice(n, most, replace=False)
    return np.union1d(drawn, np.asarray(kept, np.intp)).astype(np.intp)
