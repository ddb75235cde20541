"""Add films: choose files below the media roots or upload one, see what would happen, then watch them arrive."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from errors import FilmscoreError
from ingest.discover import say_left_out, shown
from ingest.matching import Match
from media.decode import MEDIA_SUFFIXES
from service.jobs import jobs
from service.jobs.alone import worker_alive
from service.library.editing import Plan, PlannedFilm, accept_titles, plan_ingest
from service.rights import media_roots
from service.rights.access import Actor
from service.rights.upload_limits import PAGE_MB
from views import frame, media_server
from views.given import given
from views.language import say

EVERYTHING = "everything in this folder"


MEDIA_ROOT = "Media root"
FOLDER = "Folder: {}"
OPEN_FOLDER = "Open a folder below"
FILM = "Film"
NONE_CHOSEN = "none chosen"
NO_COLLECTION = "none"
UP, ROOT = "Up one folder", "the root itself"
MORE_ENTRIES = "{} further entries are not listed."
UPLOADS = "Uploads"
FILM_UP_TO = "A film, up to {} MB"
NO_ROOT = "Your folder is not listed yet. Allow it once in a terminal, then reload this page: `{}`."
ANOTHER_ROOT = "To see another folder here, allow it in a terminal and reload this page: `{}`."
LARGER_FILMS = "Larger films go into a folder: `{}`, then choose them here."
HEARD_ALREADY = "analysed already"
WILL_BE_COMPARED = "known, will be compared"
WILL_BE_HEARD, NEW = "known, will be analysed", "new"
DECIDED_BEFORE = "{} (decided before)"
PREVIEW_WORDS = (
    "The preview goes by names, paths, times and NFO files. When the files are added, their contents are compared: a "
    "film that was analysed under another name is not analysed again."
)
PLAN_ALT = "What adding these films would do"
NO_TITLES = (
    "Titles are known once IMDb's files were loaded (page Data). Without them films are named by their NFO files, "
    "folders and names."
)
FILE, YEAR, DIRECTOR, WHAT, POSTER, FURTHER = "file", "year", "director", "what", "poster", "further files"
ID, MATCHED, CONFIDENCE, NEW = "IMDb id", "title", "confidence", "new"
PARTS, VERSIONS = "{} more parts", "{} more versions"
ONE_PART, ONE_VERSION = "1 more part", "1 more version"
LEFT_OUT, KIND = "No films, and left out: {}", "kind"
LEFT_OUT_ALT = "The files that are no films"
FOUND, FOUND_ONE = "{} films were found.", "1 film was found."
READ_AS = "read as"
IMDB_TERMS = (
    "Titles, people and ratings come from IMDb's files, which are for personal, non-commercial use only ([their "
    "terms](https://developer.imdb.com/non-commercial-datasets/))."
)
TITLES_USED = "{} films have their title now. Add them below."
WHICH_FILM = "Which film is it?"
UNCLEAR_WORDS = "These names fit several titles, or none well. What you choose is remembered."
USE_TITLES = "Use {} titles"
LEAVE_OPEN = "leave it open"
JOB_IS = "The job is {}. {}"
MAY_LEAVE = "You may leave this page. Follow it in Jobs."
RUNS_OF_MUSIC, ONE_RUN = "{} runs of music", "1 run of music"
OPEN = "Open"
CANDIDATE = "{} ({}), confidence {:.0%}"
WAITING = "waiting for the worker"
TITLE = "Add films"
LEAD = "filmscore listens to each film once; it takes some seconds per hour of film."
FROM_WHERE = "From where"
COLLECTION = "Collection"
NO_WORKER = "No worker is running, so nothing will be analysed. Start one in a terminal: `{}`."
WAYS = {"machine": "This machine", "upload": "Upload", "server": "Media server"}
PREVIEW = "Preview"
ADD = "Add"
LOOKING = "Looking at the files"


def _folder(asking: Actor) -> Path | None:
    """The folder or file that is chosen, by walking down from a media root."""
    home = frame.home()
    roots = media_roots.media_roots(home)
    kept = media_roots.uploads(home).resolve()
    root = st.selectbox(
        say(MEDIA_ROOT),
        roots,
        format_func=lambda one: say(UPLOADS) if one == kept else str(one),
        key="add-root",
        help=say(ANOTHER_ROOT, frame.command("roots add FOLDER")),
    )
    if all(one == kept for one in roots):
        st.info(say(NO_ROOT, frame.command("roots add FOLDER")), icon=":material/folder_open:")
    if st.session_state.get("add-walked") != root:
        st.session_state["add-walked"], st.session_state["add-folder"] = root, root
    folder = Path(st.session_state["add-folder"])
    try:
        listing = media_roots.browse(home, asking, folder)
    except FilmscoreError as error:
        frame.trouble(error)
        return None
    here = folder.relative_to(root).as_posix()
    st.caption(say(FOLDER, frame.plain(here if here != "." else say(ROOT))))
    left, right = st.columns(2)

    def down() -> None:
        if st.session_state["add-down"]:
            st.session_state["add-folder"] = folder / st.session_state["add-down"]

    left.selectbox(
        say(OPEN_FOLDER), listing.folders, index=None, key="add-down", on_change=down, placeholder=say(NONE_CHOSEN)
    )
    if folder != root:
        left.button(
            say(UP),
            icon=":material/arrow_upward:",
            on_click=lambda: st.session_state.update({"add-folder": folder.parent}),
        )
    choice = right.selectbox(
        say(FILM),
        [EVERYTHING, *listing.files],
        format_func=lambda one: say(one) if one == EVERYTHING else one,
        key="add-file",
    )
    if listing.more:
        st.caption(say(MORE_ENTRIES, listing.more))
    return folder if choice == EVERYTHING else folder / choice


def _upload(asking: Actor) -> Path | None:
    suffixes = sorted(suffix.lstrip(".") for suffix in MEDIA_SUFFIXES)
    film = st.file_uploader(say(FILM_UP_TO, PAGE_MB), type=suffixes, max_upload_size=PAGE_MB, key="add-upload")
    st.caption(say(LARGER_FILMS, frame.command("roots add FOLDER")))
    if film is None:
        return None
    kept: dict[str, str] = st.session_state.setdefault("add-uploaded", {})
    if film.file_id not in kept:
        try:
            with given(film).open() as stream:
                kept[film.file_id] = str(media_roots.accept_upload(frame.home(), asking, film.name, stream))
        except FilmscoreError as error:
            frame.trouble(error)
            return None
    return Path(kept[film.file_id])


def _state(film: PlannedFilm) -> str:
    if film.heard:
        return say(HEARD_ALREADY)
    if film.known and film.known.media_sha256:
        return say(WILL_BE_COMPARED)
    return say(WILL_BE_HEARD) if film.known else say(NEW)


def _title(match: Match | None) -> str:
    if match is None or not match.candidates:
        return ""
    first = match.candidates[0]
    known = next((one for one in match.candidates if one.imdb_id == match.accepted), None)
    if match.accepted and known is None:
        return say(DECIDED_BEFORE, match.accepted)
    shown = known or first
    return f"{shown.title} ({shown.year})" + ("" if match.accepted else "?")


def _further(film: PlannedFilm) -> str:
    """What else is of the film: "1 more part", "2 more versions"."""
    kinds = ((film.further, ONE_PART, PARTS), (film.versions, ONE_VERSION, VERSIONS))
    return ", ".join(say(one) if len(files) == 1 else say(many, len(files)) for files, one, many in kinds if files)


def _row(film: PlannedFilm, titles_loaded: bool) -> dict[str, object]:
    row: dict[str, object] = {
        say(READ_AS): film.title,
        say(YEAR): film.year,
        say(DIRECTOR): film.director,
        say(ID): film.imdb_id,
        say(POSTER): film.has_poster,
        say(FURTHER): _further(film),
        say(WHAT): _state(film),
        say(FILE): film.path.name,
    }
    if titles_loaded:
        best = film.match.candidates[0].confidence if film.match and film.match.candidates else None
        row |= {say(MATCHED): _title(film.match), say(CONFIDENCE): None if best is None else round(100 * best)}
    return row


def _show_plan(asking: Actor, plan: Plan) -> None:
    st.write(say(FOUND_ONE) if len(plan.films) == 1 else say(FOUND, len(plan.films)))
    if plan.films:
        table = pd.DataFrame([_row(film, plan.titles_loaded) for film in plan.films])
        columns = {
            say(YEAR): st.column_config.NumberColumn(format="%d", width="small"),
            say(POSTER): st.column_config.CheckboxColumn(width="small"),
            say(CONFIDENCE): st.column_config.ProgressColumn(format="%d %%", min_value=0, max_value=100, width="small"),
        }
        st.dataframe(table, hide_index=True, column_config=columns, alt=say(PLAN_ALT))
    if plan.left_out:
        with st.expander(frame.plain(say(LEFT_OUT, say_left_out(plan.left_out)))):
            top = shown(plan.folder if plan.folder.is_dir() else plan.folder.parent)
            left_out = [{say(FILE): str(one.path.relative_to(top)), say(KIND): one.kind} for one in plan.left_out]
            st.dataframe(left_out, hide_index=True, alt=say(LEFT_OUT_ALT))
    for film in plan.films:
        for note in film.notes:
            st.caption(frame.plain(f"{film.path.name}: {note}"))
    st.caption(say(PREVIEW_WORDS))
    for problem in plan.problems:
        st.caption(frame.plain(problem))
    if not plan.titles_loaded:
        st.caption(say(NO_TITLES))
        return
    _decide(asking, plan)


def _decide(asking: Actor, plan: Plan) -> None:
    chosen: dict[Path, str] = {
        film.path: film.match.accepted for film in plan.films if film.match and film.match.accepted
    }
    unclear = [film for film in plan.films if film.match and not film.match.accepted and film.match.candidates]
    if unclear:
        st.subheader(say(WHICH_FILM), anchor=False)
        st.caption(say(UNCLEAR_WORDS))
    for film in unclear:
        assert film.match is not None
        titles = {one.imdb_id: say(CANDIDATE, one.title, one.year, one.confidence) for one in film.match.candidates}
        name = film.path.relative_to(plan.folder).as_posix() if film.path != plan.folder else film.path.name
        answer = st.selectbox(
            frame.plain(name),
            list(titles),
            index=None,
            format_func=titles.__getitem__,
            placeholder=say(LEAVE_OPEN),
            key=f"title-{film.path}",
        )
        if answer:
            chosen[film.path] = answer
    st.caption(say(IMDB_TERMS))
    if chosen and st.button(say(USE_TITLES, len(chosen)), icon=":material/done_all:"):
        try:
            count = accept_titles(frame.home(), asking, plan, chosen)
        except FilmscoreError as error:
            frame.trouble(error)
            return
        st.session_state.pop("add-plan", None)
        st.session_state["add-said"] = say(TITLES_USED, count)
        st.rerun()


@st.fragment(run_every=1.0)
def _arriving(job_id: int) -> None:
    """How far the job is; it goes on when this page is left."""
    asking = frame.admin_or_stop()  # each time: the session may have ended since the page was opened
    job = jobs.job(frame.home(), asking, job_id)
    with st.container(border=True):
        if job.status.unfinished:
            st.progress(job.progress, text=frame.plain(job.stage or say(WAITING)))
            st.caption(say(MAY_LEAVE))
            return
        rows = (job.result or {}).get("films", [])
        if summary := (job.result or {}).get("summary"):
            st.write(frame.plain(f"{summary}."))
        found = frame.catalogue()
        titles = found.names if found else {}
        for row in rows:
            name = frame.plain(titles.get(row["film_id"]) or Path(row["path"]).name)
            if row["film_id"]:
                left, right = st.columns([3, 1])
                heard = say(ONE_RUN) if row["runs"] == 1 else say(RUNS_OF_MUSIC, row["runs"])
                what = row["reason"] if row.get("copy_of") else heard
                left.write(f"{name}: {row['status']}, {frame.plain(what)}")
                right.page_link(
                    frame.FILM_PAGE,
                    label=say(OPEN),
                    icon=":material/arrow_forward:",
                    query_params={"film": str(row["film_id"])},
                )
                for note in row.get("notes", ()):
                    left.caption(frame.plain(note))
            else:
                st.warning(frame.plain(row["reason"]), icon=":material/error:")
        st.caption(say(JOB_IS, job.status, frame.plain(job.reason)))
        if st.session_state.get("add-seen") != job_id:
            st.session_state["add-seen"] = job_id
            st.rerun()


def show() -> None:
    frame.page(say(TITLE), say(LEAD))
    asking = frame.admin_or_stop()
    home = frame.home()
    if not worker_alive(home):
        st.warning(
            say(NO_WORKER, frame.command("worker")),
            icon=":material/engineering:",
        )
    way = st.segmented_control(
        say(FROM_WHERE),
        list(WAYS),
        format_func=lambda one: say(WAYS[one]),
        default="machine",
        required=True,
        key="add-way",
    )
    if way == "server":
        if job_id := media_server.chosen(asking):
            st.session_state["add-job"] = job_id
        if "add-job" in st.session_state:
            _arriving(st.session_state["add-job"])
        return
    path = _upload(asking) if way == "upload" else _folder(asking)
    collection = st.text_input(say(COLLECTION), placeholder=say(NO_COLLECTION), key="add-collection", max_chars=200)
    if said := st.session_state.pop("add-said", ""):
        st.success(said, icon=":material/check:")
    buttons = st.container(horizontal=True)
    if buttons.button(say(PREVIEW), icon=":material/visibility:", disabled=path is None) and path:
        try:
            with st.spinner(say(LOOKING)):
                st.session_state["add-plan"] = plan_ingest(home, asking, path)
        except FilmscoreError as error:
            frame.trouble(error)
    if buttons.button(say(ADD), type="primary", icon=":material/add:", disabled=path is None) and path:
        try:
            wanted = {"paths": [str(path)], "collection": collection.strip()}
            st.session_state["add-job"] = jobs.submit(home, asking, "ingest", wanted)
            st.session_state.pop("add-plan", None)
        except FilmscoreError as error:
            frame.trouble(error)
    plan = st.session_state.get("add-plan")
    if plan is not None and plan.folder == path:
        _show_plan(asking, plan)
    if "add-job" in st.session_state:
        _arriving(st.session_state["add-job"])


show()
