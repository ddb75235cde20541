"""Read NFO files of Kodi, Jellyfin and others: metadata as XML, or an IMDb address.

XML with entities or external files is refused (defusedxml), and so is a file above a size limit.
Source of the fields: Kodi wiki, "NFO files/Movies"; Jellyfin documentation, "Local .nfo metadata".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError  # nosec B405 - the classes only; defusedxml reads

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from errors import MetadataError
from film import BOUNDS, Film
from ingest.imdb_ids import imdb_id_of, imdb_ids_in

LARGEST_BYTES = 2**20
"""Size limit. A typical NFO file has a few kilobytes, one with 500 actors 100 kB."""
MOST_VALUES = 500
LONGEST_TEXT = 10_000
LONGEST_NAME = 300

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_MINUTES = re.compile(r"\d{1,5}")
_ROOT_END = re.compile(rb"</\s*movie\s*>", re.IGNORECASE)
_NO_FILMS = {
    "tvshow": "a series",
    "episodedetails": "an episode of a series",
    "season": "a season of a series",
    "musicvideo": "a music video",
    "artist": "a musician",
    "album": "an album",
}
_OF_SPECTATORS = ("imdb", "default", "themoviedb", "tmdb", "trakt")
"""Sources of the rating in order of preference; "default" is the one marked as default."""


@dataclass(frozen=True)
class Nfo:
    """What an NFO file says."""

    path: Path
    film: Film
    """The title is empty if the file contains only an id."""
    user_rating: float | None = None
    """The owner's rating, 0-10."""
    watched: bool = False
    notes: tuple[str, ...] = field(default=(), compare=False)
    """What was ignored in the file, one line each."""


def read_nfo(path: Path) -> Nfo:
    """Read one file.

    Raises:
        MetadataError: it cannot be read, is too large, is hostile or broken XML, describes no film, or names none.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise MetadataError(f"{path.name}: cannot be read ({error.strerror}). Check its permissions.") from error
    if len(data) > LARGEST_BYTES:
        raise MetadataError(f"{path.name}: larger than {LARGEST_BYTES // 2**20} MB, no NFO file. Create it again.")
    if not data.strip(b"\0 \t\r\n"):
        raise MetadataError(f"{path.name}: empty. Create it again, or remove it.")
    if not _is_xml(data):
        return Nfo(path, Film("", imdb_id=_named_id(path, _text(data))))
    end = _ROOT_END.search(data)
    root = _root(path, data[: end.end()] if end else data)
    if root.tag.lower() != "movie":
        kind = _NO_FILMS.get(root.tag.lower(), f"<{root.tag[:40]}>")
        raise MetadataError(f"{path.name}: describes {kind}, not a film. It is not used.")
    return _of_movie(path, root, _text(data[end.end() :]) if end else "")


def _is_xml(data: bytes) -> bool:
    start = data[:200]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "<" in start.decode("utf-16", "replace").lstrip("\ufeff \t\r\n")[:1]
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _named_id(path: Path, text: str) -> str:
    found = imdb_ids_in(text) or tuple(filter(None, [imdb_id_of(text)]))
    if len(found) != 1:
        why = "addresses of several films" if found else "neither XML nor an address of IMDb's"
        raise MetadataError(f"{path.name}: holds {why}. It is not used; write the film's address into it.")
    return found[0]


def _root(path: Path, data: bytes) -> Element:
    """The root of the XML, which must not declare a document type. Text that claims to be UTF-8 and is not is read as
    Windows-1252."""
    root: Element
    try:
        try:
            root = fromstring(data, forbid_dtd=True)
        except ParseError:
            if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_utf8(data):
                raise
            root = fromstring(data.decode("cp1252", "replace"), forbid_dtd=True)
    except DefusedXmlException as error:
        raise MetadataError(
            f"{path.name}: declares a document type or entities, which no NFO file needs. Remove them."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise MetadataError(f"{path.name}: broken XML ({error}). Create it again, or remove it.") from error
    return root


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Fields:
    """The elements of a movie, with notes about what is ignored."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.notes: list[str] = []

    def text(self, *names: str) -> str:
        """The text of the first of these elements that is not empty."""
        return next((text for name in names for one in self.root.findall(name) if (text := _said(one))), "")

    def several(self, *names: str, separators: str = "") -> tuple[str, ...]:
        """All values of the first of these elements that exists; `separators` split one value into several."""
        for name in names:
            texts = [_said(one) for one in self.root.findall(name)]
            parts = re.split(f"[{separators}]", "\n".join(texts)) if separators else texts
            if found := _names(part for text in parts for part in text.split("\n")):
                return found
        return ()

    def number(self, field: str, text: str) -> float | None:
        """A number within the bounds of a film's field; 0 means unknown, except for ratings."""
        if not text:
            return None
        try:
            value = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text.replace(",", ""))
        except ValueError:
            value = float("nan")
        low, high = BOUNDS[field]
        if value == 0:
            return None
        if not low <= value <= high:
            self.notes.append(f"{field.replace('_', ' ')} {text[:20]!r} is not between {low} and {high}; left out")
            return None
        return value

    def whole(self, field: str, text: str) -> int | None:
        value = self.number(field, text)
        return None if value is None else round(value)


