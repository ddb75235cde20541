"""Vectors of texts, kept beside the catalogue: reading a plot takes longer than all else of a film's description.

A cache: what is missing or damaged is made again. Texts are named by their hash.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from db.home import Home

Vectors = npt.NDArray[np.float32]

WAIT_S = 5.0
ASKED_AT_ONCE = 500
_TABLE = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"

log = logging.getLogger(__name__)


def _key(version: str, text: str) -> bytes:
    return hashlib.blake2b(f"{version}\0{text}".encode(), digest_size=16).digest()


class TextVectors:
    """The kept vectors of one home. What cannot be read or written is as if it were not kept."""

    def __init__(self, home: Home) -> None:
        self._path: Path = home.texts_path

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection | None]:
        """The file, created if absent and recreated if damaged; None if it cannot be created."""
        con = None
        try:
            self._path.touch(mode=0o600)
            con = sqlite3.connect(self._path, timeout=WAIT_S)
            with con:
                con.execute(_TABLE)
        except sqlite3.DatabaseError as error:
            log.warning("%s: texts are encoded again (%s).", self._path, error)
            if con is not None:
                con.close()
            if not isinstance(error, sqlite3.OperationalError):  # which says: busy, full, or not ours to write
                self._path.unlink(missing_ok=True)
            con = None
        except OSError as error:
            log.warning("%s: vectors of texts cannot be kept (%s).", self._path, error)
        try:
            yield con
        finally:
            if con is not None:
                con.close()

    def get(self, version: str, texts: Iterable[str]) -> dict[str, Vectors]:
        """The vectors of those texts that are kept for this version of the model."""
        named = {_key(version, text): text for text in texts}
        keys, found = list(named), {}
        with self._opened() as con:
            if con is None:
                return {}
            try:
                for first in range(0, len(keys), ASKED_AT_ONCE):
                    some = keys[first : first + ASKED_AT_ONCE]
                    marks = ",".join("?" * len(some))
                    sql = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"
                    for key, vector in con.execute(sql, some):
                        found[named[key]] = np.frombuffer(vector, "<f4").astype(np.float32)
            except sqlite3.DatabaseError as error:
                log.warning("%s: texts are encoded again (%s).", self._path, error)
        widths = [len(vector) for vector in found.values()]
        return {t: v for t, v in found.items() if np.isfinite(v).all() and len(v) == max(widths)}

    def put(self, version: str, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors; one that is kept already is replaced."""
        rows = [(_key(version, text), vector.astype("<f4").tobytes()) for text, vector in vectors.items()]
        with self._opened() as con:
            if con is None:
                return
            try:
                with con:
                    con.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
            except sqlite3.DatabaseError as error:
                log.warning("%s: vectors of texts cannot be kept (%s).", self._path, error)
