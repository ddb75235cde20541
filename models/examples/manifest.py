"""Training manifests: a CSV of `path,label` and optionally `start_s,end_s,group,audio_track`, checked before any
sound is decoded.

Paths are relative to the manifest; a label is a class name or number; a row is a whole clip, or its part from start_s
to end_s. The CSV may be gzipped. Every error in it is reported with the file name and the row number (the header is row
1) before training starts, so that no training fails hours later because of a typing error.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from csv_table import read_csv
from errors import ParameterError
from media.beneath import ELSEWHERE, held
from media.tape import LONGEST_S
from models.kinds import class_labels

REQUIRED = ("path", "label")
OPTIONAL = ("start_s", "end_s", "group", "audio_track")
ALIKE = 0.75
"""From this difflib ratio on, an unknown column name counts as a misspelling of one of OPTIONAL."""


@dataclass(frozen=True)
class Clip:
    """One row of a manifest."""

    path: Path
    label: int
    row: int
    """Line number in the CSV."""
    start_s: float = 0.0
    end_s: float | None = None
    """None: to the end of the file."""
    group: str = ""
    """The unit that a split never divides; the file's path if the manifest gives none."""
    audio_track: int | None = None
    """0-based; None: the file's default track, as ingest chooses it."""

    @property
    def name(self) -> str:
        """Identifies the clip among the rows."""
        return f"{self.row}:{self.path.name}"


@dataclass(frozen=True)
class Manifest:
    """The checked rows of one CSV."""

    path: Path
    kind: str
    clips: tuple[Clip, ...]
    beneath: tuple[Path, ...] = ()
    """Folders that must contain the clips when they are opened; none: anywhere."""


def read_manifest(path: Path, kind: str, *, for_training: bool = True, beneath: Sequence[Path] = ()) -> Manifest:
    """Read and check a manifest.

    Args:
        path: the CSV (or .csv.gz).
        kind: one of KINDS; decides which labels there are.
        for_training: also refuse a manifest from which nothing can be learnt (one class only).
        beneath: folders that must contain the manifest and its clips when they are opened; none: anywhere.

    Raises:
        MediaError: the manifest lies elsewhere.
        ParameterError: missing file, encoding, columns, or a row that is wrong; the message names the row.
    """
    labels = class_labels(kind)
    with held([path], beneath) as (leading,):
        table = read_csv(leading, ParameterError)
    if not table.rows:
        raise ParameterError(f"{path.name}: no rows. Write a header path,label and a row per clip.")
    _check_columns(path, table.header)
    for row in table.rows:
        if len(row.cells) > len(table.header):
            raise ParameterError(
                f"{path.name}, row {row.line}: more values than columns. Quote values that hold commas."
            )
    clips = tuple(_clip(path, cells, line, labels, beneath) for line, cells in table.records())
    _check_groups(path, clips)
    _check_overlaps(path, clips, labels)
    present = {clip.label for clip in clips}
    if for_training and len(present) < 2:
        raise ParameterError(
            f"{path.name}: one class only ({labels[clips[0].label]}). Training needs clips of two classes or more."
        )
    return Manifest(path, kind, clips, tuple(beneath))


def _check_columns(path: Path, header: Sequence[str]) -> None:
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        raise ParameterError(f"{path.name}: column {', '.join(missing)} missing. A manifest needs path,label.")
    absent = [name for name in OPTIONAL if name not in header]
    for column in header:
        meant = difflib.get_close_matches(column.lower(), absent, 1, ALIKE)
        if meant and column not in OPTIONAL:
            raise ParameterError(f"{path.name}: column {column!r} is not known. Is {meant[0]} meant? Rename it.")


def _clip(manifest: Path, row: Mapping[str, str], number: int, labels: Sequence[str], beneath: Sequence[Path]) -> Clip:
    where = f"{manifest.name}, row {number}"
    named = row["path"].strip()
    if not named:
        raise ParameterError(f"{where}: no path. Name the clip's file.")
    path = manifest.parent / named
    try:
        if beneath and not any(path.resolve().is_relative_to(root) for root in beneath):
            raise ParameterError(f"{where}: {named}: {ELSEWHERE}. Put it below one of them.")
        if not path.is_file():
            raise ParameterError(f"{where}: {named}: no such file. Paths are relative to the manifest.")
        if path.stat().st_size == 0:
            raise ParameterError(f"{where}: {named}: the file is empty. Replace it or take the row out.")
    except OSError as error:
        raise ParameterError(f"{where}: {named}: {error.strerror}. Check the path.") from error
    start = _seconds(where, "start_s", row.get("start_s"))
    end = _seconds(where, "end_s", row.get("end_s"))
    if end is not None and end <= (start or 0.0):
        raise ParameterError(f"{where}: end_s {end:g} is not after start_s {start or 0:g}. Correct the times.")
    group = row.get("group", "").strip()
    track = _track(where, row.get("audio_track", ""))
    return Clip(
        path, _label(where, row["label"], labels), number, start or 0.0, end, group or str(path.resolve()), track
    )


def _track(where: str, text: str) -> int | None:
    given = text.strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 4):
        raise ParameterError(f"{where}: audio_track is {given[:20]!r}. Give the track's number, from 0.")
    return int(given)


def _seconds(where: str, column: str, text: str | None) -> float | None:
    if text is None or not text.strip():
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise ParameterError(f"{where}: {column} is {text!r}, not a number of seconds. Correct it.") from error
    if not math.isfinite(value) or value < 0:
        raise ParameterError(f"{where}: {column} is {text.strip()}; times are finite and not negative. Correct it.")
    if value > LONGEST_S:
        raise ParameterError(f"{where}: {column} is {text.strip()}, more than 48 hours. Give seconds.")
    return value


def _label(where: str, text: str, labels: Sequence[str]) -> int:
    given = text.strip()
    if given.lower() in labels:
        return labels.index(given.lower())
    if given.isascii() and given.isdigit() and int(given) < len(labels):
        return int(given)
    known = ", ".join(f"{name} {index}" for index, name in enumerate(labels))
    raise ParameterError(f"{where}: unknown label {given[:40]!r}. Labels are {known}.")


def _check_groups(manifest: Path, clips: Sequence[Clip]) -> None:
    """A file whose rows name different groups could end up in both training and test data."""
    group_of: dict[Path, Clip] = {}
    for clip in clips:
        first = group_of.setdefault(clip.path.resolve(), clip)
        if first.group != clip.group:
            raise ParameterError(
                f"{manifest.name}, row {clip.row}: {clip.path.name} is in group {clip.group!r} here and in "
                f"{first.group!r} in row {first.row}; one file would be trained on and tested on. Give one group."
            )


def _check_overlaps(manifest: Path, clips: Sequence[Clip], labels: Sequence[str]) -> None:
    """The same seconds of a file must not have two labels."""
    by_file: dict[Path, list[Clip]] = {}
    for clip in clips:
        by_file.setdefault(clip.path.resolve(), []).append(clip)
    for rows in by_file.values():
        longest: dict[int, Clip] = {}  # for each label, the row with the latest end so far
        for later in sorted(rows, key=lambda clip: clip.start_s):
            for label, earlier in longest.items():
                if label != later.label and later.start_s < _end(earlier):
                    raise ParameterError(
                        f"{manifest.name}, row {later.row}: {later.path.name} is {labels[later.label]} here and "
                        f"{labels[label]} in row {earlier.row}. Give one label, or times that do not overlap."
                    )
            longest[later.label] = max(later, longest.get(later.label, later), key=_end)


def _end(clip: Clip) -> float:
    return math.inf if clip.end_s is None else clip.end_s
