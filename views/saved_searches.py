"""The menu of saved searches on Discover: save the question, load a saved one, delete it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from errors import FilmscoreError
from recommender.question import Question
from service.questions.app_data import OpenCatalogue, profile, profiles
from service.questions.link import from_params
from service.questions.profiles import forget, save
from views import frame, undo
from views.language import say, say_error
from views.question import ask

SAVE_MENU, SAVE_AS, SAVE, SAVED, SAVED_SEARCHES, LOAD = (
    "Save",
    "Save this search as",
    "Save",
    "Saved “{}”.",
    "Saved searches",
    "Load",
)
FORGET, FORGOTTEN = "Delete", "Deleted: {}"


def _load_profile(name: str, found: OpenCatalogue) -> None:
    try:
        question, notices = from_params(profile(found.home, name, frame.keeper()), found.names.keys())
    except FilmscoreError as error:
        st.session_state["notices"] = (say_error(error),)
        return
    st.session_state["notices"] = notices
    ask(replace(question, aim=question.aim or "taste"))


def _forget(name: str, found: OpenCatalogue) -> None:
    """Callback: delete a saved search, and offer to save it again."""
    try:
        question, _ = from_params(profile(found.home, name, frame.keeper()), found.names.keys(), most=None)
        forget(found.home, name, frame.keeper())
    except FilmscoreError as error:
        st.session_state["notices"] = (say_error(error),)
        return
    undo.offer(say(FORGOTTEN, name), partial(save, found.home, name, question, frame.keeper()))


def saved_searches(found: OpenCatalogue, question: Question) -> None:
    """The menu: a name to save the question under, and the saved searches of this visitor."""
    with st.popover(say(SAVE_MENU), icon=":material/bookmark:", type="tertiary"):
        name = st.text_input(say(SAVE_AS), max_chars=80, key="profile-name")
        if st.button(say(SAVE), key="profile-save", disabled=not name.strip()):
            try:
                save(found.home, name, question, frame.keeper())
                st.toast(frame.plain(say(SAVED, name.strip())))
            except FilmscoreError as error:
                frame.trouble(error)
        kept = profiles(found.home, frame.keeper())
        if kept:
            which = st.selectbox(say(SAVED_SEARCHES), kept, key="profile-choice")
            with st.container(horizontal=True, gap="small"):
                st.button(say(LOAD), key="profile-load", on_click=_load_profile, args=(which, found))
                st.button(say(FORGET), key="profile-delete", type="tertiary", on_click=_forget, args=(which, found))
