"""The rows of a ratings export: IMDb (both layouts), Letterboxd, Trakt, MovieLens, and tables of the same columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from errors import MetadataError
from ingest.title_kinds import is_film

MAX_BYTES = 20_000_000

_COLUMNS = {
    "const": "imdb_id",
    "imdb id": "imdb_id",
    "imdbid": "imdb_id",
    "title": "title",
    "name": "title",
    "movie": "title",
    "year": "year",
    "title type": "kind",
    "type": "kind",
    "your rating": "rating of 10",
    "you rated": "rating of 10",
    "rating": "rating",
    "watched date": "watched",
    "date rated": "date",
    "rated at": "date",
    "created": "date",
    "date": "date",
    "letterboxd uri": "letterboxd",
    "movie id": "movielens",
    "average rating": "average",
}
_YEAR_IN_TITLE = re.compile(r"\s*\((\d{4})\)\s*$")


@dataclass(frozen=True)
class RatedTitle:
    """One row of an export."""

    title: str
    year: int | None
    imdb_id: str
    rating: float | None
    """0 to 1; None for what was seen and not rated."""
    date: str = ""
    """ISO date on which it was seen, else rated; empty if unknown."""


def read_ratings(path: Path) -> list[RatedTitle]:
    """Rows of an export, in its order. Episodes, series, games and podcasts are left out, in whatever language.

    IMDb: Const, Your Rating, Title, Year (or the older `You rated`). Letterboxd: Name, Year, with Rating (ratings,
    diary, reviews) or without (watched). MovieLens: title, rating, imdb_id. Trakt: title, rating, imdb_id, type.
    Cells are separated by commas, semicolons or tabs; 4,5 is 4.5.

    Raises:
        MetadataError: unreadable, too large, none of these, or a cell that is no rating (by line).
    """
    text = _text(path)
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        header = [_column(name) for name in next(reader, [])]
        scale = _scale(header, path.name)
        rows = []
        for cells in reader:
            row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
            if any(row.values()) and is_film(row.get("kind", "")):
                rows.append(_rated(row, scale, f"{path.name}, line {reader.line_num}"))
    except csv.Error as error:
        raise MetadataError(f"{path.name}: not a CSV ({error}). Give what IMDb or Letterboxd exported.") from error
    return rows


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise MetadataError(f"{path.name}: larger than any ratings export ({MAX_BYTES // 10**6} MB). Give the CSV.")
        data = path.read_bytes()
    except OSError as error:
        raise MetadataError(f"{path.name}: cannot be read ({error.strerror}). Name the exported CSV.") from error
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\0" in text:
        raise MetadataError(f"{path.name}: not text. Give the CSV that IMDb or Letterboxd exported.")
    return text


def _column(name: str) -> str:
    plain = re.sub(r"[\s_]+", " ", name).strip().lower()
    return _COLUMNS.get(plain, plain)


def _scale(header: list[str], name: str) -> float | None:
    """The best rating that a table can hold; None for a table of what was seen."""
    columns = set(header)
    if "title" in columns and "rating of 10" in columns:
        return 10
    if "title" in columns and "rating" in columns:
        return 5 if "letterboxd" in columns or "movielens" in columns or "imdb_id" not in columns else 10
    if {"title", "letterboxd"} <= columns:
        return None
    raise MetadataError(
        f"{name}: not a ratings export. IMDb's has the columns Const, Your Rating, Title, Year; "
        "Letterboxd's ratings.csv has Name, Year, Rating."
    )


def _rated(row: Mapping[str, str], scale: float | None, where: str) -> RatedTitle:
    title, year = row.get("title", ""), row.get("year", "")
    named = _YEAR_IN_TITLE.search(title)
    if not year and named:
        title, year = title[: named.start()], named[1]
    rating = None
    if scale is not None:
        rating = _rating(row.get("rating of 10") or row.get("rating") or "", scale, where)
    imdb_id = row.get("imdb_id", "")
    return RatedTitle(
        title=title,
        year=int(float(year)) if re.fullmatch(r"\d{4}(\.0)?", year) else None,
        imdb_id=f"tt{int(imdb_id):07d}" if imdb_id.isascii() and imdb_id.isdecimal() else imdb_id,
        rating=rating,
        date=row.get("watched") or row.get("date") or "",
    )


def _rating(text: str, scale: float, where: str) -> float | None:
    """A cell as a part of the scale; None for an empty one.

    Raises:
        MetadataError: it is no rating.
    """
    if not text:
        return None
    if not re.fullmatch(r"-?\d+([.,]\d+)?", text):
        raise MetadataError(f"{where}: {text!r} is no rating. Correct the row or remove it.")
    value = float(text.replace(",", "."))
    if not 0 <= value <= scale:
        raise MetadataError(f"{where}: rating {text} is not between 0 and {scale:g}. Correct the row or remove it.")
    return value / scale
