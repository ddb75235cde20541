"""Draw faces for rendered films. They show no real person: they are ellipses and lines that a face detector accepts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

Pixels = npt.NDArray[np.uint8]
RGB = tuple[int, int, int]

SKINS: tuple[RGB, ...] = ((224, 172, 140), (141, 95, 66), (250, 215, 190))
HAIR, EYE, WHITE, LIP, MOUTH, SHIRT = (
    (60, 40, 30),
    (40, 25, 15),
    (248, 248, 244),
    (170, 70, 70),
    (90, 30, 30),
    (40, 50, 80),
)
FINER = 6
"""A face is drawn this many times larger than it is shown."""
SOFTNESS = 0.012
"""Standard deviation of the blur, as a share of the face's height."""


@dataclass(frozen=True)
class _Look:
    """Shares of half the face's height; the mouth's width is a share of half the face's width."""

    eye: float
    brow: float
    slant: float
    """How much lower the inner ends of the brows are than the outer ends."""
    mouth_at: float
    mouth_width: float
    mouth_height: float


LOOKS = {
    "happy": _Look(0.03, 0.18, 0.05, 0.40, 0.55, 0.26),
    "sad": _Look(0.03, 0.24, -0.10, 0.48, 0.45, 0.04),
    "surprised": _Look(0.06, 0.30, 0.0, 0.55, 0.30, 0.34),
}
"""By the intended expression; chosen so that the shipped network usually classifies them so."""


def draw_face(picture: Pixels, mood: str, height: float, skin: RGB = SKINS[0]) -> Pixels:
    """A picture (rows, columns, 3) with a face and shoulders in the middle.

    Args:
        picture: the background.
        mood: one of LOOKS.
        height: of the face, as a share of the picture's height.
        skin: colour of the skin.
    """
    rows, columns = picture.shape[:2]
    large = Image.fromarray(picture).resize((columns * FINER, rows * FINER), Image.Resampling.NEAREST)
    drawn = large.copy()
    _draw(ImageDraw.Draw(drawn), drawn.width / 2, drawn.height / 2, drawn.height * height / 2, LOOKS[mood], skin)
    soft = drawn.filter(ImageFilter.GaussianBlur(SOFTNESS * drawn.height * height))
    return np.asarray(soft.resize((columns, rows), Image.Resampling.BOX))


def _shade(colour: RGB, *factors: float) -> RGB:
    red, green, blue = (min(255, round(value * factor)) for value, factor in zip(colour, factors * 3, strict=False))
    return red, green, blue


def _draw(on: ImageDraw.ImageDraw, x: float, y: float, half: float, look: _Look, skin: RGB) -> None:
    wide = 0.76 * half
    dark, light = _shade(skin, 0.75), _shade(skin, 1.1)

    def oval(left: float, top: float, right: float, bottom: float, fill: RGB) -> None:
        on.ellipse((x + left * wide, y + top * half, x + right * wide, y + bottom * half), fill=fill)

    oval(-1.15, -1.3, 1.15, 0.7, HAIR)
    on.rectangle((x - 0.4 * wide, y + 0.6 * half, x + 0.4 * wide, y + 1.5 * half), fill=dark)
    oval(-2, 1.25, 2, 3, SHIRT)
    oval(-1, -1, 1, 1, skin)
    oval(-0.75, -0.8, 0.75, 0.3, light)
    on.chord((x - wide, y - 1.05 * half, x + wide, y + 0.4 * half), 200, 340, fill=HAIR)
    for side in (-1, 1):
        middle = 0.42 * side
        oval(middle - 0.27, -0.28, middle + 0.27, 0.02, dark)
        oval(middle - 0.19, -0.12 - look.eye, middle + 0.19, -0.12 + look.eye, WHITE)
        oval(middle - 0.1, -0.12 - look.eye, middle + 0.1, -0.12 + look.eye, EYE)
        oval(middle - 0.2, 0.2, middle + 0.2, 0.4, _shade(skin, 0.98, 0.85, 0.85))
        inside, outside = (y + half * (-0.12 - look.brow + slant) for slant in (look.slant, -look.slant))
        brow = (x + 0.16 * side * wide, inside, x + 0.7 * side * wide, outside)
        on.line(brow, fill=HAIR, width=max(1, round(0.08 * half)))
    nose = [(x, y - 0.05 * half), (x - 0.17 * wide, y + 0.28 * half), (x + 0.17 * wide, y + 0.28 * half)]
    on.polygon(nose, fill=dark)
    on.line((x, y - 0.1 * half, x, y + 0.2 * half), fill=light, width=max(1, round(0.1 * wide)))
    _draw_mouth(on, (x, y + look.mouth_at * half), (look.mouth_width * wide, look.mouth_height * half), look)


def _draw_mouth(on: ImageDraw.ImageDraw, at: tuple[float, float], size: tuple[float, float], look: _Look) -> None:
    (x, y), (wide, high) = at, size
    whole = (x - wide, y - high, x + wide, y + high)
    if look is LOOKS["happy"]:
        on.chord(whole, 5, 175, fill=LIP)
        on.chord((x - 0.85 * wide, y - 0.85 * high, x + 0.85 * wide, y + 0.72 * high), 6, 174, fill=WHITE)
    elif look is LOOKS["surprised"]:
        on.ellipse(whole, fill=MOUTH, outline=LIP, width=max(1, round(0.15 * high)))
    else:
        on.rectangle(whole, fill=LIP)
