"""state.sqlite as a file: opening, migrations, transactions and copies."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import durable
from db.faults import disk_faults
from db.home import NOT_WRITABLE, Home
from errors import CatalogueError

BUSY_S = 30.0
"""How long a writer waits for another writer."""


@cache
def migrations() -> tuple[tuple[int, str], ...]:
    """(number, SQL) of every migration, in order. The last number is the newest schema version."""
    found = (
        (int(match[1]), entry.read_text(encoding="utf-8"))
        for entry in files("db").joinpath("state", "migrations").iterdir()
        if (match := re.fullmatch(r"(\d{4})_\w+\.sql", entry.name))
    )
    return tuple(sorted(found))


def statements(script: str) -> Iterator[str]:
    """The single statements of an SQL script."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


def _way_out(error: sqlite3.Error) -> str:
    if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return NOT_WRITABLE
    return "Run `filmscore doctor --repair`, or restore a backup."


class Ledger:
    """One connection to state.sqlite that threads can share; they take turns.

    The file is in WAL mode: readers in other processes never wait for a writer. Every change is one transaction.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        """Open the file, migrate it to the newest schema and check that it is a state of filmscore. A read-only file is
        not migrated.

        Raises:
            CatalogueError: the file is damaged, from a newer filmscore, or not writable.
        """
        self.path = path
        self._turn = threading.RLock()
        uri = path.absolute().as_uri() + ("?mode=ro" if readonly else "")
        if not readonly:
            with suppress(OSError):  # SQLite's own message below says what is wrong with the directory
                path.touch(mode=0o600)
        try:
            self._con = sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise CatalogueError(f"{path}: cannot be opened ({error}). {_way_out(error)}") from error
        try:
            self._con.row_factory = sqlite3.Row
            self._con.execute("PRAGMA foreign_keys = ON")
            if not readonly:
                self._con.execute("PRAGMA journal_mode = WAL")
                self._con.execute("PRAGMA synchronous = FULL")
            self._migrate(readonly)
        except sqlite3.Error as error:
            self._con.close()
            raise CatalogueError(f"{path}: cannot be used ({error}). {_way_out(error)}") from error
        except CatalogueError:
            self._con.close()
            raise

    @classmethod
    def open(cls, home: Home) -> Self:
        """Open the state of a home, creating it if it is missing. Close it, or use it in a `with` statement."""
        return cls(home.state_path)

    def _migrate(self, readonly: bool) -> None:
        newest = migrations()[-1][0]
        version = int(self._con.execute("PRAGMA user_version").fetchone()[0])
        if version > newest:
            raise CatalogueError(
                f"{self.path}: written by a newer filmscore (schema {version}; this one knows {newest}). "
                "Update filmscore, or restore a backup of this version."
            )
        if version == newest or (readonly and version):
            return
        if readonly:
            raise CatalogueError(f"{self.path}: empty, not the state of a catalogue.")
        for number, script in migrations():
            with self.transaction() as con:  # another process may be migrating at the same time
                if int(con.execute("PRAGMA user_version").fetchone()[0]) < number:
                    for statement in statements(script):
                        con.execute(statement)
                    con.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction: all of its changes, or none.

        Raises:
            CatalogueError: the disk is full, or another process held the file for longer than BUSY_S.
        """
        with self._turn:
            if self._con.in_transaction:
                yield self._con
                return
            with disk_faults(str(self.path)):
                self._con.execute("BEGIN IMMEDIATE")
                try:
                    yield self._con
                    self._con.execute("COMMIT")
                except BaseException:
                    if self._con.in_transaction:
                        self._con.execute("ROLLBACK")
                    raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read the same state throughout the block, while others go on writing. The block itself must not write."""
        with self._turn:
            self._con.execute("BEGIN")
            try:
                yield
            finally:
                self._con.execute("ROLLBACK")

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        """All rows of a SELECT."""
        with self._turn, disk_faults(str(self.path)):
            return list(self._con.execute(sql, values))

    def write(self, sql: str, values: tuple[Any, ...] = ()) -> int:
        """Make one change in its own transaction and return the id of the inserted row."""
        with self.transaction() as con:
            return int(con.execute(sql, values).lastrowid or 0)

    def meta(self, key: str) -> str:
        """A property of the file itself: `revision` or `state_id`."""
        return str(self.rows("SELECT value FROM meta WHERE key = ?", (key,))[0][0])

    def next_revision(self, con: sqlite3.Connection) -> int:
        """Increment the revision inside a transaction and return it."""
        con.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'revision'")
        return int(con.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone()[0])

    def copy_to(self, path: Path) -> None:
        """Write a consistent, durable copy while other processes read and write.

        Raises:
            CatalogueError: the copy cannot be written.
        """
        fault = f"{path}: the copy of {self.path.name} cannot be written"
        with disk_faults(fault, f"{self.path.name} is as it was"), durable.whole(path, private=True) as temporary:
            target = sqlite3.connect(temporary)
            try:
                target.execute("PRAGMA synchronous = OFF")  # `whole` calls fsync on the finished file
                source = sqlite3.connect(self.path.absolute().as_uri() + "?mode=ro", uri=True, timeout=BUSY_S)
                try:
                    source.backup(target)
                finally:
                    source.close()
                target.execute("PRAGMA journal_mode = DELETE")
            finally:
                target.close()

    def integrity(self) -> str:
        """ "ok", or SQLite's description of the damage."""
        return "; ".join(str(row[0]) for row in self.rows("PRAGMA integrity_check(3)"))

    def close(self) -> None:
        with self._turn:
            self._con.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
