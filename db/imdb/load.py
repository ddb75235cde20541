"""Load IMDb's official non-commercial files into a DuckDB file. The load replaces that file only if it succeeds.

Each file is streamed once; only films are kept. Sources: title.basics, title.ratings, title.crew, title.principals,
title.akas and name.basics, as .tsv or .tsv.gz.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

import durable
from db.imdb import title_words
from db.imdb.format import (
    COLUMNS,
    FILES,
    REJECTS_SHOWN,
    TYPES,
    Reject,
    first_line,
    header,
    source,
    take_rejects,
    take_unfit,
)
from errors import CatalogueError, MetadataError

CAST_KEPT = 10
"""Number of actors and actresses kept per film, in billing order."""

_MEMORY = "1GB"
_THREADS = 2

KEY_SQL = "regexp_replace(strip_accents(lower({0})), '[^\\p{{L}}\\p{{N}}]+', '{1}', 'g')"
"""SQL expression for a title reduced to letters and digits; `{1}` replaces everything in between."""

Progress = Callable[[str, float], None]
"""(file name, share of it that has been read)"""


@dataclass(frozen=True)
class FileReport:
    """The result of loading one file."""

    file: str
    kept: int
    """Rows kept (of films, or of people in them)."""
    rejected: int
    rejects: tuple[Reject, ...] = ()
    """The first REJECTS_SHOWN of them."""


@dataclass(frozen=True)
class LoadReport:
    """The result of a load."""

    films: int
    files: tuple[FileReport, ...]
    missing: tuple[str, ...]
    """Official files that were not found."""


def load(
    directory: Path,
    target: Path,
    *,
    kinds: Sequence[str] = ("movie",),
    only_movies: Path | None = None,
    on_progress: Progress | None = None,
    found: Mapping[str, Path] | None = None,
) -> LoadReport:
    """Load the official files in a directory into `target`, which is replaced only if all of them load.

    Args:
        kinds: title types to keep ("movie", "tvMovie", "short").
        only_movies: where to write the thesis's onlyMovies.csv (movies only, title.basics' columns, no header).
        found: paths of the files by name; None: those in the directory.

    Raises:
        MetadataError: title.basics is missing, or a file has an unexpected header, is truncated, or has more than
            REJECTS_LIMIT invalid rows. The data of the previous load stay.
        CatalogueError: `target` cannot be written.
    """
    found = official_files(directory) if found is None else found
    if "title.basics" not in found:
        raise MetadataError(
            f"{directory}: no title.basics.tsv or title.basics.tsv.gz. Download IMDb's files from "
            "https://datasets.imdbws.com/ into this folder."
        )
    report = on_progress or (lambda name, share: None)
    scratch = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with _opened(scratch) as con:
            loader = _Loader(con, found, report)
            files = loader.load(kinds)
            films = int(con.execute("SELECT count(*) FROM films").fetchall()[0][0])
            if only_movies is not None:
                _write_only_movies(con, only_movies)
        durable.replace(scratch, target)
    except duckdb.OutOfMemoryException as error:
        raise CatalogueError(f"{target}: too little memory or disk to load IMDb's files. Free some.") from error
    except OSError as error:
        raise CatalogueError(f"{target}: cannot be written ({error.strerror}). Check its folder.") from error
    finally:
        for leftover in (scratch, scratch.with_name(f"{scratch.name}.wal")):
            leftover.unlink(missing_ok=True)
    return LoadReport(films, tuple(files), tuple(name for name in FILES if name not in found))


def official_files(directory: Path) -> dict[str, Path]:
    """Paths of the files in a directory, by name."""
    return {name: path for name in FILES if (path := _find(directory, name))}


def _find(directory: Path, name: str) -> Path | None:
    candidates = [directory / f"{name}.tsv.gz", directory / f"{name}.tsv"]
    return next((path for path in candidates if path.is_file()), None)


@contextmanager
def _opened(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    scratch.unlink(missing_ok=True)
    try:
        con = duckdb.connect(str(scratch))
    except duckdb.IOException as error:
        raise CatalogueError(f"{scratch}: cannot be written ({first_line(error)}). Check its folder.") from error
    try:
        con.execute(f"SET memory_limit='{_MEMORY}'; SET threads={_THREADS}; SET preserve_insertion_order=false")
        con.execute("SET enable_progress_bar=true; SET enable_progress_bar_print=false")
        con.execute("SET temp_directory=?", [str(scratch.with_name(f"{scratch.name}.tmp"))])
        for name, values in TYPES.items():
            con.execute(f"CREATE TYPE {name} AS ENUM ({', '.join(map(repr, values))})")
        yield con
    finally:
        con.close()


class _Loader:
    """One load into one open database."""

    def __init__(self, con: duckdb.DuckDBPyConnection, found: Mapping[str, Path], report: Progress) -> None:
        self._con = con
        self._found = found
        self._report = report

    def load(self, kinds: Sequence[str]) -> list[FileReport]:
        """Fill `films`, `names`, `credits` and `title_words`. Returns a report for each file that was found."""
        marks = ", ".join("?" for _ in kinds)
        reports = [
            self._read(
                "title.basics",
                f"CREATE TABLE basics AS SELECT * FROM {{rows}} WHERE titleType IN ({marks})",
                list(kinds),
                "basics",
            ),
            self._read(
                "title.ratings",
                "CREATE TABLE ratings AS "
                "SELECT tconst, averageRating::VARCHAR::DECIMAL(3,1) AS rating, numVotes AS votes "
                "FROM {rows} WHERE tconst IN (SELECT tconst FROM basics)",
                table="ratings",
            ),
            self._read(
                "title.akas",
                "CREATE TABLE akas AS SELECT DISTINCT titleId AS tconst, title FROM {rows} "
                "WHERE title IS NOT NULL AND titleId IN (SELECT tconst FROM basics)",
                table="akas",
            ),
            self._read(
                "title.crew",
                "CREATE TABLE crew AS SELECT tconst, directors FROM {rows} "
                "WHERE directors IS NOT NULL AND tconst IN (SELECT tconst FROM basics)",
                table="crew",
            ),
            self._read(
                "title.principals",
                "CREATE TABLE principals AS SELECT tconst, ordering, nconst, category FROM {rows} "
                "WHERE category IN ('actor', 'actress', 'self', 'director', 'composer') "
                "AND coalesce(length(job), 0) + coalesce(length(characters::VARCHAR), 0) >= 0 "
                "AND tconst IN (SELECT tconst FROM basics)",
                table="principals",
            ),
        ]
        self._con.execute(_PEOPLE)
        reports.append(
            self._read(
                "name.basics",
                "CREATE TABLE people AS SELECT nconst, primaryName AS name FROM {rows} "
                "WHERE primaryName IS NOT NULL AND nconst IN (SELECT nconst FROM wanted)",
                table="people",
            )
        )
        self._con.execute(_JOIN)
        self._con.execute(f"SET preserve_insertion_order=true; {title_words.CREATE}")
        self._con.execute("CHECKPOINT")
        return [report for report in reports if report is not None]

    def _read(self, name: str, sql: str, values: list[str] | None = None, table: str = "") -> FileReport | None:
        path = self._found.get(name)
        if path is None:
            empty = ", ".join(f"NULL::{kind} AS {column}" for column, kind in COLUMNS[name].items())
            self._con.execute(sql.format(rows=f"(SELECT {empty} LIMIT 0)"), values or [])
            return None
        columns = header(path, name)
        rows = source(path, columns)
        try:
            self._execute(name, sql.format(rows=rows), values or [])
        except duckdb.IOException as error:
            raise MetadataError(
                f"{path}: {first_line(error)}. Download it again; the data loaded before stay."
            ) from error
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            raise MetadataError(f"{path}: {first_line(error)}. Download it again.") from error
        rejected, rejects = take_rejects(self._con, path)
        if name == "title.basics":
            unfit = take_unfit(self._con, path, list(columns))
            rejected += len(unfit)
            rejects = tuple(sorted([*rejects, *unfit], key=lambda reject: reject.line)[:REJECTS_SHOWN])
        kept = int(self._con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])
        if name == "title.basics" and not kept:
            raise MetadataError(
                f"{path}: contains none of the requested titles. Download it again; the data loaded before stay."
            )
        return FileReport(path.name, kept, rejected, rejects)

    def _execute(self, name: str, sql: str, values: list[str]) -> None:
        """Run one statement and report how much of its file has been read."""
        failure: list[BaseException] = []

        def run() -> None:
            try:
                self._con.execute(sql, values)
            except duckdb.Error as error:
                failure.append(error)

        self._report(name, 0.0)
        worker = threading.Thread(target=run, name=f"load {name}")
        worker.start()
        while worker.is_alive():
            worker.join(0.25)
            self._report(name, min(max(self._con.query_progress(), 0.0) / 100, 1.0))
        if failure:
            raise failure[0]
        self._report(name, 1.0)


_PEOPLE = f"""
CREATE TABLE directed AS
    SELECT tconst, unnest(ids) AS nconst, generate_subscripts(ids, 1) AS place
    FROM (SELECT tconst, string_split(directors, ',') AS ids FROM crew)
    UNION ALL
    SELECT tconst, nconst, ordering FROM principals
    WHERE category = 'director' AND tconst NOT IN (SELECT tconst FROM crew);
