"""Metadata of films from tables: those of `metadata_export`, and other people's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from csv_table import read_csv
from db.formulas import original
from errors import MetadataError
from film import Film
from ingest.imdb_ids import imdb_id_of
from ingest.metadata_cells import (
    SEPARATOR,
    directors_of_crew,
    languages_of,
    list_of,
    minutes_of,
    movielens_title,
    number_of,
    set_of,
    text_of,
    whole_of,
    year_of,
)
from ingest.metadata_columns import Columns, columns_of
from ingest.metadata_export import TABLE_3
from ingest.title_kinds import is_film

_COMMA_LISTS = ("director", "cast", "countries", "languages", "writers", "composers", "tags")
_ERRORS_SHOWN = 5
_CERTIFICATE = re.compile(
    r"G|PG(?:-13)?|R|NC-?17|X|M|UR|NR|U|UA|A|AA|(?:TV-)?(?:Y7?(?:-FV)?|G|PG|14|MA)|\d{1,2}\+|FSK \d+|ALL"
    r"|not rated|unrated|approved|passed",
    re.IGNORECASE,
)
Row = tuple[int, dict[str, str] | str]
"""The line number of a row, and its cells by field, or what is wrong with the row."""


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one row of a metadata file."""

    line: int
    """Line of the file on which the row ends; the header is line 1."""
    fault: str


@dataclass(frozen=True)
class MetadataTable:
    """A table of films as it was understood."""

    films: tuple[Film, ...]
    faults: tuple[RowFault, ...]
    columns: Mapping[str, str]
    """Name of each column that is used -> the field it fills."""
    unused: tuple[str, ...]
    no_films: int
    """Rows that are series, episodes, games and the like by their type; left out."""


def read_films(path: Path) -> list[Film]:
    """The films of a metadata table, in its order.

    Raises:
        MetadataError: as `faultless`.
    """
    return list(faultless(path).films)


def faultless(path: Path) -> MetadataTable:
    """As `read_table`, of a table without wrong rows.

    Raises:
        MetadataError: the file cannot be read, or rows of it are wrong; the message names the file and the line of
            each.
    """
    table = read_table(path)
    if table.faults:
        shown = "; ".join(f"line {fault.line}: {fault.fault}" for fault in table.faults[:_ERRORS_SHOWN])
        more = f"; and {len(table.faults) - _ERRORS_SHOWN} more" if len(table.faults) > _ERRORS_SHOWN else ""
        raise MetadataError(f"{path}: {shown}{more}. Correct these rows, or leave them out.")
    return table


def read_table(path: Path) -> MetadataTable:
    """A metadata table (`.gz` allowed): the columns of TABLE_3 and FURTHER, or the names that TMDB, OMDb, IMDb and
    MovieLens give them (`metadata_columns`), in any order and case (`csv_table.parse_csv`).

    Needs a column of titles. An empty `director` is filled from `thesis_director` (the folder) where that column
    exists. Several values in a cell are separated by bars; in a column without bars, of a table that is not
    filmscore's own, by commas. Rows equal to one before are left out.

    Raises:
        MetadataError: the file cannot be read as a table (`csv_table.read_csv`) or has no column of titles.
    """
    columns, rows = _without_certificates(*_rows(path))
    layout = _Layout.of(columns, [row for _, row in rows if not isinstance(row, str)])
    films: list[Film] = []
    faults: list[RowFault] = []
    seen: dict[str, tuple[int, Film]] = {}
    no_films = 0
    for line, row in rows:
        if isinstance(row, str):
            faults.append(RowFault(line, row))
            continue
        if not is_film(row.get("kind", "")):
            no_films += 1
            continue
        try:
            film = _film(row, layout)
        except ValueError as fault:
            faults.append(RowFault(line, str(fault)))
            continue
        before, same = seen.get(film.imdb_id, (0, None))
        if same is not None and same != film:
            faults.append(RowFault(line, f"{film.imdb_id} is on line {before} already"))
        if same is not None:
            continue
        if film.imdb_id:
            seen[film.imdb_id] = (line, film)
        films.append(film)
    return MetadataTable(tuple(films), tuple(faults), columns.used, columns.unused, no_films)


