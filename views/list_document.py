"""A list as one HTML page that stands alone: prints, titles, facts; nothing is fetched, nothing runs."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from film import Film, FilmSummary
from service.questions.app_data import film_line
from views.language import say
from views.sound_print import sound_print
from views.theme import LIGHT

_STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem;background:#fbf8f2;color:#241f19}"
    "li{display:flex;gap:1rem;align-items:center;margin:0 0 1rem}ol{list-style:none;padding:0}svg{flex:none}"
    "p{margin:0;color:#6a6154}h2{font-size:1.1rem;margin:0;font-weight:500}"
)


def list_document(name: str, films: Sequence[Film], summaries: Mapping[int, FilmSummary]) -> str:
    """The page; all film text escaped."""
    items = "".join(
        f"<li>{sound_print(film.title, summaries.get(film.film_id or 0), size=72, theme=LIGHT)}"
        f'<div><h2 dir="auto">{html.escape(film.title)}</h2>'
        f'<p dir="auto">{html.escape(say(film_line(film)))}</p></div></li>'
        for film in films
    )
    title = html.escape(name)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1><ol>{items}</ol></body></html>\n"
    )
