"""The same films imported repeatedly and concurrently: nothing is added twice."""

from __future__ import annotations

import json
import multiprocessing
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from db.home import Home
from db.state.ledger import migrations
from db.state.store import State
from film import Film
from service.library.editing import edit_film
from service.library.metadata import ImportReport, import_metadata
from service.rights.access import LOCAL

CASES = Path(os.environ.get("FILMSCORE_DATA", "../shared/data")).parent / "cases" / "tables"
IMPORTERS = 4


def imported(folder: Path, text: str) -> ImportReport:
    (folder / "films.csv").write_text(text, "utf-8")
    return import_metadata(Home.at(folder / "home"), LOCAL, folder / "films.csv")


def stored(folder: Path) -> list[Film]:
    with State.open(Home.at(folder / "home")) as state:
        return state.films()


def _import_when_all_are_ready(folder: Path, ready: Any) -> None:
    ready.wait()
    import_metadata(Home.at(folder / "home"), LOCAL, folder / "films.csv")


@pytest.mark.fault("Four processes import one table at the same time", "each film is added once")
def test_four_imports_at_once_add_each_film_once(tmp_path: Path) -> None:
    rows = [f"Film {i},{1950 + i % 60},Director {i % 7}" for i in range(300)]
    (tmp_path / "films.csv").write_text("\n".join(["movie,year,director", *rows, ""]))
    with State.open(Home.at(tmp_path / "home")):
        pass
    processes = multiprocessing.get_context("forkserver")  # one imports, the others begin where it is
    processes.set_forkserver_preload([__name__])
    ready = processes.Barrier(IMPORTERS)
    importers = [processes.Process(target=_import_when_all_are_ready, args=(tmp_path, ready)) for _ in range(IMPORTERS)]
    for one in importers:
        one.start()
    for one in importers:
        one.join()
    assert [one.exitcode for one in importers] == [0] * IMPORTERS
    assert sorted(film.title for film in stored(tmp_path)) == sorted(row.split(",")[0] for row in rows)


def test_a_table_without_ids_adds_nothing_a_second_time(tmp_path: Path) -> None:
    rows = [f"{title},2016,Denis Villeneuve" for title in ("Arrival", "Arrival", "ARRIVAL")]
    text = "\n".join(["movie,year,director", *rows, ""])
    assert imported(tmp_path, text).added == 1
    again = imported(tmp_path, text)
    assert (again.added, again.updated, again.unchanged) == (0, 0, 3)
    assert [film.title for film in stored(tmp_path)] == ["Arrival"]


@pytest.mark.parametrize(
    "rows",
    [
        ("Arrival,,", "Arrival,2016,", "Arrival,1996,"),
        ("Arrival,2016,", "Arrival,1996,", "Arrival,,"),
        ("Hamlet,1948,Olivier", "Hamlet,1996,Branagh", "Hamlet,,Olivier", "Hamlet,1990,"),
    ],
)
def test_however_little_the_rows_say_a_second_import_adds_nothing(tmp_path: Path, rows: tuple[str, ...]) -> None:
    text = "\n".join(["movie,year,director", *rows, ""])
    imported(tmp_path, text)
    first = stored(tmp_path)
    assert imported(tmp_path, text).added == 0
    assert len(stored(tmp_path)) == len(first)


def test_a_row_that_several_films_fit_is_named_and_left_out(tmp_path: Path) -> None:
    imported(tmp_path, "movie,year\nHamlet,1948\nHamlet,1996\n")
    report = imported(tmp_path, "movie,genres\nHamlet,Drama\n")
    assert (report.added, report.updated, report.unclear) == (0, 0, ("Hamlet",))
    assert not any(film.genres for film in stored(tmp_path))


def test_an_id_gives_a_film_of_its_name_its_title_once(tmp_path: Path) -> None:
    imported(tmp_path, "movie,year\narrival,2016\n")
    imported(tmp_path, "movie,year\nARRIVAL,2016\n")
    assert [film.title for film in stored(tmp_path)] == ["arrival"]
    imported(tmp_path, "movie,year,imdb_id\nArrival,2016,tt2543164\n")
    assert [(film.title, film.imdb_id) for film in stored(tmp_path)] == [("Arrival", "tt2543164")]


def run(tmp_path: Path, *arguments: str | Path) -> Any:
    answer = CliRunner().invoke(app, [*map(str, arguments), "--home", str(tmp_path / "home")])
    assert answer.exit_code == 0, answer.output
    return answer


def test_what_is_not_taken_over_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "omdb.csv").write_text("Title,Type,Poster,Awards\nA,movie,x,y\nB,movie,x,y\nC,game,x,y\n")
    said = run(tmp_path, "metadata", "import", tmp_path / "omdb.csv").output
    assert said.count("Columns that are not used (2): Poster, Awards.") == 1
    assert "Rows left out as series, episodes or games: 1." in said


def test_a_dry_run_shows_how_a_table_is_understood_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "omdb.csv").write_text("Title,imdbRating,Poster\nA,7.5,x\nB,77,y\n")
    document = json.loads(run(tmp_path, "metadata", "import", tmp_path / "omdb.csv", "--dry-run", "--json").stdout)
    assert document["columns"] == {"Title": "movie", "imdbRating": "rating"}
    assert (document["unused"], document["films"], document["first"][0]["movie"]) == (["Poster"], 1, "A")
    assert document["rejected"] == [{"line": 3, "fault": "rating 77 is not between 0 and 10"}]
    assert (
        "imdbRating is read as rating" in run(tmp_path, "metadata", "import", tmp_path / "omdb.csv", "--dry-run").output
    )
    assert not (tmp_path / "home").exists()


def test_the_case_of_a_table_without_ids(tmp_path: Path) -> None:
    if not CASES.exists():
        pytest.skip(f"{CASES} is not here")
    for _ in range(2):
        import_metadata(Home.at(tmp_path / "home"), LOCAL, CASES / "dup_noid.csv")
    assert [(film.title, film.year) for film in stored(tmp_path)] == [("Arrival", 2016)]


def test_a_curator_s_edit_stands_against_a_table(tmp_path: Path) -> None:
    imported(tmp_path, "movie,year,imdb_id,director,plot\nArival,2015,tt2543164,Somebody,First.\n")
    home = Home.at(tmp_path / "home")
    edit_film(home, LOCAL, 1, title="Arrival", year=2016, plot="First.")
    text = "movie,year,imdb_id,director,plot\nArival,2015,tt2543164,Denis Villeneuve,Second.\n"
    assert imported(tmp_path, text).updated == 1
    [film] = stored(tmp_path)
    assert (film.title, film.year, film.directors, film.plot) == ("Arrival", 2016, ("Denis Villeneuve",), "Second.")
    assert imported(tmp_path, text).unchanged == 1


def test_edits_of_before_sources_were_kept_are_found_in_the_audit_log(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(path)) as old:
        for _, script in migrations()[:2]:
            old.executescript(script)
        old.execute("PRAGMA user_version = 2")
        for title in ("Heat", "Arrival"):
            old.execute(
                "INSERT INTO films (title, title_key, added_at, metadata_revision) VALUES (?, ?, '', 1)", (title,) * 2
            )
        for detail in ('{"film_id": 1, "year": 1995}', '{"film_id": 1, "year": 1996, "plot": ""}', "no JSON"):
            old.execute("INSERT INTO audit (at, actor, action, detail) VALUES ('', '', 'edit film', ?)", (detail,))
        old.commit()
    with State(path) as state:
        assert state.sources(1) == {"year": "edit", "plot": "edit"}
        assert state.sources(2) == {}
