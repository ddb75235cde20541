"""Rows of a metadata CSV for media files."""

from __future__ import annotations

from pathlib import Path

import pytest

from film import Film
from ingest.matching import FileName
from ingest.matching_films import DescribedFilms

FILMS = [
    Film("Law of Desire", other_title="La ley del deseo", directors=("Pedro Almodóvar",), year=1987),
    Film("Fargo", directors=("Joel Coen", "Ethan Coen"), year=1996),
    Film("Funny Games", directors=("Michael Haneke",), year=1997),
    Film("Funny Games", directors=("Michael Haneke",), year=2007),
]


@pytest.mark.parametrize(
    ("director", "file", "row"),
    [
        ("Pedro Almodovar", "La ley del deseo (Law of Desire).mkv", 0),
        ("Coen Brothers", "fargo.1080p.mkv", 1),
        ("", "Fargo.mkv", 1),
        ("Haneke", "Funny Games.mkv", None),
        ("Haneke", "Funny Games (2007).mkv", 3),
        ("Haneke", "Caché.mkv", None),
    ],
)
def test_a_file_is_described_by_the_one_row_that_fits(director: str, file: str, row: int | None) -> None:
    found = DescribedFilms(FILMS).of(
        FileName(Path(file), Path(file).stem, (director, "films") if director else ("films",))
    )
    assert found == (None if row is None else FILMS[row])


def test_no_rows_describe_nothing() -> None:
    assert DescribedFilms([]).of(FileName(Path("Fargo.mkv"), "Fargo")) is None
