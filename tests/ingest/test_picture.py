"""The looks of rendered films are those that they were given."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from errors import MediaError
from ingest.picture import are_cuts, describe_picture, lab_of_rgb, pace, palette_of, rgb_of_lab
from ingest.senses import read_senses
from media.confined import Confined
from senses import CURVE_PARTS, Picture
from studio import HABITS, write_media
from studio.pictures import PictureScript, Shot, habit_pictures, mean_brightness

RED, BLUE, DARK, GREY, WHITE = (200, 40, 30), (30, 60, 190), (12, 14, 16), (128, 128, 128), (240, 240, 240)
NIGHT = (
    Shot(6, (DARK, BLUE)),
    Shot(4, (DARK, RED)),
    Shot(8, (DARK,)),
    Shot(3, (BLUE, DARK, RED)),
    Shot(9, (DARK, GREY)),
)
SCRIPT = PictureScript(NIGHT + NIGHT, bars=0.2)
GREYS = PictureScript((Shot(8, (DARK, GREY)), Shot(7, (GREY, WHITE)), Shot(6, (DARK, WHITE)), Shot(9, (GREY,))))


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Confined]:
    with Confined(tmp_path_factory.mktemp("scratch")) as confined:
        yield confined


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    silence = np.zeros(round(SCRIPT.seconds * 8_000), np.int16)
    return write_media(silence, tmp_path_factory.mktemp("film") / "night.mkv", picture=SCRIPT)


def seen(path: Path, child: Confined, seconds: float) -> Picture:
    frames = child.look(path)
    assert frames is not None
    return describe_picture(frames, seconds)


def test_the_truth_of_a_rendered_film_is_found(film: Path, child: Confined) -> None:
    found = seen(film, child, SCRIPT.seconds)
    truth = SCRIPT.cuts / (SCRIPT.seconds / 60)
    assert found.cuts_per_minute == pytest.approx(truth, rel=0.1)
    assert found.cuts_per_minute_most >= found.cuts_per_minute
    assert found.brightness == pytest.approx(mean_brightness(replace(SCRIPT, bars=0.0)), abs=0.03)
    assert (found.aspect_ratio, found.bars) == (pytest.approx(16 / 9 / 0.8, rel=0.05), pytest.approx(0.2, abs=0.04))
    assert (found.black_and_white, found.high_range) == (False, False)
    assert 7 / 30 < found.dark_share < 15 / 30  # eight seconds of thirty are dark, six stand at the edge
    assert len(found.brightness_curve) == CURVE_PARTS and found.frames >= 20


def test_the_palette_of_a_rendered_film_is_found(film: Path, child: Confined) -> None:
    found = seen(film, child, SCRIPT.seconds)
    assert sum(found.palette_shares) == pytest.approx(1)
    assert list(found.palette_shares) == sorted(found.palette_shares, reverse=True)
    given_colours = lab_of_rgb(np.array([RED, BLUE, DARK, GREY], np.uint8))
    palette = lab_of_rgb(np.array(found.palette, np.uint8))
    for colour in given_colours:  # a difference of 10 is seen beside each other, and not much more
        assert np.linalg.norm(palette - colour, axis=1).min() < 10
    assert np.linalg.norm(palette[0] - given_colours[2]) < 10


def test_a_film_in_greys_is_black_and_white_also_with_a_tint(tmp_path: Path, child: Confined) -> None:
    silence = np.zeros(round(GREYS.seconds * 8_000), np.int16)
    grey = seen(write_media(silence, tmp_path / "grey.mp4", picture=GREYS), child, GREYS.seconds)
    assert grey.black_and_white and grey.saturation < 0.05 and grey.colourfulness < 8
    frames = child.look(tmp_path / "grey.mp4")
    assert frames is not None
    sepia = (frames.pixels * np.array([1.0, 0.9, 0.78])).astype(np.uint8)
    assert describe_picture(replace(frames, pixels=sepia), GREYS.seconds).black_and_white


def test_the_colour_print_has_the_film_s_colours_in_their_order(film: Path, child: Confined) -> None:
    data = base64.b64decode(seen(film, child, SCRIPT.seconds).colour_print)
    strip = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
    assert len(data) < 4_000
    at = {second: strip[0, round(second / SCRIPT.seconds * strip.shape[1])] for second in (3, 8, 14)}
    assert at[3][2] > at[3][0] + 30  # blue
    assert at[8][0] > at[8][2] + 30  # red
    assert at[14].max() < 40  # dark


def test_a_film_without_a_picture_or_with_a_cover_only_has_none(tmp_path: Path, child: Confined) -> None:
    sound = write_media(np.zeros(80_000, np.int16), tmp_path / "sound.wav")
    assert child.look(sound) is None
    one = write_media(np.zeros(80_000, np.int16), tmp_path / "still.mkv", picture=PictureScript((Shot(0.2, (RED,)),)))
    assert child.look(one) is None
    covered = tmp_path / "cover.mp4"
    with av.open(str(sound)) as source, av.open(str(covered), "w") as out:
        audio = out.add_stream("aac", rate=8000, layout="mono")
        cover = out.add_stream("mjpeg", rate=1)
        assert isinstance(cover, av.VideoStream)
        cover.width = cover.height = 32
        cover.pix_fmt = "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame.from_ndarray(np.full((32, 32, 3), 99, np.uint8), format="rgb24")
        for number in range(3):
            picture.pts = number
            out.mux(cover.encode(picture))
        for frame in source.decode(audio=0):
            out.mux(audio.encode(frame))
        out.mux(audio.encode(None))
    assert child.look(covered) is None


@pytest.mark.fault("A picture that breaks off, is junk, or is too large")
def test_a_broken_picture_is_one_warning_and_what_was_seen_counts(
    film: Path, tmp_path: Path, child: Confined, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytearray(film.read_bytes())
    rng = np.random.default_rng(1)
    for place in rng.integers(len(content) // 3, len(content), 400):
        content[place] = 255 - content[place]
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(content)
    sensed = read_senses([broken], [60.0], child)
    assert sensed.picture is None or sensed.picture.frames >= 2
    assert all("\n" not in line and len(line) < 200 for line in sensed.warnings)
    (tmp_path / "junk.mkv").write_bytes(b"junk" * 1000)
    junk = read_senses([tmp_path / "junk.mkv"], [60.0], child)
    assert junk.picture is None and junk.warnings == (
        "its picture was not read: junk.mkv: We can't read this file as audio or video. Leave the file out.",
    )
    from media import picture

    monkeypatch.setattr(picture, "LARGEST_PIXELS", 1_000)
    with pytest.raises(MediaError, match=r"night.mkv: its picture of 160 x 90 is too large"):
        picture.look(film)


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=20))
def test_cielab_and_back_is_the_same_colour(colours: list[tuple[int, int, int]]) -> None:
    pixels = np.array(colours, np.uint8)
    assert np.array_equal(rgb_of_lab(lab_of_rgb(pixels)), pixels)


def test_cielab_of_known_colours() -> None:
    known = lab_of_rgb(np.array([(255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 0, 255)], np.uint8))
    published = [(100, 0, 0), (0, 0, 0), (53.24, 80.09, 67.20), (32.30, 79.19, -107.86)]  # Lindbloom, D65
    assert known == pytest.approx(np.array(published), abs=0.05)


def test_few_colours_give_a_short_palette() -> None:
    pixels = np.array([RED] * 30 + [BLUE] * 10, np.uint8)
    palette, shares = palette_of(pixels)
    assert palette.tolist() == [list(RED), list(BLUE)] and shares.tolist() == [0.75, 0.25]
    assert palette_of(np.array([RED] * 5, np.uint8))[0].tolist() == [list(RED)]


def test_a_camera_that_moves_makes_no_cut_and_another_scene_does() -> None:
    rng = np.random.default_rng(3)
    scenes = [np.asarray(resize(rng.integers(low, high, (6, 40, 3)))) for low, high in ((20, 90), (60, 160))]
    pan = [scene[:, at : at + 96] for scene in scenes for at in range(0, 60, 10)]
    assert np.flatnonzero(are_cuts(np.stack(pan))).tolist() == [5]


def resize(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(pixels.astype(np.uint8)).resize((200, 54), Image.Resampling.BICUBIC)


def test_cuts_between_shots_of_like_colours_are_counted(child: Confined, tmp_path: Path) -> None:
    for place in (0, 3, 7):  # a maker's own hue in all shots of a film
        script = habit_pictures(HABITS[place], 90, place)
        path = write_media(np.zeros(90 * 8_000, np.int16), tmp_path / f"{place}.mkv", codec="flac", picture=script)
        found = seen(path, child, 90.0)
        assert found.cuts_per_minute == pytest.approx(script.cuts / 1.5, rel=0.1)


def test_rare_key_frames_leave_the_pace_uncertain() -> None:
    often = pace(np.arange(300) % 10 == 0, np.arange(301) * 2.0, 600.0)
    assert often[0] == pytest.approx(3.0)
    assert often[1] == pytest.approx(3.16, abs=0.01)
    rare = pace(np.ones(60, bool), np.arange(61) * 10.0, 600.0)
    assert rare[0] == pytest.approx(6.0) and rare[1] > 25


def test_pairs_of_key_frames_that_lie_far_apart_do_not_tell_the_pace() -> None:
    rng = np.random.default_rng(5)
    cuts = np.cumsum(rng.exponential(5.0, 4_000))  # twelve a minute
    times = np.sort(np.concatenate([np.arange(0, 14_400, 60.0), np.arange(4, 14_400, 60.0)]))
    between = np.diff(np.searchsorted(cuts, times)) > 0
    least, most = pace(between, times, 14_400.0)
    assert least < 12 and most == pytest.approx(12, rel=0.15)
    assert pace(between, times * 15, 216_000.0)[0] < 1  # of frames that all lie far apart the nearest count


@pytest.mark.parametrize("pixels", [np.zeros((4, 54, 96, 3), np.uint8), np.full((4, 54, 96, 3), 255, np.uint8)])
def test_a_film_of_one_colour_has_no_bars_and_finite_figures(pixels: np.ndarray) -> None:
    from media.picture import Frames

    found = describe_picture(Frames(np.arange(4) * 2.0, pixels, 16 / 9, False, True), 8.0)
    assert found.bars == 0 and found.aspect_ratio == pytest.approx(16 / 9)
    assert np.isfinite([found.brightness, found.contrast, found.saturation, found.colourfulness, found.warmth]).all()
    assert found.cuts_per_minute == 0 and len(found.palette) == 1
