"""A first start: three ways in, the demo by a button for an admin; how far a job is, and how long it takes yet."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from db import clock
from db.state.store import Job
from errors import FilmscoreError
from film import JobStatus
from service.jobs.alone import worker_alive
from service.questions.app_data import OpenCatalogue
from views import frame
from views.language import say, say_error

NO_FILMS = "There are no films here yet. Three ways to begin:"
DEMO = "Look at the demo"
DEMO_WORDS = "144 films of twelve directors, and 36 rendered ones whose music can be heard. A minute or two."
FOLDER = "Point at my folder"
FOLDER_WORDS = "filmscore listens to each film once: some 10 to 20 seconds for an hour of film."
RATINGS = "Bring my ratings"
RATINGS_WORDS = (
    "Titles from a CSV, an NFO folder or a media server; then your ratings from IMDb, Letterboxd or Trakt become likes."
)
OLDER, ADD, LEFT = "An older catalogue is shown.", "Add films", "About {} left."
BUILD, BUILDING, BUILT = "Build the demo", "The demo is being built.", "The demo is here."
SHOW = "Show the films"
BY_HAND = "Run a command in a terminal, then reload this page. Whoever has signed in can do the same here:"
SIGN_IN_FIRST = "Or sign in, and build it here by a button."
NO_WORKER = "No worker is running, so nothing starts yet: `{}` in a terminal."
JUST_NOW, AGO = "just now", "{} ago"
UNITS = (("1 second", "{} seconds"), ("1 minute", "{} minutes"), ("1 hour", "{} hours"), ("1 day", "{} days"))
WAYS = (
    (DEMO, DEMO_WORDS, ("demo",)),
    (FOLDER, FOLDER_WORDS, ("ingest FOLDER",)),
    (RATINGS, RATINGS_WORDS, ("metadata import CSV", "recommend --ratings FILE")),
)
"""The ways to begin: what, in words, by which commands."""


def open_or_begin() -> OpenCatalogue:
    """The catalogue, or the page ends here with three ways to begin."""
    found = frame.catalogue()
    if found is None or found.films.empty:
        st.info(say(NO_FILMS), icon=":material/movie:")
        ways()
        st.stop()
    for notice in found.snapshot.notices:
        st.warning(f"{frame.plain(notice)} {say(OLDER)}", icon=":material/info:")
    return found


def ways(*, demo: bool = True) -> None:
    """The ways to begin as cards, in the window's width."""
    shown = WAYS if demo else WAYS[1:]
    for (title, text, commands), cell in zip(shown, frame.grid(len(shown), len(shown)), strict=True):
        with cell, st.container(border=True, height="stretch"):
            st.markdown(f"**{say(title)}**")
            st.write(say(text))
            if title == DEMO and frame.actor().is_admin:
                _demo()
            for one in commands:
                st.code(frame.command(one), language=None, wrap_lines=True)
            if title == DEMO and not frame.actor().is_admin:
                st.caption(say(SIGN_IN_FIRST))
    st.caption(say(BY_HAND))
    st.page_link(frame.ADD_PAGE, label=say(ADD), icon=":material/add:")


def _demo() -> None:
    """The button that builds the demo, for an admin, and how far it is once it is pressed."""
    from service.jobs import jobs  # it imports what reads and hears films, which few who begin need

    asking = frame.admin_or_stop()
    if not worker_alive(frame.home()):
        st.caption(say(NO_WORKER, frame.command("worker")))
    building = [one for one in jobs.job_list(frame.home(), asking, limit=20) if one.kind == "demo"]
    if building and (building[0].status.unfinished or building[0].status == JobStatus.DONE):
        _arriving(building[0].job_id)
    else:
        st.button(say(BUILD), type="primary", icon=":material/play_arrow:", on_click=_build)
    for notice in st.session_state.pop("notices", ()):
        st.warning(frame.plain(notice), icon=":material/info:")


def _build() -> None:
    from service.jobs import jobs

    try:
        jobs.submit(frame.home(), frame.actor(), "demo", {})
    except FilmscoreError as error:
        st.session_state["notices"] = (say_error(error),)


@st.fragment(run_every=1.0)
def _arriving(job_id: int) -> None:
    """How far the demo is."""
    from service.jobs import jobs

    job = jobs.job(frame.home(), frame.admin_or_stop(), job_id)
    if job.status == JobStatus.DONE:
        st.caption(say(BUILT))
        if st.button(say(SHOW), type="primary"):
            st.rerun()
    elif job.status.unfinished:
        st.progress(job.progress, text=frame.plain(job.stage or say(BUILDING)))
        if left := time_left(job):
            st.caption(left)
    else:
        st.warning(frame.plain(job.reason), icon=":material/error:")


def time_left(job: Job, now: datetime | None = None) -> str:
    """How long a running job takes yet, by how long it took so far; "" before it can be known.

    Args:
        now: UTC; the clock's if not given.
    """
    if job.status != JobStatus.RUNNING or not job.started_at or not 0.02 <= job.progress < 1:
        return ""
    took_s = ((now or datetime.now(UTC)) - clock.moment(job.started_at)).total_seconds()
    return say(LEFT, duration(took_s * (1 - job.progress) / job.progress))


def duration(seconds: float) -> str:
    """A time in words, roughly: 40 seconds, 3 minutes, 2 hours, 5 days."""
    steps = zip((90, 5400, 129_600, float("inf")), (1, 60, 3600, 86_400), UNITS, strict=True)
    length_s, one, several = next((length_s, *words) for most, length_s, words in steps if seconds < most)
    count = max(1, round(max(0.0, seconds) / length_s))
    return say(one) if count == 1 else say(several, count)


def ago(moment: str, now: datetime | None = None) -> str:
    """How long ago a time of the state was: 3 minutes ago.

    Args:
        moment: ISO 8601.
        now: UTC; the clock's if not given.
    """
    seconds = ((now or datetime.now(UTC)) - clock.moment(moment)).total_seconds()
    return say(JUST_NOW) if seconds < 5 else say(AGO, duration(seconds))
