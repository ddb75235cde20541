"""The worker: runs the jobs of a home, one long and one short at a time, until it is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from db.home import Home
from db.state.store import State
from errors import FilmscoreError
from film import JobStatus
from service.jobs.alone import alone
from service.jobs.jobs import KINDS, LONG, SHORT, forget_training, requeue_abandoned
from service.jobs.tasks import WORK, Report
from service.jobs.watching import look_until
from service.library.adding import StoppedError
from service.logs import log_event

POLL_S = 0.2

log = logging.getLogger(__name__)


def run_job(home: Home, shutting_down: Callable[[], bool], job_id: int) -> None:
    """Run one job and record how it ended. Unexpected errors are recorded and raised again."""
    with State.open(home) as state:
        if not state.start_job(job_id):
            return
        job = state.get_job(job_id)
        report = Report(state, job_id, shutting_down)
        result = None
        began = time.monotonic()
        log_event(home, "job begun", job=job_id, kind=job.kind, tries=job.tries)
        try:
            with suppress(StoppedError):
                result = WORK[job.kind](home, job.arguments, report)
            if report.interrupted and not report.cancelled:
                report.log("the worker was stopped; the job resumes when the worker starts again")
                state.requeue_job(job_id, job.tries - 1)
            elif report.cancelled:
                forget_training(home, job)
                state.end_job(job_id, JobStatus.CANCELLED, result=result)
            else:
                state.end_job(job_id, JobStatus.DONE, result=result)
        except FilmscoreError as error:
            forget_training(home, job)
            state.end_job(job_id, JobStatus.FAILED, reason=str(error))
        except BaseException as error:
            forget_training(home, job)
            state.end_job(job_id, JobStatus.FAILED, reason=f"a bug in filmscore ({type(error).__name__}: {error})")
            raise
        finally:
            ended = state.get_job(job_id)
            seconds = time.monotonic() - began
            log_event(home, "job", job=job_id, kind=job.kind, status=ended.status, reason=ended.reason, seconds=seconds)


def _run_jobs(home: Home, length: str, stop: threading.Event) -> None:
    """Run the jobs of one length, oldest first. An error in one job does not stop the others."""
    kinds = [name for name, kind in KINDS.items() if kind.length == length]
    while not stop.is_set():
        job_id = None
        try:
            with State.open(home) as state:  # each time: a restore puts another file in its place
                job_id = state.next_job(kinds)
            if job_id is not None:
                run_job(home, stop.is_set, job_id)
        except Exception:
            log.exception("job %s", job_id)
        if job_id is None:
            stop.wait(POLL_S)


def run_worker(home: Home, *, once: bool = False, parent: int | None = None) -> None:
    """Run jobs until SIGTERM or Ctrl-C; a job interrupted by either is requeued. Call this in the main thread.

    Args:
        once: return as soon as no job is queued.
        parent: the process that started this worker. The worker stops when that process has ended, for whatever reason,
            even if it ended before the worker started.

    Raises:
        CatalogueError: the home already has a worker.
    """
    stop = threading.Event()

    def wanted(number: int, frame: FrameType | None) -> None:
        stop.set()

    with alone(home):
        requeue_abandoned(home)
        threads = [
            threading.Thread(target=_run_jobs, args=(home, length, stop), name=f"{length} jobs")
            for length in (LONG, SHORT)
        ]
        if not once:
            threads.append(threading.Thread(target=look_until, args=(home, stop), name="watch"))
        before = {number: signal.signal(number, wanted) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            for thread in threads:
                thread.start()
            while not stop.wait(POLL_S):
                if (once and not _waiting(home)) or (parent is not None and os.getppid() != parent):
                    break
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            for number, handler in before.items():
                signal.signal(number, handler)


def _waiting(home: Home) -> bool:
    with State.open(home) as state:
        return any(state.jobs(status, limit=1) for status in JobStatus if status.unfinished)
