"""The verbs `imdb`, `metadata` and `spotify` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import app
from db.home import Home
from db.state.store import State
from errors import MetadataError, ParameterError
from film import Film

TITLES = """movie,imdb_id,year,director,genres
The Man Who Knew Too Much,tt0025452,1934,Alfred Hitchcock,Thriller
The Man Who Knew Too Much,tt0049470,1956,Alfred Hitchcock,Thriller
Vertigo,tt0052357,1958,Alfred Hitchcock,Mystery|Romance
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("The Man Who Knew Too Much.mkv", "Vertgo.1080p.mkv"):
        film = tmp_path / "films" / "Alfred Hitchcock" / name
        film.parent.mkdir(parents=True, exist_ok=True)
        film.touch()
    (tmp_path / "titles.csv").write_text(TITLES)
    return tmp_path / "films"


def run(tmp_path: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--home", str(tmp_path / "home")])


def matches(tmp_path: Path, folder: Path) -> dict[str, str | None]:
    answer = run(tmp_path, "imdb", "match", folder, "--titles", tmp_path / "titles.csv", "--json")
    assert answer.exit_code == 0, answer.output
    return {Path(row["path"]).stem: row["accepted"] for row in json.loads(answer.stdout)}


def test_match_accepts_what_is_clear_and_remembers_what_was_decided(tmp_path: Path, folder: Path) -> None:
    assert matches(tmp_path, folder) == {"The Man Who Knew Too Much": None, "Vertgo.1080p": "tt0052357"}
    name = "Alfred Hitchcock/The Man Who Knew Too Much"
    assert run(tmp_path, "imdb", "decide", name, "tt0049470").exit_code == 0
    assert matches(tmp_path, folder)["The Man Who Knew Too Much"] == "tt0049470"


def test_match_lists_each_version_of_a_film(tmp_path: Path, folder: Path) -> None:
    names = ("Vertigo (1958) - 2160p", "Vertigo (1958) {edition-Restored}", "Vertigo.1958.1080p.BluRay")
    for name in names:
        (folder / f"{name}.mkv").touch()
    found = matches(tmp_path, folder)
    assert [found[name] for name in names] == ["tt0052357"] * 3


def test_match_with_apply_completes_the_library(tmp_path: Path, folder: Path) -> None:
    with State.open(Home.at(tmp_path / "home")) as state:
        film_id = state.add_film(Film("Vertgo.1080p", directors=("Alfred Hitchcock",)))
    titles = tmp_path / "titles.csv"
    answer = run(tmp_path, "imdb", "match", folder, "--titles", titles, "--apply", "--json")
    assert answer.exit_code == 0, answer.output
    with State.open(Home.at(tmp_path / "home")) as state:
        [film] = state.films()
    assert (film.film_id, film.title, film.imdb_id, film.year) == (film_id, "Vertigo", "tt0052357", 1958)
    assert film.genres == ("Mystery", "Romance")


def test_metadata_import_adds_then_completes_and_keeps_the_id(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "movie,imdb_id,year,director,rating\nVertigo,tt0052357,1958,Alfred Hitchcock,\nRope,,1948,Alfred Hitchcock,8\n"
    )
    first = json.loads(run(tmp_path, "metadata", "import", sheet, "--json").stdout)
    assert (first["added"], first["updated"]) == (2, 0)
    sheet.write_text("movie,imdb_id,year,rating\nVertigo,tt0052357,1958,8.3\nRope,,1948,\n")
    second = json.loads(run(tmp_path, "metadata", "import", sheet, "--json").stdout)
    assert (second["added"], second["updated"], second["unchanged"]) == (0, 1, 1)
    with State.open(Home.at(tmp_path / "home")) as state:
        films = {film.title: film for film in state.films()}
    assert films["Vertigo"].rating == 8.3
    assert films["Vertigo"].directors == ("Alfred Hitchcock",)
    assert films["Rope"].rating == 8


def test_a_wrong_sheet_changes_nothing(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("movie,year\nVertigo,1958\nRope,19x8\n")
    answer = run(tmp_path, "metadata", "import", sheet)
    assert isinstance(answer.exception, MetadataError)
    assert "line 3: year '19x8' is not a number" in str(answer.exception)
    with State.open(Home.at(tmp_path / "home")) as state:
        assert state.films() == []


def test_a_wrong_id_and_an_empty_folder_are_usage_errors(tmp_path: Path) -> None:
    assert isinstance(run(tmp_path, "imdb", "decide", "x", "49470").exception, ParameterError)
    (tmp_path / "empty").mkdir()
    answer = run(tmp_path, "imdb", "match", tmp_path / "empty")
    assert isinstance(answer.exception, MetadataError)
    assert "contains no media file" in str(answer.exception)


def test_spotify_import_balance_and_their_errors(tmp_path: Path) -> None:
    rows = "".join(f"s{i},a{i},{130_000 + i},{(i % 30) / 30:.3f}\n" for i in range(300))
    (tmp_path / "dump.csv").write_text("song,artist,duration_ms,energy\n" + rows)
    report = json.loads(run(tmp_path, "spotify", "import", tmp_path / "dump.csv", "--json").stdout)
    assert report[0]["tracks"] == 300
    out = tmp_path / "energy"
    answer = run(tmp_path, "spotify", "balance", "energy", "--out", out, "--train", "30", "--test", "15", "--json")
    assert json.loads(answer.stdout)["train"] == 30
    assert len((out / "train.csv").read_text().splitlines()) == 31
    answer = run(tmp_path, "spotify", "balance", "genre", "--out", out)
    assert "too few tracks for training" in str(answer.exception)


def test_what_is_loaded_at_the_terminal_is_in_the_audit_log(tmp_path: Path) -> None:
    header = "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n"
    (tmp_path / "title.basics.tsv").write_text(
        header + "tt0052357\tmovie\tVertigo\tVertigo\t0\t1958\t\\N\t128\tMystery\n"
    )
    assert run(tmp_path, "imdb", "load", tmp_path).exit_code == 0
    (tmp_path / "reviewed.csv").write_text("sub_genre,hyper_genre\nyodeling,country\n")
    assert run(tmp_path, "spotify", "genres", "--accept", tmp_path / "reviewed.csv").exit_code == 0
    with State.open(Home.at(tmp_path / "home")) as state:
        assert [(entry.action, entry.actor) for entry in state.audit_log()] == [
            ("accept genres", "terminal"),
            ("imdb load", "terminal"),
        ]


def test_match_names_extras_as_such_and_leaves_them_out(tmp_path: Path, folder: Path) -> None:
    for name in ("Vertigo (1958)/x.mkv", "Vertigo (1958)/Vertigo-trailer.mkv"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    titles = tmp_path / "titles.csv"
    rows = json.loads(run(tmp_path, "imdb", "match", folder, "--titles", titles, "--json").stdout)
    found = {Path(row["path"]).name: (row["accepted"], row["left_out"]) for row in rows}
    assert found["x.mkv"] == ("tt0052357", "")
    assert found["Vertigo-trailer.mkv"] == (None, "trailer")
    said = run(tmp_path, "imdb", "match", folder, "--titles", titles).stdout
    assert "2 of 3 accepted; 1 left out as not films." in said
