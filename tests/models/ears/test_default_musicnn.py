"""The port of musicnn, against the reference values of the original network."""

from __future__ import annotations

import os
from pathlib import Path

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import ParameterError
from models.ears.musicnn import Musicnn
from models.ears.store import load_weights
from models.features import musicnn_mel

REFERENCE = Path(os.environ.get("FILMSCORE_DATA", "../shared/data")) / "music" / "musicnn_reference.npz"


@pytest.fixture(scope="module")
def network() -> Musicnn:
    return Musicnn(load_weights("musicnn_msd"))


def reference_sound() -> np.ndarray:
    t = np.arange(160_000) / musicnn_mel.RATE_HZ
    sweep = 0.3 * np.sin(2 * np.pi * (220 * t + 40 * t**2))
    return (sweep + 0.2 * np.sign(np.sin(2 * np.pi * 2 * t)) * np.sin(2 * np.pi * 880 * t)).astype(np.float32)


@pytest.mark.skipif(not REFERENCE.exists(), reason="the data folder (FILMSCORE_DATA) is absent")
def test_the_port_equals_the_original_network_to_1e_4(network: Musicnn) -> None:
    reference = np.load(REFERENCE)
    log_mel = musicnn_mel.log_compress(musicnn_mel.power_mel(reference_sound()))
    assert np.abs(log_mel[:187] - reference["mel"]).max() < 1e-4
    patches = np.stack([log_mel[i * 187 : (i + 1) * 187] for i in range(3)])
    tags, embedding = network.hear(patches)
    assert np.abs(tags - reference["msd_tags"]).max() < 1e-4
    assert np.abs(embedding - reference["msd_embedding"]).max() < 1e-4


def test_the_mel_equals_librosa() -> None:
    sound = np.random.default_rng(0).standard_normal(20_000).astype(np.float32)
    expected = librosa.feature.melspectrogram(
        y=sound, sr=16_000, n_fft=512, hop_length=256, n_mels=96, pad_mode="constant"
    )
    assert np.allclose(musicnn_mel.power_mel(sound), expected.T, rtol=1e-3, atol=1e-5)


def test_loud_sound_does_not_overflow() -> None:
    compressed = musicnn_mel.log_compress(np.array([[6.6, 60_000]], np.float16))
    assert np.isfinite(compressed).all()
    assert compressed[0, 0] == pytest.approx(4.8195, abs=1e-2)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 40_000), st.floats(0.1, 10))
def test_a_patch_is_a_cut_of_the_whole_and_gain_acts_before_the_logarithm(start: int, gain: float) -> None:
    sound = np.random.default_rng(1).standard_normal(80_000).astype(np.float32) * 0.1
    first = start // 128 * 128
    cut = musicnn_mel.patches(sound, np.array([first]), np.array([gain]))
    whole = musicnn_mel.log_compress(musicnn_mel.power_mel(musicnn_mel.upsample(sound)) * np.float32(gain) ** 2)
    frame = first * 2 // 256
    n = min(187, len(whole) - frame - 2)
    error = np.abs(cut[0, :n] - whole[frame : frame + n])
    assert error.mean() < 5e-3
    assert error[:, :70].max() < 0.05  # the bands near 4 kHz feel the upsampling filter


def test_wrong_patches_are_refused(network: Musicnn) -> None:
    with pytest.raises(ParameterError, match="patches of shape"):
        network.hear(np.zeros((1, 96, 187), np.float32))
