"""Library: every film of the catalogue, what is known and heard of it, and how more are added."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from service.app_data import OpenCatalogue, table_csv
from views import frame


def _table(found: OpenCatalogue) -> pd.DataFrame:
    films = found.films
    heard = films["media_sha256"].fillna("").astype(str) != ""
    state = pd.Series("not heard", index=films.index).mask(heard, "no music").mask(films["has_music"], "music")
    return pd.DataFrame(
        {
            "film_id": films["film_id"],
            "title": films["title"],
            "director": films["directors"].map(lambda names: ", ".join(names)),
            "year": films["year"],
            "rating": films["rating"],
            "sound": state,
            "collection": films["collection"],
            "added": films["added_at"].astype(str).str[:10],
        }
    )


def show() -> None:
    frame.page("Library", "Every film of this catalogue, and how to add more.")
    found = frame.open_or_begin()
    table = _table(found)
    first, second, third = st.columns(3)
    first.metric("Films", f"{len(table):,}")
    second.metric("With music", f"{found.heard:,}")
    third.metric("Directors", f"{len(found.directors):,}")
    text = st.text_input("Search", placeholder="A title or a director", key="library-search").strip().casefold()
    if text:
        both = (table["title"] + " " + table["director"]).str.casefold()
        table = table[both.str.contains(text, regex=False)]
        if table.empty:
            near = found.snapshot.nearest_titles(text)
            st.info("No film fits. Did you mean " + ", ".join(frame.plain(film.title) for film in near) + "?")
    chosen = st.dataframe(
        table,
        hide_index=True,
        height=520,
        on_select="rerun",
        selection_mode="single-row",
        key="library-table",
        alt="All films of the catalogue; choose a row to open the film",
        column_config={"film_id": None, "year": st.column_config.NumberColumn(format="%d")},
    )
    rows = chosen["selection"]["rows"]
    if rows:
        film_id = int(table.iloc[rows[0]]["film_id"])
        frame.open_film_link(found.snapshot.film(film_id), "Open the chosen film")
    else:
        st.caption("Choose a row to open the film.")
    st.download_button(
        "Films as CSV",
        lambda: table_csv(table),
        "films.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
    with st.expander("Adding films"):
        st.write("In a terminal; each finds out by itself which films it knows already:")
        st.code(
            "filmscore ingest FOLDER              # hears films laid out as FOLDER/Director/Title.mkv, or flat\n"
            "filmscore metadata import films.csv  # titles, years, directors, genres, cast\n"
            "filmscore demo                       # the demo catalogue",
            language=None,
        )


show()
