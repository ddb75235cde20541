"""The sound without the centre channel, compared with the mix."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from av.audio.plane import AudioPlane

from errors import MediaError
from media.centre import has_centre, silence_centre
from media.channels import views_of
from media.confined import Confined
from media.decode import decode
from tests.media.recordings import pitch_hz, rms, tone

RATE_HZ = 48_000


def surround_wav(path: Path, channels: dict[str, npt.NDArray[np.floating]], layout: str = "5.1") -> Path:
    """A film with these samples of full scale 1 in the channels of that name; the others are silent."""
    names = [channel.name for channel in av.AudioLayout(layout).channels]
    n = max(map(len, channels.values()))
    samples = np.stack([channels.get(name, np.zeros(n)) for name in names], axis=1)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=RATE_HZ, layout=layout)
        packed = np.ascontiguousarray((samples * 32_767).astype(np.int16).reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(packed, "s16", layout)
        frame.sample_rate = RATE_HZ
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def test_what_is_in_the_centre_is_heard_in_the_mix_only(tmp_path: Path) -> None:
    voice, music = 0.5 * tone(3, RATE_HZ), 0.2 * tone(3, RATE_HZ, 1)
    path = surround_wav(tmp_path / "a.wav", {"FC": voice, "FL": music, "FR": music})
    with Confined(tmp_path / "s") as child, child.decode(path, details=True) as sound:
        mix, beside = sound.samples(), sound.music_samples()
        assert len(mix) == len(beside) == 24_000
        assert pitch_hz(mix) == pytest.approx(440, abs=1) and pitch_hz(beside) == pytest.approx(740, abs=1)
        assert rms(np.asarray(mix, np.int32) - beside) == pytest.approx(rms(mix) * 0.89, rel=0.1)
        assert sorted(file.suffix for file in (tmp_path / "s").iterdir()) == [".s16", ".s16", ".s16"]
    assert list((tmp_path / "s").iterdir()) == []


@pytest.mark.parametrize("layout", ["stereo", "mono", "quad"])
def test_without_a_centre_there_is_one_sound(layout: str, tmp_path: Path) -> None:
    name = av.AudioLayout(layout).channels[0].name
    path = surround_wav(tmp_path / "a.wav", {name: tone(2, RATE_HZ)}, layout)
    with decode(path, scratch_dir=tmp_path / "s", details=True) as sound:
        assert sound.music is None
        np.testing.assert_array_equal(sound.music_samples(), sound.samples())


def test_it_is_kept_only_if_it_is_asked_for(tmp_path: Path) -> None:
    path = surround_wav(tmp_path / "a.wav", {"FC": tone(2, RATE_HZ)})
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.music is None
    assert list((tmp_path / "s").iterdir()) == []


def test_nothing_is_left_of_a_file_that_cannot_be_heard(tmp_path: Path) -> None:
    path = surround_wav(tmp_path / "a.wav", {"FC": tone(20, RATE_HZ)})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(MediaError):
        decode(path, scratch_dir=tmp_path / "s", details=True)
    assert list((tmp_path / "s").iterdir()) == []


@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("kind", ["u8", "s16", "s32", "flt", "dbl"])
def test_only_the_centre_is_silenced_in_every_format(kind: str, planar: bool) -> None:
    type_ = {"u8": "u1", "s16": "i2", "s32": "i4", "flt": "f4", "dbl": "f8"}[kind]
    channels = np.random.default_rng(0).integers(20, 100, (6, 480)).astype(type_)
    packed = np.ascontiguousarray(channels if planar else channels.T.reshape(1, -1))
    block = av.AudioFrame.from_ndarray(packed, kind + "p" * planar, "5.1")
    block.sample_rate = RATE_HZ
    silence_centre(block)
    found = block.to_ndarray()
    found = found if planar else found.reshape(-1, 6).T
    np.testing.assert_array_equal(np.delete(found, 2, axis=0), np.delete(channels, 2, axis=0))
    assert (found[2] == (128 if kind == "u8" else 0)).all()


def test_the_centre_of_many_planes_is_silenced() -> None:
    block = av.AudioFrame("fltp", "7.1.4", 480)
    for number in range(12):
        np.frombuffer(memoryview(AudioPlane(block, number)), np.float32, 480)[:] = 1
    silence_centre(block)
    heard = np.stack(views_of(block))
    assert not heard[2].any() and (np.delete(heard, 2, axis=0) == 1).all()


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("mono", False),
        ("stereo", False),
        ("3.0", True),
        ("5.1", True),
        ("7.1", True),
        ("7.1.4", True),
        ("quad", False),
    ],
)
def test_layouts_with_a_centre(layout: str, expected: bool) -> None:
    assert has_centre(av.AudioLayout(layout)) is expected
