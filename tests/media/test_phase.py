"""Stereo in opposite phase is heard; other stereo is mixed as it is."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from media.decode import decode
from media.phase import in_phase
from tests.media.recordings import pitch_hz, rms, tone


def stereo_wav(path: Path, left: npt.NDArray[np.float32], right: npt.NDArray[np.float32]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((np.stack([left, right], axis=1) * 2**15).astype("<i2").tobytes())
    return path


@pytest.mark.parametrize("right_level", [1.0, 0.95])
def test_opposite_phase_is_as_loud_as_one_channel(right_level: float, tmp_path: Path) -> None:
    left = tone(4, 48_000)
    path = stereo_wav(tmp_path / "a.wav", left, -right_level * left)
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert pitch_hz(sound.samples()) == pytest.approx(440, abs=1)
        assert rms(sound.samples()) == pytest.approx(0.4 / np.sqrt(2) * (1 + right_level) / 2, rel=0.02)


def test_only_the_part_in_opposite_phase_is_turned(tmp_path: Path) -> None:
    left = tone(9, 48_000)
    sign = np.ones_like(left)
    sign[3 * 48_000 : 6 * 48_000] = -1
    path = stereo_wav(tmp_path / "a.wav", left, left * sign)
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        loudness = [rms(sound.samples()[s * 8_000 : (s + 1) * 8_000]) for s in range(9)]
        assert 2 <= sound.turned_s <= 4
    assert min(loudness[s] for s in (0, 1, 4, 7, 8)) > 0.28  # a block may lie across a change
    assert min(loudness) > 0.05


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1", "7.1.4"])
@pytest.mark.parametrize("sample_format", ["u8", "s16", "s32", "flt", "dbl"])
def test_other_blocks_are_left_as_they_are(sample_format: str, layout: str) -> None:
    n = av.AudioLayout(layout).nb_channels
    rng = np.random.default_rng(0)
    kind = {"u8": "u1", "s16": "i2", "s32": "i4", "flt": "f4", "dbl": "f8"}[sample_format]
    noise = rng.integers(20, 100, (1, 4_800 * n)).astype(kind)
    block = av.AudioFrame.from_ndarray(noise, sample_format, layout)
    assert in_phase(block) is block


@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("sample_format", ["u8", "s16", "s32", "flt", "dbl"])
def test_the_right_channel_is_turned_in_every_format(sample_format: str, planar: bool) -> None:
    kind = {"u8": "u1", "s16": "i2", "s32": "i4", "flt": "f4", "dbl": "f8"}[sample_format]
    full, middle = {"u8": (127, 128), "s16": (2**15 - 1, 0), "s32": (2**31 - 1, 0)}.get(sample_format, (1.0, 0))
    left = np.sin(np.arange(4_800) / 9)
    channels = (np.stack([left, -left]) * full + middle).astype(kind)
    packed = np.ascontiguousarray(channels if planar else channels.T.reshape(1, -1))
    block = av.AudioFrame.from_ndarray(packed, sample_format + "p" * planar, "stereo")
    block.sample_rate, block.pts = 48_000, 7
    turned = in_phase(block)
    assert (turned.sample_rate, turned.pts, turned.format.name) == (48_000, 7, block.format.name)
    heard = turned.to_ndarray() if planar else turned.to_ndarray().reshape(-1, 2).T
    np.testing.assert_array_equal(heard[0], channels[0])
    np.testing.assert_allclose(heard[1].astype(float), heard[0].astype(float), atol=0 if full == 1.0 else 1.01)
