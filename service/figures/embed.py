"""A film as one small HTML page for a frame on other sites: sound print and facts; nothing is fetched, nothing runs."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from errors import ParameterError
from film import Film, FilmSummary
from service.figures.look import SERIF, Theme
from service.figures.sound_print import describe, sound_print

PRINT_PX = 96
_ORIGIN = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9.-]+(?::\d{1,5})?|https?://\[[0-9A-Fa-f:]+\](?::\d{1,5})?")


def checked_origins(origins: Sequence[str]) -> tuple[str, ...]:
    """The addresses of sites that may show films in frames, as a Content-Security-Policy takes them.

    Raises:
        ParameterError: one is not of the form https://example.org or https://*.example.org:8080.
    """
    kept = tuple(one.rstrip("/") for one in origins)
    for given, one in zip(origins, kept, strict=True):
        if not _ORIGIN.fullmatch(one):
            raise ParameterError(f"{given}: not the address of a site. Write it as https://example.org.")
    return kept


def frame_policy(origins: Sequence[str]) -> str:
    """The Content-Security-Policy of an embedded page: no scripts, and only these sites may show it."""
    framers = " ".join(("'self'", *origins))
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors {framers}"
    )


def embed_page(film: Film, summary: FilmSummary | None, look: Theme) -> str:
    """The page; all film text is escaped."""
    facts = " · ".join(part for part in (str(film.year or ""), ", ".join(film.directors)) if part)
    described = describe(film.title, summary)
    words = described.removeprefix(f"{film.title}: ")
    sentence = f"{words[:1].upper()}{words[1:]}."
    title = html.escape(film.title)
    return _page(
        title,
        f"{sound_print(described, summary, size=PRINT_PX, theme=look)}"
        f'<div><h1 dir="auto">{title}</h1><p dir="auto">{html.escape(facts)}</p><p>{html.escape(sentence)}</p></div>',
        look,
    )


def missing_page(said: str, look: Theme) -> str:
    """What a frame shows in the place of a film that is not there."""
    return _page("filmscore", f"<p>{html.escape(said)}</p>", look)


def _page(title: str, body: str, look: Theme) -> str:
    style = (
        f"body{{margin:0;padding:.8rem;background:{look.background};color:{look.text};font:15px/1.45 {SERIF}}}"
        "main{display:flex;gap:1rem;align-items:center}svg{flex:none}"
        f"h1{{font-size:1.2rem;font-weight:500;margin:0}}p{{margin:0;color:{look.muted}}}"
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head><body><main>{body}'
        "</main></body></html>\n"
    )
