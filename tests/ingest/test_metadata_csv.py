"""Metadata in and out as CSV."""

from __future__ import annotations

import csv
import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import MetadataError
from film import Film
from ingest.metadata_csv import read_films, read_table
from ingest.metadata_export import TABLE_3, write_films

DATA = Path(os.environ.get("FILMSCORE_DATA", "../shared/data"))

PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), exclude_characters="|"), min_size=1)
WORD = PLAIN | st.text(st.sampled_from("'=+-@1a"), min_size=1)
FILMS = st.builds(
    Film,
    title=WORD,
    other_title=st.just("") | WORD,
    directors=st.lists(WORD, max_size=3, unique=True).map(tuple),
    year=st.none() | st.integers(1870, 2100),
    rating=st.none() | st.integers(0, 100).map(lambda tenths: tenths / 10),
    metascore=st.none() | st.integers(0, 100),
    runtime_minutes=st.none() | st.integers(1, 900),
    locations=st.lists(WORD, max_size=3, unique=True).map(tuple),
)


@settings(deadline=None)
@given(st.lists(FILMS, min_size=1, max_size=5))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, films: list[Film]) -> None:
    path = tmp_path_factory.mktemp("csv") / "films.csv"
    write_films(films, path)
    assert read_films(path) == films


def test_no_cell_of_a_written_csv_runs_as_a_formula(tmp_path: Path) -> None:
    titles = ["=1+1", "+1", "-30-", "@home", "'71", "'-30-"]
    films = [Film(title, directors=("=A1", "B"), plot="@SUM(A1)") for title in titles]
    write_films(films, tmp_path / "films.csv")
    with (tmp_path / "films.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert read_films(tmp_path / "films.csv") == films
    write_films(films, tmp_path / "films.json")
    assert [film["movie"] for film in json.loads((tmp_path / "films.json").read_text())] == titles


def test_the_thesis_films_are_144_with_i_confess_of_1953() -> None:
    path = DATA / "thesis_films.csv"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    films = read_films(path)
    assert len(films) == 144
    confess = next(film for film in films if film.title == "I Confess")
    assert (confess.year, confess.rating, confess.imdb_id) == (1953, 7.3, "tt0045897")
    assert confess.cast == ("Montgomery Clift", "Anne Baxter", "Karl Malden")
    unresolved = next(film for film in films if film.title == "The Man Who Knew Too Much")
    assert unresolved.directors == ("Alfred Hitchcock",)


def test_gzipped_csv_and_headers_in_other_spelling_are_read(tmp_path: Path) -> None:
    path = tmp_path / "films.csv.gz"
    path.write_bytes(gzip.compress("Movie,IMDB id,Year,Extra\nÁtame!,tt0101026,1989.0,x\n".encode()))
    assert read_films(path) == [Film("Átame!", imdb_id="tt0101026", year=1989)]


def test_table_3_leads_the_csv_and_is_in_the_json(tmp_path: Path) -> None:
    film = Film("Vertigo", imdb_id="tt0052357", directors=("Alfred Hitchcock",), countries=("USA", "UK"))
    write_films([film], tmp_path / "films.csv")
    with (tmp_path / "films.csv").open(encoding="utf-8", newline="") as stream:
        header, row = list(csv.reader(stream))
    assert tuple(header[:12]) == TABLE_3
    assert row[2] == "https://www.imdb.com/title/tt0052357/"
    assert row[7] == "USA|UK"
    write_films([film], tmp_path / "films.json")
    assert json.loads((tmp_path / "films.json").read_text())[0]["countries"] == ["USA", "UK"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",tt0000001,1990,5,50", "no title"),
        ("A,0000001,1990,5,50", "not of the form tt0000000"),
        ("A,tt0000001,199x,5,50", "year '199x' is not a number"),
        ("A,tt0000001,3990,5,50", "year 3990 is not between 1870 and 2100"),
        ("A,tt0000001,1990,nan,50", "rating nan is not between"),
        ("A,tt0000001,1990,5,7.5", "metascore 7.5 is not a whole number"),
        ("A,tt0000001,1990", "3 cells under 5 columns"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(tmp_path: Path, row: str, fault: str) -> None:
    path = tmp_path / "films.csv"
    path.write_text(f"movie,imdb_id,year,rating,metascore\nGood,tt0000009,1990,5,50\n{row}\n", encoding="utf-8")
    with pytest.raises(MetadataError, match=f"films.csv: line 3: .*{fault}"):
        read_films(path)
    table = read_table(path)
    assert [film.title for film in table.films] == ["Good"]
    assert [one.line for one in table.faults] == [3]


def test_an_id_on_two_rows_contradicts_itself(tmp_path: Path) -> None:
    path = tmp_path / "films.csv"
    path.write_text("movie,imdb_id\nA,tt0000001\nB,tt0000001\n", encoding="utf-8")
    with pytest.raises(MetadataError, match="line 3: tt0000001 is on line 2 already"):
        read_films(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "films.csv: empty"),
        (b"name,year\nA,1990\n", "no column `movie`"),
        (b"movie\nCach\xe9\n", "line 2 is not UTF-8"),
        (gzip.compress(b"movie\n" + os.urandom(4000))[:-100], "truncated or damaged .gz"),
        (b'movie\n"open\n', "Correct the quotes"),
    ],
)
def test_an_unreadable_file_says_what_to_do(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "films.csv"
    path.write_bytes(content)
    with pytest.raises(MetadataError, match=message):
        read_films(path)


def test_a_missing_file_and_a_wrong_suffix_are_named(tmp_path: Path) -> None:
    with pytest.raises(MetadataError, match=r"none\.csv: cannot be read"):
        read_films(tmp_path / "none.csv")
    with pytest.raises(MetadataError, match=r"films\.xlsx: metadata is written as"):
        write_films([], tmp_path / "films.xlsx")
