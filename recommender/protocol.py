"""The offline protocol: real ratings are split by time, and the held-out likes are predicted from content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from csv_table import read_csv
from db.catalogue.records import FilmRecord
from errors import MetadataError
from film import Film

LIKED_FROM = 4.0
MIN_LIKES = 10
TEST_PART = 5
"""One in five likes is held out."""

FILM_COLUMNS = ("movie", "year", "genres", "director", "movielens_id")
FILM_NUMBERS = ("year", "rating", "votes", "metascore", "movielens_id")
_NOT_KNOWN = ("NA", "N/A", "NaN", "nan", "NULL", "null", "None")
"""What R, pandas and databases write for a number that is not known."""
RATING_COLUMNS = ("userId", "movieId", "rating", "timestamp")


@dataclass(frozen=True, eq=False)
class RatedCatalogue:
    """The films of a CSV in its order; a film's row is its film_id."""

    records: tuple[FilmRecord, ...]
    candidates: npt.NDArray[np.bool_]
    """(n,): films with a movielens_id"""
    row_of: dict[int, int]
    """movielens_id -> row"""


@dataclass(frozen=True)
class Split:
    """One user's likes in chronological order, as rows of the catalogue."""

    user: int
    training: tuple[int, ...]
    test: tuple[int, ...]


def read_columns(path: Path, needed: Sequence[str]) -> pd.DataFrame:
    """The texts of a table by column, with None for an empty cell; the index is the line of the file.

    Raises:
        MetadataError: not a table, a column is missing, or a row has another number of cells.
    """
    table = read_csv(path)
    missing = [name for name in needed if name not in table.header]
    if missing:
        raise MetadataError(f"{path.name}: lacks the columns {', '.join(missing)}. Add them.")
    for row in table.rows:
        if fault := table.fault(row):
            raise MetadataError(f"{path.name}, line {row.line}: {fault}. Correct the row or remove it.")
    texts = np.array([row.cells for row in table.rows], object).reshape(-1, len(table.header))
    texts[texts == ""] = None
    frame = pd.DataFrame(texts, [row.line for row in table.rows], list(table.header))
    return frame.loc[:, ~frame.columns.duplicated()]


def _as_numbers(table: pd.DataFrame, names: Sequence[str], path: Path, optional: bool) -> None:
    """Convert columns to numbers in place; a single invalid cell would otherwise make its column text.

    Raises:
        MetadataError: a value is no number, or is missing from a column that is not optional.
    """
    for name in names:
        if name not in table.columns:
            continue
        read = pd.to_numeric(table[name], errors="coerce")
        empty = table[name].isna() | table[name].isin(_NOT_KNOWN)
        wrong = (read.isna() & ~empty if optional else read.isna()).to_numpy()
        if wrong.any():
            row = int(wrong.argmax())
            raise MetadataError(
                f"{path.name}, line {table.index[row]}: {name} {table[name].iloc[row] or ''!r} is no number. "
                "Correct the row or remove it."
            )
        table[name] = read


def _values(value: object) -> tuple[str, ...]:
    return tuple(part for part in value.split("|") if part) if isinstance(value, str) else ()


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and np.isfinite(value) else None


def read_catalogue(path: Path, needed: Sequence[str] = FILM_COLUMNS) -> RatedCatalogue:
    """Films of a catalogue CSV (columns of `catalogue.csv.gz`, values separated by |); it must have those `needed`.

    Raises:
        MetadataError: not a CSV, a column is missing, or a number is none.
    """
    table = read_columns(path, needed)
    _as_numbers(table, FILM_NUMBERS, path, optional=True)
    records, candidates, row_of = [], np.zeros(len(table), bool), {}
    for row, line in enumerate(table.to_dict("records")):
        year, metascore = _number(line["year"]), _number(line.get("metascore"))
        votes = _number(line.get("votes"))
        film = Film(
            title=str(line["movie"]),
            film_id=row,
            directors=_values(line["director"]),
            year=None if year is None else int(year),
            rating=_number(line.get("rating")),
            votes=None if votes is None else int(votes),
            metascore=None if metascore is None else int(metascore),
            countries=_values(line.get("countries")),
            locations=_values(line.get("locations")),
            genres=_values(line["genres"]),
            cast=_values(line.get("cast")),
            plot=plot if isinstance(plot := line.get("plot"), str) else "",
        )
        records.append(FilmRecord(film, None, None, None, ""))
        movielens_id = _number(line.get("movielens_id"))
        if movielens_id is not None:
            candidates[row] = True
            row_of[int(movielens_id)] = row
    return RatedCatalogue(tuple(records), candidates, row_of)


def held_out(n_likes: int) -> int:
    """Number of a user's likes in the test part: max(1, floor(n / 5))."""
    return max(1, n_likes // TEST_PART)


def read_splits(path: Path, catalogue: RatedCatalogue) -> list[Split]:
    """Users with at least 10 likes; the last fifth by timestamp, then movieId, is the test.

    Raises:
        MetadataError: not a CSV, a column is missing, a value is no number, or nobody has 10 likes.
    """
    ratings = read_columns(path, RATING_COLUMNS)
    _as_numbers(ratings, RATING_COLUMNS, path, optional=False)
    likes = ratings[(ratings["rating"] >= LIKED_FROM) & ratings["movieId"].isin(list(catalogue.row_of))]
    likes = likes.sort_values(["userId", "timestamp", "movieId"], kind="stable")
    splits = []
    for user, group in likes.groupby("userId", sort=True):
        rows = tuple(catalogue.row_of[int(movie)] for movie in group["movieId"])
        if len(rows) >= MIN_LIKES:
            cut = len(rows) - held_out(len(rows))
            splits.append(Split(int(str(user)), rows[:cut], rows[cut:]))
    if not splits:
        raise MetadataError(f"{path.name}: nobody likes {MIN_LIKES} films of the catalogue. Give more ratings.")
    return splits


def earlier_splits(splits: Sequence[Split], part: float) -> list[Split]:
    """The split for tuning: the first `part` of each user's training likes, and as its test the likes that follow, at
    most a fifth of the training likes. The test likes are not used.
    """
    earlier = []
    for split in splits:
        n = len(split.training)
        cut = min(max(round(n * part), 1), n - 1)
        earlier.append(Split(split.user, split.training[:cut], split.training[cut : cut + held_out(n)]))
    return earlier
