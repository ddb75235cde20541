"""The sound print on a page: its drawing with words in the language of the page."""

from __future__ import annotations

import base64
import html

from film import FilmSummary
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


__all__ = ["describe", "sound_print", "sound_print_image", "whole_percentages"]
