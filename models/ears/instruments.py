"""Tags of instruments and voices, which MSD's tags lack: a linear map from what the MSD network hears of a window.

The map imitates the network MTT_musicnn of Pons and Serra (2019), whose fifty tags name instruments; it costs nothing
where the MSD network has been run. models.recipes.train_instruments made it; its measures are in models/cards/find.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from errors import ModelError, ParameterError
from models.arrays import read_arrays, read_weights
from models.ears.store import REINSTALL

INSTRUMENTS = (
    "piano", "strings", "violin", "cello", "flute", "harp", "harpsichord", "choir", "opera", "drums", "synth", "solo",
)  # fmt: skip
"""Tags of MTT that the map imitates."""
BLOCKS = ("msd", "tags")
"""Feature blocks side by side in the map's rows."""
LEAST_SHOWN = 0.02
TAGS_KEPT, TAG_DECIMALS = 4, 3

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class InstrumentTags:
    """The map: standardised features to the log-odds of each tag."""

    mean: Float64
    scale: Float64
    weights: Float64
    """(d, len(INSTRUMENTS))"""
    bias: Float64

    @classmethod
    def load(cls, path: Path) -> InstrumentTags:
        """Read the weights file.

        Raises:
            ModelError: truncated, or not this map.
        """
        found = cls(**read_weights(path, ("mean", "scale", "weights", "bias"), REINSTALL))
        tags = tuple(read_arrays(path, REINSTALL).get("tags", ()))
        if found.weights.shape != (found.mean.size, len(INSTRUMENTS)) or tags != INSTRUMENTS:
            raise ModelError(f"{path}: made for other tags. {REINSTALL}")
        return found

    def probabilities(self, features: Mapping[str, npt.NDArray[np.floating]]) -> Float64:
        """(n, len(INSTRUMENTS)) how probable MTT_musicnn would call each tag, for n windows.

        Args:
            features: the blocks `msd` (n, 200) and `tags` (n, 50) as log-odds (models.ears.default_features).
        """
        x = np.hstack([np.asarray(features[name], np.float64) for name in BLOCKS])
        if x.shape[1] != self.mean.size:
            raise ParameterError(f"instrument tags: {x.shape[1]} features a window; {self.mean.size} are needed.")
        logits = (x - self.mean) / self.scale @ self.weights + self.bias
        p: Float64 = 1 / (1 + np.exp(-np.clip(logits, -15, 15)))
        return p

    def strongest(self, features: Mapping[str, npt.NDArray[np.floating]]) -> dict[str, float]:
        """The TAGS_KEPT likeliest tags over all windows, the likeliest first, with their mean probability to
        TAG_DECIMALS; those below LEAST_SHOWN are left out."""
        p = self.probabilities(features).mean(axis=0)
        likeliest = np.argsort(-p, kind="stable")[:TAGS_KEPT]
        return {INSTRUMENTS[tag]: round(float(p[tag]), TAG_DECIMALS) for tag in likeliest if p[tag] >= LEAST_SHOWN}
