"""The page Library, for admins: correct films, analyse them again, delete them, find duplicates."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from db.catalogue.export import table_csv
from errors import FilmscoreError
from film import BOUNDS, Film
from service.jobs import jobs
from service.library.editing import delete_film, duplicates, edit_film, succeed, successions
from service.library.tracks import choose_track, other_versions, sound_tracks, track_name
from service.questions.app_data import OpenCatalogue
from service.rights.access import Actor
from views import first_start, frame, titles
from views.language import language, say
from views.submitting import started, submit

NO_MUSIC = "no music"
NOT_HEARD = "not analysed"
DELETE_SURE = "Delete this film and its analysis"
DELETE = "Delete"
EDIT = "Edit"
SAVE_THE_CHANGES = "Save the changes"
HEAR_AGAIN = "Analyse again"
SEVERAL = "Several: a; b; c"
TRACKS = "Sound track and versions"
FILMSCORE_CHOOSES = "filmscore chooses"
TRACK_TO_HEAR = "Sound track to analyse"
HEAR_THIS_TRACK = "Analyse this track"
SHOW_TRACKS = "Show the sound tracks"
HEARD = "Analysed: {}"
OTHER_VERSION = "Another version, not analysed: {}"
DUPLICATES, LOOK_FOR_DUPLICATES = "Duplicates", "Look for duplicates"
DUPLICATES_FOUND = "{} by their content, {} by their title"
NO_DUPLICATES = "No film has two files of the same content, and no two have the same title, year and director."
SAME_CONTENT = "same content, {}: {}"
SAME_TITLE = "same title: {}"
SUCCEEDS = "Make one film: {}, whose file is gone, gets the file of {}, which is deleted"
TITLE = "Library"
LEAD = "Every film of this catalogue: correct it, analyse it again, delete it."
FILMS_AS_CSV = "Films as CSV"
TABLE_ALT = "All films of the catalogue; choose a row to open the film"
OPEN_CHOSEN = "Open the chosen film"
CHOOSE_A_ROW = "Choose a row to open the film."
ADD_FILMS = "Add films"
SEARCH = "Search"
NO_YEAR, NONE = "no year", "none"
NUMBERED = "{}, number {}"
DID_YOU_MEAN = "No film fits. Did you mean {}?"
SEARCH_HINT, LISTING = "A title or a director", "Listing the films"
FIRST_ROWS = "The first {:,} of {:,} are listed. Search for others; the CSV has them all."


@st.cache_resource(max_entries=4, show_spinner=False)
def _table(_found: OpenCatalogue, snapshot: str, language: str) -> pd.DataFrame:
    """All films, computed once per snapshot and language; do not modify it."""
    films = _found.films
    heard = films["media_sha256"].fillna("").astype(str) != ""
    state = (
        pd.Series(say(NOT_HEARD), index=films.index).mask(heard, say(NO_MUSIC)).mask(films["has_music"], say("music"))
    )
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


COUNTS = "{:,} films, {:,} with music, {:,} directors."
LISTS = ("directors", "writers", "composers", "genres", "tags", "countries", "languages", "locations", "cast")
NUMBERS = ("year", "rating", "votes", "metascore", "runtime_minutes")
TEXTS = ("title", "other_title", "imdb_id", "film_set", "collection", "plot")
TABLE_PX, ROWS_IN_TABLE = 520, 13


def _edit(asking: Actor, film: Film) -> None:
    """The metadata of a film, and buttons to analyse it again or delete it."""
    film_id = film.film_id or 0
    saved = f"-{count}" if (count := st.session_state.get("library-edits", 0)) else ""  # new fields after a save
    if f"title-{film_id}{saved}" not in st.session_state:
        st.session_state["library-shown"] = film
    shown: Film = st.session_state["library-shown"]
    with st.expander(say(EDIT), expanded=True), st.form(f"edit-{film_id}"):
        fields: dict[str, object] = {}
        cells = frame.grid(len(TEXTS) + len(NUMBERS) + len(LISTS), 3)
        for name, cell in zip((*TEXTS, *NUMBERS, *LISTS), cells, strict=True):
            value, key = getattr(shown, name), f"{name}-{film_id}{saved}"
            label = say(name.replace("_", " ").capitalize())
            if name in LISTS:
                text = cell.text_input(label, "; ".join(value), key=key, help=say(SEVERAL))
                fields[name] = tuple(part.strip() for part in text.split(";") if part.strip())
            elif name in NUMBERS:
                number, step = (float, 0.1) if name == "rating" else (int, 1)
                low, high = map(number, BOUNDS[name])
                kept = None if value is None else min(high, max(low, number(value)))
                fields[name] = cell.number_input(label, low, high, kept, step, key=key)
            else:
                fields[name] = cell.text_input(label, value, key=key)
        if st.form_submit_button(say(SAVE_THE_CHANGES), type="primary"):
            # Only what was changed here: somebody else may have changed the other fields meanwhile.
            changed = {name: value for name, value in fields.items() if value != getattr(shown, name)}
            _do(lambda: _save(asking, film_id, changed))
    left, right = st.columns(2)
    if film.media_sha256 and left.button(say(HEAR_AGAIN), icon=":material/hearing:", key=f"again-{film_id}"):
        submit(asking, "reanalyse", {"film_ids": [film_id]})
    if film.media_sha256:
        _sound_track(asking, film_id)
    sure = right.checkbox(say(DELETE_SURE), key=f"sure-{film_id}")
    if right.button(say(DELETE), icon=":material/delete:", disabled=not sure, key=f"delete-{film_id}"):
        st.session_state["library-deletions"] = st.session_state.get("library-deletions", 0) + 1
        _do(lambda: delete_film(frame.home(), asking, film_id))


def _save(asking: Actor, film_id: int, changed: dict[str, object]) -> None:
    edit_film(frame.home(), asking, film_id, **changed)
    st.session_state["library-edits"] = st.session_state.get("library-edits", 0) + 1


def _sound_track(asking: Actor, film_id: int) -> None:
    """Choose the audio track of a film; its file is opened only on demand."""
    with st.expander(say(TRACKS)):
        for path in other_versions(frame.home(), asking).get(film_id, ()):
            st.caption(frame.plain(say(OTHER_VERSION, path)))
        if not st.toggle(say(SHOW_TRACKS), key=f"tracks-{film_id}"):
            return
        try:
            found = sound_tracks(frame.home(), asking, film_id)
        except FilmscoreError as error:
            frame.trouble(error)
            return
        heard = next((track_name(track) for track in found.tracks if track.number == found.heard), say(NONE))
        st.caption(frame.plain(say(HEARD, heard)))
        names: dict[int | None, str] = {
            None: say(FILMSCORE_CHOOSES),
            **{track.number: track_name(track) for track in found.tracks},
        }
        numbers = list(names)
        at = numbers.index(found.chosen) if found.chosen in names else 0
        wanted = st.selectbox(
            say(TRACK_TO_HEAR), numbers, at, format_func=lambda one: frame.plain(names[one]), key=f"track-{film_id}"
        )
        if st.button(say(HEAR_THIS_TRACK), icon=":material/graphic_eq:", key=f"hear-track-{film_id}"):

            def hear() -> None:
                choose_track(frame.home(), asking, film_id, wanted)
                jobs.submit(frame.home(), asking, "reanalyse", {"film_ids": [film_id]})

            if _do(hear, stay=True):
                started()


def _do(change: Callable[[], object], stay: bool = False) -> bool:
    try:
        change()
    except FilmscoreError as error:
        frame.trouble(error)
        return False
    if not stay:
        st.rerun()
    return True


def _duplicates(asking: Actor) -> None:
    """Computed on demand, because every title of a large catalogue is read."""
    with st.expander(say(DUPLICATES)):
        if not st.toggle(say(LOOK_FOR_DUPLICATES), key="duplicates"):
            return
        copied, alike = duplicates(frame.home(), asking)
        st.caption(say(DUPLICATES_FOUND, len(copied), len(alike)) if copied or alike else say(NO_DUPLICATES))
        for film, paths in copied:
            st.write(frame.plain(say(SAME_CONTENT, _named(film), ", ".join(paths))))
        for group in alike:
            st.write(frame.plain(say(SAME_TITLE, ", ".join(map(_named, group)))))
        for film, other in successions(alike):
            words = frame.plain(say(SUCCEEDS, _named(film), _named(other)))
            if st.button(words, key=f"succeed-{film.film_id}-{other.film_id}", icon=":material/merge:"):
                _do(partial(succeed, frame.home(), asking, film.film_id or 0, other.film_id or 0))


def _named(film: Film) -> str:
    return say(NUMBERED, f"{film.title} ({film.year or say(NO_YEAR)})", str(film.film_id))


def show() -> None:
    frame.page(say(TITLE), say(LEAD))
    asking = frame.admin_or_stop()
    found = first_start.open_or_begin()
    with st.spinner(say(LISTING)):
        table = _table(found, found.snapshot.id, language())
    st.caption(say(COUNTS, len(table), found.heard, len(found.directors)))
    text = st.text_input(say(SEARCH), placeholder=say(SEARCH_HINT), key="library-search").strip().casefold()
    if text:
        held = [table[name].str.contains(text, case=False, regex=False) for name in ("title", "director")]
        table = table[held[0] | held[1]]
        if table.empty:
            near = ", ".join(frame.plain(film.title) for film in found.snapshot.nearest_titles(text))
            st.info(say(DID_YOU_MEAN, near) if near else say(titles.NO_HITS))
    if len(table) > titles.MOST_ROWS:
        st.caption(say(FIRST_ROWS, titles.MOST_ROWS, len(table)))
    chosen = st.dataframe(
        table.head(titles.MOST_ROWS),
        hide_index=True,
        height=TABLE_PX if len(table) > ROWS_IN_TABLE else "content",  # a search that finds one film shows one row
        on_select="rerun",
        selection_mode="single-row",
        # A choice is a place in this very table: another search, or one film less, begins without one.
        key=f"library-table-{st.session_state.get('library-deletions', 0)}-{text}",
        alt=say(TABLE_ALT),
        column_config={
            **{name: say(name) for name in table.columns},
            "film_id": None,
            "year": st.column_config.NumberColumn(say("year"), format="%d"),
        },
    )
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < min(len(table), titles.MOST_ROWS):  # somebody else may have removed a film meanwhile
        film = found.snapshot.film(int(table.iloc[rows[0]]["film_id"]))
        frame.open_film_link(film, say(OPEN_CHOSEN))
        _edit(asking, film)
    else:
        st.caption(say(CHOOSE_A_ROW))
    st.download_button(
        say(FILMS_AS_CSV),
        lambda: table_csv(table),
        "films.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
    _duplicates(asking)
    st.page_link(frame.ADD_PAGE, label=say(ADD_FILMS), icon=":material/add:")


show()
