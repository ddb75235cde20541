"""Centred log-ratios of shares that sum to a whole, so that one part can rise without the others having to fall.

Source: Aitchison (1986), centred log-ratio; zeros by multiplicative replacement, Martin-Fernandez et al. (2003).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mining.preprocess import DURATIONS, MUSIC_SHARES

PARTS_OF_100: tuple[tuple[str, ...], ...] = (MUSIC_SHARES, DURATIONS)
"""Shares that sum to 100. `mining.correlation.WHOLES` also holds shares that merely overlap."""
ZERO_PCT = 0.5
"""Replaces a share of 0 %: half of the smallest share that is displayed."""


def centred_log_ratios(table: pd.DataFrame, wholes: Sequence[Sequence[str]] = PARTS_OF_100) -> pd.DataFrame:
    """The table with the parts of each whole as centred log-ratios; other columns are unchanged.

    A zero becomes ZERO_PCT, and what is not zero shrinks in proportion, so that the parts still sum to 100; then each
    is the logarithm of its ratio to the parts' geometric mean. A film whose parts are unknown or all zero has NaN. The
    log-ratios of one whole sum to 0: pairs of them stay related, though less than the shares.

    Args:
        table: (n, k) numbers; shares in percent.
        wholes: columns that are parts of one whole; a whole of which the table lacks a part stays as it is.
    """
    changed = table.copy()
    for whole in wholes:
        parts = [name for name in whole if name in table.columns]
        if len(parts) != len(whole):
            continue
        shares = table[parts].to_numpy(np.float64)
        total = shares.sum(axis=1, keepdims=True)
        known = np.isfinite(total) & (total > 0)
        shares = 100 * np.divide(shares, total, out=np.full_like(shares, np.nan), where=known)
        zeros = shares <= 0
        shrunk = shares * (1 - zeros.sum(axis=1, keepdims=True) * ZERO_PCT / 100)
        logs = np.log(np.where(zeros, ZERO_PCT, shrunk))
        changed[parts] = logs - logs.mean(axis=1, keepdims=True)
    return changed
