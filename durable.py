"""Atomic, durable file writes that survive a power failure: write a temporary file, fsync, replace, fsync the
directory."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from errors import FilmscoreError, ParameterError


def fsync_file(path: Path) -> None:
    """Wait until the file's bytes are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_files(paths: Iterable[Path]) -> None:
    """Wait until the bytes of all these files are on the disk. Together they take little longer than one alone, since
    a file system writes what several wait for at once."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fsync_file, paths))


def fsync_directory(path: Path) -> None:
    """Wait until the directory's entries are on the disk."""
    fsync_file(path)


def replace(temporary: Path, final: Path) -> None:
    """Replace `final` by `temporary` atomically: afterwards either the old or the new file exists, complete."""
    if temporary.is_dir():
        fsync_directory(temporary)
    else:
        fsync_file(temporary)
    temporary.replace(final)
    fsync_directory(final.parent)


def open_private(path: Path) -> BinaryIO:
    """Open a new file for writing that only this user may read. An existing file keeps its permissions."""
    return open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600))


@contextmanager
def whole(final: Path, *, private: bool = False) -> Iterator[Path]:
    """A temporary path next to `final`. When the block ends without an error it replaces `final`, else it is deleted.

    Args:
        final: where the file comes to lie.
        private: nobody but this user may read the file, nor its directory if that is made.
    """
    final.parent.mkdir(mode=0o700 if private else 0o777, parents=True, exist_ok=True)
    temporary = final.parent / f".{final.name[:80]}.{secrets.token_hex(4)}.tmp"
    try:
        if private:
            os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield temporary
        replace(temporary, final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def asked_for(final: Path, error: type[FilmscoreError] = ParameterError) -> Iterator[Path]:
    """As `whole`, for a file that a person chose. A device or a pipe (/dev/stdout) is written as it is.

    Raises:
        error: it cannot be written.
    """
    try:
        if final.exists() and not (final.is_file() or final.is_dir()):
            yield final
        else:
            with whole(final) as temporary:
                yield temporary
    except OSError as fault:
        raise error(f"{final}: cannot be written ({fault.strerror}). Choose another place.") from fault


def write_text(final: Path, text: str) -> None:
    """Write a small text file durably."""
    with whole(final) as temporary:
        temporary.write_text(text, encoding="utf-8")


def link_or_copy(source: Path, target: Path) -> None:
    """Create a hard link to an immutable file, or a copy on file systems without hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        fsync_file(target)
