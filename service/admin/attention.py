"""List what an installation needs from its admin, the most urgent first."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from db.home import Home
from db.state.store import State
from film import JobStatus
from service.jobs.worker import worker_alive
from service.rights.access import Actor

Level = Literal["urgent", "soon", "note"]
_ORDER: tuple[Level, ...] = ("urgent", "soon", "note")
LEAST_FREE_BYTES = 2_000_000_000
BACKUP_DAYS = 30


@dataclass(frozen=True)
class Need:
    """One thing to look after."""

    name: str
    level: Level
    words: str
    page: str
    """The page where it is done."""


def needs(home: Home, actor: Actor, now: datetime | None = None) -> list[Need]:
    """What the admin should do, the most urgent first.

    Args:
        now: UTC; the clock's if not given.

    Raises:
        AccessError: not an admin.
    """
    actor.require_admin("see what needs attention")
    with State.open(home) as state:
        counts = state.job_counts()
        films, heard = state.film_counts()
        backed_up = state.last_done("backup")
    found = []
    if counts.get(JobStatus.QUEUED) and not worker_alive(home):
        words = (
            f"{_counted(counts[JobStatus.QUEUED], 'job')} waiting, and no worker is running. Start `filmscore worker`."
        )
        found.append(Need("worker", "urgent", words, "jobs"))
    free = shutil.disk_usage(home.root).free
    if free < LEAST_FREE_BYTES:
        words = f"The disk has {free / 1e9:.1f} GB left. Delete old backups or uploads."
        found.append(Need("disk", "urgent", words, "data"))
    if counts.get(JobStatus.FAILED):
        words = f"{_counted(counts[JobStatus.FAILED], 'job')} failed. Read why, and try again."
        found.append(Need("failed", "soon", words, "jobs"))
    days = (now or datetime.now(UTC)) - datetime.fromisoformat(backed_up) if backed_up else None
    if films and (days is None or days.days > BACKUP_DAYS):
        last = f"The last backup is {days.days} days old." if days else "No backup was made yet."
        found.append(Need("backup", "soon", f"{last} Back up now.", "data"))
    if films > heard:
        words = f"{films - heard:,} of {films:,} films were not analysed yet. Add their files."
        found.append(Need("unheard", "note", words, "add_films"))
    return sorted(found, key=lambda one: _ORDER.index(one.level))


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
