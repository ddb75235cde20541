"""Films that the visitor does not have: any known title can be liked, and recommended in a list of its own."""

from __future__ import annotations

import html

import streamlit as st

from errors import CatalogueError
from film import Film
from recommender.question import Answer, Question
from recommender.telling import sentence
from service.questions.app_data import OpenCatalogue, film_line
from views import frame
from views.address import widget_key
from views.answers import DISLIKE, LIKE, SEEN
from views.language import say
from views.question import change, move, setting

MENU, TYPE, NONE = "A film you don't have", "Type its title", "No known title begins like this."
ALSO, UNOWNED = "Also recommend films you don't have", "Films you don't have"
MOST_FOUND = 8
_BUTTONS = ((LIKE, "favorite", "likes"), (DISLIKE, "block", "dislikes"), (SEEN, "visibility", "seen"))


def films_outside(found: OpenCatalogue, question: Question) -> None:
    """A search in all known titles, if IMDb's files are loaded, and the switch of their own list."""
    if found.known_titles is None:
        return
    with st.popover(say(MENU), icon=":material/search:", type="tertiary"):
        typed = st.text_input(say(TYPE), key="outside-typed")
        if typed.strip():
            try:
                titles = found.known_titles.search(typed, MOST_FOUND)
            except CatalogueError as error:
                frame.trouble(error)
                return
            for film in titles:
                _found(film)
            if not titles:
                st.caption(say(NONE))
        key = widget_key("also_unowned", question.also_unowned)
        st.toggle(
            say(ALSO), question.also_unowned, key=key, on_change=change, args=(key, setting("also_unowned", bool))
        )


def _found(film: Film) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.write(frame.plain(f"{film.title} · {say(film_line(film))}"))
        _buttons(film, "found")


def _buttons(film: Film, place: str) -> None:
    for label, icon, kind in _BUTTONS:
        key = f"outside-{place}-{kind}-{film.film_id}"
        sign = f":material/{icon}:"
        st.button(say(label), key=key, icon=sign, type="tertiary", on_click=move, args=(film.film_id, kind))


def show_unowned(answer: Answer) -> None:
    """The recommended films outside of the catalogue, each with the sentence of why."""
    if not answer.unowned:
        return
    st.subheader(say(UNOWNED), anchor=False)
    for result in answer.unowned:
        with st.container(border=True, key=f"unowned-{-(result.film.film_id or 0)}"):
            title, why = html.escape(result.film.title), html.escape(say(sentence(result)))
            line = html.escape(say(film_line(result.film)))
            st.html(
                f'<h3 dir="auto">{title}</h3><p class="fs-meta">{line}</p><p class="fs-sentence" dir="auto">{why}</p>'
            )
            with st.container(horizontal=True, gap="small"):
                _buttons(result.film, "card")
