"""Films to choose by their titles.

A small catalogue is a list that the browser searches. Of a large one the server finds the titles that resemble what is
typed, while it is typed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from service.questions.app_data import OpenCatalogue
from views import frame
from views.address import widget_key
from views.language import say

MOST_OPTIONS = 2_000
"""More options than this are not sent to the browser: each time a page is drawn they would cost a tenth of a second and
a hundred kilobytes."""
MOST_FOUND = 30
MOST_HITS = 8
MOST_ROWS = 1_000
"""Most rows of a table that are sent to the browser; the CSV contains all rows."""
LIKES_HINT = "Type a title, a year or a director"
SEARCH, SEARCH_HINT = "Search a title", "Type part of a title or a director"
CHOSEN = "Chosen films; press one to remove it"
HITS, NO_HITS = "{} titles found. Press one to choose it.", "No title here resembles this."
_FOCUS = (Path(__file__).parent / "assets" / "focus_search.html").read_text(encoding="utf-8")
Take = Callable[[list[int]], None]
"""Puts a list of film_ids into the page's question."""


def titles_to_choose(
    found: OpenCatalogue, chosen: Sequence[int], place: str, among: Sequence[int] | None = None
) -> list[int]:
    """The film_ids that a list of titles offers; where there are too many, a box above it asks for a part of the title.

    Args:
        chosen: the films that the list shows as chosen, which are always in it.
        place: names the box among the widgets.
        among: the films to choose from; None = all.
    """
    films = list(found.names) if among is None else [int(one) for one in among]
    if len(films) <= MOST_OPTIONS:
        return films
    text = st.text_input(say(SEARCH), placeholder=say(SEARCH_HINT), key=f"search-{place}", live=True)
    allowed = None if among is None else set(films)
    ids = [film_id for film_id in found.search(text, MOST_FOUND) if allowed is None or film_id in allowed]
    return list(dict.fromkeys([*chosen, *ids]))


def choose_films(
    found: OpenCatalogue, label: str, place: str, chosen: Sequence[int], take: Take, most: int | None = None
) -> None:
    """One box for a list of films: what is typed in it finds titles, whatever the size of the catalogue.

    Args:
        place: names its widgets.
        chosen: film_ids, also of films outside of the catalogue (negative).
        take: is called with the new list when a film is added or removed.
        most: so many can be chosen; None = no limit.
    """
    names = found.names_of(chosen)
    if len(found.names) > MOST_OPTIONS:
        if most is None or len(chosen) < most:
            _search(found, label, place, chosen, take)
        else:
            st.html(f"<p>{html.escape(label)}</p>")
        _chips(names, place, chosen, take)
        return
    key = widget_key(place, list(chosen))
    st.multiselect(
        label,
        list(dict.fromkeys([*found.names, *chosen])),
        default=list(chosen),
        format_func=lambda film_id: found.names.get(film_id) or names.get(film_id, str(film_id)),
        key=key,
        placeholder=say(LIKES_HINT),
        max_selections=most,
        select_all=False,
        on_change=lambda: take(st.session_state[key]),
    )


@st.fragment
def _search(found: OpenCatalogue, label: str, place: str, chosen: Sequence[int], take: Take) -> None:
    """The box, and below it the titles that resemble what is typed, each a button; only this part is drawn again while
    somebody types."""
    key, taken, turns = (f"{name}-{place}" for name in ("search", "search-taken", "search-turns"))

    def add(film_id: int) -> None:
        st.session_state[key] = ""
        st.session_state[taken] = True
        st.session_state[turns] = st.session_state.get(turns, 0) + 1
        take([*chosen, film_id])

    if st.session_state.pop(taken, False):
        st.rerun()  # the whole page answers
    text = st.text_input(label, placeholder=say(SEARCH_HINT), key=key, type="search", live=True)
    hits = [film_id for film_id in found.search(text, MOST_HITS + len(chosen)) if film_id not in chosen][:MOST_HITS]
    if text.strip():
        said = say(HITS, len(hits)) if hits else say(NO_HITS)
        st.html(f'<p class="fs-meta" role="status">{html.escape(said)}</p>')
    with st.container(gap=None, key=f"hits-{place}"):
        for film_id in hits:
            words, hit = frame.plain(found.names[film_id]), f"hit-{place}-{film_id}"
            st.button(words, icon=":material/add:", key=hit, type="tertiary", on_click=add, args=(film_id,))
    if turn := st.session_state.get(turns):
        css_class = re.sub(r"[^\w-]", "-", key, flags=re.ASCII)  # as Streamlit makes it of a key
        st.html(_FOCUS.replace("PLACE", css_class).replace("TURN", str(turn)), unsafe_allow_javascript=True)


def _chips(names: dict[int, str], place: str, chosen: Sequence[int], take: Take) -> None:
    """The chosen films; one that is pressed is removed."""
    if not chosen:
        return
    key = widget_key(f"{place}-chosen", list(chosen))
    st.pills(
        say(CHOSEN),
        list(chosen),
        selection_mode="multi",
        default=list(chosen),
        format_func=lambda film_id: f"{frame.plain(names[film_id])} :material/close:",
        key=key,
        label_visibility="collapsed",
        on_change=lambda: take(st.session_state[key]),
    )
