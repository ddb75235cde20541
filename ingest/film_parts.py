"""Files that are one film: its parts (cd1, cd2), the main title of a disc (VIDEO_TS, BDMV)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.film_paths import PART_FOLDER, names_a_film, part_of
from media.source import MEDIA_SUFFIXES, SOUND_SUFFIXES

MENU, OTHER_TITLE = "menu of a disc", "other title of a disc"
SOUND_BESIDE = "sound track beside its film"

_DVD_TITLE = re.compile(r"VTS_(?P<title>\d\d)_(?P<number>\d)\.VOB", re.IGNORECASE)
_DVD_MENU = re.compile(r"(?:VIDEO_TS|VTS_\d\d_0)\.VOB", re.IGNORECASE)


@dataclass(frozen=True)
class Joined:
    """Media files, put together."""

    films: tuple[tuple[Path, ...], ...]
    """The files of each film in their order; most films have one."""
    of_discs: tuple[tuple[Path, str], ...]
    """What discs hold besides their main title: MENU or OTHER_TITLE."""


def join(paths: Sequence[Path]) -> Joined:
    """Put the files together that are one film.

    Parts are joined where they are numbered from 1 on without a gap; else each is a film. Folders CD1 and CD2 are parts
    where the folder around them names a film: they may as well be a shelf. A disc's main title is its largest one.
    """
    groups: dict[Hashable, dict[int, list[Path]]] = defaultdict(lambda: defaultdict(list))
    key_of: dict[Path, Hashable] = {}
    left: dict[Path, str] = {}
    for path in paths:
        if _DVD_MENU.fullmatch(path.name):
            left[path] = MENU
            continue
        key, number = _place(path)
        groups[key][number].append(path)
        key_of[path] = key
    left |= dict.fromkeys(_other_titles(groups), OTHER_TITLE)
    films: list[tuple[Path, ...]] = []
    for path in paths:
        if path in left:
            continue
        numbered = groups[key_of[path]]
        whole = sorted(numbered) == list(range(1, len(numbered) + 1)) and all(len(of) == 1 for of in numbered.values())
        if not whole:
            films.append((path,))
        elif numbered[1] == [path]:
            films.append(tuple(numbered[number][0] for number in sorted(numbered)))
    return Joined(tuple(films), tuple(left.items()))


def is_sound_of(sound: Path, film: Path) -> bool:
    """Whether a file contains a further sound track of the film beside it: "Film.commentary.en.aac" of "Film.mkv"."""
    if sound.suffix.lower() not in SOUND_SUFFIXES or film.suffix.lower() in SOUND_SUFFIXES:
        return False
    own, named = sound.stem.casefold(), film.stem.casefold()
    return sound.parent == film.parent and (own == named or own.startswith(f"{named}."))


def sounds_beside(paths: Iterable[Path]) -> set[Path]:
    """The media files that contain further sound tracks of other files."""
    folders: dict[Path, list[Path]] = defaultdict(list)
    for path in paths:
        folders[path.parent].append(path)
    return {sound for files in folders.values() for sound in _sounds_among(files)}


def _sounds_among(files: Sequence[Path]) -> Iterable[Path]:
    films = {path.stem.casefold(): path for path in files if path.suffix.lower() not in SOUND_SUFFIXES}
    for sound in files:
        words = sound.stem.casefold().split(".")
        heads = (".".join(words[:count]) for count in range(1, len(words) + 1))
        if any(is_sound_of(sound, films[head]) for head in heads if head in films):
            yield sound


def further_files(path: Path) -> tuple[Path, ...]:
    """The files that continue a first one."""
    around = path.parent
    if PART_FOLDER.fullmatch(around.name):
        beside = [
            file for folder in _listed(around.parent) if PART_FOLDER.fullmatch(folder.name) for file in _media(folder)
        ]
    else:
        beside = _media(around)
    return next((files[1:] for files in join(beside).films if files[0] == path), ())


def _place(path: Path) -> tuple[Hashable, int]:
    """A key that a file shares with the other parts of its film, and its part number; a single file is its own key,
    with 1."""
    folder = path.parent
    dvd = _DVD_TITLE.fullmatch(path.name)
    if dvd:
        return ("dvd", folder, dvd["title"]), int(dvd["number"])
    in_folder = PART_FOLDER.fullmatch(folder.name)
    if in_folder and names_a_film(folder.parent.name):
        return ("folder", folder.parent, in_folder["word"].casefold()), int(in_folder["number"])
    part = part_of(path.stem, folder.name)
    if part:
        return ("part", folder, part["base"].casefold(), part["word"].casefold()), int(part["number"])
    return path, 1


def _other_titles(groups: dict[Hashable, dict[int, list[Path]]]) -> Iterable[Path]:
    """Files of discs that belong to another title than the largest."""
    discs: dict[tuple[str, Path], list[list[Path]]] = defaultdict(list)
    for key, numbered in groups.items():
        files = [path for of in numbered.values() for path in of]
        if isinstance(key, tuple) and key[0] == "dvd":
            discs["dvd", files[0].parent].append(files)
        elif files[0].suffix.casefold() == ".m2ts" and files[0].parent.name.casefold() == "stream":
            discs["bluray", files[0].parent].append(files)
    for titles in discs.values():
        main = max(titles, key=lambda files: sum(_size(path) for path in files))
        yield from (path for files in titles if files is not main for path in files)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _media(folder: Path) -> list[Path]:
    return [path for path in _listed(folder) if path.suffix.lower() in MEDIA_SUFFIXES and not path.name.startswith(".")]
