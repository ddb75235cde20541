"""The writer's lock: only one process writes at a time. A second one waits, and fails after a timeout with the holder's
name."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from db.clock import now
from db.home import NOT_WRITABLE, Home
from errors import CatalogueError

WAIT_S = 120.0


def open_lock(home: Home, path: Path) -> TextIO:
    """Open a lock file, creating it if it is missing.

    Raises:
        CatalogueError: the home is not writable.
    """
    try:
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        raise CatalogueError(f"{home.root}: not writable ({error.strerror}). {NOT_WRITABLE}") from error


@contextmanager
def writer_lock(home: Home, purpose: str, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the writer's lock on the catalogue. The system frees the lock when the process ends, even if it crashes.

    Raises:
        CatalogueError: another process held the lock for all of `wait_s` (the message names it), or the home is not
            writable.
    """
    with open_lock(home, home.lock_path) as stream:
        deadline = time.monotonic() + wait_s
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    stream.seek(0)
                    holder = stream.read().strip() or "another process"
                    raise CatalogueError(
                        f"{home.root}: locked by {holder}; gave up after {wait_s:.0f} s. Wait for it to finish, "
                        "then try again."
                    ) from None
                time.sleep(0.05)
        holder = f"{purpose}, process {os.getpid()} on {socket.gethostname()} since {now()}"
        with suppress(OSError):  # on a full disk the lock is held without a name
            os.ftruncate(stream.fileno(), 0)
            os.write(stream.fileno(), holder.encode())
        yield