def _rows(path: Path) -> tuple[Columns, list[Row]]:
    """The header, and of each row its line and its cells by field, or what is wrong with it."""
    table = read_csv(path)
    columns = columns_of(table.header)
    if "movie" not in columns.places:
        lacks = "no column `movie` or `title`" if table.header else "empty"
        raise MetadataError(f"{path}: {lacks}. Put the columns' names on the first line: {', '.join(TABLE_3)}.")
    rows: list[Row] = []
    for row in table.rows:
        fault = table.fault(row)
        rows.append((row.line, fault or columns.row([original(cell) for cell in row.cells])))
    return columns, rows


def _without_certificates(columns: Columns, rows: list[Row]) -> tuple[Columns, list[Row]]:
    """Remove a column `rating` with age ratings ("PG-13"), as tables of streaming services have it."""
    said = [text_of(row, "rating") for _, row in rows if not isinstance(row, str)]
    if not any(said) or not all(_CERTIFICATE.fullmatch(text) for text in said if text):
        return columns, rows
    kept = replace(columns, places={field: place for field, place in columns.places.items() if field != "rating"})
    for _, row in rows:
        if not isinstance(row, str):
            row.pop("rating", None)
    return kept, rows


@dataclass(frozen=True)
class _Layout:
    """Conventions of a whole table that a single cell cannot show."""

    commas: frozenset[str]
    """Fields whose values are separated by commas."""
    own_other_title: bool
    """Keep the other title even if it equals the title, because filmscore wrote the column."""
    year_in_title: bool
    """No column of years: "Lady Vanishes, The (1938)", as in MovieLens."""

    @classmethod
    def of(cls, columns: Columns, rows: Sequence[Mapping[str, str]]) -> _Layout:
        own = columns.own_names >= set(TABLE_3)
        barless = {
            field for field in _COMMA_LISTS if not own and not any(SEPARATOR in row.get(field, "") for row in rows)
        }
        dated = {"year", "release_date"} & set(columns.places)
        commas = frozenset(barless | {"genres"})  # no film genre has a comma in its name
        return cls(commas, "other_title" in columns.own_names, not dated)


def _film(row: Mapping[str, str], layout: _Layout) -> Film:
    title, other_title = row["movie"].strip(), text_of(row, "other_title")
    if not title:
        raise ValueError("no title in the column `movie`")
    year = year_of(row)
    if layout.year_in_title:
        title, other_title, year = movielens_title(title, other_title)
    written = text_of(row, "imdb_id")
    imdb_id = imdb_id_of(written)
    if written and not imdb_id:
        raise ValueError(f"imdb_id {written!r} is not of the form tt0000000")

    def several(field: str) -> tuple[str, ...]:
        return list_of(row, field, commas=field in layout.commas)

    votes = whole_of(row, "votes")
    rating = number_of(row, "rating")
    return Film(
        title=title,
        other_title=other_title if layout.own_other_title or other_title != title else "",
        directors=several("director") or several("thesis_director") or directors_of_crew(row),
        year=year,
        imdb_id=imdb_id or imdb_id_of(row.get("imdb_link", "")),
        rating=None if rating == 0 and votes == 0 else rating,
        votes=votes,
        metascore=whole_of(row, "metascore"),
        runtime_minutes=minutes_of(row),
        countries=several("countries"),
        languages=languages_of(row, commas="languages" in layout.commas),
        locations=several("locations"),
        genres=several("genres"),
        cast=several("cast"),
        writers=several("writers"),
        composers=several("composers"),
        tags=several("tags"),
        film_set=set_of(row),
        plot=text_of(row, "plot"),
        collection=text_of(row, "collection"),
    )
