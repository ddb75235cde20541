"""Runs of music: passages of ten seconds or more with music (thesis 5.1)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from film import MIN_RUN_S


def find_runs(present: npt.NDArray[np.bool_], min_s: int = MIN_RUN_S) -> list[tuple[int, int]]:
    """Passages of at least `min_s` consecutive seconds with music present.

    Args:
        present: (n_seconds,) whether music is present.
        min_s: minimum length of a run.

    Returns:
        (start_s, end_s) of each run in order; `end_s` is exclusive.
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([0], present.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2) if end - start >= min_s]
