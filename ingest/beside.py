"""Find the NFO file and the poster that belong to a film, in the layouts of Kodi, Jellyfin and Plex.

A file named after the film belongs to it in any folder; a file with a generic name (movie.nfo, poster.jpg) belongs to
it only in the film's own folder: one that is named after the film or contains no other film.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ingest.discover import folders_of, media_stem
from ingest.film_parts import is_sound_of
from ingest.film_paths import is_structure, part_of, read_path
from ingest.matching_names import title_keys
from media.source import MEDIA_SUFFIXES

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
_POSTER_ENDS = ("-poster", ".poster", "-cover", "-folder", "")
"""Endings after the film's own name, most likely first."""
_POSTER_NAMES = ("poster", "folder", "cover", "movie", "default")
_MOST_LISTED = 5_000
"""Number of a folder's entries that are read."""


@dataclass(frozen=True)
class FilmFolder:
    """The folder of a film, and the names of the film's files in it."""

    path: Path
    files: dict[str, Path]
    """Files by their lower-case names."""
    stems: tuple[str, ...]
    """Lower-case names, without extension, of files that belong to the film."""
    is_own: bool
    """Whether the folder contains only this film and versions of it."""

    @classmethod
    def of(cls, film: Path, root: Path) -> FilmFolder:
        """The folder around a film: the folder that contains it, or the one above a disc's folders and those of parts.

        Args:
            film: its first file.
            root: the path that the user gave, an ancestor of the file.
        """
        top = (root if root.is_dir() else root.parent).resolve()
        folder = film.parent
        while is_structure(folder.name) and folder.resolve() != top:
            folder = folder.parent
        files = _listed(folder)
        base, own = _base(film, folder), read_path(media_stem(film), folders_of(film, root)).own_folder
        others = (path for path in files.values() if _base(path, folder) != base and not is_sound_of(path, film))
        alone = not any(_is_film(path, root) for path in others)
        version = bool(own) and title_keys(base).strict.startswith(title_keys(own).strict)
        stems = [film.stem, base, *([folder.name] if alone or version else [])]
        return cls(folder, files, tuple(dict.fromkeys(name.casefold() for name in stems)), alone or version)

    def nfo(self, film: Path) -> Path | None:
        """The film's NFO file: the one named after it, else movie.nfo, else a disc's, else the only one in its own
        folder.
        """
        named = [f"{stem}.nfo" for stem in self.stems] + (["movie.nfo"] if self.is_own else [])
        found = next((self.files[name] for name in named if name in self.files), None)
        if found or not self.is_own:
            return found
        if film.parent != self.path:
            inner = _listed(film.parent) | (_listed(film.parent.parent) if film.parent.parent != self.path else {})
            for name in ("video_ts.nfo", "index.nfo", "movie.nfo"):
                if name in inner:
                    return inner[name]
        only = [path for name, path in self.files.items() if name.endswith(".nfo")]
        return only[0] if len(only) == 1 else None

    def posters(self) -> list[Path]:
        """Pictures that may be the film's poster, most likely first."""
        own = [f"{stem}{end}" for stem in self.stems for end in _POSTER_ENDS]
        names = [*own, *(_POSTER_NAMES if self.is_own else ())]
        return [
            path for name in names for suffix in PICTURE_SUFFIXES if (path := self.files.get(name + suffix)) is not None
        ]


def _listed(folder: Path) -> dict[str, Path]:
    try:
        return _listed_then(folder, folder.stat().st_mtime_ns)
    except OSError:
        return {}


@lru_cache(maxsize=16)
def _listed_then(folder: Path, _changed_ns: int) -> dict[str, Path]:
    """The files of a folder at one modification time, cached: a flat folder of thousands of films is listed only
    once.
    """
    found: dict[str, Path] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(found) >= _MOST_LISTED:
                    break
                if not entry.name.startswith(".") and entry.is_file():
                    found[entry.name.casefold()] = Path(entry.path)
    except OSError:
        return {}
    return dict(sorted(found.items()))


def _base(path: Path, folder: Path) -> str:
    """A file's name without extension and part number."""
    part = part_of(path.stem, folder.name)
    return part["base"] if part else path.stem


def _is_film(path: Path, root: Path) -> bool:
    if path.suffix.lower() not in MEDIA_SUFFIXES:
        return False
    return not read_path(media_stem(path), folders_of(path, root)).left_out
