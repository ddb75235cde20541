"""Find the films in folders, and read title, year and director from their paths (thesis 2.1)."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.film_parts import SOUND_BESIDE, further_files, join, sounds_beside
from ingest.film_paths import FilmPath, read_path
from ingest.film_versions import grouped, is_label, version_key
from ingest.matching_directors import Directors
from ingest.matching_names import is_release_name, readings, title_keys
from ingest.matching_prefixes import title_part
from media.source import MEDIA_SUFFIXES, OTHER_FILE, kind_of_file

_YEAR = re.compile(r"^(?P<title>.+?)[ ._]*[(\[](?P<year>(?:18|19|20)\d\d)[)\]]")
_YEAR_FIRST = re.compile(r"^[(\[]?(?P<year>(?:18|19|20)\d\d)[)\]]?(?:\s*[-.]\s+|(?<=[)\]])\s*)(?P<title>[^\W\d_].*)$")
""""1958 - Vertigo", "(1958) Vertigo"; not "2001 A Space Odyssey"."""
_DOTTED_WITH_YEAR = re.compile(r"^[^\W_][^\s]*[._](?:18|19|20)\d\d(?:[._][^\s]*)?$")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class FoundFilm:
    """A media file and the information in its path: `<Director>/<Title>.<ext>`, `<Title> (<Year>)/<any>.<ext>`, ..."""

    path: Path
    title: str
    director: str = ""
    year: int | None = None
    root: Path = field(default=Path(), compare=False)
    """The path that the user gave, an ancestor of the file or the file itself."""
    further: tuple[Path, ...] = ()
    """The files that continue the film after `path`: cd2, the next file of a DVD's title."""
    versions: tuple[FoundFilm, ...] = ()
    """Other versions of the same film (2160p, director's cut); their own `versions` are empty."""


@dataclass(frozen=True)
class NotFound:
    """A path without a film, and the reason."""

    path: Path
    """The path as text to display: bytes that are not UTF-8 are written as `\\xe9`."""
    reason: str


@dataclass(frozen=True)
class LeftOut:
    """A file that is not a film."""

    path: Path
    kind: str
    """"trailer", "sample", "deleted scene", "episode", ..., "disc image", "other file"."""


def media_stem(path: Path) -> str:
    """The file's name without its extension, if that is a media extension."""
    return path.stem if path.suffix.lower() in MEDIA_SUFFIXES else path.name


def folders_of(path: Path, root: Path) -> tuple[str, ...]:
    """The names of the folders around a file, from the innermost to the root, or to the folder of a root that is
    the file itself."""
    top = root if root.is_dir() else root.parent
    return (*reversed(path.parent.relative_to(top).parts), top.resolve().name)


def describe(path: Path, root: Path | None = None) -> FoundFilm:
    """Title and year from the film's own folder or the file's name, the director from a folder around it.

    `Vertigo (1958).mkv` is *Vertigo* of 1958; a name without a year is the title.
    """
    root = root or path
    read = read_path(media_stem(path), folders_of(path, root))
    title, year = _title(read)
    return FoundFilm(path, title, _director(read, title), year, root)


def _title(read: FilmPath) -> tuple[str, int | None]:
    stem = read.stem.strip()
    if read.left_out:
        return _SPACES.sub(" ", stem), None  # "Arrival (2016)-trailer" is not the film Arrival
    if read.own_folder and not _YEAR.match(stem):
        stem = read.own_folder
    stem = title_part(stem)
    match = _YEAR.match(stem) or _YEAR_FIRST.match(stem)
    if match is None and (is_release_name(stem) or _DOTTED_WITH_YEAR.match(stem)):
        first = readings(stem)[0]
        return first.title, first.year
    title, year = (match["title"].strip(), int(match["year"])) if match else (stem, None)
    if match and " " not in title:
        title = title.replace(".", " ").replace("_", " ").strip()
    return _SPACES.sub(" ", title), year


def _director(read: FilmPath, title: str) -> str:
    """The outermost folder below the root that may be named after a director: not a shelf, a collection or the film."""
    if read.left_out:
        return ""
    for folder in reversed(read.outer_folders[:-1]):
        if not (Directors.is_shelf(folder) or Directors.is_set(folder) or any(c.isdigit() for c in folder)):
            return "" if title_keys(folder).compact == title_keys(title).compact else folder
    return ""


def shown(path: Path) -> Path:
    """The path as valid Unicode text: bytes that are not UTF-8 become `\\xe9`."""
    return Path(os.fsencode(path).decode("utf-8", "backslashreplace"))


def _refusal(path: Path) -> str:
    """Why a file in a folder cannot be used, or "". Databases, JSON and FFmpeg accept only paths in UTF-8."""
    if not path.exists():
        return "is a broken link. Remove it, or correct its target."
    if shown(path) != path:
        return "its name is not UTF-8. Rename it (or its folder), then add it again."
    real = Path(os.path.realpath(path))
    return "" if shown(real) == real else f"leads to {shown(real)}, whose name is not UTF-8. Rename that."


def discover(paths: Sequence[Path], with_extras: bool = False) -> Iterator[FoundFilm | NotFound | LeftOut]:
    """All films below the given paths, in a stable order; a path that cannot be used gives a `NotFound`.

    A file given by its path is always accepted. Inside a folder only media files are accepted, recognised by their
    extension or, if that says nothing, by their first bytes. Media that are not films (trailers, samples, episodes,
    ...) are `LeftOut` unless `with_extras` is set; other files always are. Hidden entries are skipped.
    """
    for path in paths:
        try:
            if path.is_dir():
                yield from _below(path, with_extras)
            elif path.exists():
                yield _film((path, *further_files(path)), path)
            else:
                yield NotFound(shown(path), "does not exist. Check the path.")
        except OSError as error:
            yield NotFound(shown(path), f"cannot be read ({error.strerror}). Check its permissions.")


