"""The thesis's ear: an SVM per second (3.2-3.3) and four CNNs per window (4.1-4.2).

As in the thesis nothing is smoothed over time: a second's label is the class of its highest probability, and music is
present where the label is music. Runs of at least ten such seconds are found by `ingest.runs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from film import ATTRIBUTES, GENRES, LEVELS, MUSIC, SPEECH, Activity, WindowAttributes
from media.geometry import SECOND_SAMPLES
from models.ears.network import open_network
from models.ears.silence import without_silence
from models.ears.store import load_weights, version_of
from models.ears.svm import RbfSvm, level_seconds, load_svm
from models.features.mel import log_mel_batches
from models.features.short_term import second_features

DETECTOR_WEIGHTS = "thesis-detector"
EMBEDDING_UNITS = 64
"""Of the dense layer before the classes, in every CNN."""
CNN_WEIGHTS = {kind: f"thesis-{kind}" for kind in ("genre", *ATTRIBUTES)}
WEIGHTS = (DETECTOR_WEIGHTS, *CNN_WEIGHTS.values())
NUMBER = 1
"""Of the ear: changes when what is computed around the weights changes."""
_MELS_AT_ONCE, _BATCH = 64, 16
"""Windows. A network's activations of more than 16 would not stay in the processor's cache."""


def detector_features(samples: npt.NDArray[np.int16] | npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """(n_seconds, 68): what the thesis's detector sees, in training as in serving."""
    return level_seconds(second_features(samples, "fixed"))


@dataclass
class ThesisEar:
    """See models.ears.ear.Ear."""

    detector: RbfSvm
    networks: Mapping[str, Any]
    """ONNX Runtime sessions by kind: genre, danceability, valence, energy"""
    model_version: str
    architecture: str = "thesis"

    @classmethod
    def load(cls, threads: int = 1) -> ThesisEar:
        """With the shipped weights. Raises ModelError as `load_weights`."""
        detector = load_svm(load_weights(DETECTOR_WEIGHTS))
        networks = {kind: open_network(load_weights(name), threads) for kind, name in CNN_WEIGHTS.items()}
        version = version_of("thesis", NUMBER, WEIGHTS)
        return cls(detector, networks, version)

    def activity(self, samples: npt.NDArray[np.int16]) -> tuple[Activity, None]:
        """Unsmoothed probabilities and labels of each second; see models.ears.ear.Ear."""
        probabilities = self.detector.probabilities(detector_features(samples)).astype(np.float32)
        label = probabilities.argmax(axis=1).astype(np.int8)
        activity = Activity(probabilities[:, MUSIC], probabilities[:, SPEECH], label, label == MUSIC)
        return without_silence(activity, samples), None

    def attributes(
        self,
        samples: npt.NDArray[np.int16],
        runs: Sequence[tuple[int, int]],
        memo: object,
        wide: npt.NDArray[np.int16] | None = None,
    ) -> list[WindowAttributes]:
        """CNN probabilities per window; the embedding is the genre CNN's dense layer. See models.ears.ear.Ear."""
        return [self._of_run(samples[start * SECOND_SAMPLES : end * SECOND_SAMPLES]) for start, end in runs]

    def _of_run(self, samples: npt.NDArray[np.int16]) -> WindowAttributes:
        heard: dict[str, list[npt.NDArray[np.float32]]] = {kind: [] for kind in (*CNN_WEIGHTS, "embedding")}
        for batch in _batches(samples):
            for kind, network in self.networks.items():
                wanted = ["probabilities", "embedding"] if kind == "genre" else ["probabilities"]
                outputs = network.run(wanted, {"log_mel_db": batch})
                heard[kind].append(outputs[0])
                heard["embedding"] += outputs[1:]
        return WindowAttributes(
            genre=_joined(heard["genre"], len(GENRES)),
            danceability=_joined(heard["danceability"], len(LEVELS["danceability"])),
            valence=_joined(heard["valence"], len(LEVELS["valence"])),
            energy=_joined(heard["energy"], len(LEVELS["energy"])),
            embedding=_joined(heard["embedding"], EMBEDDING_UNITS),
        )


def _batches(samples: npt.NDArray[np.int16]) -> Iterator[npt.NDArray[np.float32]]:
    for mels in log_mel_batches(samples, _MELS_AT_ONCE):
        for first in range(0, len(mels), _BATCH):
            yield mels[first : first + _BATCH]


def _joined(parts: list[npt.NDArray[np.float32]], width: int) -> npt.NDArray[np.float32]:
    return np.concatenate(parts) if parts else np.empty((0, width), dtype=np.float32)
