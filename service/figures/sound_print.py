"""The sound print: one small drawing from which a film's music can be read; the poster of filmscore.

Outside in: the genre shares as petals around the circle (an arc as wide as the share), the ring of music, speech and
other, and in the middle three marks of three steps each: energy, valence, danceability. A film without music has the
empty ring. One list of shapes: the same drawing on a card, on the film's page and in a file, as SVG or PNG.
"""

from __future__ import annotations

import html
import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PIL import Image, ImageDraw

from film import GENRES, LABELS, LEVELS, FilmSummary, largest_remainder
from service.figures.look import DARK, Theme

SIDE = 120
_CENTRE = SIDE / 2
_OVERSAMPLED = 4
"""Pillow does not smooth edges; the PNG is drawn this much larger and made smaller."""
_LARGEST_DRAWN = 2400
"""Pixels per side, 23 MB; a larger PNG gets less antialiasing."""
_RING = 38.0
_PETALS = 51.0
NOT_ANALYSED, NO_MUSIC = "not analysed yet", "no music found"
_MARK_ORDER = ("energy", "valence", "danceability")


def whole_percentages(shares: dict[str, float]) -> dict[str, int]:
    """Shares in percent as whole numbers that sum to 100 (docs/design.md); zeros where all are zero."""
    return dict(zip(shares, largest_remainder(list(shares.values())), strict=True))


def describe(title: str, summary: FilmSummary | None, say: Callable[[str], str] = str) -> str:
    """The sound print in words: what a screen reader says and a tooltip shows.

    Args:
        title: the film's title.
        summary: the movie layer, or None for a film that was not heard.
        say: translates a word.
    """
    if summary is None:
        return f"{title}: {say(NOT_ANALYSED)}"
    activity = whole_percentages({label: getattr(summary, label) for label in LABELS})
    spoken = ", ".join(f"{value} % {say(label)}" for label, value in activity.items())
    if not summary.has_music:
        return f"{title}: {say(NO_MUSIC)}; {spoken}"
    genres = sorted(whole_percentages(summary.genres).items(), key=lambda item: -item[1])
    music = ", ".join(f"{say(name)} {value} %" for name, value in genres[:3] if value)
    levels = ", ".join(f"{say(name)} {say(summary.dominant(name) or '')}" for name in _MARK_ORDER)
    return f"{title}: {spoken}; {music}; {levels}"


@dataclass(frozen=True)
class Arc:
    """A part of a circle around the centre; `start` and `end` in turns, clockwise from above."""

    radius: float
    start: float
    end: float
    colour: str
    width: float


@dataclass(frozen=True)
class Block:
    """A step of a mark."""

    x: float
    y: float
    colour: str


@dataclass(frozen=True)
class Dashes:
    """The empty ring of a film without music."""

    colour: str


@dataclass(frozen=True)
class Dot:
    """The centre of a film without music."""

    colour: str


Shape = Arc | Block | Dashes | Dot
_BLOCK_WIDTH, _BLOCK_HEIGHT, _BLOCK_ROUND = 8.0, 6.0, 1.5
_DASH, _GAP, _THIN, _DOT = 2.0, 5.0, 1.5, 2.5
_WHOLE = 0.9995
"""From this share on an arc is a whole circle, which SVG cannot say as one arc."""


def _point(radius: float, turn: float) -> str:
    angle = 2 * math.pi * (turn - 0.25)
    return f"{_CENTRE + radius * math.cos(angle):.2f} {_CENTRE + radius * math.sin(angle):.2f}"


def _ring(shares: dict[str, float], colours: Mapping[str, str], radius: float, width: float, gap: float) -> list[Shape]:
    total = sum(shares.values())
    parts: list[Shape] = []
    turn = 0.0
    for name, share in shares.items():
        span = share / total
        if span > gap * 1.5:
            inset = gap / 2 if span < _WHOLE else 0.0
            parts.append(Arc(radius, turn + inset, turn + span - inset, colours[name], width))
        turn += span
    return parts


def _marks(summary: FilmSummary, theme: Theme) -> list[Shape]:
    """Three columns (energy, valence, danceability) of three steps; the steps up to the dominant level are lit."""
    parts: list[Shape] = []
    for column, attribute in enumerate(_MARK_ORDER):
        level = LEVELS[attribute].index(summary.dominant(attribute) or LEVELS[attribute][0])
        for step in range(3):
            colour = theme.levels[level] if step <= level else theme.line
            parts.append(Block(_CENTRE - 16 + column * 12, _CENTRE + 8 - step * 10, colour))
    return parts


