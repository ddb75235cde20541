"""Read paths: the folder that belongs to a film alone, ids, parts, and files that are not films.

One reading serves matching and ingest. The layouts are those that Jellyfin, Kodi and Plex document: a film in a folder
of its own ("Title (Year)/whatever.mkv"), discs, parts, folders and suffixes of extras, seasons of series.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from db.titles import fold
from ingest.imdb_ids import IMDB_ID
from ingest.matching_directors import Directors
from ingest.matching_names import is_release_name, readings, title_keys

EPISODE = "episode"

_ID = re.compile(rf"(?<![a-z0-9])(?:imdb(?:id)?)?({IMDB_ID})(?![a-z0-9])", re.IGNORECASE)
_ID_TAG = re.compile(
    r"\s*(?:[\[{(]\s*(?:imdb(?:id)?[-= ]?tt\d+|" + IMDB_ID + r"|(?:tmdb|tvdb)(?:id)?[-= ]\d+)\s*[\]})]|"
    r"(?<![a-z0-9])" + IMDB_ID + r"(?![a-z0-9]))",
    re.IGNORECASE,
)
_YEAR_AFTER_TITLE = re.compile(r"\w.*?[(\[](?:18|19|20)\d\d[)\]]")
_ANY_YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")

_DISC_FOLDERS = frozenset({"video_ts", "audio_ts", "bdmv", "stream", "backup", "hvdvd_ts"})
_DISC_FILE = re.compile(r"vts_\d\d_\d|video_ts", re.IGNORECASE)
PART_FOLDER = re.compile(r"(?P<word>cd|dvd|dis[ck]|part|pt)[ ._-]?(?P<number>\d{1,2})", re.IGNORECASE)
_PART = re.compile(
    r"(?P<base>.*?)[ ._-]*[(\[]?(?<![a-z0-9])(?P<word>cd|dvd|dis[ck]|pt|part)[ ._-]?(?P<number>\d{1,2})[)\]]?$", re.I
)
_GENERIC = frozenset({"movie", "film", "video", "feature", "main", "title", "main feature", "main movie"})
_HASH = re.compile(r"[0-9a-f]{16,}|[0-9a-f-]{24,}", re.IGNORECASE)

_EXTRA_FOLDERS = {
    "behind the scenes": "behind the scenes",
    "deleted scenes": "deleted scene",
    "deleted scene": "deleted scene",
    "interviews": "interview",
    "featurettes": "featurette",
    "featurette": "featurette",
    "trailers": "trailer",
    "trailer": "trailer",
    "teasers": "trailer",
    "samples": "sample",
    "sample": "sample",
    "extras": "extra",
    "extra": "extra",
    "bonus": "extra",
    "bonus features": "extra",
    "bonus material": "extra",
    "special features": "extra",
    "making of": "behind the scenes",
    "theme music": "theme music",
    "backdrops": "theme video",
}
"""Folders of extras, at any depth below the given folder."""
_EXTRA_FOLDERS_OF_A_FILM = {
    "scenes": "scene",
    "clips": "clip",
    "shorts": "short",
    "short": "short",
    "other": "extra",
    "others": "extra",
    "specials": "extra",
    "soundtrack": "soundtrack",
    "ost": "soundtrack",
}
"""Folders that hold extras inside a film's own folder, and may be shelves elsewhere."""
_EXTRA_NAMES = {
    "trailer": "trailer",
    "sample": "sample",
    "theme": "theme music",
    "teaser": "trailer",
    "theme song": "theme music",
}
"""What a whole file is called."""
_KIND_WORDS = (
    ("trailer", r"trailer|teaser"),
    ("sample", r"sample"),
    ("behind the scenes", r"behind[ ._-]?the[ ._-]?scenes|making[ ._-]of"),
    ("deleted scene", r"deleted[ ._-]?scenes?"),
    ("featurette", r"featurettes?"),
)
_LONG = "|".join(f"(?:{pattern})" for _, pattern in _KIND_WORDS)
_SUFFIX = re.compile(rf"^(?P<base>.+?)(?:[-._]|\s-\s)\s*(?:{_LONG})[ ._-]?\d{{0,2}}$", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:sample|trailer)-(?P<base>.+)$", re.IGNORECASE)
_SHORT_SUFFIX = re.compile(
    r"^(?P<base>.+?)-(?P<word>deleted|interview|scene|clip|short|other|extra)\d{0,2}$", re.IGNORECASE
)
_SAID_AFTER_YEAR = re.compile(
    rf"(?:18|19|20)\d\d[)\]]?[ ._-]+(?:.*[ ._\-(\[])?(?:{_LONG}|bonus|interviews?)(?![a-z])", re.IGNORECASE
)
_EPISODE_OF_GROUP = re.compile(r"^\[[^\]]+\].*\s-\s\d{2,3}(?:v\d)?(?:\s*[\[(].*)?$")
""""[Group] Title - 01 [1080p]", as series from Japan are named."""
_EPISODE = re.compile(r"(?<![a-z0-9])(?:s\d{1,2}[ ._-]?e\d{1,3}|(?<!^)(\d{1,2})x(?!\1(?!\d))\d{2,3})(?![a-z0-9])", re.I)
_SEASON_FOLDER = re.compile(r"(?:season|series|staffel|saison|temporada|stagione|seizoen)[ ._-]?\d{1,2}|s\d{1,2}", re.I)


