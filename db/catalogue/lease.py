"""Which snapshots are read at present.

A reader locks the manifest of its snapshot, shared with other readers, for as long as it has the snapshot open. The
system frees the lock when the reader's process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from errors import CatalogueError

MANIFEST = "manifest.json"


class RemovedError(CatalogueError):
    """The snapshot is no damaged one: newer ones have taken its place."""


def hold(directory: Path) -> BinaryIO | None:
    """Say that a snapshot is read, until what is returned is closed.

    Returns:
        None where the file system knows no locks, or the snapshot has no manifest.

    Raises:
        RemovedError: a publish is removing the snapshot.
    """
    path = directory / MANIFEST
    try:
        stream = path.open("rb")
    except OSError:
        return None
    try:
        fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        there = os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except (BlockingIOError, FileNotFoundError):
        there = False
    except OSError:
        stream.close()
        return None
    if not there:
        stream.close()
        raise RemovedError(f"{directory}: a newer snapshot has taken its place. Open the catalogue again.")
    return stream


@contextmanager
def unread(directory: Path) -> Iterator[bool]:
    """Whether nobody reads a snapshot; nobody can begin to while this lasts. False where there are no locks."""
    try:
        stream = (directory / MANIFEST).open("r+b")  # NFS locks exclusively only what is open for writing
    except OSError:
        yield False
        return
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            alone = True
        except OSError:
            alone = False
        yield alone