CREATE TABLE played AS
    SELECT tconst, nconst, ordering AS place FROM principals WHERE category NOT IN ('director', 'composer')
    QUALIFY row_number() OVER (PARTITION BY tconst ORDER BY ordering) <= {CAST_KEPT};
CREATE TABLE scored AS SELECT tconst, nconst, ordering AS place FROM principals WHERE category = 'composer';
CREATE TABLE wanted AS SELECT nconst FROM directed UNION SELECT nconst FROM played UNION SELECT nconst FROM scored;
"""

_JOIN = f"""
CREATE TABLE films AS
    SELECT tconst, titleType AS kind, primaryTitle AS title, originalTitle AS original_title, isAdult AS is_adult,
        startYear::VARCHAR::SMALLINT AS year, endYear::VARCHAR::SMALLINT AS end_year,
        runtimeMinutes AS runtime_minutes, genres, rating, votes
    FROM basics LEFT JOIN (SELECT DISTINCT ON (tconst) * FROM ratings) USING (tconst);
CREATE TABLE names AS
    SELECT DISTINCT tconst, title, {KEY_SQL.format("title", "")} AS key FROM (
        SELECT tconst, title FROM films UNION ALL
        SELECT tconst, original_title FROM films WHERE original_title IS NOT NULL UNION ALL
        SELECT tconst, title FROM akas);
CREATE TABLE credits AS
    SELECT tconst, 'director' AS role, place, name FROM directed JOIN people USING (nconst) UNION ALL
    SELECT tconst, 'cast' AS role, place, name FROM played JOIN people USING (nconst) UNION ALL
    SELECT tconst, 'composer' AS role, place, name FROM scored JOIN people USING (nconst);
DROP TABLE basics; DROP TABLE ratings; DROP TABLE akas; DROP TABLE crew; DROP TABLE principals;
DROP TABLE directed; DROP TABLE played; DROP TABLE scored; DROP TABLE wanted; DROP TABLE people;
"""


def _write_only_movies(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    escaped = str(path).replace("'", "''")
    try:
        con.execute(
            "COPY (SELECT tconst, kind, title, original_title, is_adult, year, end_year, runtime_minutes, genres "
            f"FROM films WHERE kind = 'movie' ORDER BY tconst) TO '{escaped}' "
            "(FORMAT csv, HEADER false, DELIMITER ',', NULLSTR '\\N')"
        )
    except duckdb.IOException as error:
        raise CatalogueError(f"{path}: cannot be written ({first_line(error)}). Choose another place.") from error
