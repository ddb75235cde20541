"""Folders that are watched: what is new and complete becomes one job, and only once."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from db.home import Home
from db.state.store import State
from errors import AccessError, ParameterError
from film import Film
from service.jobs import watching
from service.jobs.watching import Watched, Watcher, look_until, unwatch, watch, watched
from service.library import adding, ingest_steps
from service.rights.access import ANYBODY, LOCAL
from service.rights.media_roots import add_root


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    return folder


@pytest.fixture
def home(tmp_path: Path, films: Path) -> Home:
    made = Home.at(tmp_path / "home")
    add_root(made, LOCAL, films)
    return made


def put(path: Path, text: str = "sound") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def asked(home: Home, job_ids: list[int]) -> list[list[str]]:
    """What the jobs are to add; they end with this."""
    with State.open(home) as state:
        given = [state.get_job(job_id).arguments for job_id in job_ids]
        for job_id in job_ids:
            state.start_job(job_id)
            state.end_job(job_id, "done")
    return [one["only"] for one in given]


def test_a_file_is_added_once_it_no_longer_grows(home: Home, films: Path) -> None:
    watch(home, LOCAL, films, "mine")
    path = films / "Heat (1995)" / "x.mkv"
    watcher = Watcher(home)
    put(path, "a")
    put(films / "Heat (1995)" / "x-trailer.mkv")
    put(films / "empty.mkv", "")
    assert watcher.look() == []
    put(path, "a and more")
    assert watcher.look() == []
    jobs = watcher.look()
    assert asked(home, jobs) == [[str(path)]]
    with State.open(home) as state:
        job = state.get_job(jobs[0])
    assert (job.actor, job.arguments["collection"], job.arguments["paths"]) == ("watch", "mine", [str(films)])
    assert watcher.look() == watcher.look() == []  # it may be one that cannot be heard: not again until it changes
    put(path, "mended by hand")
    assert watcher.look() == []
    assert asked(home, watcher.look()) == [[str(path)]]


def test_what_was_heard_is_not_added_again_and_a_job_is_waited_for(home: Home, films: Path) -> None:
    watch(home, LOCAL, films)
    heard, new, later = (put(films / name) for name in ("a.mkv", "b.mkv", "c.mkv"))
    os.utime(heard, (1, 1))
    with State.open(home) as state:
        state.attach_media(state.add_film(Film("a")), "ab" * 32, 0, heard, "m")
    Path(later).unlink()
    watcher = Watcher(home)
    watcher.look()
    [job_id] = watcher.look()
    put(Path(later))
    assert watcher.look() == watcher.look() == []
    assert asked(home, [job_id]) == [[new]]
    assert asked(home, watcher.look()) == [[later]]


def test_only_the_named_films_of_a_folder_are_heard(home: Home, films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named, _ = Path(put(films / "Mann" / "Heat.mkv")), put(films / "Mann" / "Ali.mkv")
    heard: list[Path] = []
    monkeypatch.setattr(
        ingest_steps, "hear_all", lambda home, tasks, **_: heard.extend(task.path for task in tasks) or []
    )
    found: list[str] = []
    tell: Callable[[object], None] = lambda films: found.extend(film.director for film in films)  # type: ignore[attr-defined]  # noqa: E731
    with pytest.raises(KeyError):  # nothing was heard
        adding.ingest(home, [films], only=[named.resolve()], on_found=tell)
    assert (heard, found) == ([named], ["Mann"])


@pytest.mark.fault("A watched folder that is gone, or no longer a media root", times=2)
def test_a_folder_that_is_gone_does_not_end_the_watch(home: Home, films: Path, tmp_path: Path) -> None:
    gone = films / "gone"
    gone.mkdir()
    watch(home, LOCAL, gone)
    watch(home, LOCAL, films)
    gone.rmdir()
    path = put(films / "a.mkv")
    watcher = Watcher(home)
    watcher.look()
    assert asked(home, watcher.look()) == [[path]]


def test_folders_are_watched_and_no_longer(home: Home, films: Path, tmp_path: Path) -> None:
    watch(home, LOCAL, films, "a")
    watch(home, LOCAL, films, "b")
    assert watched(home) == [Watched(str(films), "b")]
    with pytest.raises(AccessError):
        watch(home, LOCAL, tmp_path)
    with pytest.raises(AccessError):
        watch(home, ANYBODY, films)
    with pytest.raises(ParameterError, match="not a folder"):
        watch(home, LOCAL, put(films / "a.mkv"))
    unwatch(home, LOCAL, films)
    assert watched(home) == []
    with pytest.raises(ParameterError, match="is not watched"):
        unwatch(home, LOCAL, films)


def test_looking_ends_when_it_is_told_to(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    looks: list[int] = []
    monkeypatch.setattr(watching, "EVERY_S", 0.0)
    monkeypatch.setattr(Watcher, "look", lambda self: looks.append(1) or (len(looks) >= 3 and stop.set()))
    look_until(home, stop)
    assert len(looks) == 3
