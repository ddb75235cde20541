"""File modes of a home: no other user of the machine may read it. Directories have mode 700 and files 600."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from db.home import Home
from db.secret_files import OTHERS


def open_to_others(home: Home) -> Iterator[Path]:
    """Paths that other users of the machine may read or change: the home itself, the state and its copies, parts,
    backups and uploads. Symbolic links are not followed."""
    folders = (home.parts, home.backups, home.uploads, home.asides)
    yield from filter(_is_open, (home.root, *sorted(home.root.glob("state.sqlite*"))))
    for folder in folders:
        yield from filter(_is_open, (folder, *sorted(folder.rglob("*"))))


def _is_open(path: Path) -> bool:
    try:
        return not path.is_symlink() and bool(path.stat().st_mode & OTHERS)
    except OSError:
        return False  # deleted meanwhile, or not readable by us


def close_to_others(home: Home) -> int:
    """Remove other users' permissions. Returns the number of files and directories changed; those of other owners stay
    as they are."""
    closed = 0
    for path in list(open_to_others(home)):
        with suppress(OSError):
            path.chmod(path.stat().st_mode & 0o700)
            closed += 1
    return closed
