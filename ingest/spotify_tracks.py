"""Tracks with Spotify's attributes: the 21 columns of the thesis's Table 6, as a record and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import durable
from csv_table import read_csv
from db.formulas import neutral, original
from db.titles import fold
from errors import MetadataError

GENRE_COLUMNS = ("genre01", "genre02", "genre03", "genre04", "genre05")
UNIT_COLUMNS = (
    "valence",
    "energy",
    "instrumentalness",
    "liveness",
    "acousticness",
    "speechiness",
    "danceability",
)
"""Attributes in [0, 1]."""


@dataclass(frozen=True)
class Track:
    """One track; None or empty = not known. Field names follow Table 6."""

    duration: int | None = None
    """Milliseconds."""
    artistName: str = ""  # noqa: N815
    mode: int | None = None
    albumName: str = ""  # noqa: N815
    loudness: float | None = None
    """dB."""
    timesignature: int | None = None
    valence: float | None = None
    energy: float | None = None
    instrumentalness: float | None = None
    liveness: float | None = None
    acousticness: float | None = None
    speechiness: float | None = None
    trackName: str = ""  # noqa: N815
    key: int | None = None
    danceability: float | None = None
    genres: tuple[str, ...] = ()
    """Spotify's sub-genres, at most five: columns genre01 to genre05."""
    tempo: float | None = None
    """Beats per minute."""

    @property
    def identity(self) -> tuple[str, str]:
        """Under which two rows are one track."""
        return fold(self.trackName) or self.trackName, fold(self.artistName) or self.artistName


WHOLE_COLUMNS = frozenset({"duration", "mode", "timesignature", "key"})
TEXT_COLUMNS = frozenset({"artistName", "albumName", "trackName"})
COLUMNS: tuple[str, ...] = tuple(
    column for one in fields(Track) for column in (GENRE_COLUMNS if one.name == "genres" else (one.name,))
)
"""Table 6's columns in the order of docs (21)."""


def write_tracks(tracks: Iterable[Track], path: Path, labels: Sequence[str | int] | None = None) -> int:
    """Write tracks as CSV with Table 6's columns, and a last column `label` if labels are given; whole or not at all.

    Raises:
        MetadataError: the file cannot be written.
    """
    rows = list(tracks)
    with durable.asked_for(path, MetadataError) as beside, beside.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*COLUMNS, *(["label"] if labels is not None else [])])
        for place, track in enumerate(rows):
            cells = [*_cells(track), *([labels[place]] if labels is not None else [])]
            writer.writerow(map(neutral, cells))
    return len(rows)


def _cells(track: Track) -> list[object]:
    cells: list[object] = []
    for one in fields(Track):
        value = getattr(track, one.name)
        if one.name == "genres":
            cells += [*value[:5], *[""] * (5 - len(value[:5]))]
        else:
            cells.append("" if value is None else value)
    return cells


def read_tracks(path: Path) -> list[Track]:
    """The tracks of a CSV that `write_tracks` wrote.

    Raises:
        MetadataError: the file is missing, lacks columns of Table 6, or a row is wrong (by line).
    """
    table = read_csv(path)
    lacking = [column for column in COLUMNS if column not in table.header]
    if lacking:
        raise MetadataError(f"{path}: no column {', '.join(lacking)}. Make it with `filmscore spotify import CSV`.")
    tracks = []
    for line, row in table.records():
        try:
            tracks.append(_track(row))
        except ValueError as error:
            raise MetadataError(f"{path}: line {line}: {error}. Import the dump again.") from error
    return tracks


def _track(row: dict[str, str]) -> Track:
    values: dict[str, object] = {"genres": tuple(original(row[column]) for column in GENRE_COLUMNS if row[column])}
    for column in COLUMNS:
        if column in GENRE_COLUMNS:
            continue
        text = row[column]
        if column in TEXT_COLUMNS:
            values[column] = original(text)
        elif text:
            values[column] = int(text) if column in WHOLE_COLUMNS else float(text)
    return Track(**values)  # type: ignore[arg-type]
