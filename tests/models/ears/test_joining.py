"""Three networks joined by small ones, singing counted as music."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from errors import ModelError
from media.geometry import SECOND_SAMPLES
from models.ears.activity_net import ActivityNetwork
from models.ears.events import EVENTS, EventNetwork
from models.ears.held_notes import held_notes
from models.ears.joining import (
    ACTIVITIES,
    EVIDENCE,
    INPUTS,
    LOGITS,
    OFFSETS_S,
    PIECES_AT_S,
    SECOND,
    ActivityNetworks,
    Joining,
    Joint,
    by_second,
)
from models.ears.pieces import PIECES
from models.ears.store import load_weights
from models.ears.voice import VoiceNetwork
from models.features.levelling import levelled
from models.recipes.events_reference import drawn_sounds


def drawn_joint(seed: int = 0) -> Joint:
    """Two networks of each activity with drawn weights."""
    rng = np.random.default_rng(seed)
    return Joint(*(drawn_networks(rng, INPUTS[activity]) for activity in ACTIVITIES))


def drawn_networks(rng: np.random.Generator, inputs: int) -> Joining:
    layers = [(rng.normal(size=(2, a, b)), rng.normal(size=(2, 1, b))) for a, b in pairwise((inputs, 4, 3, 1))]
    return Joining(rng.normal(size=inputs), rng.uniform(1, 2, inputs), tuple(layers))


def means(row: np.ndarray) -> np.ndarray:
    """What a second's EVIDENCE says in SECOND."""
    own, pieces, events = row[:2], row[2 : 2 + 2 * PIECES], row[2 + 2 * PIECES : LOGITS]
    return np.concatenate([own, pieces.reshape(2, PIECES).mean(axis=1), events])


def test_the_joint_logit_is_what_the_networks_say_of_the_seconds_around(tmp_path: Path) -> None:
    drawn_joint().save(tmp_path / "joint.npz")
    joint, evidence = Joint.load(tmp_path / "joint.npz"), np.random.default_rng(1).normal(size=(25, EVIDENCE))
    found = joint.logits(evidence)
    for second in (0, 12, 24):
        rows = [evidence[min(max(second + offset, 0), 24)] for offset in OFFSETS_S]
        near = [evidence[min(max(second + offset, 0), 24)] for offset in PIECES_AT_S]
        spoken = [means(row) for row in rows] + [row[2 : 2 + 2 * PIECES] for row in near]
        heard = [(joint.music, [*spoken, [row[-1] for row in rows]]), (joint.speech, spoken)]
        for column, (joining, parts) in enumerate(heard):
            said = []
            for network in range(2):
                x = (np.concatenate(parts) - joining.mean) / joining.scale
                for k, (weights, bias) in enumerate(joining.layers):
                    x = (np.maximum(x, 0) if k else x) @ weights[network] + bias[network, 0]
                said.append(x[0])
            assert found[second, column] == pytest.approx(np.mean(said))
    assert joint.logits(evidence[:0]).shape == (0, 2)


@pytest.mark.parametrize("name", ["music_mean", "speech_mean", "music_weights_0", "speech_bias_1", "music_weights_2"])
def test_weights_of_another_shape_are_refused(tmp_path: Path, name: str) -> None:
    drawn_joint().save(tmp_path / "joint.npz")
    with np.load(tmp_path / "joint.npz") as stored:
        arrays = dict(stored)
    for wrong in (arrays | {name: np.zeros((4, 7))}, {key: arrays[key] for key in arrays if key != name}):
        np.savez(tmp_path / "joint.npz", **wrong)
        with pytest.raises(ModelError, match=r"joint\.npz: not the weights that join own music, .*Reinstall filmscore"):
            Joint.load(tmp_path / "joint.npz")


def test_evidence_of_music_makes_music_and_evidence_of_speech_makes_speech() -> None:
    joint = Joint.load(load_weights("activity_joint"))
    for music, speech in product((-4.0, 4.0), repeat=2):
        evidence = [music, speech, *[speech] * 2 * PIECES, -4.0, music, 0.0 if music < 0 else 0.5]
        logits = joint.logits(np.tile(evidence, (40, 1)))
        assert (np.sign(logits) == np.sign([music, speech])).all(), (music, speech)


def test_a_second_that_is_half_speech_is_told_from_one_that_is_half_sure() -> None:
    joint = Joint.load(load_weights("activity_joint"))
    half = [-7.0] * (PIECES // 2) + [7.0] * (PIECES // 2)
    cut, unsure = np.full((2, 40, EVIDENCE), -7.0)
    cut[:, LOGITS:] = unsure[:, LOGITS:] = 0.0
    cut[:, 2 : 2 + 2 * PIECES] = half * 2
    unsure[:, 2 : 2 + 2 * PIECES] = 0.0
    assert np.array_equal(by_second(cut), by_second(unsure))
    assert not np.allclose(joint.logits(cut), joint.logits(unsure), atol=0.1)


def test_each_column_is_what_its_network_says(monkeypatch: pytest.MonkeyPatch) -> None:
    said = np.random.default_rng(0).normal(size=(24, PIECES, len(EVENTS))).astype(np.float32)
    monkeypatch.setattr(EventNetwork, "hear", lambda self, sound: said)
    chords, note = drawn_sounds()["chords"][::2], np.round(8_000 * np.sin(np.arange(8 * SECOND_SAMPLES) / 5))
    sound = levelled(np.resize(np.concatenate([chords, note]).astype(np.int16), 24 * SECOND_SAMPLES))
    evidence, layer = ActivityNetworks().hear(sound)
    own, own_layer = ActivityNetwork(load_weights("activity")).hear(sound)
    voice = VoiceNetwork(load_weights("silero_vad")).hear(sound)
    assert EVENTS == ("speech", "singing", "music")
    assert evidence.shape == (24, EVIDENCE)
    assert np.array_equal(evidence[:, 2 + PIECES : 2 + 2 * PIECES], said[:, :, 0])
    assert np.array_equal(evidence[:, -1], held_notes(sound)) and evidence[:, -1].max() > 0.5
    columns = {
        "own music": own[:, 0],
        "own speech": own[:, 1],
        "voice": voice.mean(axis=1),
        **{f"event {event}": said[:, :, k].mean(axis=1) for k, event in enumerate(EVENTS)},
    }
    assert by_second(evidence) == pytest.approx(np.column_stack([columns[name] for name in SECOND]), abs=1e-6)
    assert np.array_equal(layer, own_layer)


def test_held_notes_speak_for_music_and_say_nothing_of_speech() -> None:
    joint = Joint.load(load_weights("activity_joint"))
    unsure = np.zeros((40, EVIDENCE))
    held = unsure.copy()
    held[:, -1] = 0.9
    assert (joint.logits(held)[:, 0] > joint.logits(unsure)[:, 0]).all()
    assert np.array_equal(joint.logits(held)[:, 1], joint.logits(unsure)[:, 1])
