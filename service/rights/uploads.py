"""Store files that browsers send to the app on disk, and limit how much is kept at once and for how long.

Streamlit would keep them in memory. The door (`service.rights.app_door`) writes each to the disk and hands Streamlit an
empty file of the same name; a page asks for the bytes with `kept_file`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import durable
from errors import ParameterError
from service.rights.upload_limits import MB, PAGE_MB, SPARE_MB, TOGETHER_MB, VISITOR_MB

LEFT_S = 60.0
"""How long files are kept after their page was closed: a browser that lost its connection reconnects sooner."""
_PIECE = 1 << 20


@dataclass(frozen=True)
class KeptFile:
    """A file that a page was given."""

    path: Path
    n_bytes: int
    sha256: str
    sender: str


KEPT: dict[tuple[str, str], KeptFile] = {}
"""By session and by Streamlit's id of the file. Of this process: pages and the door before them share it."""


def kept_file(session_id: str, file_id: str, name: str) -> KeptFile:
    """A file of a session.

    Raises:
        ParameterError: it has been removed.
    """
    try:
        return KEPT[session_id, file_id]
    except KeyError:
        raise ParameterError(f"{name}: no longer kept here. Choose it again.") from None


class Files(Protocol):
    """Streamlit's record of the files: session -> id -> an empty file."""

    @property
    def file_storage(self) -> Mapping[str, Mapping[str, object]]: ...

    def remove_session_files(self, session_id: str) -> None: ...


class Uploads:
    """The files of all sessions. Used by one event loop, except for `keep`."""

    def __init__(
        self,
        files: Callable[[], Files],
        is_open: Callable[[str], bool],
        folder: Callable[[], Path],
        clock: Callable[[], float] = time.monotonic,
        kept: dict[tuple[str, str], KeptFile] = KEPT,
    ) -> None:
        """Manage the files.

        Args:
            files: gives what Streamlit notes, once there is a place for it.
            is_open: whether a session has its page open.
            folder: returns the folder that contains them, once it exists.
            clock: in s.
            kept: the table in which pages find them.
        """
        self._files, self._is_open, self._folder, self._clock, self._kept = files, is_open, folder, clock, kept
        self._arriving: Counter[tuple[str, str]] = Counter()
        self._closed_since: dict[str, float] = {}

    @contextmanager
    def room(self, session_id: str, sender: str, n_bytes: int) -> Iterator[None]:
        """Reserve space for a file while it arrives.

        Args:
            session_id: of the page.
            sender: the visitor's address; "" for an admin.
            n_bytes: of the file.

        Raises:
            ParameterError: there is no space.
        """
        self.release()
        held = Counter(self._arriving)
        for (session, _), file in list(self._kept.items()):
            held[session, file.sender] += file.n_bytes
        mine = sum(size for (session, _), size in held.items() if session == session_id)
        senders = sum(size for (_, by), size in held.items() if by == sender)
        if mine + n_bytes > PAGE_MB * MB:
            raise ParameterError(
                f"this page holds {mine / MB:.0f} MB of files; {n_bytes / MB:.0f} MB more are above the limit of "
                f"{PAGE_MB} MB. Remove a file, or put large ones into a folder."
            )
        if sender and senders + n_bytes > VISITOR_MB * MB:
            raise ParameterError(
                f"the open pages of {sender} hold {senders / MB:.0f} MB of files, the limit is "
                f"{VISITOR_MB} MB. Close a page, then try again in a minute."
            )
        if held.total() + n_bytes > TOGETHER_MB * MB:
            raise ParameterError("all pages together hold as many files as there is room for. Try again in a minute.")
        if n_bytes and shutil.disk_usage(self._folder()).free < SPARE_MB * MB + n_bytes:
            raise ParameterError(
                "the server's disk has less than 1 GB left. Whoever runs the server must make room there."
            )
        self._arriving[session_id, sender] += n_bytes
        try:
            yield
        finally:
            self._arriving[session_id, sender] -= n_bytes
            self._arriving += Counter()  # forgets those without a byte

    def keep(self, session_id: str, file_id: str, sender: str, source: BinaryIO) -> None:
        """Write a file to the disk, in place of an earlier one of the same id. Safe to call from any thread."""
        path = self._folder() / os.urandom(16).hex()
        digest, n_bytes = hashlib.sha256(), 0
        try:
            with durable.open_private(path) as out:
                while piece := source.read(_PIECE):
                    digest.update(piece)
                    n_bytes += out.write(piece)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        self._drop(session_id, file_id)
        self._kept[session_id, file_id] = KeptFile(path, n_bytes, digest.hexdigest(), sender)

    def release(self) -> None:
        """Forget the files of pages that were closed LEFT_S ago, and remove what Streamlit no longer notes."""
        files, now_s = self._files(), self._clock()
        closed = {session_id for session_id in list(files.file_storage) if not self._is_open(session_id)}
        self._closed_since = {session_id: self._closed_since.get(session_id, now_s) for session_id in closed}
        for session_id, since_s in self._closed_since.items():
            if now_s - since_s >= LEFT_S:
                files.remove_session_files(session_id)
        for session_id, file_id in list(self._kept):
            arriving = any(session == session_id for session, _ in self._arriving)
            if not arriving and file_id not in files.file_storage.get(session_id, {}):
                self._drop(session_id, file_id)

    def _drop(self, session_id: str, file_id: str) -> None:
        kept = self._kept.pop((session_id, file_id), None)
        if kept:
            kept.path.unlink(missing_ok=True)
