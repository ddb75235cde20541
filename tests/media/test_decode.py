"""Any file that holds sound is heard on the film's clock; any other gives one clear line and leaves nothing behind."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from errors import MediaError
from media import tape
from media.decode import MEDIA_SUFFIXES, choose_audio_track, decode, media_sha256
from tests.media.recordings import Recording, pitch_hz, rms, tone_hz, write

RECORDINGS = [
    Recording("a.mkv", "aac", video="mpeg4"),
    Recording("surround.mkv", "ac3", channels=6),
    Recording("lossless.mka", "flac", rate_hz=96_000),
    Recording("a.mp4", "aac", video="mpeg4"),
    Recording("faststart.mp4", "aac", rate_hz=44_100, video="mpeg4", options={"movflags": "faststart"}),
    Recording("fragmented.mp4", "aac", video="mpeg4", options={"movflags": "frag_keyframe+empty_moov"}),
    Recording("a.m4a", "alac", rate_hz=44_100),
    Recording("a.mov", "pcm_s24le", video="mpeg4"),
    Recording("a.avi", "libmp3lame", video="mpeg4"),
    Recording("pcm.avi", "pcm_s16le", rate_hz=22_050, channels=1, video="mpeg4"),
    Recording("a.webm", "libopus", video="libvpx"),
    Recording("live.webm", "libopus", options={"live": "1"}),
    Recording("a.wav", "pcm_s16le", rate_hz=44_100),
    Recording("already.wav", "pcm_s16le", rate_hz=8_000, channels=1),
    Recording("low.wav", "pcm_u8", rate_hz=6_000, channels=1),
    Recording("float.wav", "pcm_f32le", rate_hz=192_000),
    *(Recording(f"{n}ch.wav", "pcm_s16le", channels=n) for n in range(1, 9)),
    Recording("a.flac", "flac", channels=8),
    Recording("a.wv", "wavpack"),
    Recording("8 planes.wv", "wavpack", channels=8, sample_format="s16p"),
    Recording("8 planes of floats.wv", "wavpack", channels=8, sample_format="fltp"),
    Recording("12 planes.wv", "wavpack", channels=12, sample_format="fltp"),
    Recording("a.mp3", "libmp3lame", rate_hz=44_100),
    Recording("headerless.mp3", "libmp3lame", options={"write_xing": "0"}),
    Recording("a.ogg", "flac", container="ogg"),
    Recording("a.opus", "libopus", channels=6),
    Recording("a.aac", "aac", container="adts"),
    Recording("a.ts", "mp2", video="mpeg2video", container="mpegts"),
    Recording("a.flv", "aac", video="flv"),
    Recording("a.aiff", "pcm_s16be"),
    Recording("no suffix", "pcm_s16le", container="wav"),
    Recording("wrong.mp3", "aac", container="mp4"),
]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda r: r.name)
def test_every_format_gives_the_same_sound_at_8_khz_mono(recording: Recording, tmp_path: Path) -> None:
    path = write(tmp_path, recording)
    scratch = tmp_path / "scratch"
    shown: list[float] = []
    with decode(path, scratch_dir=scratch, on_progress=shown.append) as sound:
        samples = sound.samples()
        assert samples.dtype == np.int16
        assert not samples.flags.writeable
        assert samples.shape == (sound.n_samples,)
        assert sound.duration_s == pytest.approx(recording.seconds, abs=0.12)
        middle = samples[8_000:-8_000]
        assert pitch_hz(middle) == pytest.approx(tone_hz(0), abs=1)
        assert 0.1 < rms(middle) < 0.5
        assert sound.path == path
        assert sound.audio_track == 0
        assert sound.scratch.stat().st_size == 2 * sound.n_samples
    assert list(scratch.iterdir()) == []
    assert shown[-1] == 1.0
    assert shown == sorted(shown)


def test_the_common_suffixes_are_known() -> None:
    assert {".mkv", ".mp4", ".avi", ".mov", ".webm", ".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus"} <= MEDIA_SUFFIXES
    assert all(s == s.lower() and s.startswith(".") for s in MEDIA_SUFFIXES)


# --- which track, and when


@pytest.mark.parametrize(("asked", "heard"), [(None, 1), (0, 0), (1, 1), (2, 2)])
def test_the_chosen_track_is_heard_else_the_default(asked: int | None, heard: int, tmp_path: Path) -> None:
    path = write(tmp_path, Recording("three.mkv", "flac", tracks=3, default_track=1, video="mpeg4"))
    assert choose_audio_track(path, asked).track == heard
    with decode(path, audio_track=asked, scratch_dir=tmp_path / "s") as sound:
        assert sound.audio_track == heard
        assert pitch_hz(sound.samples()) == pytest.approx(tone_hz(heard), abs=1)


@pytest.mark.parametrize("asked", [2, -1])
def test_a_wrong_track_number_says_how_many_there_are(asked: int, tmp_path: Path) -> None:
    path = write(tmp_path, Recording("two.mkv", "aac", tracks=2))
    with pytest.raises(
        MediaError, match=rf"^two\.mkv: no audio track {asked}, it has 2 audio tracks\. Choose 0 to 1\.$"
    ):
        decode(path, audio_track=asked, scratch_dir=tmp_path / "s")


def test_a_track_that_starts_late_is_heard_on_the_films_clock(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("late.mkv", "flac", starts_s=2.5, video="mpeg4", video_seconds=9))
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(8.5, abs=0.06)
        assert not sound.samples()[: int(2.45 * 8_000)].any()
        assert rms(sound.samples()[int(2.55 * 8_000) : 24_000]) > 0.2


def test_a_hole_in_the_track_is_silence(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("hole.mkv", "pcm_s16le", silent_s=(2, 4), video="mpeg4"))
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        loudness = [rms(sound.samples()[s * 8_000 + 800 : (s + 1) * 8_000 - 800]) for s in range(6)]
    assert sound.duration_s == pytest.approx(6, abs=0.06)
    assert [value > 0.1 for value in loudness] == [True, True, False, False, True, True]


def test_rate_and_channels_may_change_in_the_middle(tmp_path: Path) -> None:
    parts = [
        Recording("1.ts", "mp2", rate_hz=48_000, channels=2, container="mpegts", seconds=3),
        Recording("2.ts", "mp2", rate_hz=32_000, channels=1, container="mpegts", seconds=3),
    ]
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(write(tmp_path, part).read_bytes() for part in parts))
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(6, abs=0.2)
        for second in (1, 4):
            assert pitch_hz(sound.samples()[second * 8_000 : (second + 1) * 8_000]) == pytest.approx(tone_hz(0), abs=2)


def test_the_downmix_is_the_mean_of_two_channels(tmp_path: Path) -> None:
    path = tmp_path / "two.wav"
    rng = np.random.default_rng(1)
    stereo = np.repeat(rng.integers(-9_000, 9_000, (100, 2)), 400, axis=0).astype(np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(stereo.tobytes())
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        np.testing.assert_allclose(sound.samples(), stereo.mean(axis=1), atol=1)


@pytest.mark.parametrize("seconds", [0.3, 5.0])
def test_a_short_clip_is_heard(seconds: float, tmp_path: Path) -> None:
    path = write(tmp_path, Recording("short.wav", "pcm_s16le", seconds=seconds))
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(seconds, abs=0.01)


def test_digital_silence_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * 16_000 * 3))
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.n_samples == 24_000
        assert not sound.samples().any()


@pytest.mark.parametrize(
    "name",
    [
        'it\'s "quoted".wav',
        "%03d %s.wav",
        "-i.wav",
        "concat:a|b.wav",
        "http:x.wav",
        "🎬 映画.wav",
        "a" * 240 + ".wav",
        "a\nb.wav",
    ],
)
def test_any_name_is_only_a_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, Recording("plain.wav", "pcm_s16le", seconds=1)).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for called in (path, Path(name)):
        with decode(called, scratch_dir=tmp_path / "s") as sound:
            assert sound.duration_s == pytest.approx(1, abs=0.01)


def test_a_name_that_is_not_unicode_is_only_a_name(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("plain.wav", "pcm_s16le", seconds=1))
    strange = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.wav"))
    try:
        path = path.rename(strange)
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    decode(path, scratch_dir=tmp_path / "s").close()
    path.write_bytes(b"no sound")
    with pytest.raises(MediaError, match=r"^caf\?\.wav: We can't read this file as audio or video"):
        decode(path, scratch_dir=tmp_path / "s")


# --- what cannot be heard


def failure(path: Path, scratch: Path) -> str:
    """The message; nothing may be left in the scratch folder."""
    with pytest.raises(MediaError) as caught:
        decode(path, scratch_dir=scratch)
    assert not scratch.exists() or list(scratch.iterdir()) == []
    message = str(caught.value)
    assert message.startswith(f"{path.name}: ")
    assert message.endswith(".")
    assert "\n" not in message
    return message


def test_what_does_not_exist(tmp_path: Path) -> None:
    assert "does not exist" in failure(tmp_path / "none.mkv", tmp_path / "s")
    assert "cannot be read" in failure(tmp_path / ("a" * 300), tmp_path / "s")
    with pytest.raises(MediaError, match="does not exist"):
        media_sha256(tmp_path / "none.mkv")


def test_a_directory(tmp_path: Path) -> None:
    (tmp_path / "film.mkv").mkdir()
    assert "is a directory" in failure(tmp_path / "film.mkv", tmp_path / "s")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    assert "not a regular file" in failure(tmp_path / "pipe.wav", tmp_path / "s")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    assert "empty (0 bytes)" in failure(tmp_path / "empty.mp4", tmp_path / "s")


@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".wav", ".mp3"])
def test_not_a_media_file(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"letter{suffix}"
    path.write_text("Dear Alfred, " * 400)
    failure(path, tmp_path / "s")
    path.write_bytes(np.random.default_rng(0).bytes(20_000))
    failure(path, tmp_path / "s")


def test_a_playlist_opens_nothing_else(tmp_path: Path) -> None:
    inner = write(tmp_path, Recording("inner.ts", "mp2", container="mpegts"))
    path = tmp_path / "list.m3u8"
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n{inner.name}\n#EXT-X-ENDLIST\n")
    failure(path, tmp_path / "s")


def test_no_audio_track(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("silent.mp4", "aac", tracks=0, video="mpeg4"))
    assert failure(path, tmp_path / "s") == "silent.mp4: no audio track. Add one, or leave the file out."


def test_zero_seconds(tmp_path: Path) -> None:
    path = tmp_path / "nothing.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
    assert "zero seconds" in failure(path, tmp_path / "s")


@pytest.mark.parametrize(("codec", "layout"), [("pcm_f32le", "stereo"), ("wavpack", "7.1"), ("wavpack", "7.1.4")])
def test_a_sample_that_is_no_number_is_refused_in_any_channel(codec: str, layout: str, tmp_path: Path) -> None:
    path = tmp_path / "nan.mka" if codec == "pcm_f32le" else tmp_path / "nan.wv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=48_000, layout=layout)
        stream.codec_context.format = "flt" if codec == "pcm_f32le" else "fltp"
        samples = np.zeros((48_000, stream.layout.nb_channels), np.float32)
        samples[24_000, -1] = np.nan
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout=layout)
        frame.sample_rate, frame.pts = 48_000, 0
        for block in av.AudioResampler(stream.format, layout, 48_000, stream.frame_size or None).resample(frame):
            out.mux(stream.encode(block))
        out.mux(stream.encode(None))
    assert "samples that are no numbers" in failure(path, tmp_path / "s")


NOTICED = [
    "a.mkv", "lossless.mka", "a.mp4", "faststart.mp4", "fragmented.mp4", "a.m4a", "a.mov", "a.avi", "a.webm", "a.wav",
    "a.flac", "a.mp3", "a.ogg", "a.opus", "a.flv", "a.aiff",
]  # fmt: skip


@pytest.mark.fault("A file that is cut in the middle")
@pytest.mark.parametrize("name", NOTICED)
def test_a_file_cut_in_the_middle_is_refused(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, next(r for r in RECORDINGS if r.name == name))
    whole = path.read_bytes()
    for share in (0.1, 0.3, 0.5, 0.7, 0.8):
        path.write_bytes(whole[: int(share * len(whole))])
        assert re.search("cut off|damaged", failure(path, tmp_path / "s")), share


def test_sound_that_ends_before_the_picture_is_no_fault(tmp_path: Path) -> None:
    for name, codec, video in [("a.mkv", "aac", "mpeg4"), ("a.mp4", "aac", "mpeg4"), ("a.avi", "libmp3lame", "mpeg4")]:
        path = write(tmp_path, Recording(name, codec, video=video, seconds=3, video_seconds=9))
        with decode(path, scratch_dir=tmp_path / "s") as sound:
            assert sound.duration_s == pytest.approx(3, abs=0.1)


def test_a_wav_whose_length_was_left_open_is_heard(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.wav", "pcm_s16le"))
    data = bytearray(path.read_bytes())
    at = data.index(b"data")
    data[4:8] = data[at + 4 : at + 8] = b"\xff" * 4
    path.write_bytes(data)
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(6, abs=0.1)


def damaged_packets(path: Path, every: int) -> None:
    """Overwrites the middle of the file's packets of sound, every so many."""
    data = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        for number, packet in enumerate(container.demux(audio=0)):
            if packet.pos is not None and packet.size and number % every == every - 1:
                at = data.find(bytes(packet), packet.pos)
                data[at : at + packet.size] = b"\xff" * packet.size
    path.write_bytes(data)


