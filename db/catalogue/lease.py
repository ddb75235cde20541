"""Leases on snapshots: which snapshots are being read.

A reader holds a shared lock on its snapshot's manifest while it has the snapshot open. The system frees the lock when
the reader's process ends, even if it crashes.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from db.catalogue.manifest import MANIFEST
from errors import CatalogueError


class RemovedError(CatalogueError):
    """The snapshot has been removed because newer ones replaced it; it is not damaged."""


def hold(directory: Path) -> BinaryIO | None:
    """Hold a lease on a snapshot until the returned file is closed.

    Returns:
        None if the file system has no locks, or the snapshot has no manifest.

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
    """Yield whether nobody reads a snapshot, and keep new readers out meanwhile. False on file systems without
    locks."""
    try:
        stream = (directory / MANIFEST).open(
            "r+b"
        )  # NFS gives an exclusive lock only on a file that is open for writing
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
