"""The sound print: one small drawing from which a film's music can be read; the poster of filmscore.

Outside in: the genre shares as petals around the circle (an arc as wide as the share), the ring of music, speech and
other, and in the middle three marks of three steps each: energy, valence, danceability. A film without music has the
empty ring. One function, pure SVG: the same drawing on a card, on the film's page and in a file.
"""

from __future__ import annotations

import base64
import html
import math

from film import GENRES, LABELS, LEVELS, FilmSummary, largest_remainder
from views.language import say
from views.theme import DARK, Theme

_CENTRE = 60.0
_RING = 38.0
_PETALS = 51.0
NOT_ANALYSED, NO_MUSIC = "not analysed yet", "no music found"
_MARK_ORDER = ("energy", "valence", "danceability")


def whole_percentages(shares: dict[str, float]) -> dict[str, int]:
    """Shares in percent as whole numbers that sum to 100 (docs/design.md); zeros where all are zero."""
    return dict(zip(shares, largest_remainder(list(shares.values())), strict=True))


def describe(title: str, summary: FilmSummary | None) -> str:
    """The sound print in words: what a screen reader says and a tooltip shows."""
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


def _point(radius: float, turn: float) -> str:
    angle = 2 * math.pi * (turn - 0.25)
    return f"{_CENTRE + radius * math.cos(angle):.2f} {_CENTRE + radius * math.sin(angle):.2f}"


def _arc(radius: float, start: float, end: float, colour: str, width: float) -> str:
    """An arc from `start` to `end` in turns; a full circle cannot be one SVG arc."""
    if end - start >= 0.9995:
        return (
            f'<circle cx="{_CENTRE:g}" cy="{_CENTRE:g}" r="{radius:g}" fill="none" '
            f'stroke="{colour}" stroke-width="{width:g}"/>'
        )
    large = 1 if end - start > 0.5 else 0
    return (
        f'<path d="M {_point(radius, start)} A {radius:g} {radius:g} 0 {large} 1 {_point(radius, end)}" '
        f'fill="none" stroke="{colour}" stroke-width="{width:g}"/>'
    )


def _ring(shares: dict[str, float], colours: dict[str, str], radius: float, width: float, gap: float) -> list[str]:
    total = sum(shares.values())
    parts = []
    turn = 0.0
    for name, share in shares.items():
        span = share / total
        if span > gap * 1.5:
            inset = gap / 2 if span < 0.9995 else 0.0
            parts.append(_arc(radius, turn + inset, turn + span - inset, colours[name], width))
        turn += span
    return parts


def _marks(summary: FilmSummary, theme: Theme) -> list[str]:
    """Three columns (energy, valence, danceability) of three steps; the steps up to the dominant level are lit."""
    parts = []
    for column, attribute in enumerate(_MARK_ORDER):
        level = LEVELS[attribute].index(summary.dominant(attribute) or LEVELS[attribute][0])
        x = _CENTRE - 16 + column * 12
        for step in range(3):
            colour = theme.levels[level] if step <= level else theme.line
            parts.append(
                f'<rect x="{x:g}" y="{_CENTRE + 8 - step * 10:g}" width="8" height="6" rx="1.5" fill="{colour}"/>'
            )
    return parts


def sound_print(title: str, summary: FilmSummary | None, *, size: int = 120, theme: Theme = DARK) -> str:
    """The drawing as one `<svg>` element.

    Args:
        title: the film's title, any text; it is escaped.
        summary: the movie layer, or None for a film that was not heard.
        size: width and height in CSS pixels.
        theme: whose colours to use.

    Returns:
        SVG with `role="img"` and the words of `describe` as label and tooltip.
    """
    words = html.escape(describe(title, summary), quote=True)
    parts: list[str] = []
    if summary is None or not summary.has_music:
        parts.append(
            f'<circle cx="{_CENTRE:g}" cy="{_CENTRE:g}" r="{_RING:g}" fill="none" stroke="{theme.muted}" '
            'stroke-width="1.5" stroke-dasharray="2 5"/>'
        )
    if summary is not None and sum(getattr(summary, label) for label in LABELS) > 0:
        activity = {label: float(getattr(summary, label)) for label in LABELS}
        parts += _ring(activity, dict(theme.label), _RING, 7, 0.006)
    if summary is not None and summary.has_music:
        genres = {name: summary.genres[name] for name in GENRES}
        parts += _ring(genres, dict(theme.genre), _PETALS, 11, 0.012)
        parts += _marks(summary, theme)
    else:
        parts.append(f'<circle cx="{_CENTRE:g}" cy="{_CENTRE:g}" r="2.5" fill="{theme.muted}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" viewBox="0 0 120 120" '
        f'width="{size}" height="{size}"><title>{words}</title>{"".join(parts)}</svg>'
    )


def sound_print_image(
    title: str, summary: FilmSummary | None, *, size: int = 120, theme: Theme = DARK, decorative: bool = False
) -> str:
    """The drawing as an `<img>`, for places that take no inline SVG; its words are the `alt` text.

    Args:
        decorative: beside the film's title in a link; a screen reader is spared the words, a tooltip has them.
    """
    svg = sound_print(title, summary, size=size, theme=theme)
    encoded = base64.b64encode(svg.encode()).decode()
    words = html.escape(describe(title, summary), quote=True)
    return (
        f'<img src="data:image/svg+xml;base64,{encoded}" width="{size}" height="{size}" '
        f'alt="{"" if decorative else words}" title="{words}">'
    )
