"""Front door of the app: which page, and a calm word when something expected goes wrong."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Literal

import streamlit as st

from errors import FilmscoreError
from service.logs import log_event
from views import frame

st.set_page_config(
    page_title="filmscore", page_icon=str(Path(__file__).parent / "views" / "assets" / "icon.png"), layout="wide"
)


def pages() -> list[st.Page]:
    """One flat list: Streamlit's section headings are divs within its list, which screen readers stumble over."""
    signed_in = frame.actor().is_admin
    admin: Literal["visible", "hidden"] = "visible" if signed_in else "hidden"
    person = ("Sign out", ":material/logout:") if signed_in else ("Sign in", ":material/login:")
    return [
        st.Page("views/discover.py", title="Discover", icon=":material/explore:", default=True),
        st.Page("views/film.py", title="Film", icon=":material/movie:"),
        st.Page("views/sounds_like.py", title="Sounds like", icon=":material/graphic_eq:"),
        st.Page("views/mining.py", title="Mining", icon=":material/scatter_plot:"),
        st.Page("views/validity.py", title="Validity", icon=":material/fact_check:"),
        st.Page("views/about.py", title="How this works", icon=":material/menu_book:"),
        st.Page("views/library.py", title="Library", icon=":material/video_library:", visibility=admin),
        st.Page("views/add_films.py", title="Add films", icon=":material/add:", visibility=admin),
        st.Page("views/jobs.py", title="Jobs", icon=":material/pending_actions:", visibility=admin),
        st.Page("views/models.py", title="Models", icon=":material/tune:", visibility=admin),
        st.Page("views/data.py", title="Data", icon=":material/database:", visibility=admin),
        st.Page("views/sign_in.py", title=person[0], icon=person[1]),
    ]


try:
    page = st.navigation(pages())
    frame.name_tab(page.title)
    page.run()
except FilmscoreError as error:
    frame.trouble(error)
except Exception as error:  # a fault of ours: the log keeps it, the visitor sees a calm word and no trace
    fault = "".join(traceback.format_exception(error))
    log_event(frame.home(), "page failed", error=fault[-4000:])
    frame.fault()
