"""The last act in words, at the foot of the page, with a button that undoes it."""

from __future__ import annotations

import html
from collections.abc import Callable

import streamlit as st

from service.questions.link import to_params
from views.language import say

UNDO = "Undo"


def _address() -> dict[str, str] | None:
    """The question of this visit as its address; what an address does not keep makes no difference."""
    question = st.session_state.get("question")
    return None if question is None else to_params(question)


def offer(said: str, undo: Callable[[], None]) -> None:
    """Say what was done, and how it is undone; for callbacks. It is offered until the next act or another page."""
    st.session_state["undo"] = (said, undo, st.session_state.get("page"), _address())


def bar() -> None:
    """Show what is offered, if it is of this page and nothing was asked since."""
    said, undo, page, question = st.session_state.get("undo", ("", None, None, None))
    if not said or page != st.session_state.get("page") or question != _address():
        return

    def pressed() -> None:
        del st.session_state["undo"]
        undo()

    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="undo"):
        st.html(f'<p role="status" dir="auto">{html.escape(said)}</p>', width="content")
        st.button(say(UNDO), icon=":material/undo:", type="tertiary", on_click=pressed)
