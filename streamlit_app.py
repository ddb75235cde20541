"""Front door of the app: which page, and a calm word when something expected goes wrong."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from errors import FilmscoreError
from views import frame

st.set_page_config(
    page_title="filmscore", page_icon=str(Path(__file__).parent / "views" / "assets" / "icon.png"), layout="wide"
)

PAGES = [
    st.Page("views/discover.py", title="Discover", icon=":material/explore:", default=True),
    st.Page("views/film.py", title="Film", icon=":material/movie:"),
    st.Page("views/sounds_like.py", title="Sounds like", icon=":material/graphic_eq:"),
    st.Page("views/mining.py", title="Mining", icon=":material/scatter_plot:"),
    st.Page("views/validity.py", title="Validity", icon=":material/fact_check:"),
    st.Page("views/library.py", title="Library", icon=":material/video_library:"),
    st.Page("views/about.py", title="How this works", icon=":material/menu_book:"),
]
"""One flat list: Streamlit's section headings are divs within its list, which screen readers stumble over."""

try:
    st.navigation(PAGES).run()
except FilmscoreError as error:
    frame.trouble(error)
