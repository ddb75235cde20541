"""What the activity networks hear, joined to one logit of music and one of speech for each second.

EVIDENCE of a second is what each network says of it. Small networks hear the means of the seconds at OFFSETS_S from
it, and speech in pieces of the seconds at PIECES_AT_S; they learnt on films that taught none of the others (weights:
models/weights/activity_joint.npz, made by models.recipes.fit_activity).
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
from models.ears.pieces import PIECES
from models.ears.store import REINSTALL, load_weights
from models.ears.voice import VoiceNetwork
from models.features.levelling import Levelled

SECOND = ("own music", "own speech", "voice", "event speech", "event singing", "event music")
"""Mean logits of a second: of our network (models.ears.activity_net), of Silero VAD (models.ears.voice), of the event
network (models.ears.events)."""
EVIDENCE = 2 + 2 * PIECES + 2
"""Logits of a second: SECOND, but voice and event speech each in PIECES."""
NETWORKS = ("activity", "silero_vad", "events")
OFFSETS_S = (-10, -7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 10)
PIECES_AT_S = (-1, 0, 1)
INPUTS = len(OFFSETS_S) * len(SECOND) + len(PIECES_AT_S) * 2 * PIECES
LAYERS = 3
Array = npt.NDArray[np.float64]


class ActivityNetworks:
    """The networks that hear activity."""

    def __init__(self, threads: int = 1) -> None:
        """Raises ModelError as `models.ears.store.load_weights`."""
        own, voice, events = (load_weights(name) for name in NETWORKS)
        self._own, self._voice = ActivityNetwork(own, threads), VoiceNetwork(voice)
        self._events = EventNetwork(events, threads)

    def hear(self, sound: Levelled) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """(n_seconds, EVIDENCE), and our network's last layer (n_seconds, FEATURES)."""
        own, layer = self._own.hear(sound)
        events = self._events.hear(sound)
        return np.column_stack([own, self._voice.hear(sound), events[:, :, 0], events[:, :, 1:].mean(axis=1)]), layer


@dataclass(frozen=True)
class Joint:
    """Some small networks of one shape (dense layers, ReLU between them), each with its own weights."""

    mean: Array
    """(INPUTS,): of `around` in the films that taught the networks"""
    scale: Array
    """(INPUTS,): its deviation"""
    layers: tuple[tuple[Array, Array], ...]
    """Of each layer the weights (networks, inputs, outputs) and bias (networks, 1, outputs); the last has two outputs:
    music, speech."""

    @classmethod
    def load(cls, path: Path) -> Joint:
        """Raises ModelError where the file is not such weights."""
        stored = {name: values.astype(np.float64) for name, values in read_arrays(path, REINSTALL).items()}
        try:
            joint = cls(
                stored["mean"],
                stored["scale"],
                tuple((stored[f"weights_{k}"], stored[f"bias_{k}"]) for k in range(LAYERS)),
            )
            if joint.logits(np.zeros((1, EVIDENCE))).shape != (1, 2) or joint.mean.shape != (INPUTS,):
                raise ValueError
        except (KeyError, ValueError) as fault:
            raise ModelError(f"{path}: not the weights that join {', '.join(SECOND)}. {REINSTALL}") from fault
        return joint

    def save(self, path: Path) -> None:
        """Write the arrays that `load` reads, in float32."""
        arrays = {"mean": self.mean, "scale": self.scale}
        for k, (weights, bias) in enumerate(self.layers):
            arrays |= {f"weights_{k}": weights, f"bias_{k}": bias}
        stored = {name: values.astype(np.float32) for name, values in arrays.items()}
        with path.open("wb") as stream:
            np.savez_compressed(stream, allow_pickle=False, **stored)

    def logits(self, evidence: npt.NDArray[np.floating]) -> Array:
        """(n, 2) logits of music and speech of (n, EVIDENCE): the mean over the networks."""
        x = ((around(evidence) - self.mean) / self.scale)[None]
        for k, (weights, bias) in enumerate(self.layers):
            x = (np.maximum(x, 0) if k else x) @ weights + bias
        joint: Array = x.mean(axis=0)
        return joint


def by_second(evidence: npt.NDArray[np.floating]) -> Array:
    """(n, len(SECOND)) of (n, EVIDENCE)."""
    voice, speech = (evidence[:, first : first + PIECES].mean(axis=1) for first in (2, 2 + PIECES))
    return np.column_stack([evidence[:, :2], voice, speech, evidence[:, -2:]]).astype(np.float64)


def around(evidence: npt.NDArray[np.floating]) -> Array:
    """(n, INPUTS) of (n, EVIDENCE): the means of the seconds at OFFSETS_S from each, then the pieces of those at
    PIECES_AT_S; the first and last second count for those beyond the ends."""
    return np.concatenate([_at(by_second(evidence), OFFSETS_S), _at(evidence[:, 2:-2], PIECES_AT_S)], axis=1)


def _at(values: npt.NDArray[np.floating], offsets_s: tuple[int, ...]) -> Array:
    rows = np.clip(np.arange(len(values))[:, None] + np.array(offsets_s), 0, max(len(values) - 1, 0))
    found: Array = values.astype(np.float64)[rows].reshape(len(rows), len(offsets_s) * values.shape[1])
    return found
