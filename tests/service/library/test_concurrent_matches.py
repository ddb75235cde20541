"""Matches that are applied at the same time add each film once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from db.home import Home
from db.state.store import State
from film import Film
from ingest.matching import Match
from service.library.metadata import apply_matches
from service.rights.access import LOCAL

FILMS = 60
THREADS = 4


@pytest.mark.fault("Four people apply the matches of one folder at the same time", "each film is added once")
def test_matches_that_are_applied_at_once_add_each_film_once(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    films = {f"tt{100_000 + i}": Film(f"Film {i}", year=1950 + i, imdb_id=f"tt{100_000 + i}") for i in range(FILMS)}
    folder = tmp_path / "films"
    matches = [Match(folder / f"{film.title}.mkv", film.title, imdb_id) for imdb_id, film in films.items()]
    State.open(home).close()
    ready = threading.Barrier(THREADS)
    failed: list[BaseException] = []

    def apply() -> None:
        ready.wait()
        try:
            apply_matches(home, LOCAL, folder, matches, films)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=apply) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    with State.open(home) as state:
        assert sorted(film.imdb_id for film in state.films()) == sorted(films)
