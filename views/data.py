"""Data: import, export, back up, restore, and how much room all of it takes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db.catalogue.export import table_csv
from db.home import Home
from errors import CatalogueError, FilmscoreError
from service.jobs import jobs
from service.library.backups import audit_log, disk_use
from service.library.metadata import keep_sheet
from service.library.table_preview import TablePreview, not_imported, preview_table
from service.questions.app_data import OpenCatalogue
from service.rights.access import Actor, change_password
from service.rights.upload_limits import SHEET_MB
from views import frame, session
from views.first_start import ago
from views.given import given
from views.language import say
from views.submitting import submit

IMPORT = "Import"
SHEET_TITLE = "**A sheet of films**"
SHEET = "Sheet"
FILMS_IN_IT = "Films in the sheet: {}."
READ_AS = "Read as: {}."
WRONG_ROWS = "Rows that are wrong ({}): {}. Correct them, or leave them out, and upload the sheet again."
FAULTS_SHOWN = 5
IMDB_TITLE = "**IMDb's official files**"
IMDB_WORDS = (
    "Download title.basics and its companions from [datasets.imdbws.com](https://datasets.imdbws.com/) into a folder "
    "below a media root. IMDb allows personal, non-commercial use only."
)
FOLDER = "Folder"
LOAD_THE_FILES = "Load the files"
IMPORT_THE_SHEET = "Import the sheet"
OLDER = "{} Meanwhile an older catalogue is shown."
EXPORT = "Export"
DATASET_CSV = "Enhanced dataset as CSV"
NOTHING_TO_EXPORT = "There is nothing to export yet."
BACKUPS = "Backups"
BACKUP_WORDS = (
    "A backup holds films, metadata, analyses and your trained models. Media files are not in it, uploaded ones "
    "neither: copy the home's folder `uploads` as well."
)
BACK_UP_NOW = "Back up now"
BACKUP = "Backup"
RESTORE_SURE = "Replace today's films and metadata"
RESTORE = "Restore"
NONE_YET = "None yet."
DISK = "Disk space"
DISK_ALT = "Space on the disk by what it is for"
MEGABYTES, GIGABYTES = "{:.1f} MB", "{:.1f} GB"
SHEET_WORDS = "CSV: movie, director, year, imdb_id, rating, genres, cast, ... (docs/metadata.md)."
CHANGE = "Change password"
NEW = "New password"
CHANGED = "Changed; all other sessions ended."
TITLE = "Data"
LEAD = "What comes in, what goes out, and what is kept."
LOG = "Activity log"
LOG_ALT = "The audit log"


def _sheet(asking: Actor, sheet: UploadedFile) -> None:
    """Show how an uploaded table is read, and the button that imports it."""
    known: dict[str, tuple[Path, TablePreview]] = st.session_state.setdefault("data-sheets", {})
    try:
        if sheet.file_id not in known:
            with given(sheet).open() as stream:
                kept = keep_sheet(frame.home(), asking, sheet.name, stream)
            known[sheet.file_id] = kept, preview_table(asking, kept)
    except FilmscoreError as error:
        frame.trouble(error)
        return
    path, table = known[sheet.file_id]
    st.markdown(say(FILMS_IN_IT, table.films))
    if table.first:
        st.dataframe(pd.DataFrame(table.first), hide_index=True)
    read_as = ", ".join(f"{column} → {field}" for column, field in table.columns.items())
    st.caption(frame.plain(say(READ_AS, read_as)))
    for line in not_imported(table.no_films, table.unused):
        st.caption(frame.plain(say(line)))
    if table.rejected:
        wrong = "; ".join(f"line {one.line}: {one.fault}" for one in table.rejected[:FAULTS_SHOWN])
        st.warning(frame.plain(say(WRONG_ROWS, len(table.rejected), wrong)))
    if st.button(say(IMPORT_THE_SHEET), key="data-sheet-import", disabled=bool(table.rejected) or not table.films):
        submit(asking, "metadata_import", {"path": str(path)})


def _import(asking: Actor) -> None:
    st.subheader(say(IMPORT), anchor=False)
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch"):
        st.markdown(say(SHEET_TITLE))
        st.caption(say(SHEET_WORDS))
        kinds = ["csv", "tsv", "txt", "gz"]
        sheet = st.file_uploader(say(SHEET), type=kinds, max_upload_size=SHEET_MB, key="data-sheet")
        if sheet is not None:
            _sheet(asking, sheet)
    with right, st.container(border=True, height="stretch"):
        st.markdown(say(IMDB_TITLE))
        st.caption(say(IMDB_WORDS))
        folder = st.text_input(say(FOLDER), key="data-imdb")
        if st.button(say(LOAD_THE_FILES), disabled=not folder):
            submit(asking, "imdb_load", {"path": folder})


def _found() -> OpenCatalogue | None:
    """The catalogue, its damage named; a broken one keeps nobody from restoring a backup."""
    try:
        found = frame.catalogue()
    except CatalogueError as error:
        frame.trouble(error)
        return None
    for damage in found.snapshot.notices if found else ():
        st.warning(frame.plain(say(OLDER, damage)), icon=":material/healing:")
    return found


def _export(found: OpenCatalogue | None) -> None:
    st.subheader(say(EXPORT), anchor=False)
    if found is None or found.films.empty:
        st.caption(say(NOTHING_TO_EXPORT))
        return
    st.download_button(
        say(DATASET_CSV),
        lambda: table_csv(found.snapshot.enhanced_dataset()),
        "enhanced_dataset.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _backups(asking: Actor) -> None:
    st.subheader(say(BACKUPS), anchor=False)
    st.caption(say(BACKUP_WORDS))
    if st.button(say(BACK_UP_NOW), icon=":material/archive:"):
        submit(asking, "backup", {})
    kept = {path.name: path for path in jobs.backups(frame.home())}
    if not kept:
        st.caption(say(NONE_YET))
        return
    chosen = st.selectbox(say(BACKUP), list(kept), key="data-backup")
    st.caption(say(MEGABYTES, kept[chosen].stat().st_size / 1e6))
    sure = st.checkbox(say(RESTORE_SURE), key="data-sure")
    if st.button(say(RESTORE), disabled=not sure):
        submit(asking, "restore", {"name": chosen})


@st.cache_data(ttl=60, max_entries=4, show_spinner=False)
def _use(root: str) -> dict[str, int]:
    """Computed once a minute, because it reads the size of every file in the home."""
    return disk_use(Home(Path(root)))


def _room() -> None:
    st.subheader(say(DISK), anchor=False)
    use = _use(str(frame.home().root))
    sizes = [say(GIGABYTES, size / 1e9) if size >= 1e9 else say(MEGABYTES, size / 1e6) for size in use.values()]
    table = pd.DataFrame({say("what"): [say(name) for name in use], say("size"): sizes})
    st.dataframe(table, hide_index=True, alt=say(DISK_ALT))


def _password(asking: Actor) -> None:
    with st.expander(say(CHANGE)), st.form("password"):
        password = st.text_input(say(NEW), type="password")
        if st.form_submit_button(say(CHANGE)):
            try:
                session.begin(change_password(frame.home(), asking, password), "data")
            except FilmscoreError as error:
                frame.trouble(error)
            else:
                st.success(say(CHANGED), icon=":material/check:")


def show() -> None:
    frame.page(say(TITLE), say(LEAD))
    asking = frame.admin_or_stop()
    found = _found()
    _import(asking)
    _export(found)
    _backups(asking)
    _room()
    st.subheader(say(LOG), anchor=False)
    log = audit_log(frame.home(), asking)
    rows = [(ago(one.at), one.actor, one.action, frame.in_words(one.detail), one.at) for one in log]
    columns = [say(name) for name in ("when", "who", "what", "detail")]
    st.dataframe(pd.DataFrame(rows, columns=[*columns, "UTC"]), hide_index=True, alt=say(LOG_ALT))
    _password(asking)


show()