def shapes(summary: FilmSummary | None, theme: Theme) -> list[Shape]:
    """The shapes of a film's drawing, in a square of SIDE; later shapes cover earlier ones."""
    parts: list[Shape] = []
    if summary is None or not summary.has_music:
        parts.append(Dashes(theme.muted))
    if summary is not None and sum(getattr(summary, label) for label in LABELS) > 0:
        activity = {label: float(getattr(summary, label)) for label in LABELS}
        parts += _ring(activity, theme.label, _RING, 7, 0.006)
    if summary is not None and summary.has_music:
        genres = {name: summary.genres[name] for name in GENRES}
        parts += _ring(genres, theme.genre, _PETALS, 11, 0.012)
        parts += _marks(summary, theme)
    else:
        parts.append(Dot(theme.muted))
    return parts


def _as_svg(shape: Shape) -> str:
    circle = f'<circle cx="{_CENTRE:g}" cy="{_CENTRE:g}"'
    if isinstance(shape, Dashes):
        dashes = f'stroke-width="{_THIN}" stroke-dasharray="{_DASH:g} {_GAP:g}"'
        return f'{circle} r="{_RING:g}" fill="none" stroke="{shape.colour}" {dashes}/>'
    if isinstance(shape, Dot):
        return f'{circle} r="{_DOT}" fill="{shape.colour}"/>'
    if isinstance(shape, Block):
        size = f'width="{_BLOCK_WIDTH:g}" height="{_BLOCK_HEIGHT:g}" rx="{_BLOCK_ROUND}"'
        return f'<rect x="{shape.x:g}" y="{shape.y:g}" {size} fill="{shape.colour}"/>'
    stroke = f'fill="none" stroke="{shape.colour}" stroke-width="{shape.width:g}"'
    if shape.end - shape.start >= _WHOLE:
        return f'{circle} r="{shape.radius:g}" {stroke}/>'
    large = 1 if shape.end - shape.start > 0.5 else 0
    way = f"A {shape.radius:g} {shape.radius:g} 0 {large} 1 {_point(shape.radius, shape.end)}"
    return f'<path d="M {_point(shape.radius, shape.start)} {way}" {stroke}/>'


def sound_print(words: str, summary: FilmSummary | None, *, size: int = 120, theme: Theme = DARK) -> str:
    """The drawing as one `<svg>` element.

    Args:
        words: those of `describe`, any text; it is escaped.
        summary: the movie layer, or None for a film that was not heard.
        size: width and height in CSS pixels.
        theme: whose colours to use.

    Returns:
        SVG with `role="img"` and the words as label and tooltip.
    """
    words = html.escape(words, quote=True)
    drawn = "".join(map(_as_svg, shapes(summary, theme)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" viewBox="0 0 {SIDE} {SIDE}" '
        f'width="{size}" height="{size}"><title>{words}</title>{drawn}</svg>'
    )


def sound_print_png(summary: FilmSummary | None, *, size: int = 480, theme: Theme = DARK) -> bytes:
    """The drawing as a PNG of size x size pixels, transparent where nothing is drawn."""
    side = max(size, min(size * _OVERSAMPLED, _LARGEST_DRAWN))
    scale = side / SIDE
    canvas = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(canvas)

    def arc(radius: float, start: float, end: float, colour: str, width: float) -> None:
        outer = radius + width / 2  # Pillow draws inwards from the box
        box = [
            (_CENTRE - outer) * scale,
            (_CENTRE - outer) * scale,
            (_CENTRE + outer) * scale,
            (_CENTRE + outer) * scale,
        ]
        pen.arc(box, 360 * start - 90, 360 * end - 90, colour, max(1, round(width * scale)))

    for shape in shapes(summary, theme):
        if isinstance(shape, Arc):
            arc(shape.radius, shape.start, shape.end, shape.colour, shape.width)
        elif isinstance(shape, Dashes):
            around = 2 * math.pi * _RING
            for place in range(int(around / (_DASH + _GAP))):
                first = place * (_DASH + _GAP) / around + 0.25
                arc(_RING, first, first + _DASH / around, shape.colour, _THIN)
        elif isinstance(shape, Block):
            corners = (shape.x, shape.y, shape.x + _BLOCK_WIDTH, shape.y + _BLOCK_HEIGHT)
            pen.rounded_rectangle([one * scale for one in corners], _BLOCK_ROUND * scale, shape.colour)
        else:
            corners = (_CENTRE - _DOT, _CENTRE - _DOT, _CENTRE + _DOT, _CENTRE + _DOT)
            pen.ellipse([one * scale for one in corners], shape.colour)
    stream = io.BytesIO()
    canvas.resize((size, size), Image.Resampling.LANCZOS).save(stream, "PNG")
    return stream.getvalue()
