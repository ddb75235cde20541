"""Choose the tempo of a window: among the periods at which its onsets repeat, the one that fits the kind of music best.

Onsets repeat at the tempo, and also at half and twice the tempo. Which of these people call the tempo depends on the
music. So two things decide: how clearly the onsets repeat, and a map from MSD's tags to the tempo that is likely for
such music. models.recipes.train_pace fits the map; models/cards/default-attributes.md says how often the tempo is
right.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from errors import ModelError
from film import FloatArray
from models.arrays import read_weights
from models.ears.musicnn import MSD_TAGS
from models.ears.store import REINSTALL

MULTIPLES = (0.5, 1.0, 2.0)
"""Multiples of the tempo of each band group's strongest beat that are candidates."""
SLOWEST_BPM, FASTEST_BPM = 48.0, 220.0
WIDTH_OCTAVES = 0.7
"""How far the tempo may be from the likely one: the standard deviation of a normal weight. Chosen on
the first half of the clips (models/cards/default-attributes.md)."""
LEAST_STRENGTH = 0.02
"""Weaker beats count as this strong: a bound for the logarithm."""
LEAST_BETWEEN = -0.1
"""If there is less sound between beats than this, twice the tempo is not a candidate."""
BEATS = ("bpm", "strength", "between")
"""The values that `signal_features.beats` gives for each beat, in its order."""

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pace:
    """The map from the tags' log-odds to the binary logarithm of the likely tempo in BPM."""

    weights: Float64
    """(len(MSD_TAGS),)"""
    bias: float

    @classmethod
    def load(cls, path: Path) -> Pace:
        """Read the weights file.

        Raises:
            ModelError: truncated, or not this map.
        """
        stored = read_weights(path, ("weights", "bias"), REINSTALL)
        weights, bias = stored["weights"], stored["bias"]
        if weights.shape != (len(MSD_TAGS),) or bias.size != 1:
            raise ModelError(f"{path}: not a map of {len(MSD_TAGS)} tags to a tempo. {REINSTALL}")
        return cls(weights, bias.item())

    def likely_bpm(self, tags: FloatArray) -> Float64:
        """(n,) the tempo that is likely for music with these tags, (n, 50) log-odds; limited to the possible tempos."""
        octaves = np.clip(tags @ self.weights + self.bias, np.log2(SLOWEST_BPM), np.log2(FASTEST_BPM))
        bpm: Float64 = 2.0**octaves
        return bpm

    def tempo(
        self, tags: FloatArray, bpm: FloatArray, strength: FloatArray, between: FloatArray
    ) -> tuple[Float64, Float64]:
        """Tempo in BPM (n,) and its confidence (n,) in [0, 1] of n windows.

        Args:
            tags: (n, 50) log-odds.
            bpm: (n, groups) tempo of each band group's strongest beat (`signal_features.beats`).
            strength: (n, groups) how clearly it repeats; that of the chosen beat is the confidence.
            between: (n, groups) how much sound there is between beats.
        """
        return chosen(self.likely_bpm(tags), bpm, strength, between)


def chosen(
    likely_bpm: FloatArray, bpm: FloatArray, strength: FloatArray, between: FloatArray
) -> tuple[Float64, Float64]:
    """As `Pace.tempo`, with the likely tempo (n,) given."""
    tempos = (bpm[:, :, None] * np.array(MULTIPLES)).reshape(len(bpm), -1)
    clear = np.repeat(strength, len(MULTIPLES), axis=1)
    away = np.log2(tempos / likely_bpm[:, None]) / WIDTH_OCTAVES
    score = np.log(np.maximum(clear, LEAST_STRENGTH)) - 0.5 * away**2
    doubled = np.tile(MULTIPLES, bpm.shape[1]) > 1
    score[doubled & (np.repeat(between, len(MULTIPLES), axis=1) <= LEAST_BETWEEN)] = -np.inf
    score[(tempos < SLOWEST_BPM) | (tempos > FASTEST_BPM)] = -np.inf
    best = score.argmax(axis=1)
    rows = np.arange(len(best))
    return tempos[rows, best], np.clip(clear[rows, best], 0, 1)
