"""Show films side by side as a wall or a row: sound print, colours, title, year; each tile is one link."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from db.home import Home
from film import Film, FilmSummary
from service.questions.app_data import OpenCatalogue
from views import frame, links
from views.sound_print import colour_strip, sound_print_image
from views.theme import Theme

PRINT_PX = 132


NO_STRIP = '<span class="fs-colours"></span>'
"""Takes the place of a colour strip, so that titles stand at one height."""


def tile(home: Home, film: Film, summary: FilmSummary | None, look: Theme, strip: str = "") -> str:
    """One film as a list item, with its poster if it has one; film text is escaped.

    Args:
        strip: its colours, as HTML.
    """
    drawing = frame.poster_image(home, film, PRINT_PX)
    drawing = drawing or sound_print_image(film.title, summary, size=PRINT_PX, theme=look, decorative=True)
    line = " · ".join(part for part in (str(film.year or ""), film.directors[0] if film.directors else "") if part)
    title, under = html.escape(film.title), html.escape(line)
    return (
        f'<li><a class="fs-tile" href="{links.film_href(film.film_id or 0)}">{drawing}'
        f'{strip}<b dir="auto">{title}</b><span class="fs-meta" dir="auto">{under}</span></a></li>'
    )


def wall(found: OpenCatalogue, film_ids: Sequence[int], look: Theme, label: str, kind: str = "fs-wall") -> None:
    """Films in rows that fill the width (`fs-wall`), or in one row that scrolls on a narrow screen (`fs-row`)."""
    films = found.snapshot.films_by_id(list(film_ids))
    drawn = found.drawings(film_ids)
    ids = [film.film_id or 0 for film in films]
    strips = {film_id: colour_strip(drawn[film_id][1]) for film_id in ids}
    none = NO_STRIP if any(strips.values()) else ""
    tiles = "".join(
        tile(found.home, film, drawn[film_id][0], look, strips[film_id] or none)
        for film_id, film in zip(ids, films, strict=True)
    )
    st.html(f'<ul class="{kind}" aria-label="{html.escape(label, quote=True)}">{tiles}</ul>')
