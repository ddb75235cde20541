"""What stands behind the sound is no part of it; a part that is missing is said with a figure."""

from __future__ import annotations

import re
import struct
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest

from errors import MediaError
from media.boxes import mp3_seconds
from media.decode import decode
from media.tally import Tally
from tests.media.recordings import Recording, pitch_hz, tone, tone_hz, write

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


BARE = [
    Recording("bare.mp3", "libmp3lame", rate_hz=44_100, seconds=8, options={"write_xing": "0"}),
    Recording("bare.mp2", "mp2", seconds=8),
    Recording("bare.aac", "aac", seconds=8),
    Recording("bare.ac3", "ac3", seconds=8),
    Recording("bare.eac3", "eac3", seconds=8),
]


@pytest.mark.parametrize("tail", BEHIND)
@pytest.mark.parametrize("recording", BARE, ids=lambda r: r.name)
def test_frames_without_a_header_are_heard_up_to_what_is_no_sound(
    recording: Recording, tail: str, tmp_path: Path
) -> None:
    path = write(tmp_path, recording)
    path.write_bytes(path.read_bytes() + BEHIND[tail])
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(8, abs=0.1)
        assert pitch_hz(sound.samples()) == pytest.approx(tone_hz(0), abs=1)
        said = " ".join(sound.notes)
    if tail == "junk" and path.suffix in (".mp3", ".mp2"):
        assert re.fullmatch(
            rf"bare\{path.suffix}: 30\d kB behind 8\.\d s of sound are no sound, and are left out", said
        )


def test_frames_that_are_damaged_in_the_middle_are_refused(tmp_path: Path) -> None:
    whole = write(tmp_path, BARE[0]).read_bytes()
    path = tmp_path / "hurt.mp3"
    path.write_bytes(whole[:60_000] + JUNK + whole[60_000:])
    with pytest.raises(MediaError, match=r"^hurt\.mp3: damaged: \d+ of \d+ packets"):
        decode(path, scratch_dir=tmp_path / "s")


@pytest.mark.parametrize("container", ["mkv", "ts", "avi"])
def test_several_frames_of_eac3_in_a_packet_are_heard(container: str, tmp_path: Path) -> None:
    bare, path = tmp_path / "a.eac3", tmp_path / f"a.{container}"
    with av.open(str(bare), "w") as out:
        stream = out.add_stream("eac3", rate=48_000, layout="mono", options={"b": "3000000"})
        frame = av.AudioFrame.from_ndarray(tone(4, 48_000)[np.newaxis], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, 0, Fraction(1, 48_000)
        for one in av.AudioResampler("fltp", "mono", 48_000, stream.frame_size).resample(frame):
            out.mux(stream.encode(one))
        out.mux(stream.encode(None))
    with av.open(str(bare)) as source, av.open(str(path), "w") as out:
        frames = [bytes(packet) for packet in source.demux() if packet.size]
        n_samples = 4 * 48_000 // len(frames)
        assert n_samples < 1_536
        stream = out.add_stream_from_template(source.streams.audio[0])
        for place in range(0, len(frames), 6):
            packet = av.Packet(b"".join(frames[place : place + 6]))
            packet.stream, packet.time_base = stream, Fraction(1, 48_000)
            packet.pts = packet.dts = place * n_samples
            packet.duration = 6 * n_samples
            out.mux(packet)
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(4, abs=0.1)
        assert sound.notes == ()


class _Bare:
    """A container of bare frames, which states no length."""

    format = SimpleNamespace(name="eac3")
    promised_s = None


def test_sound_that_does_not_come_out_of_the_decoder_is_said() -> None:
    tally = Tally(_Bare(), _Bare())  # type: ignore[arg-type]
    for _ in range(100):
        tally.good(0.032)
    assert tally.notes("a.mkv", "eac3", tally.sound(3.1), 10_000) == ()
    assert tally.notes("a.mkv", "eac3", tally.sound(0.5), 10_000) == (
        "a.mkv: only 0.5 of 3.2 s of its eac3 sound can be decoded; convert it, then add it again",
    )


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


@pytest.mark.fault("An MP3 that lacks a part")
@pytest.mark.parametrize("tail", BEHIND)
def test_an_mp3_that_lacks_a_part_is_refused_though_something_stands_behind_it(tail: str, tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.mp3", "libmp3lame", rate_hz=44_100, seconds=20))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + BEHIND[tail])
    with pytest.raises(MediaError, match=r"a\.mp3: (cut off: it ends after 1\d\.\d of 20\.\d s|damaged: )"):
        decode(path, scratch_dir=tmp_path / "s")
