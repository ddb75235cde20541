"""The format of IMDb's official files: columns, valid values, and the detection of invalid rows."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import duckdb

from errors import MetadataError
from film import BOUNDS

YEARS = BOUNDS["year"]
REJECTS_LIMIT = 100_000
"""With more invalid rows than this, a file is not the one that its name says."""
REJECTS_SHOWN = 100
"""Number of invalid rows of a file that a report lists."""
_CHUNK = 1 << 20

COLUMNS: dict[str, dict[str, str]] = {
    "title.basics": {
        "tconst": "VARCHAR",
        "titleType": "VARCHAR",
        "primaryTitle": "VARCHAR",
        "originalTitle": "VARCHAR",
        "isAdult": "imdb_flag",
        "startYear": "imdb_year",
        "endYear": "imdb_year",
        "runtimeMinutes": "UINTEGER",
        "genres": "VARCHAR",
    },
    "title.ratings": {"tconst": "VARCHAR", "averageRating": "imdb_rating", "numVotes": "UINTEGER"},
    "title.crew": {"tconst": "VARCHAR", "directors": "VARCHAR", "writers": "VARCHAR"},
    "title.principals": {
        "tconst": "VARCHAR",
        "ordering": "UINTEGER",
        "nconst": "VARCHAR",
        "category": "VARCHAR",
        "job": "VARCHAR",
        "characters": "JSON",
    },
    "title.akas": {
        "titleId": "VARCHAR",
        "ordering": "UINTEGER",
        "title": "VARCHAR",
        "region": "VARCHAR",
        "language": "VARCHAR",
        "types": "VARCHAR",
        "attributes": "VARCHAR",
        "isOriginalTitle": "VARCHAR",
    },
    "name.basics": {
        "nconst": "VARCHAR",
        "primaryName": "VARCHAR",
        "birthYear": "VARCHAR",
        "deathYear": "VARCHAR",
        "primaryProfession": "VARCHAR",
        "knownForTitles": "VARCHAR",
    },
}
FILES = tuple(COLUMNS)

TYPES = {
    "imdb_year": [str(year) for year in range(YEARS[0], YEARS[1] + 1)],
    "imdb_flag": ["0", "1"],
    "imdb_rating": [f"{tenth / 10:.1f}" for tenth in range(101)],
}
"""Valid values. A row with any other value is rejected and reported with its line."""


@dataclass(frozen=True)
class Reject:
    """A row that was left out."""

    file: str
    line: int
    reason: str
    text: str


_BROKEN_ROWS = """
SELECT row, arg_min(kind, kind = 'CAST'), arg_min(name, kind = 'CAST'), max(found) AS times, min(place) AS first
FROM (
    SELECT trim(csv_line, chr(10)) AS row, error_type::VARCHAR AS kind, coalesce(column_name, '') AS name,
        count(*) AS found, min(line) AS place
    FROM reject_errors GROUP BY ALL)
GROUP BY row
"""
"""A row may be rejected for several reasons, with different line numbers. Only the number distinguishes equal rows."""

_REASONS = {
    "CAST": "bad value in {0}",
    "MISSING COLUMNS": "missing columns",
    "TOO MANY COLUMNS": "too many columns (a stray tab)",
    "INVALID ENCODING": "not UTF-8",
    "LINE SIZE OVER MAXIMUM": "the line is too long",
    "UNQUOTED VALUE": "stray quote",
}


_UNFIT = """
CREATE TEMP TABLE unfit AS
SELECT rowid AS place, concat_ws(chr(9), {values}) AS row, CASE
    WHEN NOT regexp_full_match(coalesce(tconst, ''), 'tt\\d+') THEN 'bad value in tconst'
    WHEN trim(coalesce(primaryTitle, '')) = '' THEN 'no title'
    WHEN row_number() OVER (PARTITION BY tconst ORDER BY rowid) > 1 THEN 'the id of another row'
    END AS reason
