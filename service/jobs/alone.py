"""The lock of a home's only worker, apart from the worker, whose imports take seconds."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from db.home import Home
from db.lock import open_lock
from errors import CatalogueError


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Hold the lock of this home's only worker. The system frees the lock when the process ends, even if it crashes."""
    with open_lock(home, home.root / "worker.lock") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            raise CatalogueError(
                f"{home.root}: already has a worker (process {stream.read().strip() or 'unknown'}). One is enough."
            ) from error
        stream.seek(0)
        stream.truncate()
        stream.write(str(os.getpid()))
        stream.flush()
        yield


def worker_alive(home: Home) -> bool:
    """Whether a worker is running for this home."""
    try:
        with (home.root / "worker.lock").open("r", encoding="utf-8") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
