"""The page Overview: what the films need from their admin, the most urgent first."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from service.admin.attention import Need, needs
from views import frame
from views.language import say

TITLE, LEAD = "Overview", "What needs you first, and the way to each part of this installation."
CALM = "Nothing needs you: every job ended well, every film was analysed, and a backup is at hand."
PLACES = (
    ("Library", "library", "video_library", "Correct films, analyse them again, delete them, find duplicates."),
    ("By ear", "by_ear", "hearing", "Hear the scenes of which the models are least sure, and set what you hear."),
    ("Add films", "add_films", "add", "From a folder of this machine, or by upload."),
    ("Jobs", "jobs", "pending_actions", "What is running, what failed and why."),
    ("Models", "models", "tune", "What hears the films; your trained models."),
    ("Data", "data", "database", "Import, export, backups, the log of what was done."),
)
ICONS = {"urgent": ":material/error:", "soon": ":material/warning:", "note": ":material/info:"}


OPEN = "Open {}"


def _path(page: str) -> Path:
    return Path(__file__).parent / f"{page}.py"


def _need(one: Need) -> None:
    label = next(name for name, page, *_ in PLACES if page == one.page)
    with st.container(horizontal=True, vertical_alignment="center", key=f"need-{one.name}"):
        said = st.error if one.level == "urgent" else st.warning if one.level == "soon" else st.info
        said(frame.plain(say(one.words)), icon=ICONS[one.level])
        st.page_link(_path(one.page), label=say(OPEN, say(label)), icon=":material/arrow_forward:", width="content")


def show() -> None:
    frame.page(say(TITLE), say(LEAD))
    asking = frame.admin_or_stop()
    found = needs(frame.home(), asking)
    for one in found:
        _need(one)
    if not found:
        st.success(say(CALM), icon=":material/check:")
    for (label, page, icon, words), cell in zip(PLACES, frame.grid(len(PLACES), 3), strict=True):
        with cell, st.container(border=True, height="stretch"):
            st.page_link(_path(page), label=say(label), icon=f":material/{icon}:")
            st.caption(say(words))


show()
