"""Copy rows from an untrusted state.sqlite into a new one with our own schema.

The file itself is never used: its triggers, views, indexes and unknown tables are ignored, and a value is copied only
if it is valid for its column.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.state.ledger import BUSY_S, migrations, statements
from db.state.store import State
from db.state.stored_values import LARGEST_REVISION, LONGEST_VALUE, Column, check_of
from errors import CatalogueError, ParameterError
from film import GENRES, LEVELS

FILM_TABLES = (
    *("films", "media", "corrections", "deletions", "decisions", "profiles"),
    *("copies", "lists", "versions", "chosen_tracks"),
)
HOUSE_TABLES = ("settings", "jobs", "attempts", "audit", "sessions")
"""Tables about a home and its access rather than about films."""

SHOWN = 60
"""Characters of a name or a value that a message shows."""
LISTED = 100
"""Number of ignored things that are listed by name."""


@dataclass(frozen=True)
class RowsTaken:
    """The result of copying rows."""

    taken: dict[str, int]
    """Table -> number of rows copied."""
    left: tuple[str, ...]
    """Descriptions of what was ignored."""


def shown(name: object) -> str:
    """A name from an untrusted file, quoted and shortened."""
    text = ascii(str(name)[: SHOWN + 1])
    return text if len(text) <= SHOWN + 2 else f"{text[:SHOWN]}...'"


def state_of_backup(backup: Path, made: Path, present: Path | None, *, with_access: bool) -> RowsTaken:
    """Make a new state from a backup's rows about films and the present state's rows about the home.

    Args:
        backup: the state.sqlite of a backup; untrusted.
        made: path of the new state.
        present: path of the home's present state, or None if it is damaged.
        with_access: also copy the backup's settings and audit log.

    Raises:
        ParameterError: not a state of filmscore, or with values that filmscore never writes.
        CatalogueError: damaged, or from a newer filmscore.
    """
    try:
        with closing(open_foreign(backup)) as foreign:
            rows = _films_of(foreign, made)
            with State(made) as state, state.transaction() as own:
                if present is not None:
                    with closing(open_foreign(present, live=True)) as house:
                        kept = take_rows(house, own, ("settings", "jobs", "attempts", "audit")).taken
                else:
                    kept = {}
                wanted = ("settings", "audit") if with_access else ()
                access = take_rows(
                    foreign, own, tuple(name for name in wanted if name == "settings" or not kept.get(name))
                )
                taken = rows.taken | access.taken
                return RowsTaken(taken, _first((*_not_taken(foreign, taken), *rows.left)))
    except sqlite3.DatabaseError as error:
        raise CatalogueError(f"its state is damaged ({error}). Give another.") from error


def _first(left: Sequence[str]) -> tuple[str, ...]:
    more = len(left) - LISTED
    return (*left[:LISTED], *((f"and {more} more",) if more > 0 else ()))


def _films_of(foreign: sqlite3.Connection, made: Path) -> RowsTaken:
    """Make a new state with the backup's schema version, and copy the backup's rows about films into it."""
    version = int(foreign.execute("PRAGMA user_version").fetchone()[0])
    said = str(foreign.execute("PRAGMA quick_check(1)").fetchone()[0])
    if said != "ok":
        raise CatalogueError(f"its state is damaged ({shown(said)}). Give another.")
    if version < 1:
        raise ParameterError("its state is not one of filmscore. Give another.")
    new_state(made, version)
    with closing(sqlite3.connect(made, isolation_level=None)) as own:
        own.execute("PRAGMA foreign_keys = ON")
        own.execute("BEGIN")
        rows = take_rows(foreign, own, FILM_TABLES)
        if "films" not in rows.taken:
            raise ParameterError("its state holds no table of films. Give another.")
        _check_corrections(own)
        own.execute("UPDATE meta SET value = ? WHERE key = 'revision'", (str(_revision(foreign, own)),))
        # The id of a deleted film is never reused.
        newest = "SELECT 'films', max(film_id) FROM (SELECT film_id FROM films UNION ALL SELECT film_id FROM deletions)"
        own.execute("DELETE FROM sqlite_sequence WHERE name = 'films'")
        own.execute(f"INSERT INTO sqlite_sequence {newest} HAVING max(film_id) IS NOT NULL")
        own.execute("COMMIT")
    return rows


def _check_corrections(own: sqlite3.Connection) -> None:
    for attribute, value in own.execute("SELECT DISTINCT attribute, value FROM corrections"):
        if value not in (GENRES if attribute == "genre" else LEVELS.get(attribute, ())):
            raise ParameterError(
                f"it corrects {shown(attribute)} to {shown(value)}, which is not a valid value. Give another."
            )


def _revision(foreign: sqlite3.Connection, own: sqlite3.Connection) -> int:
    """The revision of the last change: no row has a later one."""
    sql = """SELECT max(coalesce((SELECT max(max(metadata_revision), max(heard_revision)) FROM films), 0),
             coalesce((SELECT max(revision) FROM deletions), 0))"""
    least = int(own.execute(sql).fetchone()[0])
    said = foreign.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone()
    digits = str(said[0]) if said else ""
    return max(least, min(int(digits), LARGEST_REVISION)) if re.fullmatch("[0-9]{1,16}", digits) else least


def _not_taken(foreign: sqlite3.Connection, taken: Collection[str]) -> Iterator[str]:
    """Descriptions of the backup's rows about a home and its access that were not copied."""
    tables = {str(row[0]) for row in foreign.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for table in HOUSE_TABLES:
        if table in tables and table not in taken:
            count = int(foreign.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            names = ""
            if table == "settings":
                listed = foreign.execute("SELECT key FROM settings ORDER BY key LIMIT 10")
                names = f" ({', '.join(shown(row[0]) for row in listed)})" if count else ""
            if count:
                yield f"{count} rows of {table}{names}"


def new_state(path: Path, version: int) -> None:
    """Create an empty state with our own schema at a given version. Opening it migrates it to the newest.

    Raises:
        CatalogueError: the version is from a newer filmscore.
    """
    if version > migrations()[-1][0]:
        raise CatalogueError(f"the state is written by a newer filmscore (schema {version}). Update filmscore.")
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.execute("BEGIN")
        for number, script in migrations():
            if number <= version:
                for statement in statements(script):
                    con.execute(statement)
        con.execute(f"PRAGMA user_version = {int(version)}")
        con.execute("COMMIT")


def open_foreign(path: Path, *, live: bool = False) -> sqlite3.Connection:
    """Open an untrusted SQLite file for reading rows, without running any code in its schema.

    Args:
        path: the SQLite file.
        live: whether others may write to the file meanwhile.
    """
    uri = path.absolute().as_uri() + ("?mode=ro" if live else "?mode=ro&immutable=1")
    con = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_S)
    con.execute("PRAGMA trusted_schema = OFF")
    con.execute("PRAGMA query_only = ON")
    con.execute("PRAGMA cell_size_check = ON")
    con.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * LONGEST_VALUE)
    return con


