"""Country, dance and hip-hop from musicnn's tags, where labelled recordings are missing or too few.

Weak labels: a genre gains a share sigmoid(STEEPNESS (x - threshold)) of a window's probability, x = log-odds of its
tags in the window. The thresholds lie above what the labelled recordings of the other genres reach (99.9 % of their
windows for country and hip-hop; dance lies above the labelled electronic music, most of which is dance music, on
purpose), so the labelled genres lose next to nothing; the card has the count.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from film import GENRES
from models.ears.musicnn import tag_columns

STEEPNESS = 3.0
WEAK: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("country", ("country",), -0.6),
    ("dance", ("dance", "House"), 0.3),
    ("hiphop", ("Hip-Hop",), -0.3),
)
"""Genre, its tags (their odds are added), threshold."""


def with_weak_genres(p: npt.NDArray[np.floating], tag_logits: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """(n, 10) genre probabilities after the weak genres took their share; rows sum to 1 as before.

    Args:
        p: (n, 10) of the trained head.
        tag_logits: (n, 50) log-odds of the MSD tags.
    """
    shares = np.zeros((len(p), len(GENRES)))
    for genre, tags, threshold in WEAK:
        x = np.logaddexp.reduce(tag_logits[:, tag_columns(*tags)].astype(np.float64), axis=1)
        shares[:, GENRES.index(genre)] = 1 / (1 + np.exp(-STEEPNESS * (x - threshold)))
    shares /= np.maximum(1.0, shares.sum(axis=1, keepdims=True))
    joined: npt.NDArray[np.float32] = (p * (1 - shares.sum(axis=1, keepdims=True)) + shares).astype(np.float32)
    return joined
