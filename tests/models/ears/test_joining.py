"""Three networks joined: a weighted sum of what each says, singing counted as music."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from errors import ModelError
from media.geometry import SECOND_SAMPLES
from models.ears.activity_net import ActivityNetwork
from models.ears.events import EVENTS, EventNetwork
from models.ears.joining import EVIDENCE, ActivityNetworks, Joint
from models.ears.store import load_weights
from models.ears.voice import VoiceNetwork
from models.features.levelling import levelled
from models.recipes.events_reference import drawn_sounds


def test_the_joint_logit_is_the_weighted_sum(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    weights, bias, evidence = rng.normal(size=(5, 2)), rng.normal(size=2), rng.normal(size=(7, 5))
    np.savez(tmp_path / "joint.npz", weights=weights, bias=bias)
    found = Joint.load(tmp_path / "joint.npz").logits(evidence)
    for second, activity in np.ndindex(7, 2):
        expected = bias[activity] + sum(evidence[second, k] * weights[k, activity] for k in range(5))
        assert found[second, activity] == pytest.approx(expected)


@pytest.mark.parametrize("shape", [(4, 2), (5, 3), (10,)])
def test_weights_of_another_shape_are_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    np.savez(tmp_path / "joint.npz", weights=np.zeros(shape), bias=np.zeros(2))
    with pytest.raises(ModelError, match=r"joint\.npz: not the weights that join own music, .*Reinstall filmscore"):
        Joint.load(tmp_path / "joint.npz")


def test_more_evidence_of_music_never_lowers_music_and_of_speech_never_lowers_speech() -> None:
    joint = Joint.load(load_weights("activity_joint"))
    for k, name in enumerate(EVIDENCE):
        assert joint.weights[k, 0 if "music" in name else 1] > 0, name


def test_each_column_is_what_its_network_says_and_singing_counts_as_music(monkeypatch: pytest.MonkeyPatch) -> None:
    sung = np.array([[-1.0, 4.0, 2.0], [3.0, -5.0, -4.0]], np.float32)[np.arange(24) % 2]
    monkeypatch.setattr(EventNetwork, "hear", lambda self, sound: sung)
    sound = levelled(np.resize(drawn_sounds()["chords"][::2], 24 * SECOND_SAMPLES))
    evidence, layer = ActivityNetworks().hear(sound)
    own, own_layer = ActivityNetwork(load_weights("activity")).hear(sound)
    columns = {
        "own music": own[:, 0],
        "own speech": own[:, 1],
        "voice": VoiceNetwork(load_weights("silero_vad")).hear(sound),
        "event speech": [-1.0, 3.0] * 12,
        "event music": [4.0, -4.0] * 12,
    }
    assert EVENTS == ("speech", "singing", "music")
    assert np.array_equal(evidence, np.column_stack([columns[name] for name in EVIDENCE]))
    assert np.array_equal(layer, own_layer)