FROM basics QUALIFY reason IS NOT NULL;
DELETE FROM basics WHERE rowid IN (SELECT place FROM unfit);
"""


def take_unfit(con: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str]) -> tuple[Reject, ...]:
    """Remove rows of well-formed `basics` that are not titles: those without an id or a title, or with another kind of
    id."""
    values = ", ".join(f"coalesce(\"{column}\"::VARCHAR, '\\N')" for column in columns)
    con.execute(_UNFIT.format(values=values))
    found = con.execute("SELECT row, reason FROM unfit ORDER BY place").fetchall()
    con.execute("DROP TABLE unfit")
    lines = _lines_of(path, [str(row) for row, _ in found]) if found else []
    return tuple(Reject(path.name, line, reason, row[:200]) for line, (row, reason) in zip(lines, found, strict=True))


def take_rejects(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[int, tuple[Reject, ...]]:
    """The number of rows rejected in the last read, and the first of them. DuckDB's tables of rejects are emptied.

    Raises:
        MetadataError: more than REJECTS_LIMIT rows were rejected.
    """
    count = int(con.execute(f"SELECT coalesce(sum(times), 0) FROM ({_BROKEN_ROWS})").fetchall()[0][0])
    if count >= REJECTS_LIMIT:
        raise MetadataError(
            f"{path}: more than {REJECTS_LIMIT:,} broken rows. This is not IMDb's file. Download it again."
        )
    broken = con.execute(f"{_BROKEN_ROWS} ORDER BY first LIMIT ?", [REJECTS_SHOWN]).fetchall()
    shown = [row for row in broken for _ in range(int(row[3]))][:REJECTS_SHOWN]
    con.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    lines = _lines_of(path, [str(row[0]) for row in shown])
    rejects = [
        Reject(path.name, line, _REASONS.get(str(kind), str(kind).lower()).format(column), str(text)[:200])
        for line, (text, kind, column, *_) in zip(lines, shown, strict=True)
    ]
    return count, tuple(sorted(rejects, key=lambda reject: reject.line))


def source(path: Path, columns: dict[str, str]) -> str:
    """SQL that reads a file strictly and keeps rejected rows for `take_rejects`."""
    listed = ", ".join(f"'{column.replace(chr(39), chr(39) * 2)}': '{kind}'" for column, kind in columns.items())
    escaped = str(path).replace("'", "''")
    return (
        f"read_csv('{escaped}', delim='\\t', quote='', escape='', nullstr='\\N', header=true, auto_detect=false, "
        f"columns={{{listed}}}, store_rejects=true, rejects_limit={REJECTS_LIMIT}, strict_mode=true, "
        f"rejects_line_size_limit=100000)"
    )


def header(path: Path, name: str) -> dict[str, str]:
    """The file's columns and their types, in the file's order. Columns unknown to filmscore are text."""
    try:
        with _bytes(path) as stream:
            first = stream.readline(_CHUNK).decode("utf-8-sig", errors="replace").rstrip("\r\n")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(path) from error
    except OSError as error:
        raise MetadataError(f"{path}: cannot be read ({error.strerror}). Check its permissions.") from error
    columns = first.split("\t")
    lacking = [column for column in COLUMNS[name] if column not in columns]
    if lacking:
        raise MetadataError(f"{path}: no column {', '.join(lacking)} on its first line. Download IMDb's {name} again.")
    return {column: COLUMNS[name].get(column, "VARCHAR") for column in columns}


def _bytes(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _lines_of(path: Path, texts: Sequence[str]) -> list[int]:
    """The line (from 1) of each rejected row; 0 if the row is not found.

    This reads the file a second time, because DuckDB's own line numbers are wrong after empty lines and its byte
    positions in a .gz refer to the buffer. Bytes that are not UTF-8 appear as question marks. A .gz is read to its end:
    the checksum there distinguishes a damaged download from rows that were edited.

    Raises:
        MetadataError: the .gz is damaged.
    """
    wanted: dict[bytes, list[int]] = {}
    for place, text in enumerate(texts):
        wanted.setdefault(text.encode(), []).append(place)
    lines = [0] * len(texts)
    try:
        with _bytes(path) as stream:
            for number, raw in enumerate(stream, start=1):
                row = raw.rstrip(b"\r\n")
                places = wanted.get(row)
                if places is None and not row.isascii():
                    places = wanted.get(row.decode("utf-8", errors="replace").replace("\ufffd", "?").encode())
                if places:
                    lines[places.pop(0)] = number
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(path) from error
    return lines


def _damaged(path: Path) -> MetadataError:
    return MetadataError(f"{path}: truncated or damaged .gz. Download it again; the data loaded before stay.")


def first_line(error: Exception) -> str:
    """The first line of a DuckDB error, which says what is wrong; the rest is context."""
    return str(error).splitlines()[0].rstrip(".")
