"""Show films side by side as a wall or a row: sound print, colours, title, year; each tile is one link."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from db.home import Home
from film import Film, FilmSummary
from service.questions.app_data import OpenCatalogue
from views import frame, links
from views.language import say
from views.sound_print import colour_strip, sound_print_image
from views.theme import Theme

PRINT_PX = 132
PREVIOUS, NEXT, PAGE_OF, PAGES = "Previous page", "Next page", "Page {:,} of {:,}", "Pages"


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


def page_links(place: str, number: int, pages: int, params_of: Callable[[int], Mapping[str, str]]) -> None:
    """The links to the page before and after, if there are several.

    Args:
        place: the app's page that has them.
        number, pages: which of how many is shown, from 1 on.
        params_of: the parameters of an address by its page.
    """
    if pages < 2:
        return
    before, after = (
        links.link(text, place, params_of(other)) if 1 <= other <= pages else ""
        for text, other in ((say(PREVIOUS), number - 1), (say(NEXT), number + 1))
    )
    where = f'<span class="fs-meta">{say(PAGE_OF, number, pages)}</span>'
    st.html(f'<nav class="fs-pages" aria-label="{say(PAGES)}">{before}{where}{after}</nav>')
