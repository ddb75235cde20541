"""Metadata of films as CSV and JSON: the thesis's Table 3, then filmscore's columns.

Values of one cell are separated by `|`; an empty cell says that nothing is known. A cell that a spreadsheet would run
is written with an apostrophe before it, which is taken away when it is read (`db.formulas`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import durable
from db.formulas import neutral
from errors import MetadataError
from film import Film
from ingest.metadata_cells import SEPARATOR

TABLE_3 = (
    "movie",
    "imdb_id",
    "imdb_link",
    "other_title",
    "year",
    "rating",
    "metascore",
    "countries",
    "locations",
    "genres",
    "cast",
    "director",
)
"""The twelve fields of the thesis's Table 3, as CSV columns and JSON keys."""

FURTHER = (
    "runtime_minutes",
    "votes",
    "languages",
    "writers",
    "composers",
    "tags",
    "film_set",
    "plot",
    "collection",
)
"""Columns that filmscore adds after Table 3's."""


def imdb_link(imdb_id: str) -> str:
    """The address of a title's page, as in Table 3; empty for an empty id."""
    return f"https://www.imdb.com/title/{imdb_id}/" if imdb_id else ""


def table_3(film: Film) -> dict[str, Any]:
    """The twelve fields of Table 3 as JSON values: lists for several values, None for what is not known."""
    return {
        "movie": film.title,
        "imdb_id": film.imdb_id,
        "imdb_link": imdb_link(film.imdb_id),
        "other_title": film.other_title,
        "year": film.year,
        "rating": film.rating,
        "metascore": film.metascore,
        "countries": list(film.countries),
        "locations": list(film.locations),
        "genres": list(film.genres),
        "cast": list(film.cast),
        "director": list(film.directors),
    }


def write_films(films: Iterable[Film], path: Path) -> int:
    """Write films with Table 3's fields, then FURTHER, as CSV or JSON by the suffix; whole or not at all.

    Returns:
        The number of films written.

    Raises:
        MetadataError: the suffix is neither .csv nor .json, or the file cannot be written.
    """
    records = [table_3(film) | _further(film) for film in films]
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".json"):
        raise MetadataError(f"{path}: metadata is written as .csv or .json. Choose one of these suffixes.")
    with durable.asked_for(path, MetadataError) as beside, beside.open("w", encoding="utf-8", newline="") as stream:
        if suffix == ".json":
            json.dump(records, stream, ensure_ascii=False, indent=1, allow_nan=False)
            stream.write("\n")
        else:
            _write_csv(records, stream)
    return len(records)


def _further(film: Film) -> dict[str, Any]:
    return {
        "runtime_minutes": film.runtime_minutes,
        "votes": film.votes,
        "languages": list(film.languages),
        "writers": list(film.writers),
        "composers": list(film.composers),
        "tags": list(film.tags),
        "film_set": film.film_set,
        "plot": film.plot,
        "collection": film.collection,
    }


def _write_csv(records: Sequence[Mapping[str, Any]], stream: IO[str]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(TABLE_3 + FURTHER)
    for record in records:
        writer.writerow([neutral(_cell(record[column])) for column in TABLE_3 + FURTHER])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return SEPARATOR.join(part.replace(SEPARATOR, "/") for part in value)
    return str(value)
