"""Data: import, export, back up, restore, and how much room all of it takes."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from db.catalogue.export import table_csv
from errors import CatalogueError, FilmscoreError
from service.jobs import jobs
from service.library.backups import audit_log, disk_use
from service.library.metadata import keep_sheet
from service.questions.app_data import OpenCatalogue
from service.rights.access import Actor, change_password
from views import frame, session
from views.given import given


def _hand_in(asking: Actor, kind: str, arguments: dict[str, object]) -> None:
    try:
        jobs.submit(frame.home(), asking, kind, arguments)
    except FilmscoreError as error:
        frame.trouble(error)
        return
    frame.started()


def _import(asking: Actor) -> None:
    st.subheader("Import", anchor=False)
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch"):
        st.markdown("**A sheet of films**")
        st.caption("CSV: movie, director, year, imdb_id, rating, genres, cast, ... (docs/metadata.md).")
        sheet = st.file_uploader("Sheet", type=["csv", "gz"], max_upload_size=50, key="data-sheet")
        if sheet is not None and st.button("Import the sheet"):
            try:
                with given(sheet).open() as stream:
                    path = keep_sheet(frame.home(), asking, sheet.name, stream)
            except FilmscoreError as error:
                frame.trouble(error)
            else:
                _hand_in(asking, "metadata_import", {"path": str(path)})
    with right, st.container(border=True, height="stretch"):
        st.markdown("**IMDb's official files**")
        st.caption(
            "Download title.basics and its companions from [datasets.imdbws.com](https://datasets.imdbws.com/) into a "
            "folder below a media root. IMDb allows personal, non-commercial use only."
        )
        folder = st.text_input("Folder", key="data-imdb")
        if st.button("Load the files", disabled=not folder):
            _hand_in(asking, "imdb_load", {"path": folder})


def _found() -> OpenCatalogue | None:
    """The catalogue, its damage named; a broken one keeps nobody from restoring a backup."""
    try:
        found = frame.catalogue()
    except CatalogueError as error:
        frame.trouble(error)
        return None
    for damage in found.snapshot.notices if found else ():
        st.warning(frame.plain(f"{damage} Meanwhile an older catalogue is shown."), icon=":material/healing:")
    return found


def _export(found: OpenCatalogue | None) -> None:
    st.subheader("Export", anchor=False)
    if found is None or found.films.empty:
        st.caption("There is nothing to export yet.")
        return
    st.download_button(
        "Enhanced dataset as CSV",
        lambda: table_csv(found.snapshot.enhanced_dataset()),
        "enhanced_dataset.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _backups(asking: Actor) -> None:
    st.subheader("Backups", anchor=False)
    st.caption(
        "A backup holds films, metadata, analyses and your own heads. Media files are not in it, uploaded ones "
        "neither: copy the home's folder `uploads` as well."
    )
    if st.button("Back up now", icon=":material/archive:"):
        _hand_in(asking, "backup", {})
    kept = {path.name: path for path in jobs.backups(frame.home())}
    if not kept:
        st.caption("None yet.")
        return
    chosen = st.selectbox("Backup", list(kept), key="data-backup")
    st.caption(f"{kept[chosen].stat().st_size / 1e6:.1f} MB")
    sure = st.checkbox("Put it in the place of today's films and metadata", key="data-sure")
    if st.button("Restore", disabled=not sure):
        _hand_in(asking, "restore", {"name": chosen})


def _room() -> None:
    st.subheader("Room on the disk", anchor=False)
    use = disk_use(frame.home())
    table = pd.DataFrame({"what": list(use), "MB": [size / 1e6 for size in use.values()]})
    megabytes = st.column_config.NumberColumn("MB", format="%.1f")
    st.dataframe(table, hide_index=True, column_config={"MB": megabytes}, alt="Megabytes by what they are for")


def _password(asking: Actor) -> None:
    with st.expander("Change password"), st.form("password"):
        password = st.text_input("New password", type="password")
        if st.form_submit_button("Change password"):
            try:
                session.begin(change_password(frame.home(), asking, password), "data")
            except FilmscoreError as error:
                frame.trouble(error)
            else:
                st.success("Changed; all other sessions ended.", icon=":material/check:")


def show() -> None:
    frame.page("Data", "What comes in, what goes out, and what is kept.")
    asking = frame.admin_or_stop()
    found = _found()
    _import(asking)
    _export(found)
    _backups(asking)
    _room()
    st.subheader("What was done", anchor=False)
    log = audit_log(frame.home(), asking)
    rows = [{"when": one.at, "who": one.actor, "what": one.action, "detail": frame.in_words(one.detail)} for one in log]
    st.dataframe(pd.DataFrame(rows, columns=["when", "who", "what", "detail"]), hide_index=True, alt="The audit log")
    _password(asking)


show()
