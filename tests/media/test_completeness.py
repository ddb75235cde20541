"""What stands behind the sound is no part of it; a part that is missing is said with a figure."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from errors import MediaError
from media.boxes import mp3_seconds
from media.decode import decode
from tests.media.recordings import Recording, pitch_hz, tone_hz, write

ID3V1 = b"TAG" + b"Prelude".ljust(125, b"\0")
JUNK = np.random.default_rng(2).bytes(300_000)


def apev2(size: int = 60_000) -> bytes:
    """A tag that holds a cover of so many bytes."""
    cover = b"cover.jpg\0" + np.random.default_rng(1).bytes(size)
    item = struct.pack("<II", len(cover), 2) + b"Cover Art (Front)\0" + cover

    def edge(flags: int) -> bytes:
        return struct.pack("<8sIIII8x", b"APETAGEX", 2_000, len(item) + 32, 1, flags)

    return edge(0xA000_0000) + item + edge(0x8000_0000)


BEHIND = {"ID3v1": ID3V1, "APEv2": apev2(), "APEv2 and ID3v1": apev2() + ID3V1, "junk": JUNK, "zeros": bytes(300_000)}
WHOLE = [
    Recording("a.m4a", "aac", seconds=8),
    Recording("lossless.m4a", "alac", seconds=8),
    Recording("a.mov", "pcm_s16le", video="mpeg4", seconds=8),
    Recording("fragmented.mp4", "aac", seconds=8, options={"movflags": "frag_keyframe+empty_moov"}, video="mpeg4"),
    Recording("a.wv", "wavpack", seconds=8),
    Recording("a.tta", "tta", seconds=8),
    Recording("a.flac", "flac", seconds=8),
    Recording("a.opus", "libopus", seconds=8),
    Recording("a.mp3", "libmp3lame", rate_hz=44_100, seconds=8),
    Recording("low.mp3", "libmp3lame", rate_hz=22_050, channels=1, seconds=8),
]


@pytest.mark.parametrize("tail", BEHIND)
@pytest.mark.parametrize("recording", WHOLE, ids=lambda r: r.name)
def test_a_whole_file_is_heard_whatever_stands_behind_it(recording: Recording, tail: str, tmp_path: Path) -> None:
    path = write(tmp_path, recording)
    path.write_bytes(path.read_bytes() + BEHIND[tail])
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(8, abs=0.1)
        assert pitch_hz(sound.samples()) == pytest.approx(tone_hz(0), abs=1)
        assert sound.scratch.stat().st_size == 2 * sound.n_samples


def test_two_mp3_files_in_one_are_heard_one_after_the_other(tmp_path: Path) -> None:
    first = write(tmp_path, Recording("1.mp3", "libmp3lame", seconds=8)).read_bytes()
    second = write(tmp_path, Recording("2.mp3", "libmp3lame", seconds=7)).read_bytes()
    path = tmp_path / "joined.mp3"
    path.write_bytes(first + ID3V1 + second + ID3V1)
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(15, abs=0.2)


@pytest.mark.parametrize("rate_hz", [48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 11_025, 8_000])
@pytest.mark.parametrize("options", [{}, {"q": "4"}], ids=["constant", "variable"])
def test_the_first_frame_of_an_mp3_tells_its_length(rate_hz: int, options: dict[str, str], tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.mp3", "libmp3lame", rate_hz=rate_hz, seconds=5, options=options))
    assert mp3_seconds(path) == pytest.approx(5, abs=0.35)  # the encoder fills its first and last frames up
    path = write(tmp_path, Recording("b.mp3", "libmp3lame", rate_hz=rate_hz, options={"write_xing": "0"}))
    assert mp3_seconds(path) is None


def test_an_mp4_whose_last_box_claims_too_much_is_heard(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.mp4", "aac", seconds=20, options={"movflags": "faststart"}))
    data = bytearray(path.read_bytes())
    at = data.rindex(b"mdat") - 4
    data[at : at + 4] = (int.from_bytes(data[at : at + 4], "big") + 50_000).to_bytes(4, "big")
    path.write_bytes(data)
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(20, abs=0.1)


def test_missing_packets_of_an_mp4_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.mp4", "aac", seconds=20, options={"movflags": "faststart"}))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(MediaError, match=r"^a\.mp4: cut off: 1 of \d+ packets of its audio are missing\. Copy it"):
        decode(path, scratch_dir=tmp_path / "s")
    path.write_bytes(whole[: len(whole) // 2] + ID3V1)
    with pytest.raises(MediaError, match=r"cut off: 4\d\d of \d+ packets of its audio are missing"):
        decode(path, scratch_dir=tmp_path / "s")


@pytest.mark.parametrize("tail", BEHIND)
def test_an_mp3_that_lacks_a_part_is_refused_though_something_stands_behind_it(tail: str, tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.mp3", "libmp3lame", rate_hz=44_100, seconds=20))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + BEHIND[tail])
    with pytest.raises(MediaError, match=r"a\.mp3: (cut off: it ends after 1\d\.\d of 20\.\d s|damaged: )"):
        decode(path, scratch_dir=tmp_path / "s")