@pytest.mark.fault("Broken packets in a film")
def test_a_few_broken_packets_are_silence_and_many_are_a_damaged_file(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.mp4", "aac", seconds=20))
    damaged_packets(path, every=400)
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(20, abs=0.1)
    damaged_packets(path, every=3)
    assert "cannot be decoded" in failure(path, tmp_path / "s")


# --- the disk, the rights, the user


def in_child(code: str, *arguments: Path, **options: object) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=root, capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": str(root)}, **options,
    )  # fmt: skip


TRY = """
import sys
from pathlib import Path
from errors import MediaError
from media.decode import decode
try:
    decode(Path(sys.argv[1]), scratch_dir=Path(sys.argv[2])).close()
except MediaError as error:
    print(error)
"""


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    # in this process, since a stranger's process might be unable to reach the interpreter itself
    path = write(tmp_path, Recording("secret.wav", "pcm_s16le", seconds=1))
    path.chmod(0)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path(folder.anchor) and os.getuid() == 0:
            folder.chmod(folder.stat().st_mode | 0o011)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        if os.getuid() == 0:
            os.setuid(65_534)
        try:
            decode(path, scratch_dir=Path("/tmp"))
            message = "was read"
        except MediaError as error:
            message = str(error)
        os.write(writer, message.encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        assert answer.read().startswith("secret.wav: cannot be read (Permission denied)")


def test_a_scratch_folder_that_cannot_be_made(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.wav", "pcm_s16le", seconds=1))
    (tmp_path / "file").touch()
    with pytest.raises(MediaError, match=r"^a\.wav: no scratch file can be made in "):
        decode(path, scratch_dir=tmp_path / "file" / "s")


def test_a_full_disk_is_said_and_cleaned(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.wav", "pcm_s16le"))
    scratch = tmp_path / "s"
    limit = (50_000, 50_000)
    run = in_child(TRY, path, scratch, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    assert run.stdout.startswith("a.wav: the disk for scratch files is full."), run.stderr
    assert list(scratch.iterdir()) == []


def test_a_header_that_lies_about_its_rate_does_not_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tape, "LONGEST_S", 60)
    path = write(tmp_path, Recording("slow.wav", "pcm_s16le", channels=1))
    data = bytearray(path.read_bytes())
    data[24:28] = (1_000).to_bytes(4, "little")
    path.write_bytes(data)
    assert "more than" in failure(path, tmp_path / "s")


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.mkv", "aac"))

    def press(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        decode(path, scratch_dir=tmp_path / "s", on_progress=press)
    assert list((tmp_path / "s").iterdir()) == []


def test_the_hash_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert media_sha256(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
