"""Whose turn it is to have a clip heard: one at once, a few wait, and the next is told when to come again.

The app and the API hear clips in processes of their own. Locks on files of the home make them share the places.
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
"""Clips that arrive, wait or are heard at once."""
RETRY_AFTER_S = 15


class ClipTurns:
    """The places for clips in a home. Safe to share between threads."""

    def __init__(self, home: Home, clips: int = CLIPS) -> None:
        """
        Args:
            home: holds the locks.
            clips: how many places there are.
        """
        self._folder, self._clips = home.scratch, clips

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for one clip, from its arrival to its end.

        Raises:
            BusyError: all are taken.
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
        """The turn of one clip, which waits until the one before was heard."""
        lock = _opened(self._folder / "clip-turn.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
