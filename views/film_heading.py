"""The head of the page Film: poster and sound print, title, metadata as links, and the plot."""

from __future__ import annotations

import html

import streamlit as st

from film import Film, FilmSummary
from recommender.plots import is_read
from views import frame, links
from views.language import say
from views.sound_print import sound_print_image
from views.theme import Theme

MINUTES, RATED = "{} min", "rated {:.1f}"
FACTS = {
    "other_title": "Also called",
    "countries": "Countries",
    "languages": "Languages",
    "writers": "Written by",
    "composers": "Music by",
    "cast": "Cast",
    "film_set": "Belongs to",
    "tags": "Tags",
    "locations": "Locations",
    "metascore": "Metascore",
}
"""Field of a film -> what the page calls it."""
OF_100 = "{} of 100"
PLOT_NOT_READ = "Films are compared by plots in English; this one is not compared."


def _line(film: Film) -> str:
    """Year, directors, film genres as links; minutes and rating. As HTML."""
    parts = [
        links.year(film.year),
        links.people(film.directors),
        links.film_genres(film.genres),
        frame.unbroken(say(MINUTES, film.runtime_minutes)) if film.runtime_minutes else "",
        frame.unbroken(say(RATED, film.rating)) if film.rating is not None else "",
    ]
    return f"{frame.HARD_SPACE}· ".join(part for part in parts if part)


def _facts(film: Film) -> str:
    """Countries, cast, places and plot as HTML; all film text escaped."""
    facts = {
        "other_title": html.escape(film.other_title),
        "countries": links.countries(film.countries),
        "languages": html.escape(", ".join(film.languages)),
        "writers": links.people(film.writers[:4]),
        "composers": links.people(film.composers),
        "cast": links.people(film.cast[:8]),
        "film_set": html.escape(film.film_set),
        "tags": html.escape(", ".join(film.tags[:8])),
        "locations": html.escape(" | ".join(film.locations[:4])),
        "metascore": say(OF_100, film.metascore) if film.metascore is not None else "",
    }
    rows = "".join(f"<dt>{say(FACTS[name])}</dt><dd>{value}</dd>" for name, value in facts.items() if value)
    plot = f'<p class="fs-plot">{html.escape(film.plot)}</p>' if film.plot else ""
    if film.plot and not is_read(film.plot):
        plot += f'<p class="fs-meta">{say(PLOT_NOT_READ)}</p>'
    return f'{plot}<dl class="fs-facts" dir="auto">{rows}</dl>'


def heading(film: Film, summary: FilmSummary | None, look: Theme) -> None:
    """Show the head of the page; `summary` is None for a film that is not analysed."""
    poster = frame.poster_image(frame.home(), film, 168)
    drawing = poster + sound_print_image(film.title, summary, size=168, theme=look)
    tag = frame.demo_tag(film)
    label = f' <span class="fs-tag">{html.escape(tag)}</span>' if tag else ""
    st.html(
        f'<div class="fs-film big">{drawing}<div class="fs-words">'
        f'<h1 class="fs-title big" dir="auto">{html.escape(film.title)}</h1>'
        f'<div class="fs-meta" dir="auto">{_line(film)}{label}</div>{_facts(film)}</div></div>'
    )
