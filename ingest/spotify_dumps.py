"""Public dumps of Spotify's attributes, of different columns, separators and scales, as tracks of Table 6."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from csv_table import read_csv
from db.formulas import original
from errors import MetadataError
from ingest.metadata_csv import RowFault
from ingest.spotify_cells import clock_ms, comma_is_decimal, genres_of, number_of, unlisted, word_number
from ingest.spotify_tracks import COLUMNS, GENRE_COLUMNS, TEXT_COLUMNS, UNIT_COLUMNS, WHOLE_COLUMNS, Track

_NAMES = {
    "duration": ("durationms", "duration", "lengthduration", "length", "lengthms", "trackdurationms", "time"),
    "artistName": ("artist", "artistname", "artists", "artistnames", "trackartist"),
    "albumName": ("album", "albumname", "trackalbumname"),
    "trackName": ("title", "song", "track", "trackname", "name"),
    "timesignature": ("timesignature",),
    "loudness": ("loudness", "loudnessdb"),
    "tempo": ("tempo", "beatsperminutebpm", "bpm", "beatsperminute"),
    "genre": ("genre", "genres", "topgenre", "trackgenre", "artistgenres", "playlistsubgenre"),
    **{name: (name,) for name in ("mode", "key", *UNIT_COLUMNS, *GENRE_COLUMNS)},
}
_MS_FROM = 10_000
"""Durations whose median is below this are seconds."""
_SCALES = {"loudness": (-80.0, 10.0), "tempo": (0.0, 400.0), "key": (-1, 11), "mode": (0, 1), "timesignature": (0, 12)}
_NUMERIC = frozenset(COLUMNS) - TEXT_COLUMNS - set(GENRE_COLUMNS)


@dataclass(frozen=True)
class Dump:
    """What a dump brought."""

    tracks: tuple[Track, ...]
    columns: tuple[str, ...]
    """The columns of Table 6 that it has."""
    rows: int
    duplicates: int
    """Rows equal to one before, left out."""
    without_genre: int
    faults: tuple[RowFault, ...]
    """Rows that are wrong, left out."""


def read_dump(path: Path) -> Dump:
    """Read a dump: attributes in 0-1 or 0-100; durations in ms, s ("1,412" too) or m:ss.

    Keys, modes and time signatures may be words (C#, Major, 4/4), and a table may have decimal commas. filmscore's own
    table (all of Table 6's columns) comes back as it was written. A row of averages per genre (no column for tracks)
    becomes a track without a name.

    Raises:
        MetadataError: the file cannot be read as a table (`csv_table.read_csv`), or has none of the columns of Table 6.
    """
    table = read_csv(path)
    header = [re.sub(r"[^a-z0-9]", "", name.lower().removeprefix("spotify-")) for name in table.header]
    places = _places(header)
    if not set(places) & {*UNIT_COLUMNS, "genre", "trackName"}:
        raise MetadataError(
            f"{path}: none of its columns is known ({', '.join(header[:8]) or 'it is empty'}). "
            "It needs some of: title or song, artist, genre, duration, danceability, energy, valence."
        )
    seen: set[tuple[str, ...]] = set()
    distinct, faults, duplicates = [], [], 0
    for row in table.rows:
        if fault := table.fault(row):
            faults.append(RowFault(row.line, fault))
        elif tuple(row.cells) in seen:
            duplicates += 1
        else:
            seen.add(tuple(row.cells))
            distinct.append((row.line, {column: row.cells[place].strip() for column, place in places.items()}))
    scale = _Scale.of(
        [row for _, row in distinct], own=set(table.header) >= set(COLUMNS), in_ms=_says_ms(header, places)
    )
    tracks = []
    for line, cells in distinct:
        try:
            tracks.append(scale.track(cells))
        except ValueError as error:
            faults.append(RowFault(line, str(error)))
    has = tuple(c for c in COLUMNS if c in places or (c in GENRE_COLUMNS and "genre" in places))
    without = sum(not track.genres for track in tracks) if set(has) & set(GENRE_COLUMNS) else 0
    return Dump(tuple(tracks), has, len(table.rows), duplicates, without, tuple(sorted(faults, key=lambda f: f.line)))


def _places(header: list[str]) -> dict[str, int]:
    """Column of Table 6 -> its place; the earlier of a column's known names wins."""
    places: dict[str, int] = {}
    for column, names in _NAMES.items():
        for name in names:
            if name in header:
                places[column] = header.index(name)
                break
    return places


def _says_ms(header: list[str], places: Mapping[str, int]) -> bool:
    """Whether the column of durations says that they are milliseconds."""
    return "duration" in places and header[places["duration"]].endswith("ms")


@dataclass(frozen=True)
class _Scale:
    """How a dump writes its numbers, and what they are multiplied by."""

    unit: float
    duration: float
    decimal_comma: bool
    own: bool
    """The table was written by `write_tracks`."""

    @classmethod
    def of(cls, rows: list[dict[str, str]], *, own: bool, in_ms: bool) -> _Scale:
        if own:
            return cls(unit=1.0, duration=1.0, decimal_comma=False, own=True)
        numeric = [(column, text) for row in rows for column, text in row.items() if column in _NUMERIC]
        comma = any(comma_is_decimal(text) for _, text in numeric)

        def numbers(*columns: str) -> list[float]:
            found = (number_of(text, decimal_comma=comma) for column, text in numeric if column in columns)
            return [number for number in found if number is not None]

        units, lengths = numbers(*UNIT_COLUMNS), sorted(numbers("duration"))
        in_seconds = bool(lengths) and not in_ms and lengths[len(lengths) // 2] < _MS_FROM
        known = [value for value in units if value]  # an attribute that most tracks lack is 0 on both scales
        in_percent = sum(value > 1 for value in known) > len(known) / 2  # fewer are slips, refused by their lines
        return cls(0.01 if in_percent else 1.0, 1000.0 if in_seconds else 1.0, comma, own=False)

    def track(self, row: Mapping[str, str]) -> Track:
        numbered = tuple(original(row[column]) for column in GENRE_COLUMNS if row.get(column))
        values: dict[str, object] = {"genres": numbered or genres_of(row.get("genre", ""))}
        for column, text in row.items():
            if column in TEXT_COLUMNS:
                name = original(text) if self.own else text
                values[column] = unlisted(name) if column == "artistName" and not self.own else name
            elif column in _NUMERIC and text:
                values[column] = self._number(column, text)
        return Track(**values)  # type: ignore[arg-type]

    def _number(self, column: str, text: str) -> float | int:
        word = word_number(column, text)
        clock = clock_ms(text) if column == "duration" else None
        number = word if word is not None else number_of(text, decimal_comma=self.decimal_comma)
        if clock is not None:
            number = clock
        if number is None:
            raise ValueError(f"{column} {text!r} is not a number")
        low, high = _SCALES.get(column, (0.0, math.inf))
        if column in UNIT_COLUMNS:
            number, high = number if self.unit == 1 else round(number * self.unit, 6), 1.0
        elif column == "duration" and clock is None:
            number *= self.duration
        if not low <= number <= high:
            raise ValueError(f"{column} {text} is not between {low:g} and {high:g}")
        return round(number) if column in WHOLE_COLUMNS else number
