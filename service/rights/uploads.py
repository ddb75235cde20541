"""Files that browsers send to the app: how much of them is kept at once, and for how long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sized
from contextlib import contextmanager
from typing import Protocol

from errors import ParameterError

MOST_MB = 100
"""Of one session's files."""
MOST_TOGETHER_MB = 500
LEFT_S = 60.0
"""How long files are kept after their page was closed: a browser that was cut off comes back sooner."""


class KeptFile(Protocol):
    """A file as Streamlit keeps it."""

    @property
    def data(self) -> Sized: ...


class Files(Protocol):
    """Where Streamlit keeps them."""

    file_storage: Mapping[str, Mapping[str, KeptFile]]

    def remove_session_files(self, session_id: str) -> None: ...


class Uploads:
    """Room for the files of all sessions. Used by one event loop."""

    def __init__(
        self,
        files: Callable[[], Files],
        is_open: Callable[[str], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Watch over files.

        Args:
            files: gives what is kept, once there is a place for it.
            is_open: whether a session has its page open.
            clock: in s.
        """
        self._files, self._is_open, self._clock = files, is_open, clock
        self._arriving: dict[str, int] = {}
        self._closed_since: dict[str, float] = {}

    @contextmanager
    def room(self, session_id: str, n_bytes: int) -> Iterator[None]:
        """Room for a file while it arrives.

        Raises:
            ParameterError: there is none.
        """
        self.release()
        kept = self._kept()
        mine = kept.get(session_id, 0) + self._arriving.get(session_id, 0)
        if mine + n_bytes > MOST_MB * 2**20:
            raise ParameterError(
                f"this page holds {mine / 2**20:.0f} MB of files; {n_bytes / 2**20:.0f} MB more are above the limit of "
                f"{MOST_MB} MB. Remove a file, or put large ones into a folder."
            )
        if sum(kept.values()) + sum(self._arriving.values()) + n_bytes > MOST_TOGETHER_MB * 2**20:
            raise ParameterError("all pages together hold as many files as there is room for. Try again in a minute.")
        self._arriving[session_id] = self._arriving.get(session_id, 0) + n_bytes
        try:
            yield
        finally:
            self._arriving[session_id] -= n_bytes
            if not self._arriving[session_id]:
                del self._arriving[session_id]

    def release(self) -> None:
        """Forget the files of pages that were closed LEFT_S ago."""
        files, now_s = self._files(), self._clock()
        closed = {session_id for session_id in list(files.file_storage) if not self._is_open(session_id)}
        self._closed_since = {session_id: self._closed_since.get(session_id, now_s) for session_id in closed}
        for session_id, since_s in self._closed_since.items():
            if now_s - since_s >= LEFT_S:
                files.remove_session_files(session_id)

    def _kept(self) -> dict[str, int]:
        """Session -> bytes."""
        kept = list(self._files().file_storage.items())
        return {session_id: sum(len(file.data) for file in list(files.values())) for session_id, files in kept}
