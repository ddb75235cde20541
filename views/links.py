"""Links within the app as HTML: to a film, to a question, to films that have something in common."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

import streamlit as st

from recommender.question import Question
from service.questions.browsing import Wanted
from service.questions.link import to_params
from views.language import say

OF_DECADE = "{}: films of the {}s"
PATHS = {"discover": "./"} | {page: page for page in ("films", "film", "sounds_like", "compare", "by_ear", "lists")}
"""Relative to the app's root, at which every page stands; an address in front of it (a proxy's path) stays."""


def href(page: str, params: Mapping[str, str]) -> str:
    """The address of a page with parameters, escaped for an attribute."""
    query = f"?{urlencode(params)}" if params else ""
    return html.escape(f"{PATHS[page]}{query}", quote=True)


def link(text: str, page: str, params: Mapping[str, str], kind: str = "fs-link", label: str = "") -> str:
    """A link as HTML; its text is escaped.

    Args:
        label: what a screen reader says instead of the text, where the text alone says too little.
    """
    named = f' aria-label="{html.escape(label, quote=True)}"' if label else ""
    return f'<a class="{kind}" href="{href(page, params)}"{named}>{html.escape(text)}</a>'


OPEN_IT = "Open it"
_FOLLOW = "<script>document.querySelector('a.fs-go').click()</script>"


def go(page: str, params: Mapping[str, str]) -> None:
    """Go to a page as a click on a link to it would, so that the browser's Back leads to where this page was left.

    `st.switch_page` would leave an entry in the history in which this page has the other page's parameters.
    """
    st.html(link(say(OPEN_IT), page, params, kind="fs-go") + _FOLLOW, unsafe_allow_javascript=True)


def film_params(film_id: int, **further: str) -> dict[str, str]:
    """Of a film's page: it carries the question of this visit, so that its buttons and the way back know it."""
    asked = st.session_state.get("question", Question())
    return {"film": str(film_id), **further, **to_params(asked)}


def film_href(film_id: int) -> str:
    """The address of a film's page."""
    return href("film", film_params(film_id))


def people(names: Iterable[str]) -> str:
    """Names, each a link to the films that this person directs or plays in."""
    return ", ".join(link(name, "films", Wanted(person=name).params()) for name in names)


def film_genres(names: Iterable[str]) -> str:
    """Film genres, each a link to its films."""
    return ", ".join(link(name, "films", Wanted(genre=name).params()) for name in names)


def countries(names: Iterable[str]) -> str:
    """Countries, each a link to its films."""
    return ", ".join(link(name, "films", Wanted(country=name).params()) for name in names)


def year(number: int | None) -> str:
    """A year, a link to the films of its decade; "" where it is not known."""
    if number is None:
        return ""
    decade = number // 10 * 10
    return link(str(number), "films", Wanted(decade=decade).params(), label=say(OF_DECADE, number, decade))
