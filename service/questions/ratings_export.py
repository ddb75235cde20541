"""Ratings exported by other services: a table, Trakt's JSON, or Letterboxd's ZIP."""

from __future__ import annotations

import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

from csv_table import decoded
from errors import MetadataError
from service.questions.ratings_table import RatedTitle, iso_date, rows_of_table
from service.rights.upload_limits import MB, RATINGS_MB
from told import Told

_OLD_ENCODING = "cp1252"
"""In which Excel saves a CSV; a title with a wrong letter is named as not matched at worst."""
_ZIPPED = ("watched.csv", "likes/films.csv", "ratings.csv")
"""Tables in Letterboxd's ZIP that express taste. The latest ratings of the diary are in ratings.csv."""


def read_ratings(path: Path) -> list[RatedTitle]:
    """Rows of an export, in its order: a table (`ratings_table`), Trakt's JSON, or the tables of Letterboxd's ZIP.

    Raises:
        MetadataError: unreadable, too large, none of these formats, or an invalid rating (the message names the line).
    """
    try:
        if path.stat().st_size > RATINGS_MB * MB:
            raise MetadataError(f"{path.name}: larger than any ratings export ({RATINGS_MB} MB). Give the CSV.")
        data = path.read_bytes()
    except OSError as error:
        raise MetadataError(f"{path.name}: cannot be read ({error.strerror}). Name the exported CSV.") from error
    if data.startswith(b"PK\x03\x04"):
        return _zipped(path)
    text = decoded(data, path.name, otherwise=_OLD_ENCODING)
    if text.lstrip().startswith(("[", "{")):
        return _trakt(text, path.name)
    name = f"{path.parent.name}/{path.name}" if path.parent.name == "likes" else path.name
    return rows_of_table(text, name)


def _zipped(path: Path) -> list[RatedTitle]:
    rows: list[RatedTitle] = []
    try:
        with zipfile.ZipFile(path) as archive:
            known = [name for name in _ZIPPED if name in archive.namelist()]
            for name in known:
                with archive.open(name) as stream:
                    data = stream.read(RATINGS_MB * MB + 1)
                if len(data) > RATINGS_MB * MB:
                    raise MetadataError(f"{path.name}: {name} is larger than any ratings export. Give the CSV itself.")
                rows += rows_of_table(decoded(data, name, otherwise=_OLD_ENCODING), name)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise MetadataError(
            Told("{}: a damaged ZIP ({}). Download the export again.", path.name, str(error))
        ) from error
    if not known:
        raise MetadataError(f"{path.name}: none of {', '.join(_ZIPPED)} is in this ZIP. Give Letterboxd's export.")
    return rows


def _trakt(text: str, name: str) -> list[RatedTitle]:
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MetadataError(Told("{}: neither a table nor valid JSON. Export it again.", name)) from error
    rows = []
    for place, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        film = entry.get("movie") if isinstance(entry, dict) else None
        if isinstance(film, dict):
            rows.append(_trakt_film(entry, film, f"{name}, entry {place}"))
    if not rows:
        raise MetadataError(f"{name}: this JSON contains no films from Trakt. Give Trakt's ratings-movies.json.")
    return rows


def _trakt_film(entry: dict[str, Any], film: dict[str, Any], where: str) -> RatedTitle:
    ids, rating, year = film.get("ids"), entry.get("rating"), film.get("year")
    is_number = isinstance(rating, int | float) and not isinstance(rating, bool)
    if rating is not None and not (is_number and 0 <= rating <= 10):
        raise MetadataError(f"{where}: {rating!r} is not a rating from 0 to 10. Correct the entry or remove it.")
    return RatedTitle(
        title=str(film.get("title") or ""),
        year=year if isinstance(year, int) else None,
        imdb_id=str((ids.get("imdb") if isinstance(ids, dict) else None) or ""),
        rating=None if rating is None else rating / 10,
        date=iso_date(str(entry.get("rated_at") or entry.get("last_watched_at") or "")),
    )
