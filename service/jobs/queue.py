"""The queues between the app and the worker: huey on SQLite, with ids of jobs only.

`state.sqlite` says what a job is and how far it got, so the file of the queues may be lost: a worker that starts makes
it again. Messages are JSON: huey's own pickles would run whatever somebody wrote into the file.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from huey import SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer

from db.home import Home
from errors import CatalogueError

LONG, SHORT = "long", "short"
"""Two queues, so that a backup need not wait for a thousand films."""


class JsonSerializer(Serializer):  # type: ignore[misc]
    """huey's messages as JSON."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        value = json.loads(data)
        return Message(*value) if isinstance(value, list) else value


def queue_path(home: Home) -> Path:
    """The file of both queues."""
    return home.root / "queue.sqlite"


def queue(home: Home, name: str) -> SqliteHuey:
    """A queue of this home.

    Raises:
        CatalogueError: its file is damaged or cannot be written.
    """
    path = queue_path(home)
    try:
        return SqliteHuey(
            f"filmscore-{name}", filename=str(path), results=False, fsync=True, serializer=JsonSerializer()
        )
    except sqlite3.Error as error:
        raise CatalogueError(f"{path}: cannot be used ({error}). Stop the worker and start it: it mends it.") from error


def queue_fault(home: Home) -> str:
    """What is wrong with the file of the queues; "" if it is whole, or not there yet."""
    path = queue_path(home)
    if not path.exists():
        return ""
    try:
        with closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)) as con:
            said = str(con.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        said = str(error)
    return "" if said == "ok" else f"damaged ({said})"


def mend_queue(home: Home) -> bool:
    """Remove the file of the queues if it is damaged; whether it was. For the only worker, or while none runs."""
    if not queue_fault(home):
        return False
    for suffix in ("", "-wal", "-shm"):
        Path(f"{queue_path(home)}{suffix}").unlink(missing_ok=True)
    return True
