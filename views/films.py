"""Films: a wall to look through, sorted, filtered, by first letter, by pages; the address says what is shown."""

from __future__ import annotations

import html
from collections.abc import Callable

import streamlit as st

from service.questions.app_data import OpenCatalogue
from service.questions.browsing import HEARD_SORTS, LETTERS, SORTS, Page, Wanted
from views import first_start, frame, links
from views.address import widget_key
from views.language import say
from views.titles import MOST_OPTIONS
from views.wall import page_links, wall

TITLE = "Films"
SORT, GENRE, COUNTRY, DECADE, SEARCH = "Sort by", "Genre", "Country", "Decade", "Search titles"
SEARCH_HINT = "A part of a title"
HEARD = "Only analysed films with music"
SORTED = {
    "title": "Title",
    "newest": "Newest",
    "oldest": "Oldest",
    "added": "Newly added",
    "rated": "Best rated",
    "calm": "Calmest music",
    "energetic": "Most energetic music",
    "slow": "Slowest music",
    "fast": "Fastest music",
    "music": "Most music",
}
ALL = "All"
LETTERS_NAME = "First letters"
FILTERS, CLEAR = "Filters", "Show all films"
COUNT, ONE, BEGINNING, WITH_MUSIC = "{:,} films", "1 film", "beginning with {}", "with music"
ALL_LETTERS, FIGURES, LETTER = "All letters", "Titles that begin with a figure or a sign", "Titles that begin with {}"
NONE = "No film fits. Take a filter away."
NONE_HEARD = "No film with music was analysed yet. Add a film's file, and it can be sorted by its music."


def _go(wanted: Wanted) -> None:
    st.query_params.from_dict(wanted.params())


def _decade(text: str) -> int | None:
    return int(text.removesuffix("s")) if text else None


def _choice(
    label: str, name: str, options: list[str], now: str, wanted: Wanted, read: Callable[[str], object] = str
) -> None:
    """A box whose choice, read by `read`, goes into the address."""
    values = [ALL, *options]
    if now and now not in values:
        values.append(now)
    key = widget_key(f"films-{name}", now or ALL)

    def put() -> None:
        chosen = st.session_state[key]
        _go(wanted.but(**{name: read("" if chosen == ALL else chosen)}))

    names = {ALL: say(ALL)}
    st.selectbox(
        label,
        values,
        index=values.index(now or ALL),
        format_func=lambda one: names.get(one, one),
        key=key,
        on_change=put,
    )


def _controls(found: OpenCatalogue, wanted: Wanted) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="films-controls"):
        text_key = widget_key("films-text", wanted.text)
        st.text_input(
            say(SEARCH),
            wanted.text,
            key=text_key,
            placeholder=say(SEARCH_HINT),
            on_change=lambda: _go(wanted.but(text=st.session_state[text_key].strip())),
        )
        sort_key = widget_key("films-sort", wanted.sort)
        st.selectbox(
            say(SORT),
            list(SORTS),
            index=list(SORTS).index(wanted.sort),
            format_func=lambda one: say(SORTED[one]),
            key=sort_key,
            on_change=lambda: _go(wanted.but(sort=st.session_state[sort_key])),
        )
        with st.popover(say(FILTERS), icon=":material/tune:"):
            _choice(say(GENRE), "genre", found.values("genres")[:MOST_OPTIONS], wanted.genre, wanted)
            _choice(say(COUNTRY), "country", found.values("countries")[:MOST_OPTIONS], wanted.country, wanted)
            years = found.films["year"].dropna()
            decades = sorted({int(year) // 10 * 10 for year in years}, reverse=True)
            now = f"{wanted.decade}s" if wanted.decade is not None else ""
            _choice(say(DECADE), "decade", [f"{decade}s" for decade in decades], now, wanted, _decade)
            heard_key = widget_key("films-heard", wanted.heard)
            st.toggle(
                say(HEARD),
                wanted.heard,
                key=heard_key,
                on_change=lambda: _go(wanted.but(heard=st.session_state[heard_key])),
            )


def _said(wanted: Wanted, page: Page) -> str:
    """What is shown, in words, and the way back to all films."""
    parts = [
        wanted.person,
        wanted.genre,
        wanted.country,
        wanted.collection,
        f"{wanted.decade}s" if wanted.decade is not None else "",
        f"“{wanted.text}”" if wanted.text else "",
        say(BEGINNING, wanted.letter) if wanted.letter else "",
        say(WITH_MUSIC) if wanted.heard or wanted.sort in HEARD_SORTS else "",
    ]
    count = say(ONE) if page.total == 1 else say(COUNT, page.total)
    filtered = " · ".join(part for part in parts if part)
    clear = f" · {links.link(say(CLEAR), 'films', {})}" if filtered else ""
    told = f"{count}: {filtered}" if filtered else count
    return f'<p class="fs-meta">{html.escape(told)}{clear}</p>'


def _letters(wanted: Wanted, page: Page) -> str:
    cells = [
        f'<span aria-current="true">{letter}</span>'
        if letter == wanted.letter
        else links.link(
            letter,
            "films",
            wanted.but(letter=letter).params(),
            label=say(FIGURES) if letter == "#" else say(LETTER, letter),
        )
        for letter in LETTERS
        if letter in page.letters
    ]
    every = (
        [links.link(say(ALL), "films", wanted.but(letter="").params(), label=say(ALL_LETTERS))] if wanted.letter else []
    )
    return f'<nav class="fs-letters" aria-label="{say(LETTERS_NAME)}">{"".join([*every, *cells])}</nav>'


def show() -> None:
    look = frame.page(say(TITLE))
    found = first_start.open_or_begin()
    wanted = Wanted.from_params(st.query_params.to_dict())
    page = found.shelf.page(wanted)
    _controls(found, wanted)
    st.html(_said(wanted, page) + _letters(wanted, page))
    if not page.total:
        st.info(
            say(NONE_HEARD) if wanted.sort in HEARD_SORTS and not found.heard else say(NONE),
            icon=":material/search_off:",
        )
        return
    wall(found, page.film_ids, look, say(TITLE))
    page_links("films", page.number, page.pages, lambda number: wanted.but(page=number).params())


show()
