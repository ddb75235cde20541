"""List what an installation needs from its admin, the most urgent first."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from db import clock
from db.home import Home
from db.state.store import State
from db.upkeep.doctor import LOW_SPACE_BYTES
from film import JobStatus
from service.jobs.alone import worker_alive
from service.rights.access import Actor
from told import Told

Level = Literal["urgent", "soon", "note"]
_ORDER: tuple[Level, ...] = ("urgent", "soon", "note")
BACKUP_DAYS = 30
ONE_WAITS = "{} job waits, and no worker is running. Start `filmscore worker`."
WAITING = "{} jobs wait, and no worker is running. Start `filmscore worker`."
ONE_FAILED = "{} job failed. Read why, and try again."
FAILED = "{} jobs failed. Read why, and try again."
OLD_BACKUP = "The last backup is {} days old. Back up now."


@dataclass(frozen=True)
class Need:
    """One thing to look after."""

    name: str
    level: Level
    words: Told
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
    waiting, failed = counts.get(JobStatus.QUEUED, 0), counts.get(JobStatus.FAILED, 0)
    if waiting and not worker_alive(home):
        words = Told(ONE_WAITS if waiting == 1 else WAITING, waiting)
        found.append(Need("worker", "urgent", words, "jobs"))
    free = shutil.disk_usage(home.root).free
    if free < LOW_SPACE_BYTES:
        words = Told("The disk has {:.1f} GB left. Delete old backups or uploads.", free / 1e9)
        found.append(Need("disk", "urgent", words, "data"))
    if failed:
        words = Told(ONE_FAILED if failed == 1 else FAILED, failed)
        found.append(Need("failed", "soon", words, "jobs"))
    days = (now or datetime.now(UTC)) - clock.moment(backed_up) if backed_up else None
    if films and (days is None or days.days > BACKUP_DAYS):
        words = Told(OLD_BACKUP, days.days) if days else Told("No backup was made yet. Back up now.")
        found.append(Need("backup", "soon", words, "data"))
    if not films:
        found.append(Need("empty", "note", Told("No film is here yet. Add the first ones."), "add_films"))
    if films > heard:
        words = Told("{:,} of {:,} films were not analysed yet. Add their files.", films - heard, films)
        found.append(Need("unheard", "note", words, "add_films"))
    return sorted(found, key=lambda one: _ORDER.index(one.level))
