"""Ratings exported by IMDb or Letterboxd, as films of the catalogue that somebody liked, disliked or has seen."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from db.snapshot import Snapshot
from db.titles import title_key
from errors import MetadataError

LIKED_FROM = 0.7
DISLIKED_TO = 0.4
"""Parts of the scale: IMDb's 7 of 10 and Letterboxd's 3.5 of 5 stars are likes, 4 and 2 are not."""

MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class RatedTitle:
    """One row of an export."""

    title: str
    year: int | None
    imdb_id: str
    rating: float
    """0 to 1."""


@dataclass(frozen=True)
class RatedFilms:
    """The films of an export that the catalogue has; all of them are `seen`."""

    likes: tuple[int, ...]
    dislikes: tuple[int, ...]
    seen: tuple[int, ...]
    unmatched: tuple[str, ...]
    notices: tuple[str, ...]


def read_ratings(path: Path) -> list[RatedTitle]:
    """Rows of a ratings export: IMDb's (Const, Your Rating, Title, Year) or Letterboxd's (Name, Year, Rating).

    Rows without a rating, series and episodes are left out.

    Raises:
        MetadataError: unreadable, too large, or neither of the two.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise MetadataError(f"{path.name}: larger than any ratings export ({MAX_BYTES // 10**6} MB). Give the CSV.")
        data = path.read_bytes()
    except OSError as error:
        raise MetadataError(f"{path.name}: cannot be read ({error.strerror}). Name the exported CSV.") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\0" in text:
        raise MetadataError(f"{path.name}: not text. Give the CSV that IMDb or Letterboxd exported.")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        columns = {name.strip() for name in reader.fieldnames or [] if name}
        if {"Const", "Your Rating", "Title"} <= columns:
            return list(_imdb(reader, path.name))
        if {"Name", "Rating"} <= columns:
            return list(_letterboxd(reader, path.name))
    except csv.Error as error:
        raise MetadataError(f"{path.name}: not a CSV ({error}). Give what IMDb or Letterboxd exported.") from error
    raise MetadataError(
        f"{path.name}: not a ratings export. IMDb's has the columns Const, Your Rating, Title, Year; "
        "Letterboxd's ratings.csv has Name, Year, Rating."
    )


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _year(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdecimal() else None


def _rating(text: str | None, scale: float, where: str) -> float | None:
    value = _number(text)
    if value is None:
        return None
    if not 0 <= value <= scale:
        raise MetadataError(f"{where}: rating {text} is not between 0 and {scale:g}. Correct the row or remove it.")
    return value / scale


def _imdb(reader: csv.DictReader[str], name: str) -> Iterator[RatedTitle]:
    for line, row in enumerate(reader, 2):
        rating = _rating(row.get("Your Rating"), 10, f"{name}, line {line}")
        kind = (row.get("Title Type") or "").lower()
        if rating is not None and "series" not in kind and "episode" not in kind:
            title = (row.get("Title") or "").strip()
            yield RatedTitle(title, _year(row.get("Year")), (row.get("Const") or "").strip(), rating)


def _letterboxd(reader: csv.DictReader[str], name: str) -> Iterator[RatedTitle]:
    for line, row in enumerate(reader, 2):
        rating = _rating(row.get("Rating"), 5, f"{name}, line {line}")
        if rating is not None:
            yield RatedTitle((row.get("Name") or "").strip(), _year(row.get("Year")), "", rating)


def liked_films(snapshot: Snapshot, path: Path) -> RatedFilms:
    """Match an export with the catalogue: by IMDb id, else by title and year (a year off by one is forgiven).

    Raises:
        MetadataError: not a ratings export.
    """
    rated = read_ratings(path)
    films = snapshot.films()
    by_imdb = {str(i): int(f) for i, f in zip(films["imdb_id"], films["film_id"], strict=True) if i}
    by_title: dict[str, list[tuple[int, int | None]]] = {}
    for title, other, year, film_id in zip(
        films["title"], films["other_title"], films["year"], films["film_id"], strict=True
    ):
        known_year = int(year) if year == year and year is not None else None
        for name in {title_key(str(title)), title_key(str(other))} - {""}:
            by_title.setdefault(name, []).append((int(film_id), known_year))
    kinds: dict[str, list[int]] = {"likes": [], "dislikes": [], "seen": []}
    unmatched = []
    for row in rated:
        film_id = by_imdb.get(row.imdb_id) if row.imdb_id else None
        if film_id is None:
            film_id = _by_title(by_title.get(title_key(row.title), []), row.year)
        if film_id is None:
            unmatched.append(f"{row.title} ({row.year})" if row.year else row.title)
            continue
        kinds["seen"].append(film_id)
        if row.rating >= LIKED_FROM - 1e-9:
            kinds["likes"].append(film_id)
        elif row.rating <= DISLIKED_TO + 1e-9:
            kinds["dislikes"].append(film_id)
    found = {kind: tuple(dict.fromkeys(ids)) for kind, ids in kinds.items()}
    found["dislikes"] = tuple(i for i in found["dislikes"] if i not in found["likes"])
    notices = [f"{path.name}: {len(found['seen'])} of {len(rated)} rated titles are in the catalogue."]
    return RatedFilms(**found, unmatched=tuple(unmatched), notices=tuple(notices))


def _by_title(candidates: list[tuple[int, int | None]], year: int | None) -> int | None:
    """The one film of a title that the year leaves; None if it leaves none or several."""
    for slack in (0, 1):
        fitting = [i for i, own in candidates if year is None or own is None or abs(own - year) <= slack]
        if len(set(fitting)) == 1:
            return fitting[0]
        if fitting:
            return None
    return None
