"""Damaged or unusual picture streams: the readable part counts, and the sound is analysed in any case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from errors import MediaError
from ingest.picture import describe_picture
from ingest.senses import Sensed, read_senses
from media.confined import Confined
from studio import write_media
from studio.pictures import PictureScript, Shot

SOUND_S = 12
SCRIPT = PictureScript(
    tuple(Shot(3, (colour,)) for colour in ((200, 40, 30), (30, 60, 190), (12, 14, 16), (90, 90, 90)))
)
SIZE = (160, 90)


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Confined]:
    with Confined(tmp_path_factory.mktemp("scratch")) as confined:
        yield confined


def filmed(
    path: Path,
    times_s: Sequence[float],
    size: tuple[int, int] = SIZE,
    muxer: dict[str, str] | None = None,
    **context: int,
) -> Path:
    """A film with a key frame at each of these times, and a tone under them."""
    with av.open(str(path), "w", options=muxer or {}) as container:
        picture = container.add_stream("libx264", rate=5, options={"preset": "ultrafast", "g": "1"})
        picture.width, picture.height, picture.pix_fmt = *size, "yuv420p"
        for name, value in context.items():
            setattr(picture.codec_context, name, value)
        picture.codec_context.time_base = Fraction(1, 1_000)
        sound = container.add_stream("aac", rate=8_000, layout="mono")
        for place, at_s in enumerate(times_s):
            frame = av.VideoFrame.from_ndarray(
                np.full((*size[::-1], 3), 40 + 20 * (place % 8), np.uint8), format="rgb24"
            )
            frame.pts, frame.time_base = round(1_000 * at_s), Fraction(1, 1_000)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        tone = (8_000 * np.sin(np.arange(SOUND_S * 8_000) / 4)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(tone[None], format="s16", layout="mono")
        frame.sample_rate = 8_000
        container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    return path


def sensed(path: Path, child: Confined) -> Sensed:
    """The picture of a film whose sound is analysed completely."""
    with child.decode(path) as sound:
        assert sound.duration_s == pytest.approx(SOUND_S, abs=0.3)
    return read_senses([path], [float(SOUND_S)], child)


def test_frames_that_come_at_any_time_keep_their_own(tmp_path: Path, child: Confined) -> None:
    times_s = [0.0, 0.04, 0.3, 2.9, 3.0, 7.2, 7.25, 11.9]
    frames = child.look(filmed(tmp_path / "variable.mkv", times_s))
    assert frames is not None and frames.whole
    assert frames.times_s.tolist() == pytest.approx([0.0, 2.9, 7.2, 11.9], abs=0.01)


def test_high_dynamic_range_is_marked_and_looked_at_as_it_is_stored(tmp_path: Path, child: Confined) -> None:
    for transfer, marked in ((16, True), (18, True), (1, False)):  # PQ, HLG, BT.709
        frames = child.look(filmed(tmp_path / f"{transfer}.mkv", [0, 3, 6, 9], color_trc=transfer))
        assert frames is not None and frames.high_range is marked
        assert describe_picture(frames, 12.0).high_range is marked


@pytest.mark.fault("An encrypted film")
def test_an_encrypted_film_is_named_as_such_and_not_as_damaged(tmp_path: Path, child: Confined) -> None:
    key = {"encryption_key": "76a6c65c5ea762046bd749a2e632ccbb", "encryption_kid": "a7e61c373e219033c21091fa607bf3b8"}
    path = filmed(tmp_path / "bought.mp4", [0, 3, 6, 9], muxer={"encryption_scheme": "cenc-aes-ctr", **key})
    with pytest.raises(MediaError, match=r"bought.mp4: its sound is encrypted. Use a copy without encryption"):
        child.decode(path)
    found = read_senses([path], [float(SOUND_S)], child)
    assert found.picture is None and found.faces is None
    assert len(found.warnings) == 1 and "bought.mp4: its picture is encrypted." in found.warnings[0]


@pytest.mark.fault("An encrypted picture")
def test_an_encrypted_picture_is_not_seen_and_the_sound_is_heard(tmp_path: Path, child: Confined) -> None:
    path = filmed(tmp_path / "encrypted.mp4", [0, 3, 6, 9])
    path.write_bytes(path.read_bytes().replace(b"avc1", b"encv"))
    found = sensed(path, child)
    assert found.picture is None and found.faces is None
    assert all("\n" not in line and len(line) < 200 for line in found.warnings)


def test_a_picture_that_changes_its_size_is_looked_at_to_its_end(tmp_path: Path, child: Confined) -> None:
    parts = [filmed(tmp_path / f"{n}.ts", [0, 3, 6, 9], size) for n, size in enumerate((SIZE, (320, 240)))]
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    frames = child.look(joined)
    assert frames is not None and frames.pixels.shape[1:3] == (54, 96) and len(frames.pixels) >= 4


def test_a_film_of_one_frame_has_no_picture_and_its_sound_is_heard(tmp_path: Path, child: Confined) -> None:
    found = sensed(filmed(tmp_path / "still.mkv", [0]), child)
    assert found.picture is None and found.faces is None and found.warnings == ()


@pytest.mark.fault("A film that breaks off in its picture", times=4)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
def test_a_film_that_breaks_off_is_seen_as_far_as_it_goes(share: float, tmp_path: Path, child: Confined) -> None:
    whole = write_media(np.zeros(SOUND_S * 8_000, np.int16), tmp_path / "whole.mkv", picture=SCRIPT)
    content = whole.read_bytes()
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(content[: round(share * len(content))])
    found = read_senses([cut], [float(SOUND_S)], child)
    assert found.picture is None or found.picture.frames >= 2
    assert all("\n" not in line and len(line) < 200 for line in found.warnings)


@pytest.mark.fault("A picture larger than 8K")
def test_a_picture_that_says_to_be_of_16k_is_left_and_the_film_is_heard(tmp_path: Path, child: Confined) -> None:
    path = filmed(tmp_path / "large.mkv", [0, 3, 6, 9], (16_384, 16))
    assert child.look(path) is not None  # a strip is small
    too_large = tmp_path / "too large.mov"
    with av.open(str(too_large), "w") as container:
        picture = container.add_stream("png", rate=1)
        picture.width, picture.height, picture.pix_fmt = 15_360, 8_640, "monob"
        sound = container.add_stream("aac", rate=8_000, layout="mono")
        frame = av.VideoFrame(15_360, 8_640, "monob")
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        for number in range(2):
            frame.pts = number
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        tone = av.AudioFrame.from_ndarray(np.zeros((1, SOUND_S * 8_000), np.int16), format="s16", layout="mono")
        tone.sample_rate = 8_000
        container.mux(sound.encode(tone))
        container.mux(sound.encode(None))
    found = sensed(too_large, child)
    assert found.picture is None and len(found.warnings) == 1
    assert "its picture of 15360 x 8640 is too large" in found.warnings[0]
