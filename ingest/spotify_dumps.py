"""Public dumps of Spotify's attributes, of different columns, separators and scales, as tracks of Table 6."""

from __future__ import annotations

import ast
import csv
import io
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from errors import MetadataError
from ingest.metadata_csv import RowFault, read_text
from ingest.spotify_tracks import COLUMNS, TEXT_COLUMNS, UNIT_COLUMNS, WHOLE_COLUMNS, Track

_NAMES = {
    "duration": ("durationms", "duration", "lengthduration", "length", "lengthms", "trackdurationms"),
    "artistName": ("artist", "artistname", "artists", "trackartist"),
    "albumName": ("album", "albumname", "trackalbumname"),
    "trackName": ("title", "song", "track", "trackname", "name"),
    "timesignature": ("timesignature",),
    "loudness": ("loudness", "loudnessdb"),
    "tempo": ("tempo", "beatsperminutebpm", "bpm", "beatsperminute"),
    "genre": ("genre", "genres", "topgenre", "trackgenre", "artistgenres", "playlistsubgenre"),
    **{name: (name,) for name in ("mode", "key", *UNIT_COLUMNS)},
}
_COLUMN_OF = {name: column for column, names in _NAMES.items() for name in names}
_SEPARATORS = ",;\t|"
_NO_GENRE = frozenset({"", "set()", "[]", "{}", "none", "nan", "unknown"})
_MS_FROM = 10_000
"""Durations whose median is below this are seconds."""
_SCALES = {"loudness": (-80.0, 10.0), "tempo": (0.0, 400.0), "key": (-1, 11), "mode": (0, 1), "timesignature": (0, 12)}


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
    """Read a dump: separators , ; tab or |; attributes in 0-1 or 0-100; durations in ms or s, "1,412" too.

    A row of averages per genre (no column for tracks) becomes a track without a name.

    Raises:
        MetadataError: the file is missing, not UTF-8, or has none of the columns of Table 6.
    """
    text = read_text(path)
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [re.sub(r"[^a-z0-9]", "", name.lower().removeprefix("spotify-")) for name in next(reader, [])]
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise MetadataError(f"{path}: line {reader.line_num}: {error}. Correct the quotes there.") from error
    places = _places(header)
    if not set(places) & {*UNIT_COLUMNS, "genre", "trackName"}:
        raise MetadataError(
            f"{path}: none of its columns is known ({', '.join(header[:8])}). "
            "It needs some of: title or song, artist, genre, duration, danceability, energy, valence."
        )
    seen: set[tuple[str, ...]] = set()
    distinct, faults, duplicates = [], [], 0
    for line, row in rows:
        if len(row) != len(header):
            faults.append(RowFault(line, f"{len(row)} cells under {len(header)} columns"))
        elif tuple(row) in seen:
            duplicates += 1
        else:
            seen.add(tuple(row))
            distinct.append((line, {column: row[place].strip() for column, place in places.items()}))
    scale = _Scale.of([row for _, row in distinct])
    tracks = []
    for line, cells in distinct:
        try:
            tracks.append(scale.track(cells))
        except ValueError as error:
            faults.append(RowFault(line, str(error)))
    without = sum(not track.genres for track in tracks) if "genre" in places else 0
    has = tuple(c for c in COLUMNS if c in places or (c.startswith("genre") and "genre" in places))
    return Dump(tuple(tracks), has, len(rows), duplicates, without, tuple(sorted(faults, key=lambda f: f.line)))


def _places(header: list[str]) -> dict[str, int]:
    """Column of Table 6 -> its place; the earlier of a column's known names wins."""
    places: dict[str, int] = {}
    for column, names in _NAMES.items():
        for name in names:
            if name in header:
                places[column] = header.index(name)
                break
    return places


@dataclass(frozen=True)
class _Scale:
    """What a dump's numbers are divided or multiplied by."""

    unit: float
    duration: float

    @classmethod
    def of(cls, rows: list[dict[str, str]]) -> _Scale:
        units = [
            value
            for row in rows
            for column in UNIT_COLUMNS
            if (value := _loose_number(row.get(column, ""))) is not None
        ]
        lengths = sorted(value for row in rows if (value := _loose_number(row.get("duration", ""))) is not None)
        in_seconds = bool(lengths) and lengths[len(lengths) // 2] < _MS_FROM
        in_percent = bool(units) and max(units) > 1 and sum(value > 1 for value in units) > len(units) / 10
        return cls(unit=0.01 if in_percent else 1.0, duration=1000.0 if in_seconds else 1.0)

    def track(self, row: Mapping[str, str]) -> Track:
        values: dict[str, object] = {"genres": genres_of(row.get("genre", ""))}
        for column, text in row.items():
            if column in TEXT_COLUMNS:
                values[column] = _unlisted(text) if column == "artistName" else text
            elif column != "genre" and text:
                values[column] = self._number(column, text)
        return Track(**values)  # type: ignore[arg-type]

    def _number(self, column: str, text: str) -> float | int:
        number = _loose_number(text)
        if number is None:
            raise ValueError(f"{column} {text!r} is not a number")
        low, high = _SCALES.get(column, (0.0, math.inf))
        if column in UNIT_COLUMNS:
            number, high = number if self.unit == 1 else round(number * self.unit, 6), 1.0
        elif column == "duration":
            number *= self.duration
        if not low <= number <= high:
            raise ValueError(f"{column} {text} is not between {low:g} and {high:g}")
        return round(number) if column in WHOLE_COLUMNS else number


def _loose_number(text: str) -> float | None:
    """A number with or without thousands separators."""
    plain = text.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text) else text
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def genres_of(text: str) -> tuple[str, ...]:
    """At most five genre names of a cell: "rock, pop", "['rock', 'pop']"; none for "[]" and "set()"."""
    if text.strip().lower() in _NO_GENRE:
        return ()
    names = _unlisted(text).split(", " if ", " in _unlisted(text) else ",")
    return tuple(dict.fromkeys(name.strip().lower() for name in names if name.strip().lower() not in _NO_GENRE))[:5]


def _unlisted(text: str) -> str:
    """A list as dumps write it, "['Norah Jones']", as "Norah Jones"."""
    if text.startswith("[") and text.endswith("]"):
        try:
            return ", ".join(str(part) for part in ast.literal_eval(text))
        except (ValueError, SyntaxError):
            return text
    return text
