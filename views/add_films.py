"""Add films: choose files below the media roots or upload one, see what would happen, then watch them arrive."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from errors import FilmscoreError
from ingest.matching import Match
from media.decode import MEDIA_SUFFIXES
from service.jobs import jobs
from service.jobs.worker import worker_alive
from service.library.editing import Plan, PlannedFilm, accept_titles, plan_ingest
from service.rights import media_roots
from service.rights.access import Actor
from service.rights.uploads import MOST_MB
from views import frame
from views.given import given

EVERYTHING = "everything in this folder"


def _folder(asking: Actor) -> Path | None:
    """The folder or file that is chosen, by walking down from a media root."""
    home = frame.home()
    roots = media_roots.media_roots(home)
    kept = media_roots.uploads(home).resolve()
    root = st.selectbox(
        "Media root", roots, format_func=lambda one: "Uploads" if one == kept else str(one), key="add-root"
    )
    if st.session_state.get("add-walked") != root:
        st.session_state["add-walked"], st.session_state["add-folder"] = root, root
    folder = Path(st.session_state["add-folder"])
    try:
        listing = media_roots.browse(home, asking, folder)
    except FilmscoreError as error:
        frame.trouble(error)
        return None
    here = folder.relative_to(root).as_posix()
    st.caption(f"Folder: {frame.plain(here if here != '.' else 'the root itself')}")
    left, right = st.columns(2)

    def down() -> None:
        if st.session_state["add-down"]:
            st.session_state["add-folder"] = folder / st.session_state["add-down"]

    left.selectbox(
        "Open a folder below", listing.folders, index=None, key="add-down", on_change=down, placeholder="none chosen"
    )
    if folder != root:
        left.button(
            "Up",
            icon=":material/arrow_upward:",
            on_click=lambda: st.session_state.update({"add-folder": folder.parent}),
        )
    choice = right.selectbox("Film", [EVERYTHING, *listing.files], key="add-file")
    if listing.more:
        st.caption(f"{listing.more} further entries are not listed.")
    return folder if choice == EVERYTHING else folder / choice


def _upload(asking: Actor) -> Path | None:
    suffixes = sorted(suffix.lstrip(".") for suffix in MEDIA_SUFFIXES)
    film = st.file_uploader(f"A film, up to {MOST_MB} MB", type=suffixes, max_upload_size=MOST_MB, key="add-upload")
    st.caption(f"Larger films go into a folder: `{frame.command('roots add FOLDER')}`, then choose them here.")
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
        return "heard already"
    if film.known and film.known.media_sha256:
        return "known, will be compared"
    return "known, will be heard" if film.known else "new"


def _title(match: Match | None) -> str:
    if match is None or not match.candidates:
        return ""
    first = match.candidates[0]
    known = next((one for one in match.candidates if one.imdb_id == match.accepted), None)
    if match.accepted and known is None:
        return f"{match.accepted} (decided before)"
    shown = known or first
    return f"{shown.title} ({shown.year})" + ("" if match.accepted else "?")


def _show_plan(asking: Actor, plan: Plan) -> None:
    table = pd.DataFrame(
        [
            {
                "file": film.path.name,
                "read as": film.title,
                "what": _state(film),
                "title": _title(film.match),
                "confidence": round(100 * film.match.candidates[0].confidence)
                if film.match and film.match.candidates
                else None,
            }
            for film in plan.films
        ]
    )
    confidence = st.column_config.ProgressColumn(
        "confidence", format="%d %%", min_value=0, max_value=100, width="small"
    )
    st.dataframe(
        table, hide_index=True, column_config={"confidence": confidence}, alt="What adding these films would do"
    )
    st.caption(
        "Looking goes by names, paths and times. Contents are compared when the files are added: what was heard under "
        "another name is not heard again."
    )
    for problem in plan.problems:
        st.caption(frame.plain(problem))
    if not plan.titles_loaded:
        st.caption(
            "Titles are known once IMDb's files were loaded (page Data). Without them films are named as their files."
        )
        return
    _decide(asking, plan)


def _decide(asking: Actor, plan: Plan) -> None:
    chosen: dict[Path, str] = {
        film.path: film.match.accepted for film in plan.films if film.match and film.match.accepted
    }
    unclear = [film for film in plan.films if film.match and not film.match.accepted and film.match.candidates]
    if unclear:
        st.subheader("Which film is it?", anchor=False)
        st.caption("These names fit several titles, or none well. What you choose is remembered.")
    for film in unclear:
        assert film.match is not None
        titles = {
            one.imdb_id: f"{one.title} ({one.year}), confidence {one.confidence:.0%}" for one in film.match.candidates
        }
        name = film.path.relative_to(plan.folder).as_posix() if film.path != plan.folder else film.path.name
        answer = st.selectbox(
            frame.plain(name),
            list(titles),
            index=None,
            format_func=titles.__getitem__,
            placeholder="leave it open",
            key=f"title-{film.path}",
        )
        if answer:
            chosen[film.path] = answer
    st.caption(
        "Titles, people and ratings come from IMDb's files, which are for personal, non-commercial use only "
        "([their terms](https://developer.imdb.com/non-commercial-datasets/))."
    )
    if chosen and st.button(f"Use {len(chosen)} titles", icon=":material/done_all:"):
        try:
            count = accept_titles(frame.home(), asking, plan, chosen)
        except FilmscoreError as error:
            frame.trouble(error)
            return
        st.session_state.pop("add-plan", None)
        st.session_state["add-said"] = f"{count} films have their title now. Add them below."
        st.rerun()


@st.fragment(run_every=1.0)
def _arriving(job_id: int) -> None:
    """How far the job is; it goes on when this page is left."""
    asking = frame.admin_or_stop()  # each time: the session may have ended since the page was opened
    job = jobs.job(frame.home(), asking, job_id)
    with st.container(border=True):
        if job.status.unfinished:
            st.progress(job.progress, text=frame.plain(job.stage or "waiting for the worker"))
            st.caption("You may leave this page. Follow it in Jobs.")
            return
        rows = (job.result or {}).get("films", [])
        for row in rows:
            name = frame.plain(Path(row["path"]).name)
            if row["film_id"]:
                left, right = st.columns([3, 1])
                what = row["reason"] if row.get("copy_of") else f"{row['runs']} runs of music"
                left.write(f"{name}: {row['status']}, {frame.plain(what)}")
                right.page_link(
                    frame.FILM_PAGE,
                    label="Open",
                    icon=":material/arrow_forward:",
                    query_params={"film": str(row["film_id"])},
                )
                for note in row.get("notes", ()):
                    left.caption(frame.plain(note))
            else:
                st.warning(frame.plain(row["reason"]), icon=":material/error:")
        st.caption(f"The job is {job.status}. {frame.plain(job.reason)}")
        if st.session_state.get("add-seen") != job_id:
            st.session_state["add-seen"] = job_id
            st.rerun()


def show() -> None:
    frame.page("Add films", "filmscore listens to each film once; it takes some seconds per hour of film.")
    asking = frame.admin_or_stop()
    home = frame.home()
    if not worker_alive(home):
        st.warning(
            f"No worker is running, so nothing will be heard. Start one in a terminal: `{frame.command('worker')}`.",
            icon=":material/engineering:",
        )
    way = st.segmented_control(
        "From where", ["This machine", "Upload"], default="This machine", required=True, key="add-way"
    )
    path = _upload(asking) if way == "Upload" else _folder(asking)
    collection = st.text_input("Collection", placeholder="none", key="add-collection", max_chars=200)
    if said := st.session_state.pop("add-said", ""):
        st.success(said, icon=":material/check:")
    buttons = st.container(horizontal=True)
    if buttons.button("Preview", icon=":material/visibility:", disabled=path is None) and path:
        try:
            with st.spinner("Looking at the files"):
                st.session_state["add-plan"] = plan_ingest(home, asking, path)
        except FilmscoreError as error:
            frame.trouble(error)
    if buttons.button("Add", type="primary", icon=":material/add:", disabled=path is None) and path:
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
