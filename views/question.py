"""Discover's question as the page holds it: the address is its only home.

Every run reads the question from the address. A widget or a button that changes it writes the address, before the page
is drawn, by a callback; nothing is read from what widgets return.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import streamlit as st

from recommender.question import Question, spelled
from service.questions.link import PARAMETERS, from_params, to_params
from views import frame
from views.language import say

LISTS = ("likes", "dislikes", "seen")
"""A film is in one of them at most."""
Put = Callable[[Question, Any], Question]
"""Puts the value of a widget into a question."""


def asked(known: Collection[int]) -> tuple[Question, tuple[str, ...]]:
    """The question in the address, and notices about parts that cannot be used, shown once per address.

    A visitor who comes from another page without a question gets the last one of this visit.

    Args:
        known: the film_ids of the catalogue.
    """
    state = st.session_state
    if frame.arrived() and not dict(st.query_params) and "question" in state:
        st.query_params.from_dict(to_params(state["question"]))
    params = dict(st.query_params)
    question, notices = from_params(params, known)
    new = state.get("question-address") != params
    state["question"], state["question-address"] = question, params
    return question, notices if new else ()


def carried(known: Collection[int]) -> Question:
    """The question on a page about something else: that in its address, or else the last one of this visit."""
    params = dict(st.query_params)
    if any(name in PARAMETERS for name in params) or "question" not in st.session_state:
        st.session_state["question"] = from_params(params, known)[0]
    question: Question = st.session_state["question"]
    return question


def ask(question: Question) -> None:
    """Put another question into the address, which keeps what else it says; for callbacks."""
    st.session_state["question"] = question
    others = {name: value for name, value in st.query_params.to_dict().items() if name not in PARAMETERS}
    st.query_params.from_dict(others | to_params(question))


def change(widget: str, put: Put) -> None:
    """Callback of a widget: put its value into the question."""
    ask(put(st.session_state["question"], st.session_state[widget]))


def setting(name: str, read: Callable[[Any], Any]) -> Put:
    """Puts a widget's value, read by `read`, into a field of the question."""
    return lambda question, value: replace(question, **{name: read(value)})


def filter_setting(name: str, read: Callable[[Any], Any]) -> Put:
    """The same for a field of its filters."""
    return lambda question, value: replace(question, filters=replace(question.filters, **{name: read(value)}))


_NAMES = {
    "music": "Story / Sound",
    "variety": "variety",
    "n": "number of films",
    "year_from": "year from",
    "year_to": "year to",
    "genre": "genre",
    "country": "Country",
    "director": "director",
    "collection": "collection",
    "composer": "composer",
    "with_music": "with music",
    "max_per_director": "at most per director",
    "for": "aim",
    "mix": "mix",
    "more": "More of",
    "less": "Less of",
}
"""Field of a question -> what this page calls it in a message."""


def page_words(message: str) -> str:
    """A message about the question with its fields in the words of this page."""
    return spelled(say(message), lambda field: say(_NAMES[field]))


def set_likes(question: Question, likes: list[int]) -> Question:
    """The question with these likes; the other lists give them up."""
    others: dict[str, Any] = {
        name: tuple(one for one in getattr(question, name) if one not in likes) for name in LISTS[1:]
    }
    return replace(question, likes=tuple(likes), **others)


def move(film_id: int, kind: str) -> None:
    """Callback of a button: the film goes to one list (`kind`, "" for none) and leaves the others."""
    question: Question = st.session_state["question"]
    lists: dict[str, Any] = {name: tuple(one for one in getattr(question, name) if one != film_id) for name in LISTS}
    if kind:
        lists[kind] += (film_id,)
    ask(replace(question, **lists))
