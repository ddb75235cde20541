"""Show the sound print and the colour print on a page, with words in its language."""

from __future__ import annotations

import base64
import html

from film import FilmSummary
from senses import Picture
from service.figures import sound_print as drawing
from service.figures.sound_print import whole_percentages
from views.language import say
from views.theme import DARK, Theme


def describe(title: str, summary: FilmSummary | None) -> str:
    """The sound print in words: what a screen reader says and a tooltip shows."""
    return drawing.describe(title, summary, say)


def sound_print(title: str, summary: FilmSummary | None, *, size: int = 120, theme: Theme = DARK) -> str:
    """The drawing as one `<svg>` element (service.figures.sound_print)."""
    return drawing.sound_print(describe(title, summary), summary, size=size, theme=theme)


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


COLOURS = "The film's colours from beginning to end"


def colour_strip(seen: Picture | None) -> str:
    """The film's mean colours from beginning to end as a strip (an `<img>`); "" for a film without a picture.

    Screen readers skip it: the page Film names the colours.
    """
    if seen is None or not seen.colour_print:
        return ""
    words = html.escape(say(COLOURS), quote=True)
    return f'<img class="fs-colours" src="data:image/webp;base64,{seen.colour_print}" alt="" title="{words}">'


__all__ = ["colour_strip", "describe", "sound_print", "sound_print_image", "whole_percentages"]