@dataclass(frozen=True)
class FilmPath:
    """A media file's path, read."""

    stem: str
    """The file's own name, without part numbers and ids."""
    own_folder: str = ""
    """The name of the folder that contains only this film, without ids; "" if the film is next to other films."""
    outer_folders: tuple[str, ...] = ()
    """The folders around the film's own, or around the file: from the nearest outwards."""
    imdb_id: str = ""
    """An id in the name, or else in the film's own folder."""
    left_out: str = ""
    """Why it is no film ("trailer", "episode", ...); "" for films."""
    part: int | None = None
    """Its number, where the file is one of several that make the film."""
    on_disc: bool = False
    """Whether the file is in a disc's folders (VIDEO_TS, BDMV)."""


def read_path(stem: str, folders: Sequence[str] = ()) -> FilmPath:
    """Read the path of a media file.

    Args:
        stem: its name without the ending.
        folders: from the nearest outwards; the last is the folder that was named, and says nothing of extras.
    """
    inner = 0
    while inner < len(folders) and is_structure(folders[inner]):
        inner += 1
    kind = _kind(stem, folders)
    on_disc = any(folder.casefold() in _DISC_FOLDERS for folder in folders[:inner]) or bool(_DISC_FILE.fullmatch(stem))
    nearest = folders[inner] if inner < len(folders) else ""
    part = None if on_disc else part_of(stem, nearest)
    base = part["base"] or stem if part else stem
    bare = without_ids(base)
    if nearest and (((inner or on_disc) and not Directors.is_shelf(nearest)) or _is_own(nearest, bare)):
        own, outer = without_ids(nearest) or nearest, tuple(folders[inner + 1 :])
    else:
        own, outer = "", tuple(folders[inner:])
    imdb_id = _only_id(stem) or (_only_id(nearest) if nearest else "")
    in_folder = PART_FOLDER.fullmatch(folders[0]) if folders else None
    numbered = part or in_folder
    return FilmPath(bare or base, own, outer, imdb_id, kind, int(numbered["number"]) if numbered else None, on_disc)


def without_ids(name: str) -> str:
    """A name without the ids of databases in it."""
    return _ID_TAG.sub(" ", name).strip(" -_.") if _ID_TAG.search(name) else name


def says_nothing(stem: str) -> bool:
    """Whether a file's name is one that any film may have: "movie", "cd1", a hash, an id."""
    named = fold(stem) in _GENERIC or _HASH.search(stem) or PART_FOLDER.fullmatch(stem)
    return bool(named) or not without_ids(stem)


def _only_id(name: str) -> str:
    """The one id in a name; several decide nothing."""
    found = {text.lower() for text in _ID.findall(name)}
    return found.pop() if len(found) == 1 else ""


def is_structure(folder: str) -> bool:
    """Whether a folder is a part of a film's files rather than around them: a disc's, or CD1."""
    return folder.casefold() in _DISC_FOLDERS or bool(PART_FOLDER.fullmatch(folder))


def names_a_film(folder: str) -> bool:
    """Whether a folder is named as a film: with its year or id, or as a release."""
    named = _YEAR_AFTER_TITLE.search(folder) or _only_id(folder) or is_release_name(folder)
    return bool(named) and not Directors.is_shelf(folder)


def _is_own(folder: str, stem: str) -> bool:
    """Whether a folder is named as a film, or as the file in it."""
    if names_a_film(folder):
        return True
    if Directors.is_shelf(folder):
        return False
    ours = {title_keys(reading.title).compact for reading in readings(stem)}
    return bool(ours & {title_keys(reading.title).compact for reading in readings(folder)})


def part_of(stem: str, folder: str) -> re.Match[str] | None:
    """The part number at the end of a name, or alone in a folder that is named as a film ("cd1"). "Part 2" may belong
    to a title, unless a year precedes it."""
    found = _PART.match(stem)
    if found is None or not (found["base"] or names_a_film(folder)):
        return None
    sure = found["word"].lower() != "part" or _ANY_YEAR.search(found["base"]) or _YEAR_AFTER_TITLE.search(folder)
    return found if sure else None


def _kind(stem: str, folders: Sequence[str]) -> str:
    """The kind of a file that is not a film."""
    below = [fold(folder) for folder in folders[:-1]]
    if (
        _EPISODE.search(stem)
        or _EPISODE_OF_GROUP.match(stem)
        or any(_SEASON_FOLDER.fullmatch(folder) for folder in below)
    ):
        return EPISODE
    for place, folder in enumerate(below):
        if folder in _EXTRA_FOLDERS:
            return _EXTRA_FOLDERS[folder]
        if folder in _EXTRA_FOLDERS_OF_A_FILM and _YEAR_AFTER_TITLE.search(folders[place + 1]):
            return _EXTRA_FOLDERS_OF_A_FILM[folder]
    return _kind_by_name(stem, folders[0] if folders else "")


def _kind_by_name(stem: str, folder: str) -> str:
    whole = _EXTRA_NAMES.get(fold(stem))
    if whole:
        return whole
    prefix, short = _PREFIX.match(stem), _SHORT_SUFFIX.match(stem)
    own_folder = bool(_YEAR_AFTER_TITLE.search(folder)) or is_release_name(folder)
    prefixed = prefix is not None and (own_folder or _ANY_YEAR.search(prefix["base"]))
    if short and (own_folder or _ANY_YEAR.search(short["base"])):
        return "deleted scene" if short["word"].lower() == "deleted" else short["word"].lower()
    if prefixed or _SUFFIX.match(stem) or _SAID_AFTER_YEAR.search(stem):
        return next((kind for kind, words in _KIND_WORDS if re.search(words, stem, re.IGNORECASE)), "extra")
    return ""
