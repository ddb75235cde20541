"""What the activity networks hear, joined to one logit of music and one of speech for each second.

EVIDENCE of a second is what each network says of it, and the share of it in held notes. Small networks hear the means
of the seconds at OFFSETS_S from it, and speech in pieces of the seconds at PIECES_AT_S; they learnt on films that
taught none of the others (weights: models/weights/activity_joint.npz, made by models.recipes.fit_activity). Those of
music also hear the held notes (models.ears.held_notes); those of speech do worse with them.
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
from models.ears.held_notes import held_notes
from models.ears.pieces import PIECES
from models.ears.store import REINSTALL, load_weights
from models.ears.voice import VoiceNetwork
from models.features.levelling import Levelled

SECOND = ("own music", "own speech", "voice", "event speech", "event singing", "event music")
"""Mean logits of a second: of our network (models.ears.activity_net), of Silero VAD (models.ears.voice), of the event
network (models.ears.events)."""
LOGITS = 2 + 2 * PIECES + 2
EVIDENCE = LOGITS + 1
"""Of a second: the LOGITS of SECOND, where voice and event speech are each in PIECES; then the share in held notes."""
NETWORKS = ("activity", "silero_vad", "events")
OFFSETS_S = (-10, -7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 10)
PIECES_AT_S = (-1, 0, 1)
ACTIVITIES = ("music", "speech")
SPEECH_INPUTS = len(OFFSETS_S) * len(SECOND) + len(PIECES_AT_S) * 2 * PIECES
INPUTS = {"music": SPEECH_INPUTS + len(OFFSETS_S), "speech": SPEECH_INPUTS}
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
        said = [own, self._voice.hear(sound), events[:, :, 0], events[:, :, 1:].mean(axis=1), held_notes(sound)]
        return np.column_stack(said), layer


@dataclass(frozen=True)
class Joining:
    """Some small networks of one shape (dense layers, ReLU between them), each with its own weights."""

    mean: Array
    """(inputs,): of `around` in the films that taught the networks"""
    scale: Array
    """(inputs,): its deviation"""
    layers: tuple[tuple[Array, Array], ...]
    """Of each the weights (networks, inputs, outputs) and bias (networks, 1, outputs); the last has one output."""

    def logit(self, around: Array) -> Array:
        """(n,) mean logit over the networks of (n, inputs)."""
        x = ((around - self.mean) / self.scale)[None]
        for k, (weights, bias) in enumerate(self.layers):
            x = (np.maximum(x, 0) if k else x) @ weights + bias
        mean: Array = x.mean(axis=0)
        if mean.shape[1] != 1:
            raise ValueError
        return mean[:, 0]

    def arrays(self, activity: str) -> dict[str, npt.NDArray[np.float32]]:
        """What `Joint.load` reads of one activity, in float32."""
        arrays = {"mean": self.mean, "scale": self.scale}
        for k, (weights, bias) in enumerate(self.layers):
            arrays |= {f"weights_{k}": weights, f"bias_{k}": bias}
        return {f"{activity}_{name}": values.astype(np.float32) for name, values in arrays.items()}


@dataclass(frozen=True)
class Joint:
    """The networks of each activity."""

    music: Joining
    speech: Joining

    @classmethod
    def load(cls, path: Path) -> Joint:
        """Raises ModelError where the file is not such weights."""
        stored = {name: values.astype(np.float64) for name, values in read_arrays(path, REINSTALL).items()}
        try:
            music, speech = (
                Joining(
                    stored[f"{activity}_mean"],
                    stored[f"{activity}_scale"],
                    tuple((stored[f"{activity}_weights_{k}"], stored[f"{activity}_bias_{k}"]) for k in range(LAYERS)),
                )
                for activity in ACTIVITIES
            )
            joint = cls(music, speech)
            joint.logits(np.zeros((1, EVIDENCE)))
            if any(getattr(joint, activity).mean.shape != (INPUTS[activity],) for activity in ACTIVITIES):
                raise ValueError
        except (KeyError, ValueError) as fault:
            raise ModelError(f"{path}: not the weights that join {', '.join(SECOND)}. {REINSTALL}") from fault
        return joint

    def save(self, path: Path) -> None:
        """Write the arrays that `load` reads."""
        stored = self.music.arrays("music") | self.speech.arrays("speech")
        with path.open("wb") as stream:
            np.savez_compressed(stream, allow_pickle=False, **stored)

    def logits(self, evidence: npt.NDArray[np.floating]) -> Array:
        """(n, 2) logits of music and speech of (n, EVIDENCE)."""
        heard = around(evidence)
        return np.column_stack([self.music.logit(heard), self.speech.logit(heard[:, :SPEECH_INPUTS])])


def by_second(evidence: npt.NDArray[np.floating]) -> Array:
    """(n, len(SECOND)) of (n, EVIDENCE)."""
    voice, speech = (evidence[:, first : first + PIECES].mean(axis=1) for first in (2, 2 + PIECES))
    return np.column_stack([evidence[:, :2], voice, speech, evidence[:, LOGITS - 2 : LOGITS]]).astype(np.float64)


def around(evidence: npt.NDArray[np.floating]) -> Array:
    """(n, INPUTS["music"]) of (n, EVIDENCE): the means of the seconds at OFFSETS_S from each, then the pieces of those
    at PIECES_AT_S, of which come the first SPEECH_INPUTS columns; then the held notes at OFFSETS_S. The first and last
    second count for those beyond the ends."""
    logits = [_at(by_second(evidence), OFFSETS_S), _at(evidence[:, 2 : LOGITS - 2], PIECES_AT_S)]
    return np.concatenate([*logits, _at(evidence[:, LOGITS:], OFFSETS_S)], axis=1)


def _at(values: npt.NDArray[np.floating], offsets_s: tuple[int, ...]) -> Array:
    rows = np.clip(np.arange(len(values))[:, None] + np.array(offsets_s), 0, max(len(values) - 1, 0))
    found: Array = values.astype(np.float64)[rows].reshape(len(rows), len(offsets_s) * values.shape[1])
    return found