def take_rows(foreign: sqlite3.Connection, own: sqlite3.Connection, tables: Sequence[str]) -> RowsTaken:
    """Copy the rows of these tables, for the columns of our own schema. The caller holds the transaction.

    Raises:
        ParameterError: a required table or column is missing, or a value is not valid for its column.
        sqlite3.Error: the file is damaged.
    """
    known = {str(row[0]) for row in own.execute("SELECT name FROM sqlite_schema")}
    readable: set[str] = set()
    left: list[str] = []
    for kind, name, sql in foreign.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema"):
        if kind == "table" and name in known and not str(sql).upper().startswith("CREATE VIRTUAL"):
            readable.add(name)
        elif not (kind == "index" and (name in known or not sql)) and not str(name).startswith("sqlite_"):
            left.append(f"{kind} {shown(name)}")
    taken = {}
    for table in tables:
        if table in readable:
            columns, unknown = _columns(foreign, own, table)
            left += [f"column {table}.{shown(name)}" for name in unknown]
            taken[table] = _copy(foreign, own, table, columns)
    return RowsTaken(taken, tuple(left))


def _columns(foreign: sqlite3.Connection, own: sqlite3.Connection, table: str) -> tuple[list[Column], list[str]]:
    """The columns of our schema that the file has, and the names of its columns that are unknown to us."""
    sql = f"PRAGMA table_info({table})"
    ours = {str(row[1]): Column(row[1], row[2], bool(row[3] or row[5]), row[4] is not None) for row in own.execute(sql)}
    theirs = [str(row[1]) for row in foreign.execute(sql)]
    missing = [one.name for one in ours.values() if one.required and not one.has_default and one.name not in theirs]
    if missing:
        raise ParameterError(f"its table {table} lacks the column {missing[0]}. Give a backup that filmscore wrote.")
    return [one for one in ours.values() if one.name in theirs], [name for name in theirs if name not in ours]


def _copy(foreign: sqlite3.Connection, own: sqlite3.Connection, table: str, columns: Sequence[Column]) -> int:
    names = ", ".join(f'"{column.name}"' for column in columns)
    verb = "INSERT OR REPLACE" if table == "settings" else "INSERT"
    insert = f"{verb} INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
    checks = [check_of(table, column) for column in columns]

    def rows() -> Iterator[tuple[Any, ...]]:
        for row in foreign.execute(f"SELECT {names} FROM {table} NOT INDEXED"):
            for column, check, value in zip(columns, checks, row, strict=True):
                if not check(value):
                    raise ParameterError(
                        f"its table {table} holds {shown(value)} in the column {column.name}, "
                        "which filmscore never writes there. Give another."
                    )
            yield row

    try:
        return own.executemany(insert, rows()).rowcount
    except sqlite3.IntegrityError as error:
        raise ParameterError(f"its table {table} contradicts itself ({error}). Give another.") from error
