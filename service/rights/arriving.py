"""The folder where files that people send wait: on the disk of the home, since /tmp is memory in many set-ups."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from db.home import Home

_PREFIX = "arriving-"


@contextmanager
def arriving(home: Home) -> Iterator[Path]:
    """A folder of this process for files that arrive; bodies that are still being read lie there, too.

    What processes left that were killed is removed first. A lock says who is alive: the app and the API may run in
    containers of their own, which do not know each other's processes.
    """
    for left in home.scratch.glob(f"{_PREFIX}*"):
        _remove_if_left(left)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home.scratch))
    usual, lock = tempfile.tempdir, os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = usual
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _remove_if_left(folder: Path) -> None:
    with suppress(OSError):  # another process removes it, or still uses it
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
        finally:
            os.close(lock)
