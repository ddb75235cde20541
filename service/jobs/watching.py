"""Folders that the worker looks at every few minutes: what is new there and complete becomes a job that adds it."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from db.home import Home
from db.state.store import State
from errors import FilmscoreError, ParameterError
from film import JobStatus
from ingest.discover import FoundFilm, files_of_versions, find_films
from service.jobs.jobs import submit
from service.library.editing import changed_since
from service.logs import log_event
from service.rights.access import ADMIN, Actor
from service.rights.media_roots import checked

EVERY_S = 180.0
MOST_AT_ONCE = 500
"""Films of one job; the next look takes the others."""
WATCHER = Actor(ADMIN, "watch")
_SETTING = "watched"

Mark = tuple[tuple[int, int], ...]
"""Size and time of each of a film's files."""


@dataclass(frozen=True)
class Watched:
    """A folder that is looked at."""

    folder: str
    collection: str = ""
    """Given to what is found there."""


def watched(home: Home) -> list[Watched]:
    """The folders that are looked at, by name."""
    with State.open(home) as state:
        return [Watched(**one) for one in json.loads(state.setting(_SETTING) or "[]")]


def watch(home: Home, actor: Actor, path: str | Path, collection: str = "") -> Path:
    """Look at a folder from now on, whenever a worker is at work.

    Raises:
        AccessError, ParameterError: not an admin; outside of the media roots, or no folder.
    """
    actor.require_admin("watch a folder")
    folder = checked(home, path)
    if not folder.is_dir():
        raise ParameterError(f"{path}: not a folder. Only folders can be watched.")
    _store(home, actor, "watch", folder, [Watched(str(folder), collection[:200])])
    return folder


def unwatch(home: Home, actor: Actor, path: str | Path) -> None:
    """Look at a folder no longer; its films stay.

    Raises:
        AccessError, ParameterError: not an admin; a folder that is not watched.
    """
    actor.require_admin("watch a folder")
    folder = Path(path).expanduser().resolve()
    if str(folder) not in {one.folder for one in watched(home)}:
        raise ParameterError(f"{path}: is not watched. `filmscore roots list` names those that are.")
    _store(home, actor, "unwatch", folder, [])


def _store(home: Home, actor: Actor, action: str, folder: Path, new: list[Watched]) -> None:
    with State.open(home) as state, state.transaction():
        kept = [Watched(**one) for one in json.loads(state.setting(_SETTING) or "[]")]
        kept = sorted([*(one for one in kept if one.folder != str(folder)), *new], key=lambda one: one.folder)
        state.set_setting(_SETTING, json.dumps([asdict(one) for one in kept]))
        state.audit(action, actor.name, {"path": str(folder)})


class Watcher:
    """Remembers what it saw, so that a file that still grows is left for the next look."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._seen: dict[Path, Mark] = {}
        self._tried: dict[Path, Mark] = {}
        """Files as they were when submitted: a file that cannot be analysed is not retried until it changes."""

    def look(self) -> list[int]:
        """Scan every folder once and return the submitted jobs. Problems with a folder are logged."""
        jobs = []
        for one in watched(self._home):
            try:
                if (job_id := self._look_at(one)) is not None:
                    jobs.append(job_id)
            except (FilmscoreError, OSError) as error:
                log_event(self._home, "watch", folder=one.folder, reason=str(error))
        return jobs

    def _look_at(self, one: Watched) -> int | None:
        found, _, _ = find_films([Path(one.folder)])
        with State.open(self._home) as state:
            heard = state.heard_files()
            under_way = [
                job
                for status in JobStatus
                if status.unfinished
                for job in state.jobs(status)
                if job.actor == WATCHER.name
            ]
        new: dict[Path, Mark] = {}
        for film in found:
            mark = _mark(film)
            every = [version.path for version in (film, *film.versions)]
            if mark is None or all(_is_heard(path, heard) for path in every):
                continue
            if self._seen.get(film.path) == mark and self._tried.get(film.path) != mark:
                new[film.path] = mark
            self._seen[film.path] = mark
        if not new or under_way:
            return None
        taken = dict(list(new.items())[:MOST_AT_ONCE])
        only = [str(path.resolve()) for path in taken]
        wanted = {"paths": [one.folder], "collection": one.collection, "only": only}
        job_id = submit(self._home, WATCHER, "ingest", wanted)
        self._tried |= taken
        return job_id


def _is_heard(path: Path, heard: Mapping[str, tuple[int, str]]) -> bool:
    """Whether a file is a film's, or one of its other versions, and has not changed since."""
    _, since = heard.get(str(path.resolve()), (0, ""))
    return bool(since) and not changed_since(path, since)


def _mark(film: FoundFilm) -> Mark | None:
    """None: a file of it is empty, or gone at this moment."""
    try:
        stats = [path.stat() for path in (film.path, *film.further, *files_of_versions(film))]
    except OSError:
        return None
    return tuple((one.st_size, one.st_mtime_ns) for one in stats) if all(one.st_size for one in stats) else None


def look_until(home: Home, stop: threading.Event) -> None:
    """Look every EVERY_S seconds until told to stop."""
    watcher = Watcher(home)
    while not stop.is_set():
        watcher.look()
        stop.wait(EVERY_S)
