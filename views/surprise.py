"""Surprise me: a button that shows one well-received film unlike the answers."""

from __future__ import annotations

import html

import streamlit as st

from recommender.question import Answer, Question
from recommender.together import surprise
from service.questions.app_data import OpenCatalogue
from service.questions.evening import surprise_words
from views import frame
from views.language import say
from views.theme import Theme

SURPRISE = "Surprise me"
SURPRISE_HELP = "One film that is rated well and unlike these answers."
NOTHING_LEFT = "No film is left that is not among the answers."
TAG = "surprise"
_SHOWN_FOR, _SHOWN, _PAST = "surprise-for", "surprise-shown", "surprise-past"
"""The question, the film that is shown for it, and those that were shown before."""


def _show_for(question: Question) -> None:
    state = st.session_state
    again = state.get(_SHOWN_FOR) == question
    state[_PAST] = (*state.get(_PAST, ()), *state.get(_SHOWN, ())) if again else ()
    state[_SHOWN_FOR] = question


def surprise_button(question: Question) -> None:
    """The button; pressed again it shows another film, and its result disappears when the question changes."""
    st.button(
        say(SURPRISE),
        icon=":material/casino:",
        type="tertiary",
        help=say(SURPRISE_HELP),
        on_click=_show_for,
        args=(question,),
    )


def show_surprise(found: OpenCatalogue, question: Question, answer: Answer, look: Theme) -> None:
    """The surprising film with its reason, if the visitor requested it."""
    if st.session_state.get(_SHOWN_FOR) != question or not answer.results:
        return
    ids = [result.film.film_id for result in answer.results if result.film.film_id is not None]
    past = st.session_state.get(_PAST, ())
    chosen = surprise(found.recommender, ids, (*question.likes, *question.dislikes, *question.seen, *past))
    st.session_state[_SHOWN] = (chosen.film.film_id,) if chosen else ()
    if chosen is None:
        st.info(say(NOTHING_LEFT), icon=":material/info:")
        return
    words = say(surprise_words(chosen))
    why = f'<p class="fs-sentence" dir="auto">{html.escape(words[:1].upper() + words[1:])}.</p>'
    with st.container(border=True, key="surprise"):
        frame.film_card(found, chosen.film, look, tag=say(TAG), inside=why)
