"""A collection as Jellyfin, Kodi and Plex keep it becomes what it is, without a word typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bench.layouts import BESIDE, FILMS, LEFT_OUT, NOTED, PICTURES, table, write_collection
from db.home import Home
from db.state.store import State
from film import AnalysisStatus
from ingest.hear import Outcome, Task
from media.source import OTHER_FILE, joined_sha256
from service.library import adding, ingest_steps
from service.library.companions import PROFILE


def heard_before(home: Home, tasks: Sequence[Task], **_: Any) -> Iterator[Outcome]:
    """Every film as one that was heard: what is asked here is which films there are. `bench.layouts` hears them."""
    for task in tasks:
        digest = joined_sha256([task.path, *task.further])
        yield Outcome(task.path, AnalysisStatus.SKIPPED, media_sha256=digest, model_version="m")


def test_every_file_becomes_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, home = tmp_path / "films", Home.at(tmp_path / "home")
    assert write_collection(root) >= 60
    monkeypatch.setattr(ingest_steps, "hear_all", heard_before)
    report = adding.ingest(home, [root])
    rows = table(home, root, report)
    assert {name: became for name, _, became in rows} == {name: should for name, should, _ in rows}
    others = [one for one in report.left_out if one.kind == OTHER_FILE]
    assert (len(report.films), len(report.left_out)) == (len(FILMS), len(LEFT_OUT) + len(others))
    assert len(others) == len(BESIDE) + len(PICTURES)
    with State.open(home) as state:
        titles = {film.film_id: film.title for film in state.films()}
        assert state.get_profile(PROFILE)["like"] == str(state.find_imdb("tt9000003")[0].film_id)
    noted = {titles[film.film_id]: film.notes for film in report.films if film.notes and film.film_id}
    assert noted.keys() == NOTED.keys()
    assert all(len(lines) == 1 and lines[0].startswith(NOTED[title]) for title, lines in noted.items())
    again = adding.ingest(home, [root])
    assert [film.film_id for film in again.films] == [film.film_id for film in report.films]