def find_films(
    paths: Sequence[Path], with_extras: bool = False
) -> tuple[list[FoundFilm], list[NotFound], list[LeftOut]]:
    """The films below the paths, the paths without films, and the files that are not films; a file given twice counts
    once."""
    found: dict[Path, FoundFilm] = {}
    missing: list[NotFound] = []
    left_out: list[LeftOut] = []
    for item in discover(paths, with_extras):
        if isinstance(item, NotFound):
            missing.append(item)
        elif isinstance(item, LeftOut):
            left_out.append(item)
        else:
            found.setdefault(item.path.resolve(), item)
    others = [path for film in found.values() for path in (*film.further, *files_of_versions(film))]
    for path in [path.resolve() for path in others]:
        found.pop(path, None)
    return list(found.values()), missing, left_out


def files_of_versions(film: FoundFilm) -> list[Path]:
    """All files of a film's other versions."""
    return [path for version in film.versions for path in (version.path, *version.further)]


def say_left_out(left_out: Sequence[LeftOut]) -> str:
    """The number of each kind: "2 trailers, 1 sample, 3 other files"."""
    counts = Counter(item.kind for item in sorted(left_out, key=lambda item: item.kind == OTHER_FILE))
    return ", ".join(f"{n} {kind if n == 1 else _several(kind)}" for kind, n in counts.items())


def _several(kind: str) -> str:
    if kind == SOUND_BESIDE:
        return "sound tracks beside their films"
    return kind if kind.endswith(("s", "c")) else f"{kind}s"


def _film(files: Sequence[Path], root: Path) -> FoundFilm | NotFound:
    """The film that consists of these files, in this order; none if one of them cannot be used."""
    for path in files:
        if reason := _refusal(path):
            of_film = f" (with it, {len(files)} files are one film)" if len(files) > 1 else ""
            return NotFound(shown(path), reason + of_film)
    return replace(describe(files[0], root), further=tuple(files[1:]))


def _below(root: Path, with_extras: bool) -> Iterator[FoundFilm | NotFound | LeftOut]:
    unreadable: list[OSError] = []
    media: list[Path] = []
    others: list[LeftOut] = []
    for folder, folders, files in os.walk(root, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(folder, name) for name in sorted(files) if not name.startswith(".")):
            kind = kind_of_file(path)
            if kind:
                others.append(LeftOut(shown(path), kind))
            else:
                media.append(path)
    yield from _among(media, root, with_extras)
    yield from others
    for error in unreadable:
        yield NotFound(shown(Path(error.filename)), f"cannot be read ({error.strerror}). Check its permissions.")
    if not media and not unreadable:
        yield NotFound(shown(root), "contains no media file. Name a folder of films, or a film.")


def _among(paths: Sequence[Path], root: Path, with_extras: bool) -> Iterator[FoundFilm | NotFound | LeftOut]:
    """Classify the media files below a root. If a folder named after one film contains several, the files name them."""
    kinds = {path: read_path(media_stem(path), folders_of(path, root)).left_out for path in paths}
    kinds |= {path: kinds[path] or SOUND_BESIDE for path in sounds_beside(paths)}
    films = [path for path in paths if with_extras or not kinds[path]]
    joined = join(films)
    items: dict[Path, FoundFilm | NotFound | LeftOut] = {files[0]: _film(files, root) for files in joined.films}
    items |= {path: LeftOut(shown(path), kind) for path, kind in joined.of_discs}
    named = Counter((path.parent, item.title, item.year) for path, item in items.items() if isinstance(item, FoundFilm))
    for path, film in items.items():
        if isinstance(film, FoundFilm) and named[path.parent, film.title, film.year] > 1:
            items[path] = _named_by_file(film)
    with_versions = _with_versions([film for film in items.values() if isinstance(film, FoundFilm)], kinds)
    for path in paths:
        item = items.get(path)
        if isinstance(item, FoundFilm):
            if path in with_versions:
                yield with_versions[path]
        elif item is not None:
            yield item
        elif kinds[path] and not with_extras:
            yield LeftOut(shown(path), kinds[path])


def _named_by_file(film: FoundFilm) -> FoundFilm:
    """A film in a folder with several files: versions of the folder's film ("Heat (1995) - 2160p") keep its name."""
    stem = read_path(media_stem(film.path)).stem
    if film.year and is_label(stem, film.title, film.year):
        return film
    if title_keys(stem).strict.startswith(title_keys(f"{film.title} {film.year or ''}").strict):
        return film
    title, year = _title(FilmPath(stem))
    return replace(film, title=title, year=year or film.year)


def _with_versions(films: Sequence[FoundFilm], kinds: Mapping[Path, str]) -> dict[Path, FoundFilm]:
    """The films sorted by path; versions of one film in the same place (each may have its own folder) are joined."""
    by_path = {film.path: film for film in films}
    places: list[tuple[Path, Hashable | None]] = []
    for film in films:
        read = read_path(media_stem(film.path), folders_of(film.path, film.root))
        alone = kinds[film.path] or (read.part is not None and not film.further)  # cd2 without its cd1 is not a version
        key = None if alone else version_key(read.stem, film.title, film.year)
        places.append((film.path, key and (read.outer_folders, film.director, key)))
    joined: dict[Path, FoundFilm] = {}
    for paths in grouped(places):
        ids = {read_path(media_stem(path), folders_of(path, by_path[path].root)).imdb_id for path in paths} - {""}
        if len(ids) > 1:
            joined |= {path: by_path[path] for path in paths}
        else:
            joined[paths[0]] = replace(by_path[paths[0]], versions=tuple(by_path[path] for path in paths[1:]))
    return joined
