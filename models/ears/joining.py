"""What the activity networks hear, joined to one logit of music and one of speech for each second.

EVIDENCE of a second is what each network says of it; the joint logit of an activity is a weighted sum of all of it, by
logistic regression on films that taught no network (weights: models/weights/activity_joint.npz, made by
models.recipes.fit_activity).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from errors import ModelError
from models.arrays import read_arrays
from models.ears.activity_net import ActivityNetwork
from models.ears.events import EventNetwork
from models.ears.store import REINSTALL, load_weights
from models.ears.voice import VoiceNetwork
from models.features.levelling import Levelled

EVIDENCE = ("own music", "own speech", "voice", "event speech", "event music")
"""Logits: of our network (models.ears.activity_net), of Silero VAD (models.ears.voice), of the event network
(models.ears.events, where singing counts as music)."""
NETWORKS = ("activity", "silero_vad", "events")
Array = npt.NDArray[np.float64]


class ActivityNetworks:
    """The networks that hear activity."""

    def __init__(self, threads: int = 1) -> None:
        """Raises ModelError as `models.ears.store.load_weights`."""
        own, voice, events = (load_weights(name) for name in NETWORKS)
        self._own, self._voice = ActivityNetwork(own, threads), VoiceNetwork(voice, threads)
        self._events = EventNetwork(events, threads)

    def hear(self, sound: Levelled) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """(n_seconds, len(EVIDENCE)), and our network's last layer (n_seconds, FEATURES)."""
        own, layer = self._own.hear(sound)
        speech, singing, music = self._events.hear(sound).T
        return np.column_stack([own, self._voice.hear(sound), speech, np.maximum(singing, music)]), layer


@dataclass(frozen=True)
class Joint:
    """The weights of both activities."""

    weights: Array
    """(len(EVIDENCE), 2): music, speech"""
    bias: Array
    """(2,)"""

    @classmethod
    def load(cls, path: Path) -> Joint:
        """Raises ModelError where the file is not such weights."""
        stored = read_arrays(path, REINSTALL)
        shapes = {"weights": (len(EVIDENCE), 2), "bias": (2,)}
        if {name: values.shape for name, values in stored.items()} != shapes:
            raise ModelError(f"{path}: not the weights that join {', '.join(EVIDENCE)}. {REINSTALL}")
        return cls(stored["weights"].astype(np.float64), stored["bias"].astype(np.float64))

    def logits(self, evidence: npt.NDArray[np.floating]) -> Array:
        """(n, 2) logits of music and speech of (n, len(EVIDENCE))."""
        joint: Array = evidence @ self.weights + self.bias
        return joint
