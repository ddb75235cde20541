"""Silero VAD's port: the package's own values, and what a film in pieces promises."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from media.geometry import SECOND_SAMPLES
from models.ears import voice
from models.ears.pieces import PIECES
from models.ears.store import load_weights
from models.ears.voice import CONTEXT, FRAME, HIDDEN, VoiceNetwork
from models.features.levelling import Levelled, levelled
from models.recipes import convert_silero

RATE = 8_000
REFERENCE = Path(__file__).parent / "silero_reference.npz"
"""Probabilities of silero-vad 6.2.3 (its own graph, frame after frame, 8 kHz) for `vowels`."""


def vowels(seconds: float = 4.0) -> np.ndarray:
    """A glottal buzz through three moving formants, in syllables; float32 of full scale 1."""
    t = np.arange(round(seconds * RATE)) / RATE
    pitch = 2 * np.pi * np.cumsum(120 + 25 * np.sin(2 * np.pi * 1.3 * t)) / RATE
    sound = np.zeros(t.size)
    for k in range(1, 30):
        hz = k * 120.0
        strength = sum(
            np.exp(-(((hz - centre * (1 + 0.3 * np.sin(2 * np.pi * (0.7 + i) * t + i))) / 120.0) ** 2))
            for i, centre in enumerate((600.0, 1_300.0, 2_500.0))
        )
        sound += strength * np.sin(k * pitch) / (1 + k / 8)
    syllables = np.clip(np.sin(2 * np.pi * 2.2 * t), 0, 1) ** 0.5
    return (sound * syllables * 0.2).astype(np.float32)


def as_frames(sound: np.ndarray) -> np.ndarray:
    padded = np.pad(sound, (CONTEXT, 0))
    return np.lib.stride_tricks.sliding_window_view(padded, CONTEXT + FRAME)[::FRAME].copy()


def probabilities(network: VoiceNetwork, frames: np.ndarray) -> np.ndarray:
    state = np.zeros((1, 1, HIDDEN), np.float32)
    logits, *_ = network._session.run(None, {"frames": frames, "h": state, "c": state})
    return 1 / (1 + np.exp(-logits))


@pytest.fixture(scope="module")
def network() -> VoiceNetwork:
    return VoiceNetwork(load_weights("silero_vad"))


def test_the_port_gives_the_packages_probabilities(network: VoiceNetwork) -> None:
    with np.load(REFERENCE) as stored:
        expected = stored["probability"]
    assert expected.max() > 0.9 and expected.min() < 0.2  # the reference says something
    assert np.abs(probabilities(network, as_frames(vowels())) - expected).max() < 1e-4


def test_a_film_in_pieces_is_heard_as_one(network: VoiceNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = levelled(np.resize((vowels() * 20_000).astype(np.int16), 40 * SECOND_SAMPLES + 900))
    whole = network.hear(sound)
    assert whole.shape == (40, PIECES)
    monkeypatch.setattr(voice, "FRAMES_AT_ONCE", 77)
    assert np.abs(network.hear(sound) - whole).max() < 1e-3


def test_a_piece_of_a_second_is_the_mean_of_its_frames(network: VoiceNetwork) -> None:
    sound = Levelled(np.resize(vowels(), 25 * SECOND_SAMPLES), np.ones(25, np.float32), slice(0, 25))
    frames = as_frames(np.asarray(sound.samples))
    state = np.zeros((1, 1, HIDDEN), np.float32)
    logits = np.clip(network._session.run(None, {"frames": frames, "h": state, "c": state})[0], -8, 8)
    piece = (np.arange(len(logits)) * FRAME + FRAME // 2) * PIECES // RATE
    expected = [logits[piece == k].mean() for k in range(24 * PIECES)]
    assert np.allclose(network.hear(sound)[:24].ravel(), expected, atol=1e-3)


@pytest.mark.parametrize("seconds", [0, 1, 5, 23, 24])
def test_every_whole_second_has_a_value(network: VoiceNetwork, seconds: int) -> None:
    heard = network.hear(levelled(np.resize((vowels() * 9_000).astype(np.int16), seconds * SECOND_SAMPLES + 5)))
    assert heard.shape == (seconds, PIECES)
    assert np.isfinite(heard).all()


def test_conversion_refuses_another_graph(tmp_path: Path) -> None:
    from errors import ModelError

    onnx = pytest.importorskip("onnx")
    node = onnx.helper.make_node("Identity", ["x"], ["y"])
    value = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1]) for name in "xy"]
    model = onnx.helper.make_model(onnx.helper.make_graph([node], "other", value[:1], value[1:]))
    path = tmp_path / "other.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ModelError, match="no branch for 8 kHz"):
        convert_silero.read_weights(path)
