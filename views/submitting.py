"""Submit a job from a page, and say where its progress is shown."""

from __future__ import annotations

from typing import Any

import streamlit as st

from errors import FilmscoreError
from service.jobs import jobs
from service.rights.access import Actor
from views import frame
from views.language import say

STARTED, OPEN_JOBS = "Started. Follow it in Jobs.", "Open Jobs"


def submit(asking: Actor, kind: str, arguments: dict[str, Any]) -> None:
    """Submit a job, and say that it started or why it cannot."""
    try:
        jobs.submit(frame.home(), asking, kind, arguments)
    except FilmscoreError as error:
        frame.trouble(error)
        return
    started()


def started() -> None:
    """Say that a job was submitted, with a link to Jobs."""
    st.success(say(STARTED), icon=":material/check:")
    st.page_link(frame.JOBS_PAGE, label=say(OPEN_JOBS), icon=":material/pending_actions:")
