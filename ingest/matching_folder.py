"""A folder of films against titles: of a CSV, or of the loaded IMDb files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from db.imdb.store import ImdbStore
from db.titles import fold
from errors import MediaError, MetadataError
from ingest.beside import FilmFolder
from ingest.discover import FoundFilm, NotFound, discover, folders_of, media_stem
from ingest.film_paths import read_path
from ingest.matching import FileName, Match, film_readings, match
from ingest.matching_names import title_keys
from ingest.matching_titles import Title, TitleIndex
from ingest.nfo import read_nfo
from media.confined import Confined

ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def file_names(folder: Path) -> tuple[list[FileName], list[NotFound]]:
    """The media files of a folder (or one file) as names, extras and each version of a film too, and the paths that
    cannot be used.

    A film in parts counts once, by its first file; empty files count by name only.

    Raises:
        MetadataError: the folder is missing, cannot be read or holds no usable media file.
    """
    names: list[FileName] = []
    problems: list[NotFound] = []
    with Confined() as child:
        for found in discover([folder], with_extras=True):
            if isinstance(found, FoundFilm):
                names.extend(file_name(film.path, folder, child) for film in (found, *found.versions))
            elif isinstance(found, NotFound):
                problems.append(found)
    if problems and not names:
        raise MetadataError(f"{problems[0].path}: {problems[0].reason}")
    return names, problems


def file_name(path: Path, root: Path, child: Confined | None = None) -> FileName:
    """What a path below a root says of its film, and the IMDb id of its NFO file; with the running time where a
    `child` reads it from the medium."""
    minutes = _runtime_minutes(path, child) if child else None
    return FileName(path, media_stem(path), folders_of(path, root), minutes, _id_beside(path, root))


def _id_beside(path: Path, root: Path) -> str:
    """The id of the film's NFO file; "" where there is none that can be used."""
    nfo = FilmFolder.of(path, root).nfo(path)
    try:
        return read_nfo(nfo).film.imdb_id if nfo else ""
    except MetadataError:
        return ""


def decision_name(path: Path, root: Path) -> str:
    """The name under which the decision on a file is remembered: its path below the root, without the ending."""
    top = root if root.is_dir() else root.parent
    return path.relative_to(top).with_suffix("").as_posix() if path.is_relative_to(top) else path.stem


def _runtime_minutes(path: Path, child: Confined) -> float | None:
    """Minutes that the container claims; None for an empty or unreadable file: names count then."""
    try:
        seconds = child.container_seconds(path)
    except MediaError:
        return None
    return seconds / 60 if seconds else None


def match_names(
    names: Sequence[FileName],
    titles: Sequence[Title] | ImdbStore,
    decided: Mapping[Path, str] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> list[Match]:
    """Match each name; what a person decided before (path -> IMDb id) stands."""
    index = TitleIndex(titles_for(names, titles) if isinstance(titles, ImdbStore) else titles)
    matches = []
    for done, name in enumerate(names, start=1):
        answer = match(name, index)
        before = (decided or {}).get(name.path)
        matches.append(Match(answer.path, answer.query, before, answer.candidates) if before else answer)
        if on_progress:
            on_progress(done)
    return matches


def titles_for(names: Iterable[FileName], store: ImdbStore) -> list[Title]:
    """The titles of the loaded files that a batch of names may mean."""
    words: set[str] = set()
    keys: set[str] = set()
    years: set[tuple[str, int]] = set()
    ids: set[str] = set()
    for name in names:
        read = read_path(name.stem, name.folders)
        ids.update({read.imdb_id, name.imdb_id} - {""})
        for folder in name.folders:
            folded = fold(folder)
            words.update([folded, *folded.split()])
        for reading, _ in film_readings(read):
            first, *others = reading.title.split(" - ")
            for text in {reading.title, " - ".join(others), first, others[-1] if others else ""} - {""}:
                own = _keys(text)
                keys.update(own)
                words.update(word for word in fold(text).split() if others)
                if reading.year is not None:
                    years.update((key, reading.year) for key in own)
    words.difference_update({"the", "brothers", "sisters", "and", ""})
    return [
        Title(t.imdb_id, t.names, t.year, t.directors, t.runtime_minutes, t.votes)
        for t in store.near(sorted(words), sorted(keys), sorted(years), sorted(ids))
    ]


def _keys(text: str) -> set[str]:
    """The keys under which the store may have a title; its own keys keep articles, "and" and Roman numerals."""
    strict = title_keys(text).strict.split()
    forms = {tuple(strict)}
    forms |= {tuple(word for word in form if word != "and") for form in forms}
    forms |= {tuple(ROMAN[int(w)] if w.isdecimal() and 0 < int(w) <= 10 else w for w in form) for form in forms}
    forms |= {tuple(str(ROMAN.index(w)) if w in ROMAN[2:] else w for w in form) for form in forms}
    forms |= {("the", *form) for form in forms} | {form[1:] for form in forms if len(form) > 1}
    return {"".join(form) for form in forms} | set(title_keys(text).joined)
