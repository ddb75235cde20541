"""What several people or programs change at the same time: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from db.home import Home
from db.state.store import State
from errors import ParameterError
from film import AnalysisStatus, Film, JobStatus
from ingest.discover import FoundFilm
from ingest.hear import Outcome
from ingest.hyper_genres import read_mapping
from ingest.matching import Match
from models.ears import own_heads
from service.jobs.jobs import retry, submit
from service.library.ears import use
from service.library.identities import Identities
from service.library.metadata import apply_matches, complete
from service.library.sources import accept_genres
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


@pytest.mark.fault("Four people accept lists of sub-genres at the same time", "every list is kept")
def test_lists_of_sub_genres_that_are_accepted_at_once_are_all_kept(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    numbers = itertools.count()

    def accept() -> None:
        for _ in range(8):
            number = next(numbers)
            path = tmp_path / f"{number}.csv"
            path.write_text(f"sub_genre,hyper_genre\nkind {number},rock\n", encoding="utf-8")
            accept_genres(home, LOCAL, path)

    _together(home, accept)
    assert set(read_mapping(home.hyper_genres)) == {f"kind {number}" for number in range(8 * THREADS)}


@pytest.mark.fault("Four people choose heads for attributes at the same time", "every choice is kept")
def test_models_that_are_chosen_at_once_are_all_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.at(tmp_path / "home")
    home.models.mkdir()
    kinds = (own_heads.HEADS * THREADS)[:THREADS]
    heads = [SimpleNamespace(kind=kind, version=f"{kind}-own") for kind in kinds]
    monkeypatch.setattr(own_heads, "installed", lambda folder: heads)
    monkeypatch.setattr(own_heads, "_load", lambda path, kind: None)
    waiting = iter(kinds)

    def choose() -> None:
        kind = next(waiting)
        for version in (f"{kind}-own", None) * 5 + (f"{kind}-own",):
            use(home, LOCAL, kind, version)

    _together(home, choose)
    assert own_heads.active(home.models) == {kind: f"{kind}-own" for kind in kinds}


@pytest.mark.fault("A curator edits a film while a table is imported", "the edit stands")
def test_an_edit_made_while_a_table_completes_the_film_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.at(tmp_path / "home")
    with State.open(home) as state:
        film_id = state.add_film(Film("Edited", year=1950))

    def edit() -> None:
        with State.open(home) as other:
            other.update_film(film_id, plot="The curator's")

    curator = threading.Thread(target=edit)
    sources = State.sources

    def interrupted(self: State, film_id: int) -> dict[str, str]:
        said = sources(self, film_id)
        if curator.ident is None:
            curator.start()
            curator.join(0.5)
        return said

    monkeypatch.setattr(State, "sources", interrupted)
    with State.open(home) as state:
        complete(state, state.get_film(film_id), Film("Edited", plot="The table's"))
    curator.join()
    with State.open(home) as state:
        assert state.get_film(film_id).plot == "The curator's"


@pytest.mark.fault("Four people retry a failed job at the same time", "it is queued once")
def test_a_job_that_several_people_retry_is_queued_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.at(tmp_path / "home")
    job_id = submit(home, LOCAL, "publish", {})
    with State.open(home) as state:
        state.end_job(job_id, JobStatus.FAILED, reason="of a test")
    refused: list[str] = []

    def retried() -> None:
        try:
            retry(home, LOCAL, job_id)
        except ParameterError as error:
            refused.append(str(error))

    _together(home, retried)
    assert len(refused) == THREADS - 1 and all("queued" in line for line in refused)


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
