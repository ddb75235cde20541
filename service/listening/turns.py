"""Take turns in the analysis of clips: one at a time, a few wait, and the next is told when to retry.

The app and the API analyse clips in separate processes. Locks on files of the home let them share the places.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.home import Home
from errors import BusyError

CLIPS = 4
"""Number of clips that may be received, waiting or analysed at once."""
RETRY_AFTER_S = 15


class ClipTurns:
    """The places for clips in a home. Safe to share between threads."""

    def __init__(self, home: Home, clips: int = CLIPS) -> None:
        """
        Args:
            home: its directory contains the locks.
            clips: number of places.
        """
        self._folder, self._clips = home.scratch, clips

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for one clip, from its arrival to its end.

        Raises:
            BusyError: all places are taken.
        """
        for number in range(self._clips):
            lock = _opened(self._folder / f"clip-place-{number}.lock")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                continue
            try:
                yield
            finally:
                os.close(lock)
            return
        raise BusyError(f"{self._clips} clips are being heard. Send yours again in {RETRY_AFTER_S} seconds.")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The turn of one clip; waits until the previous clip has been analysed."""
        lock = _opened(self._folder / "clip-turn.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
