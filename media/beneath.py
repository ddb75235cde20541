"""Open files below given folders and hold them open, so that a file that is swapped meanwhile is not read.

Between the look at a folder and the hearing of its films somebody may replace a folder by a link to elsewhere. So a
path is walked from its root down, one folder at a time, and no link is followed on the way; from then on the file is
what its descriptor says, whatever becomes of the path.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from errors import FilmscoreError
from media.source import fault, regular

_FOLDER = os.O_DIRECTORY | os.O_NOFOLLOW | getattr(os, "O_PATH", os.O_RDONLY)
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # does not block if the file has been replaced by a pipe
ELSEWHERE = "leads outside of the folders that files may come from"


def open_beneath(path: Path, roots: Sequence[Path]) -> int:
    """Open a file below one of some folders and return its descriptor. The caller closes it.

    Args:
        path: may be a link, or lead through links, as long as the file itself lies below a root.
        roots: absolute, without links.

    Raises:
        MediaError: it lies elsewhere, is not there, or its way there changes at this moment.
    """
    try:
        real = path.resolve()
        root = next((one for one in roots if real != one and real.is_relative_to(one)), None)
        if root is None:
            raise fault(path, ELSEWHERE, "Put it below one of them")
        return _walk(root, real.relative_to(root).parts)
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise fault(path, f"cannot be opened ({reason})", "Check the path, then try again") from error


def _walk(root: Path, parts: Sequence[str]) -> int:
    at = os.open(root, _FOLDER)
    try:
        for folder in parts[:-1]:
            below = os.open(folder, _FOLDER, dir_fd=at)
            os.close(at)
            at = below
        return os.open(parts[-1], _FILE, dir_fd=at)
    finally:
        os.close(at)


@contextmanager
def held(paths: Sequence[Path], roots: Sequence[Path], scratch_dir: Path | None = None) -> Iterator[tuple[Path, ...]]:
    """Files held open: paths of the same names that lead to them and nowhere else, also from other processes.

    Args:
        paths: of the files.
        roots: as in `open_beneath`; without any the paths come back as they are.
        scratch_dir: where a folder of ours may lie meanwhile.

    Errors that are raised meanwhile name the files, not the paths that lead to them.

    Raises:
        MediaError: as `open_beneath`; or one is not a regular file.
    """
    if not roots:
        yield tuple(paths)
        return
    with ExitStack() as stack:
        if scratch_dir:
            scratch_dir.mkdir(parents=True, exist_ok=True)
        box = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="held-", dir=scratch_dir)))
        leading = []
        for number, path in enumerate(paths):
            descriptor = open_beneath(path, roots)
            stack.callback(os.close, descriptor)
            leading.append(_leading_to(descriptor, path, box / str(number)))
        try:
            yield tuple(leading)
        except FilmscoreError as error:
            said = str(error)
            for path, one in zip(paths, leading, strict=True):
                said = said.replace(str(one), str(path))
            raise type(error)(said) from error


def _leading_to(descriptor: int, path: Path, folder: Path) -> Path:
    """A path with the file's name (its suffix tells the format) that leads to a descriptor."""
    regular(path, os.fstat(descriptor))
    if not sys.platform.startswith("linux"):
        return path  # no path leads to a descriptor there
    folder.mkdir()
    link = folder / path.name
    link.symlink_to(f"/proc/{os.getpid()}/fd/{descriptor}")
    return link
