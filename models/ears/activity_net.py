"""The activity network served: a film in pieces, logits per second.

A convolutional network of our own on the 48-band log-mel (models.features.activity_mel); it hears about 7 s to either
side of a second. Weights: models/weights/activity.onnx, made by models.recipes.train_activity.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from media.geometry import SECOND_SAMPLES
from models.ears.network import each, open_network
from models.features import activity_mel
from models.features.levelling import Levelled

FEATURES = 32
CHUNK_S = 120
CONTEXT_S = 10


class ActivityNetwork:
    """Hears music and speech in each second."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        self._session, self._threads = open_network(path), threads

    def hear(self, sound: Levelled) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Logits (n_seconds, 2) of music and speech, and the last layer (n_seconds, FEATURES), of a file's seconds."""
        total = sound.samples.size // SECOND_SAMPLES
        logits, features = np.empty((total, 2), np.float32), np.empty((total, FEATURES), np.float32)

        def hear(chunk: tuple[int, int, int, int]) -> None:
            first, last, heard_from, heard_to = chunk
            kept = slice(first - heard_from, last - heard_from)
            found = self.hear_mel(activity_mel.network_input(sound, heard_from, heard_to))
            logits[first:last], features[first:last] = found[0][kept], found[1][kept]

        each(hear, activity_mel.chunks(total, CHUNK_S, CONTEXT_S), self._threads)
        return logits[sound.seconds], features[sound.seconds]

    def hear_mel(self, mel: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Logits and last layer of (n_seconds * 50, BANDS) from `activity_mel.network_input`."""
        logits, features = self._session.run(["logits", "features"], {"mel": mel})
        return logits, features
