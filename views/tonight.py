"""Tonight: films for several people together. The address holds the people and their films: a link shares them."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from errors import FilmscoreError, ParameterError
from recommender.together import MOST_PEOPLE, GroupPick, tonight
from service.questions.app_data import OpenCatalogue, profile, profiles
from service.questions.evening_link import (
    LONGEST_NAME,
    MOST_LIKES,
    MOST_SEEN,
    Guest,
    Party,
    party_from_params,
    party_params,
)
from service.questions.link import from_params
from service.questions.lists import SEEN, lists_of
from views import first_start, frame
from views.address import widget_key
from views.language import say, say_error
from views.share import share_menu
from views.theme import Theme
from views.titles import choose_films

TITLE = "Tonight"
LEAD = "Films for several people. A film that somebody would not like comes later, however much the others like it."
ADD, REMOVE = "Add a person", "Remove {}"
NAME_HINT, CHOOSE_ONE, ANY = "Ann, then Enter", "Choose one", "any"
BARS_NAME = "Share of the films that each person likes less"
BARS = "The bars: the share of the films that each person would like less than this one."
FROM_SAVED = "Add a saved search"
LIKES = "Films that {} likes"
MINUTES, SEEN_FILMS, MY_SEEN = "Longest film, in minutes", "Seen already", "Leave out my list of seen films"
SHARE_WORDS = "The link holds the people, their films and the limits."
NOBODY = "Add the people who watch tonight, each with a film or more that they like."
NO_FILM_YET = "Not counted yet, because no film is named: {}."
HOW_MANY = 10
STATE = "party"
Put = Callable[[Party, Any], Party]


def _ask(party: Party) -> None:
    st.session_state[STATE] = party
    st.query_params.from_dict(party_params(party))


def _change(widget: str, put: Put) -> None:
    """Callback of a widget: its value goes into the address."""
    _take(put, st.session_state[widget])


def _take(put: Put, value: object) -> None:
    try:
        _ask(put(st.session_state[STATE], value))
    except ParameterError as error:
        st.session_state["notices"] = (say_error(error),)


def _asked(found: OpenCatalogue) -> tuple[Party, tuple[str, ...]]:
    """The party in the address; a visitor who returns from another page gets the last one of this visit."""
    if frame.arrived() and not dict(st.query_params) and STATE in st.session_state:
        st.query_params.from_dict(party_params(st.session_state[STATE]))
    party, notices = party_from_params(dict(st.query_params), found.names.keys())
    st.session_state[STATE] = party
    return party, notices


def _add(party: Party, name: str) -> Party:
    st.session_state["tonight-name"] = ""
    return party.with_guest(Guest(name)) if name.strip() else party


def _add_saved(party: Party, name: str | None, found: OpenCatalogue) -> Party:
    """The party with the person of a saved search: its likes and dislikes, and the films that this person has seen."""
    if not name:
        return party
    question, _ = from_params(profile(found.home, name, frame.keeper()), found.names.keys())
    likes, dislikes, more = (
        tuple(one for one in films if one >= 0) for films in (question.likes, question.dislikes, question.seen)
    )  # an evening's address names films of the catalogue only
    guest = Guest(name, likes[:MOST_LIKES], dislikes[:MOST_LIKES])
    seen = tuple(dict.fromkeys((*party.seen, *more)))[:MOST_SEEN]
    return replace(party.with_guest(guest), seen=seen)


def _set_likes(at: int) -> Put:
    def put(party: Party, likes: list[int]) -> Party:
        guest = party.guests[at]
        disliked = tuple(one for one in guest.dislikes if one not in likes)
        changed = replace(guest, likes=tuple(likes), dislikes=disliked)
        return replace(party, guests=(*party.guests[:at], changed, *party.guests[at + 1 :]))

    return put


def _films(found: OpenCatalogue, label: str, name: str, chosen: tuple[int, ...], most: int, put: Put) -> None:
    """A list of films that is a part of the address."""

    def take(films: list[int]) -> None:
        _take(put, films)

    choose_films(found, label, name, chosen, take, most)


def _people(found: OpenCatalogue, party: Party) -> None:
    for at, guest in enumerate(party.guests):
        wide, narrow = st.columns([6, 1], vertical_alignment="bottom", gap="small")
        label = say(LIKES, frame.plain(guest.name))
        with wide:
            _films(found, label, f"tonight-likes-{guest.name}", guest.likes, MOST_LIKES, _set_likes(at))
        rest = replace(party, guests=(*party.guests[:at], *party.guests[at + 1 :]))
        words = frame.plain(say(REMOVE, guest.name))
        narrow.button(words, key=f"tonight-remove-{guest.name}", type="tertiary", on_click=_ask, args=(rest,))
    if len(party.guests) >= MOST_PEOPLE:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = "tonight-name"
        hint = say(NAME_HINT)
        st.text_input(say(ADD), key=key, max_chars=LONGEST_NAME, placeholder=hint, on_change=_change, args=(key, _add))
        kept = [name for name in profiles(found.home, frame.keeper()) if name not in party.names]
        if kept:
            key = f"tonight-saved-{len(party.guests)}"  # a new box for each, so that it starts empty
            st.selectbox(
                say(FROM_SAVED),
                kept,
                index=None,
                key=key,
                placeholder=say(CHOOSE_ONE),
                on_change=_change,
                args=(key, lambda now, name: _add_saved(now, name, found)),
            )


def _limits(found: OpenCatalogue, party: Party) -> None:
    left, right = st.columns([1, 3])
    with left:
        key = widget_key("tonight-minutes", party.minutes)
        put: Put = lambda now, minutes: replace(now, minutes=minutes)  # noqa: E731
        st.number_input(
            say(MINUTES), 1, 999, party.minutes, 10, key=key, placeholder=say(ANY), on_change=_change, args=(key, put)
        )
    with right:
        _films(
            found,
            say(SEEN_FILMS),
            "tonight-seen",
            party.seen,
            MOST_SEEN,
            lambda now, seen: replace(now, seen=tuple(seen)),
        )
    mine = [one for one in lists_of(found.home, frame.reader())[SEEN] if one not in party.seen and one in found.names]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if mine:
            more = replace(party, seen=(*party.seen, *mine)[:MOST_SEEN])
            st.button(say(MY_SEEN), icon=":material/visibility:", type="tertiary", on_click=_ask, args=(more,))
        share_menu(say(SHARE_WORDS))


def who_likes(pick: GroupPick) -> str:
    """How much each person would like a film, as bars with their words; HTML."""
    rows = "".join(
        f'<li><span dir="auto">{html.escape(name)}</span>'
        f'<span class="fs-track"><i style="width:{100 * share:.0f}%"></i></span>'
        f'<span class="fs-num">{100 * share:.0f} %</span></li>'
        for name, share in pick.shares
    )
    return f'<ul class="fs-reasons" aria-label="{html.escape(say(BARS_NAME), quote=True)}">{rows}</ul>'


def _answer(found: OpenCatalogue, party: Party, look: Theme) -> None:
    questions = party.questions()
    waiting = [name for name in party.names if name not in questions]
    if waiting:
        st.caption(frame.plain(say(NO_FILM_YET, ", ".join(waiting))))
    if not questions:
        st.info(say(NOBODY), icon=":material/group:")
        return
    picks, notices = tonight(found.recommender, questions, HOW_MANY, party.minutes)
    for notice in notices:
        st.caption(frame.plain(say(notice)))
    if picks:
        st.caption(say(BARS))
    for rank, (pick, cell) in enumerate(zip(picks, frame.grid(len(picks), 2), strict=True), 1):
        with cell, st.container(border=True, height="stretch", key=f"card-{pick.film.film_id}"):
            frame.film_card(found, pick.film, look, rank=rank, more=who_likes(pick))


def show() -> None:
    look = frame.page(say(TITLE), say(LEAD))
    found = first_start.open_or_begin()
    party, notices = _asked(found)
    for notice in (*st.session_state.pop("notices", ()), *notices):
        st.info(frame.plain(say(notice)), icon=":material/info:")
    _people(found, party)
    _limits(found, party)
    try:
        _answer(found, party, look)
    except FilmscoreError as error:
        frame.trouble(error)


show()
