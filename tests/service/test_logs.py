"""One JSON line per event, and never more of them than there is room for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db.home import Home
from service import logs
from service.library.adding import ingest


def events(home: Home) -> list[dict[str, object]]:
    return [json.loads(line) for line in (home.root / "logs" / "filmscore.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.usefixtures("heard_here")
def test_an_ingest_logs_each_film_and_the_publish(tmp_path: Path, film_file: Path) -> None:
    home = Home.at(tmp_path / "home")
    broken = tmp_path / "Bro\nken.mkv"
    broken.write_text("not a film")
    ingest(home, [film_file, broken], workers=1)
    said = events(home)
    stages = {event["stage"]: event["film"] for event in said if event["event"] == "stage"}
    assert stages == dict.fromkeys(("decode", "activity", "attributes"), film_file.name)
    films = {event["film"]: event for event in said if event["event"] == "film"}
    assert films[film_file.name]["status"] == "analysed" and films[broken.name]["status"] == "failed"
    assert films[broken.name]["reason"] and said[-1]["event"] == "publish"
    assert all(isinstance(event["seconds"], float | int) for event in said)


def test_full_logs_are_moved_aside_and_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST_BYTES", 500)
    home = Home.at(tmp_path)
    for number in range(200):
        logs.log_event(home, "film", film=f"Film {number}", total=number / 3)
    kept = sorted(path.name for path in (home.root / "logs").iterdir())
    assert len(kept) == logs.KEPT and "filmscore.jsonl" in kept
    assert events(home)[-1]["film"] == "Film 199"


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    logs.log_event(Home.at(tmp_path), "film", film="One")
    assert (tmp_path / "logs").read_text() == "a file where the folder should be"
