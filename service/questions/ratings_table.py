"""Read tables of ratings: IMDb (both layouts), Letterboxd, Trakt, MovieLens, and others with the same columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from csv_table import parse_csv
from errors import MetadataError
from ingest.imdb_ids import imdb_id_of_number
from ingest.title_kinds import is_film
from told import Told

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
    "position": "letterboxd",
    "movie id": "movielens",
    "average rating": "average",
}
_IMDB_ORDER = {
    13: {1: "rating of 10", 2: "date", 3: "title", 5: "kind", 8: "year"},
    14: {1: "rating of 10", 2: "date", 3: "title", 6: "kind", 9: "year"},
}
"""IMDb's columns by their number: the layout since 2018, and the one with the original title since 2024."""
_LIST = "Letterboxd list export"
_HEADER_OF_LIST = re.compile(r"^Position,", re.MULTILINE)
_YEAR_IN_TITLE = re.compile(r"\s*\((\d{4})\)\s*$")


@dataclass(frozen=True)
class RatedTitle:
    """One row of an export."""

    title: str
    year: int | None
    imdb_id: str
    rating: float | None
    """From 0 to 1; None for a film that was seen but not rated."""
    date: str = ""
    """ISO date on which the film was seen, else rated; empty if unknown."""


def rows_of_table(text: str, name: str) -> list[RatedTitle]:
    """Rows of a table, in its order. Episodes, series, games and podcasts are left out, in any language.

    IMDb: Const, Your Rating, Title, Year (or the older `You rated`; or translated names, by their order). Letterboxd:
    Name, Year, with Rating (ratings, diary, reviews) or without (watched, likes, lists). MovieLens: title, rating,
    imdb_id. Trakt: title, rating, imdb_id, type. 4,5 means 4.5.

    Args:
        name: the file name, for messages. Letterboxd's likes and watchlist differ from `watched` only in their names.

    Raises:
        MetadataError: no table (`csv_table.parse_csv`), none of these formats, or an invalid rating; the message names
            the line.
    """
    is_list = text.startswith(_LIST)
    before = _HEADER_OF_LIST.search(text) if is_list else None
    skipped = text.count("\n", 0, before.start()) if before else 0
    body = text[before.start() :] if before else text
    table = parse_csv(body, name, lines_before=skipped)
    liked = is_list or Path(name).parent.name == "likes" or Path(name).stem.lower() == "likes"
    header = _in_any_language([_column(column) for column in table.header])
    scale = _scale(header, name)
    if scale is None and "watchlist" in Path(name).stem.lower():
        raise MetadataError(Told("{}: a watchlist does not express taste. Give ratings.csv or watched.csv.", name))
    rows = []
    for line, cells in table.rows:
        where = f"{name}, line {line}"
        if len(cells) > len(header):
            raise MetadataError(f"{where}: more values than columns. Quote values that hold commas.")
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        # An IMDb list may hold films that were not seen.
        unrated = "rating of 10" in header and not row.get("rating of 10")
        if not unrated and is_film(row.get("kind", "")):
            found = _rated(row, scale, where)
            # A like without a rating has no date, so that a rating of the film takes precedence.
            rows.append(replace(found, rating=1.0, date="") if liked and scale is None else found)
    return rows


def _column(name: str) -> str:
    plain = re.sub(r"[\s_]+", " ", name).strip().lower()
    return _COLUMNS.get(plain, plain)


def _in_any_language(header: list[str]) -> list[str]:
    """A header with IMDb's English column names by their order, if the header is in another language."""
    named = {**_IMDB_ORDER[len(header)]} if header[:1] == ["imdb_id"] and len(header) in _IMDB_ORDER else {}
    if "rating of 10" in header:
        return header
    return [named.get(place, column) for place, column in enumerate(header)]


def _scale(header: list[str], name: str) -> float | None:
    """The highest rating of a table; None for a table of seen films."""
    columns = set(header)
    if "title" in columns and "rating of 10" in columns:
        return 10
    if "title" in columns and "rating" in columns:
        return 5 if "letterboxd" in columns or "movielens" in columns or "imdb_id" not in columns else 10
    if {"title", "letterboxd"} <= columns:
        return None
    raise MetadataError(
        Told(
            "{}: not a ratings export. IMDb's has the columns Const, Your Rating, Title, Year; Letterboxd's "
            "ratings.csv has Name, Year, Rating.",
            name,
        )
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
        imdb_id=imdb_id_of_number(imdb_id) or imdb_id,
        rating=rating,
        date=iso_date(row.get("watched") or row.get("date") or ""),
    )


def iso_date(text: str) -> str:
    """An ISO date or time unchanged; empty for other formats, whose order of day and month is ambiguous."""
    return text if re.match(r"\d{4}-\d\d-\d\d", text) else ""


def _rating(text: str, scale: float, where: str) -> float | None:
    """A cell as a share of the scale; None for an empty cell.

    Raises:
        MetadataError: the cell is not a rating.
    """
    if not text:
        return None
    if not re.fullmatch(r"-?\d+([.,]\d+)?", text):
        raise MetadataError(f"{where}: {text!r} is not a rating. Correct the row or remove it.")
    value = float(text.replace(",", "."))
    if not 0 <= value <= scale:
        raise MetadataError(f"{where}: rating {text} is not between 0 and {scale:g}. Correct the row or remove it.")
    return value / scale
