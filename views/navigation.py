"""The list of pages, the requested page, and a clear message when an expected error occurs."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from errors import FilmscoreError
from service.logs import log_event
from service.rights.browsers import SESSIONS, holder
from service.starting import later_work
from views import frame
from views.language import say

VIEWS = Path(__file__).parent
TAKES_FILES = ("", "sounds_like")
"""Addresses of the pages that take files of anybody: ratings (Discover, at the root) and clips."""


def pages() -> list[st.Page]:
    """One flat list for three groups of users: those who look for a film, study films, or manage them. The style
    separates the groups.

    Streamlit's own section headings are divs within its list, which screen readers stumble over.
    """
    asking = frame.actor()
    admin: Literal["visible", "hidden"] = "visible" if asking.is_admin else "hidden"
    person = (say("Sign out"), ":material/logout:") if asking.is_signed_in else (say("Sign in"), ":material/login:")
    return [
        st.Page(VIEWS / "discover.py", title=say("Discover"), icon=":material/explore:", default=True),
        st.Page(VIEWS / "films.py", title=say("Films"), icon=":material/grid_view:"),
        st.Page(VIEWS / "film.py", title=say("Film"), icon=":material/movie:", visibility="hidden"),
        st.Page(VIEWS / "sounds_like.py", title=say("Sounds like"), icon=":material/graphic_eq:"),
        st.Page(VIEWS / "tonight.py", title=say("Tonight"), icon=":material/group:"),
        st.Page(VIEWS / "map.py", title=say("Map"), icon=":material/map:"),
        st.Page(VIEWS / "lists.py", title=say("Lists"), icon=":material/bookmarks:"),
        st.Page(VIEWS / "compare.py", title=say("Compare"), icon=":material/compare_arrows:"),
        st.Page(VIEWS / "mining.py", title=say("Mining"), icon=":material/scatter_plot:"),
        st.Page(VIEWS / "validity.py", title=say("Validity"), icon=":material/fact_check:"),
        st.Page(VIEWS / "about.py", title=say("How this works"), icon=":material/menu_book:"),
        st.Page(VIEWS / "overview.py", title=say("Overview"), icon=":material/dashboard:", visibility=admin),
        st.Page(VIEWS / "library.py", title=say("Library"), icon=":material/video_library:", visibility=admin),
        st.Page(VIEWS / "by_ear.py", title=say("By ear"), icon=":material/hearing:", visibility=admin),
        st.Page(VIEWS / "add_films.py", title=say("Add films"), icon=":material/add:", visibility=admin),
        st.Page(VIEWS / "jobs.py", title=say("Jobs"), icon=":material/pending_actions:", visibility=admin),
        st.Page(VIEWS / "models.py", title=say("Models"), icon=":material/tune:", visibility=admin),
        st.Page(VIEWS / "data.py", title=say("Data"), icon=":material/database:", visibility=admin),
        st.Page(VIEWS / "sign_in.py", title=person[0], icon=person[1]),
    ]


def _bind(page: str) -> None:
    """Note for the door before this app whose session this is, and whether its page takes files of anybody."""
    running = get_script_run_ctx()
    if running is not None:
        SESSIONS.bind(running.session_id, holder(frame.cookies()), takes_files=page in TAKES_FILES)


def main() -> None:
    """Show the requested page."""
    st.set_page_config(page_title="filmscore", page_icon=str(VIEWS / "assets" / "icon.png"), layout="wide")
    try:
        page = st.navigation(pages())
        if page.url_path:  # not the first page, which needs nothing else
            later_work().wait()
        frame.name_tab(page.title)
        _bind(page.url_path)
        page.run()
    except FilmscoreError as error:
        frame.trouble(error)
    except Exception as error:  # a fault of ours: the log keeps it, the visitor sees a calm word and no trace
        fault = "".join(traceback.format_exception(error))
        log_event(frame.home(), "page failed", error=fault[-4000:])
        frame.fault()
    finally:
        later_work().begin()
