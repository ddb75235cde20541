"""Draw the pictures of rendered films: shots of flat colours, some with a face; cuts, colours and faces are known."""

from __future__ import annotations

import colorsys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt

from studio.faces import RGB, SKINS, draw_face
from studio.habits import Habit

FRAMES_PER_SECOND = 5
WIDTH, HEIGHT = 160, 90
KEY_FRAME_S = 2
"""Longest distance of key frames; the encoder adds one at each cut."""
MOVING_ROW = 68
"""Row of the moving square: below a face, above a bar."""
FACE_HEIGHT = 0.62
"""Of the picture's height."""
CODECS = {".mkv": "libx264", ".mp4": "libx264", ".mov": "libx264", ".avi": "mpeg4", ".webm": "libvpx"}
"""Encoder by suffix of the media file."""


@dataclass(frozen=True)
class Shot:
    """A shot: coloured stripes, with a small square that moves from left to right."""

    seconds: float
    colours: tuple[RGB, ...]
    shares: tuple[float, ...] = ()
    """Shares of the picture's width; empty: equal stripes."""
    face: str = ""
    """Expression of a drawn face in the middle (`studio.faces.LOOKS`); empty: no face."""


@dataclass(frozen=True)
class PictureScript:
    """The shots of a film, in sequence."""

    shots: tuple[Shot, ...]
    bars: float = 0.0
    """Share of the height that is black, top and bottom together."""

    @property
    def seconds(self) -> float:
        return sum(shot.seconds for shot in self.shots)

    @property
    def cuts(self) -> int:
        return len(self.shots) - 1

    def face_at(self, at_s: float) -> str:
        """The expression of the face at a time; "" if there is none."""
        for shot in self.shots:
            if at_s < shot.seconds:
                return shot.face
            at_s -= shot.seconds
        return self.shots[-1].face


def picture_of(shot: Shot, bars: float = 0.0) -> npt.NDArray[np.uint8]:
    """The shot without its moving square, (HEIGHT, WIDTH, 3) RGB."""
    shares = np.array(shot.shares or [1 / len(shot.colours)] * len(shot.colours))
    edges = np.rint(np.cumsum([0, *shares]) / shares.sum() * WIDTH).astype(int)
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for colour, start, end in zip(shot.colours, edges, edges[1:], strict=False):
        picture[:, start:end] = colour
    if shot.face:
        skin = SKINS[sum(map(sum, shot.colours)) % len(SKINS)]
        picture = draw_face(picture, shot.face, FACE_HEIGHT, skin).copy()
    bar = round(HEIGHT * bars / 2)
    picture[:bar] = picture[HEIGHT - bar :] = 0
    return picture


def frames(script: PictureScript) -> Iterator[npt.NDArray[np.uint8]]:
    """The frames of a script at FRAMES_PER_SECOND."""
    for shot in script.shots:
        still = picture_of(shot, script.bars)
        for number in range(round(shot.seconds * FRAMES_PER_SECOND)):
            frame = still.copy()
            at = 10 + 3 * number % (WIDTH - 20)
            frame[MOVING_ROW : MOVING_ROW + 4, at : at + 4] = 255 - frame[MOVING_ROW, at]
            yield frame


def add_picture(container: av.container.OutputContainer, suffix: str) -> av.VideoStream:
    """Add a picture stream to a file being written; `write_picture` fills it after all streams have been added."""
    stream = container.add_stream(CODECS[suffix], rate=FRAMES_PER_SECOND)
    assert isinstance(stream, av.VideoStream)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    stream.codec_context.gop_size = KEY_FRAME_S * FRAMES_PER_SECOND
    stream.options = {"preset": "ultrafast", "crf": "18"} if CODECS[suffix] == "libx264" else {"deadline": "realtime"}
    return stream


def write_picture(container: av.container.OutputContainer, stream: av.VideoStream, script: PictureScript) -> None:
    """Encode a script's frames."""
    for number, pixels in enumerate(frames(script)):
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def mean_brightness(script: PictureScript) -> float:
    """The true `brightness`, 0 to 1, inside the letterbox bars."""
    weights = np.array([0.2126, 0.7152, 0.0722]) / 255
    shown = [(float((picture_of(shot) @ weights).mean()), shot.seconds) for shot in script.shots]
    return sum(value * seconds for value, seconds in shown) / script.seconds


def habit_pictures(habit: Habit, seconds: int, seed: int) -> PictureScript:
    """Draw pictures that fit a habit: each has its own hue; more minor music gives darker and sadder pictures, lively
    music more cuts.

    Args:
        habit: of the film's maker.
        seconds: length of the film.
        seed: the same seed gives the same pictures.
    """
    own, rng = np.random.default_rng(zlib.crc32(habit.name.encode())), np.random.default_rng([seed, 11])
    hue, paleness, in_greys = own.random(), own.uniform(0.3, 0.9), own.random() < 0.15
    low, _, high = habit.intensity
    light, mean_s = 0.75 - 0.45 * habit.minor, 4.0 + 10.0 * low + 3.0 * (1 - high)
    faces = np.random.default_rng([seed, 12])
    often = np.random.default_rng([zlib.crc32(habit.name.encode()), 12]).uniform(0.25, 0.6)
    mood = "sad" if habit.minor > 0.5 else "happy"
    shots, left = [], float(seconds)
    while left > 0:
        length = min(left, float(np.clip(rng.exponential(mean_s), KEY_FRAME_S + 1, 4 * mean_s)))
        length = left if left - length < KEY_FRAME_S + 1 else round(length * FRAMES_PER_SECOND) / FRAMES_PER_SECOND
        values = np.clip(light * rng.uniform(0.3, 1.7, 3), 0.04, 0.98)
        hues = (hue + rng.choice([0.0, 0.05, 0.5], 3) + rng.uniform(-0.03, 0.03, 3)) % 1
        tints = [colorsys.hsv_to_rgb(h, 0.0 if in_greys else paleness, v) for h, v in zip(hues, values, strict=True)]
        colours = tuple((round(255 * r), round(255 * g), round(255 * b)) for r, g, b in tints)
        face = str(faces.choice([mood, "surprised"], p=[0.8, 0.2])) if faces.random() < often else ""
        shots.append(Shot(length, colours, tuple(float(share) for share in rng.uniform(0.5, 1.5, 3)), face))
        left -= length
    return PictureScript(tuple(shots), bars=float(own.choice([0.0, 0.0, 0.24])))
