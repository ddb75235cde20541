"""The musicnn network of the Million Song Dataset (Pons and Serra 2019), ported to ONNX, over patches of 3 s.

Weights: models/weights/musicnn_msd.onnx (ISC licence beside it), made by models.recipes.convert_musicnn.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from errors import ParameterError
from models.ears.network import each, open_network
from models.features.musicnn_mel import BANDS, FRAMES

MSD_TAGS = (
    "rock", "pop", "alternative", "indie", "electronic", "female vocalists", "dance", "00s", "alternative rock", "jazz",
    "beautiful", "metal", "chillout", "male vocalists", "classic rock", "soul", "indie rock", "Mellow", "electronica",
    "80s", "folk", "90s", "chill", "instrumental", "punk", "oldies", "blues", "hard rock", "ambient", "acoustic",
    "experimental", "female vocalist", "guitar", "Hip-Hop", "70s", "party", "country", "easy listening", "sexy",
    "catchy", "funk", "electro", "heavy metal", "Progressive rock", "60s", "rnb", "indie pop", "sad", "House", "happy",
)  # fmt: skip
MTT_TAGS = (
    "guitar", "classical", "slow", "techno", "strings", "drums", "electronic", "rock", "fast", "piano", "ambient",
    "beat", "violin", "vocal", "synth", "female", "indian", "opera", "male", "singing", "vocals", "no vocals",
    "harpsichord", "loud", "quiet", "flute", "woman", "male vocal", "no vocal", "pop", "soft", "sitar", "solo", "man",
    "classic", "choir", "voice", "new age", "dance", "male voice", "female vocal", "beats", "harp", "cello", "no voice",
    "weird", "country", "metal", "female voice", "choral",
)  # fmt: skip
"""Of the network of MagnaTagATune, which models.ears.instruments imitates."""
EMBEDDING = 200
BATCH = 1
"""Patches at once: the activations of one fit the cache, so that larger batches cost half as much again."""


def tag_columns(*names: str) -> list[int]:
    """Columns of tags by name."""
    return [MSD_TAGS.index(name) for name in names]


class Musicnn:
    """One network, loaded once."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        self._session, self._threads = open_network(path), threads

    def hear(self, patches: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Tags (n, 50) as probabilities and embeddings (n, 200) of log-mel patches (n, 187, 96)."""
        if patches.shape[1:] != (FRAMES, BANDS):
            raise ParameterError(f"musicnn: patches of shape {patches.shape}. Give (n, {FRAMES}, {BANDS}).")
        tags = np.empty((len(patches), len(MSD_TAGS)), np.float32)
        embedding = np.empty((len(patches), EMBEDDING), np.float32)

        def hear(first: int) -> None:
            rows = slice(first, first + BATCH)
            tags[rows], embedding[rows] = self._session.run(["tags", "embedding"], {"mel": patches[rows]})

        each(hear, range(0, len(patches), BATCH), self._threads)
        return tags, embedding
