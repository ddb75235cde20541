"""Jobs: what the worker does, did and will do."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import streamlit as st

from db.state.store import Job, WholeJob
from errors import FilmscoreError
from film import AnalysisStatus, JobStatus
from service.jobs import jobs
from service.jobs.alone import worker_alive
from service.rights.access import Actor
from views import frame
from views.first_start import ago, time_left
from views.language import say

ICONS = {
    "queued": ":material/schedule:",
    "running": ":material/play_circle:",
    "done": ":material/check_circle:",
    "failed": ":material/error:",
    "cancelled": ":material/cancel:",
}
PARTLY = ":material/warning:"
"""A job that was done and left something undone."""
REASONS = 5
NOTHING = "Nothing was submitted yet. Add films, and their job is followed here."
RUNNING, NO_WORKER = "Worker running", "No worker is running. Start one in a terminal: `{}`."


UNCLEAR = "{} fit several films here and were left out: {}"
DETAILS = "Details"
CANCEL = "Cancel"
EMPTY_LOG = "Nothing was noted."
TRY_AGAIN = "Try again"
ADD_FILMS = "Add films"
TITLE = "Jobs"
LEAD = "Jobs continue when you leave a page or the app restarts."


def failures_by_reason(job: WholeJob) -> Counter[str]:
    """Why films of a job failed, without their names."""
    rows = job.result.get("films") if isinstance(job.result, dict) else None
    if not isinstance(rows, list):  # of a backup it is their number
        return Counter()
    reasons = (
        str(row["reason"]).partition(": ")[2] or row["reason"] for row in rows if row["status"] == AnalysisStatus.FAILED
    )
    return Counter(reasons)


def undone(job: WholeJob) -> list[str]:
    """What a job that was done left undone, and why; the commonest reasons first."""
    if job.status != JobStatus.DONE or not isinstance(job.result, dict):
        return []
    said = [f"{count} failed: {reason}" for reason, count in failures_by_reason(job).most_common(REASONS)]
    unclear = job.result.get("unclear") or []
    if unclear:
        said.append(say(UNCLEAR, len(unclear), ", ".join(unclear[:REASONS])))
    return said


@st.cache_data(max_entries=500, show_spinner=False)
def _undone(_asking: Actor, root: str, job_id: int, created_at: str) -> list[str]:
    """The same of a job that has ended; the list is drawn every two seconds."""
    return undone(jobs.job(frame.home(), _asking, job_id))


def _about(job: Job) -> str:
    paths = job.arguments.get("paths") or [job.arguments.get("path") or job.arguments.get("name") or ""]
    return ", ".join(Path(path).name for path in paths[:3])


def _one(asking: Actor, job: Job) -> None:
    home = frame.home()
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        kind = jobs.KINDS[job.kind].title if job.kind in jobs.KINDS else job.kind
        left_open = _undone(asking, str(home.root), job.job_id, job.created_at) if job.status == JobStatus.DONE else []
        icon = PARTLY if left_open else ICONS[job.status]
        left.markdown(f"{icon} **{kind}** {frame.plain(_about(job))}")
        left.caption(frame.plain(f"number {job.job_id}, {job.status}, submitted {ago(job.created_at)} by {job.actor}"))
        try:
            if job.status.unfinished:
                if right.button(say(CANCEL), key=f"cancel-{job.job_id}", disabled=job.cancel_wanted):
                    jobs.cancel(home, asking, job.job_id)
                    st.rerun(scope="fragment")
            elif job.status.can_be_retried and right.button(say(TRY_AGAIN), key=f"retry-{job.job_id}"):
                jobs.retry(home, asking, job.job_id)
                st.rerun(scope="fragment")
        except FilmscoreError as error:
            frame.trouble(error)
        if job.status == JobStatus.RUNNING:
            st.progress(job.progress, text=frame.plain(job.stage or "started"))
            if left_s := time_left(job):
                st.caption(left_s)
        elif job.stage:
            st.caption(frame.plain(job.stage))
        for line in left_open:
            st.warning(frame.plain(line), icon=PARTLY)
        if job.reason:
            st.warning(frame.plain(job.reason), icon=":material/error:")
        if job.started_at and st.toggle(say(DETAILS), key=f"details-{job.job_id}"):
            st.code(jobs.job(home, asking, job.job_id).log or say(EMPTY_LOG), language=None)


@st.fragment(run_every=2.0)
def _list() -> None:
    asking = frame.admin_or_stop()  # each time: the session may have ended since the page was opened
    found = jobs.job_list(frame.home(), asking, limit=50)
    if not found:
        st.info(say(NOTHING), icon=":material/pending_actions:")
        st.page_link(frame.ADD_PAGE, label=say(ADD_FILMS), icon=":material/add:")
    for job in found:
        _one(asking, job)


def show() -> None:
    frame.page(say(TITLE), say(LEAD))
    frame.admin_or_stop()
    if worker_alive(frame.home()):
        st.caption(say(RUNNING))
    else:
        st.warning(
            say(NO_WORKER, frame.command("worker")),
            icon=":material/engineering:",
        )
    _list()


show()
