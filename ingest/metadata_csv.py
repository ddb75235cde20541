"""Metadata of films as CSV and JSON: the thesis's Table 3 out, the columns of `thesis_films.csv` in.

Values of one cell are separated by `|`; an empty cell says that nothing is known. A cell that a spreadsheet would run
is written with an apostrophe before it, which is taken away when it is read (`db.formulas`).
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import durable
from db.formulas import neutral, original
from errors import MetadataError
from film import BOUNDS, Film

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

FURTHER = ("runtime_minutes", "votes", "languages", "plot", "collection")
"""Columns that filmscore adds after Table 3's."""

SEPARATOR = "|"
IMDB_ID = re.compile(r"tt\d{7,10}")

_ALIASES = {"title": "movie", "directors": "director", "country": "countries", "language": "languages"}
_ERRORS_SHOWN = 5
_LONGEST_CELL = 1_000_000


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one row of a metadata file."""

    line: int
    """Line of the file on which the row ends; the header is line 1."""
    fault: str


def imdb_link(imdb_id: str) -> str:
    """The address of a title's page, as in Table 3; empty for an empty id."""
    return f"https://www.imdb.com/title/{imdb_id}/" if imdb_id else ""


def read_films(path: Path) -> list[Film]:
    """The films of a metadata CSV (columns of `thesis_films.csv`; `.gz` allowed), in its order.

    Needs the column `movie`; knows the others of TABLE_3 and FURTHER, in any order and case ("IMDB id" is
    `imdb_id`); ignores the rest. An empty `director` is filled from `thesis_director` (the folder) where that
    column exists. A runtime of 0 says that none is known.

    Raises:
        MetadataError: the file is missing, truncated, not UTF-8 or without the column `movie`, or rows of it
            are wrong; the message names the file and the line of each.
    """
    films, faults = read_rows(path)
    if faults:
        shown = "; ".join(f"line {fault.line}: {fault.fault}" for fault in faults[:_ERRORS_SHOWN])
        more = f"; and {len(faults) - _ERRORS_SHOWN} more" if len(faults) > _ERRORS_SHOWN else ""
        raise MetadataError(f"{path}: {shown}{more}. Correct these rows, or leave them out.")
    return films


def read_rows(path: Path) -> tuple[list[Film], list[RowFault]]:
    """As `read_films`, but wrong rows are returned beside the good ones.

    Raises:
        MetadataError: the file as a whole cannot be read.
    """
    films: list[Film] = []
    faults: list[RowFault] = []
    seen: dict[str, int] = {}
    for line, row in _rows(path):
        if isinstance(row, str):
            faults.append(RowFault(line, row))
            continue
        try:
            film = _film(row)
        except ValueError as fault:
            faults.append(RowFault(line, str(fault)))
            continue
        if film.imdb_id in seen:
            faults.append(RowFault(line, f"{film.imdb_id} is on line {seen[film.imdb_id]} already"))
            continue
        if film.imdb_id:
            seen[film.imdb_id] = line
        films.append(film)
    return films, faults


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
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with scratch.open("w", encoding="utf-8", newline="") as stream:
            if suffix == ".json":
                json.dump(records, stream, ensure_ascii=False, indent=1, allow_nan=False)
                stream.write("\n")
            else:
                _write_csv(records, stream)
        durable.replace(scratch, path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise MetadataError(f"{path}: cannot be written ({error.strerror}). Choose another place.") from error
    return len(records)


def _further(film: Film) -> dict[str, Any]:
    return {
        "runtime_minutes": film.runtime_minutes,
        "votes": film.votes,
        "languages": list(film.languages),
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


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, gzipped or not.

    Raises:
        MetadataError: it is missing, a truncated .gz, or not UTF-8.
    """
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MetadataError(f"{path}: line {line} is not UTF-8. Save the file as UTF-8.") from error
    except (EOFError, gzip.BadGzipFile) as error:
        raise MetadataError(f"{path}: truncated or damaged .gz. Download or copy it again.") from error
    except OSError as error:
        raise MetadataError(f"{path}: cannot be read ({error.strerror}). Check the path.") from error


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str] | str]]:
    """(line, row by column, or what is wrong with it)."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        header = [_column(name) for name in next(reader, [])]
        if "movie" not in header:
            raise MetadataError(
                f"{path}: no column `movie`. Put the columns' names on the first line: {', '.join(TABLE_3)}."
            )
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                yield reader.line_num, f"{len(cells)} cells under {len(header)} columns"
            else:
                yield reader.line_num, dict(zip(header, map(original, cells), strict=True))
    except csv.Error as error:
        raise MetadataError(f"{path}: line {reader.line_num}: {error}. Correct the quotes there.") from error


def _column(name: str) -> str:
    plain = re.sub(r"[\s_-]+", "_", name.strip().lower())
    return _ALIASES.get(plain, plain)


def _film(row: Mapping[str, str]) -> Film:
    title = row["movie"].strip()
    if not title:
        raise ValueError("no title in the column `movie`")
    imdb_id = row.get("imdb_id", "").strip()
    if imdb_id and not IMDB_ID.fullmatch(imdb_id):
        raise ValueError(f"imdb_id {imdb_id!r} is not of the form tt0000000")
    year = _integer(row, "year")
    return Film(
        title=title,
        other_title=row.get("other_title", "").strip(),
        directors=_list(row, "director") or _list(row, "thesis_director"),
        year=year,
        imdb_id=imdb_id,
        rating=_number(row, "rating"),
        votes=_integer(row, "votes"),
        metascore=_integer(row, "metascore"),
        runtime_minutes=_integer(row, "runtime_minutes") or None,
        countries=_list(row, "countries"),
        languages=_list(row, "languages"),
        locations=_list(row, "locations"),
        genres=_list(row, "genres"),
        cast=_list(row, "cast"),
        plot=row.get("plot", "").strip(),
        collection=row.get("collection", "").strip(),
    )


def _list(row: Mapping[str, str], column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in row.get(column, "").split(SEPARATOR) if part.strip()))


def _number(row: Mapping[str, str], column: str) -> float | None:
    low, high = BOUNDS[column]
    text = row.get(column, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{column} {text!r} is not a number") from None
    if not math.isfinite(value) or not low <= value <= high:
        raise ValueError(f"{column} {text} is not between {low} and {high}")
    return value


def _integer(row: Mapping[str, str], column: str) -> int | None:
    value = _number(row, column)
    if value is None:
        return None
    if value != int(value):
        raise ValueError(f"{column} {row[column].strip()} is not a whole number")
    return int(value)
