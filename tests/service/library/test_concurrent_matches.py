"""Matches that are applied, and files that are attached, at the same time add each film once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from db.home import Home
from db.state.store import State
from film import AnalysisStatus, Film
from ingest.discover import FoundFilm
from ingest.hear import Outcome
from ingest.matching import Match
from service.library.identities import Identities
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
    _together(home, lambda: apply_matches(home, LOCAL, folder, matches, films))
    with State.open(home) as state:
        assert sorted(film.imdb_id for film in state.films()) == sorted(films)


@pytest.mark.fault("Four ingests of the same new files attach them at the same time", "each film is added once")
def test_files_that_are_attached_at_once_are_each_one_film(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    paths = [tmp_path / f"Film {i}.mkv" for i in range(FILMS)]

    def attach() -> None:
        with State.open(home) as state:
            identities = Identities(state, "", [])
            for i, path in enumerate(paths):
                heard = Outcome(path, AnalysisStatus.ANALYSED, media_sha256=f"{i:064x}", model_version="one")
                identities.resolve(FoundFilm(path, path.stem, root=tmp_path), heard)

    _together(home, attach)
    with State.open(home) as state:
        assert sorted(film.title for film in state.films()) == sorted(path.stem for path in paths)


def _together(home: Home, act: Callable[[], object]) -> None:
    """Do something in several threads that start at the same time; none may fail."""
    State.open(home).close()
    ready = threading.Barrier(THREADS)
    failed: list[BaseException] = []

    def wait_and_act() -> None:
        ready.wait()
        try:
            act()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=wait_and_act) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
