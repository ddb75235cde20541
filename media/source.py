"""The source file of a sound: checks before opening, its hash, and error messages about it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from errors import MediaError

# fmt: off
MEDIA_SUFFIXES: frozenset[str] = frozenset({
    ".3gp", ".aac", ".ac3", ".aif", ".aiff", ".amr", ".ape", ".asf", ".au", ".avi", ".dts", ".eac3", ".flac",
    ".flv", ".m2ts", ".m4a", ".m4b", ".m4v", ".mka", ".mkv", ".mov", ".mp2", ".mp3", ".mp4", ".mpeg", ".mpg",
    ".mts", ".mxf", ".oga", ".ogg", ".ogm", ".ogv", ".opus", ".rm", ".rmvb", ".ts", ".tta", ".vob", ".wav",
    ".weba", ".webm", ".wma", ".wmv", ".wv",
})
# fmt: on
"""Lower-case suffixes that a search for films considers. `decode` itself ignores the suffix."""


def fault(path: Path, what: str, way_out: str) -> MediaError:
    """The error for one file, on one line whatever its name holds: `<file name>: <what>. <way out>.`"""
    name = "".join(c if c.isprintable() else "?" for c in path.name or str(path))
    return MediaError(f"{name}: {what}. {way_out}.")


def regular(path: Path, status: os.stat_result) -> None:
    """Refuse what is not a regular file by its status.

    Raises:
        MediaError: a directory or a device.
    """
    if stat.S_ISDIR(status.st_mode):
        raise fault(path, "is a directory, not a media file", "Name a file inside it")
    if not stat.S_ISREG(status.st_mode):
        raise fault(path, "is not a regular file", "Copy its content to a file first")


def readable_size(path: Path) -> int:
    """Size in bytes of a regular file that can be opened for reading.

    Raises:
        MediaError: it does not exist, is a directory or a device, may not be read, or is empty.
    """
    try:
        status = path.stat()
        regular(path, status)
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise fault(path, "does not exist", "Check the path") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise fault(path, f"cannot be read ({reason})", "Allow reading it, or leave the file out") from error
    except ValueError as error:
        raise fault(path, f"is not a file name ({error})", "Check the path") from error
    if status.st_size == 0:
        raise fault(path, "empty (0 bytes)", "Copy it again, or leave the file out")
    return status.st_size


def media_sha256(path: Path | str) -> str:
    """SHA-256 of the file's bytes in hexadecimal, read in pieces.

    Raises:
        MediaError: the file does not exist, is empty or cannot be read.
    """
    path = Path(path)
    readable_size(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise fault(path, f"cannot be read ({reason})", "Check the disk, or leave the file out") from error


def joined_sha256(paths: Sequence[Path]) -> str:
    """What identifies the content of a film of one file, its `media_sha256`, or of several in their order.

    Raises:
        MediaError: as `media_sha256`.
    """
    digests = [media_sha256(path) for path in paths]
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
