"""A first start, how long things take, and what needs an admin."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.home import Home
from db.state.store import Job, State
from errors import AccessError
from film import Film
from service import starting
from service.admin.attention import needs
from service.jobs import jobs
from service.jobs.tasks import WORK
from service.rights.access import ADMIN, ANYBODY, LOCAL, Actor
from service.starting import LaterWork
from tests.views.conftest import Open
from tests.views.test_pages import words
from views import frame
from views.first_start import ago, duration, time_left

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def test_an_admin_builds_the_demo_by_a_button_and_sees_how_far_it_is(
    tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.at(tmp_path / "new")
    app = open_page(home.root)
    said = words(app)
    assert "type its title" not in said, "there is no film whose title could be typed"
    assert "Look at the demo" in said and "Build the demo" not in [one.label for one in app.button]
    monkeypatch.setattr(frame, "actor", lambda: Actor(ADMIN, "admin"))
    app = open_page(home.root)
    next(one for one in app.button if one.label == "Build the demo").click().run()
    (job,) = jobs.job_list(home, LOCAL)
    assert (job.kind, job.status) == ("demo", "queued") and "demo" in WORK
    assert not app.exception and "Build the demo" not in [one.label for one in app.button]


def _job(progress: float) -> Job:
    started = (NOW - timedelta(seconds=60)).isoformat()
    return Job(1, "demo", {}, "running", "", progress, "", "admin", False, 1, started, started, "")


def test_the_time_that_is_left_follows_from_the_time_it_took() -> None:
    assert time_left(_job(0.25), NOW) == "About 3 minutes left."
    assert time_left(_job(0.9), NOW) == "About 7 seconds left."
    assert time_left(_job(0.0), NOW) == "", "nothing is known yet"


def test_times_are_told_in_words() -> None:
    said = [duration(seconds) for seconds in (0, 1, 89, 100, 5300, 7200, 100_000, 200_000, 10**6)]
    assert said == [
        "1 second", "1 second", "89 seconds", "2 minutes", "88 minutes", "2 hours", "28 hours", "2 days", "12 days",
    ]  # fmt: skip
    assert ago((NOW - timedelta(minutes=3)).isoformat(), NOW) == "3 minutes ago"
    assert ago(NOW.isoformat(), NOW) == "just now"


def test_what_is_urgent_comes_first(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    assert [(one.name, one.page) for one in needs(home, LOCAL)] == [("empty", "add_films")]
    with State.open(home) as state:
        state.add_film(Film("One"))
        state.audit("backup", "admin")
        failed = state.add_job("backup", {})
        state.start_job(failed)
        state.end_job(failed, "failed", reason="the disk is full")
        state.add_job("publish", {})
    found = needs(home, LOCAL, datetime.now(UTC) + timedelta(days=31))
    assert [one.name for one in found] == ["worker", "failed", "backup", "unheard"]
    assert found[0].words.startswith("1 job waits") and "31 days old" in found[2].words
    assert "1 of 1 films" in found[3].words
    assert [one.name for one in needs(home, LOCAL)] == ["worker", "failed", "unheard"]
    with pytest.raises(AccessError):
        needs(home, ANYBODY)


def test_what_needs_attention_is_counted_without_reading_films_or_files(
    filled: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError("read")

    for name in ("films", "media"):
        monkeypatch.setattr(State, name, forbidden)
    monkeypatch.setattr(Path, "rglob", forbidden)
    assert "14 of 35 films were not analysed yet" in " ".join(one.words for one in needs(filled, LOCAL))


def test_only_the_first_page_does_without_what_a_start_left_for_later(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    class Noting(LaterWork):
        def wait(self) -> None:
            said.append("wait")

        def begin(self) -> threading.Thread:
            said.append("begin")
            return threading.current_thread()

    monkeypatch.setattr(starting._App, "later", Noting())
    open_page(filled.root)
    assert said == ["begin"]
    open_page(filled.root, "films")
    assert said[-2:] == ["wait", "begin"]
