"""Which films a folder holds, and what their paths say of them (thesis 2.1)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from media.decode import MEDIA_SUFFIXES

_YEAR = re.compile(r"^(?P<title>.+?)[ ._]*[(\[](?P<year>(?:18|19|20)\d\d)[)\]]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class FoundFilm:
    """A media file and what its path says: `<Director>/<Title>.<ext>`, or a file alone."""

    path: Path
    title: str
    director: str = ""
    year: int | None = None
    root: Path = field(default=Path(), compare=False)
    """The path that was given and below which it lies."""


@dataclass(frozen=True)
class NotFound:
    """A path that holds no film, and why."""

    path: Path
    """As it can be shown: bytes of a name that are not UTF-8 are written as `\\xe9`."""
    reason: str


def _plain(name: str) -> str:
    return _SPACES.sub(" ", name).strip().casefold()


def describe(path: Path, director: str = "") -> FoundFilm:
    """Title and year from a file's name: `Vertigo (1958).mkv` is *Vertigo* of 1958; other names are the title."""
    stem = path.stem.strip() or path.name
    match = _YEAR.match(stem)
    title, year = (match["title"].strip(), int(match["year"])) if match else (stem, None)
    folder = _YEAR.match(director)
    if _plain(folder["title"] if folder else director) == _plain(title):
        director = ""  # `Vertigo (1958)/Vertigo (1958).mkv`: the folder is the film's own
    return FoundFilm(path, _SPACES.sub(" ", title), director, year)


def shown(path: Path) -> Path:
    """The path as text that can be written anywhere: bytes that are not UTF-8 become `\\xe9`."""
    return Path(os.fsencode(path).decode("utf-8", "backslashreplace"))


def _refusal(path: Path) -> str:
    """Why a file that a folder lists cannot be used, or "". Databases, JSON and FFmpeg hold paths in UTF-8 only."""
    if not path.exists():
        return "is a link that leads nowhere. Remove it, or mend it."
    if shown(path) != path:
        return "its name is not UTF-8. Rename it (or its folder), then add it again."
    real = Path(os.path.realpath(path))
    return "" if shown(real) == real else f"leads to {shown(real)}, whose name is not UTF-8. Rename that."


def _film(path: Path, director: str, root: Path) -> FoundFilm | NotFound:
    reason = _refusal(path)
    return NotFound(shown(path), reason) if reason else replace(describe(path, director), root=root)


def discover(paths: Sequence[Path]) -> Iterator[FoundFilm | NotFound]:
    """Every film below the given paths, in a stable order; a path that cannot be used is a `NotFound`.

    A file is taken whatever its ending; in a folder only files with a media ending are. The first folder below a
    given one is the director; files directly in it have none. Hidden files and folders are left out.
    """
    for path in paths:
        try:
            if path.is_dir():
                yield from _below(path)
            elif path.exists():
                yield _film(path, "", path)
            else:
                yield NotFound(shown(path), "does not exist. Check the path.")
        except OSError as error:
            yield NotFound(shown(path), f"cannot be read ({error.strerror}). Check its permissions.")


def _below(root: Path) -> Iterator[FoundFilm | NotFound]:
    unreadable: list[OSError] = []
    found = False
    for folder, folders, files in os.walk(root, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        relative = Path(folder).relative_to(root).parts
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in MEDIA_SUFFIXES:
                found = True
                yield _film(Path(folder, name), relative[0] if relative else "", root)
    for error in unreadable:
        yield NotFound(shown(Path(error.filename)), f"cannot be read ({error.strerror}). Check its permissions.")
    if not found and not unreadable:
        yield NotFound(shown(root), "holds no media file. Name a folder of films, or a film.")