def _of_movie(path: Path, root: Element, behind: str) -> Nfo:
    fields = _Fields(root)
    title = fields.text("title")
    original = fields.text("originaltitle")
    rating, votes, metascore = _ratings(fields)
    year = _YEAR.search(fields.text("year")) or _YEAR.search(fields.text("premiered", "releasedate", "aired"))
    minutes = _MINUTES.match(fields.text("runtime"))
    cast, composers = _people(root)
    imdb_id = _imdb_id(fields, behind)
    if not (title or original or imdb_id):
        raise MetadataError(f"{path.name}: has neither a title nor an IMDb id. It is not used.")
    film = Film(
        title=(title or original)[:LONGEST_NAME],
        other_title=original[:LONGEST_NAME] if original != title else "",
        directors=fields.several("director", separators="/|"),
        year=fields.whole("year", year[0] if year else ""),
        imdb_id=imdb_id,
        rating=rating,
        votes=votes,
        metascore=metascore,
        runtime_minutes=fields.whole("runtime_minutes", minutes[0] if minutes else ""),
        countries=fields.several("country", separators="/|"),
        languages=fields.several("languages", separators=",/|;"),
        genres=fields.several("genre", separators="/|,"),
        cast=cast,
        writers=fields.several("writer", "credits", separators="/|"),
        composers=composers or fields.several("composer", "music", separators="/|"),
        tags=fields.several("tag"),
        film_set=_set_name(root),
        plot=fields.text("plot", "outline")[:LONGEST_TEXT],
    )
    watched = fields.text("watched").lower() == "true" or fields.text("playcount").strip("0") not in ("", "-1")
    mine = fields.number("rating", fields.text("userrating"))
    return Nfo(path, film, mine, watched, tuple(f"{path.name}: {note}." for note in fields.notes))


def _said(element: Element) -> str:
    return "".join(element.itertext()).strip() if len(element) else (element.text or "").strip()


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    """Each value once, in order."""
    names = (" ".join(text.split())[:LONGEST_NAME] for text in texts)
    return tuple(dict.fromkeys(name for name in names if name))[:MOST_VALUES]


def _imdb_id(fields: _Fields, behind: str) -> str:
    """The IMDb id: one marked as such, else any id of that form, else one in an address after the XML."""
    marked = [one for one in fields.root.findall("uniqueid") if one.get("type", "").lower() == "imdb"]
    written = [_said(one) for one in marked]
    written += [fields.text(name) for name in ("imdbid", "imdb_id", "id", "imdb", "uniqueid")]
    found = next(filter(None, map(imdb_id_of, written)), "")
    addresses = imdb_ids_in(behind)
    return found or (addresses[0] if len(addresses) == 1 else "")


def _ratings(fields: _Fields) -> tuple[float | None, int | None, int | None]:
    """Rating of 10, votes, and Metascore of 100."""
    found: dict[str, tuple[float | None, str]] = {}
    metascore = fields.text("metascore")
    for one in fields.root.iterfind("ratings/rating"):
        name, value = one.get("name", "").lower(), (one.findtext("value") or "").strip()
        if name in ("metacritic", "metascore"):
            metascore = metascore or value
            continue
        scaled = _of_ten(value, one.get("max", "10"))
        if scaled is None or name.startswith(("tomato", "rotten")):
            continue
        found[name] = (fields.number("rating", scaled), (one.findtext("votes") or "").strip())
        if one.get("default", "").lower() == "true":
            found.setdefault("default", found[name])
    if not found and (plain := [one for one in fields.root.findall("rating") if not len(one) and _said(one)]):
        found["default"] = (fields.number("rating", _said(plain[0])), fields.text("votes"))
    names = [name for name in _OF_SPECTATORS if found.get(name, (None, ""))[0] is not None]
    rating, votes = found[names[0]] if names else (None, "")
    digits = re.sub(r"[\s,.']", "", votes)
    return rating, fields.whole("votes", digits), fields.whole("metascore", metascore)


def _of_ten(value: str, largest: str) -> str | None:
    """A rating on another scale, converted to ten."""
    try:
        return str(float(value) * 10 / float(largest)) if float(largest) != 10 else value
    except (ValueError, ZeroDivisionError):
        return None


def _people(root: Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cast in order, and the composers, whom Jellyfin lists among the actors."""
    actors = []
    for place, one in enumerate(root.findall("actor")):
        name = (one.findtext("name") or "").strip()
        order = (one.findtext("order") or one.findtext("sortorder") or "").strip()
        kind = (one.findtext("type") or "").strip().lower()
        known = int(order) if order.isascii() and order.isdecimal() and len(order) < 9 else None
        actors.append((known is None, known or 0, place, kind, name))
    actors.sort()
    cast = _names(name for *_, kind, name in actors if kind in ("", "actor", "gueststar"))
    return cast, _names(name for *_, kind, name in actors if kind == "composer")


def _set_name(root: Element) -> str:
    found = root.find("set")
    if found is None:
        return ""
    return (found.findtext("name") or found.text or "").strip()[:LONGEST_NAME]
