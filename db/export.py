"""The enhanced dataset as a file: CSV, JSON or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd

import durable
from db.faults import disk_faults
from db.snapshot import Snapshot
from errors import ParameterError

DECIMALS = 6
"""Percentages are stored unrounded; a file gets this many digits."""

FILM_COUNTRY = "Country.1"
"""The thesis has two columns "Country": the music's share, then the film's country. CSV can say so; JSON and Parquet
name the second as pandas does when it reads that CSV."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(text: object) -> object:
    """A text that a spreadsheet would take for a formula gets a leading apostrophe; anything else stays."""
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULA) else text


def _csv(table: pd.DataFrame, path: Path) -> None:
    table = table.copy()
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name]):
            table[name] = table[name].map(neutral)
    names = ["Country" if name == FILM_COUNTRY else name for name in table.columns]
    table.to_csv(path, index=False, header=names, encoding="utf-8", quoting=csv.QUOTE_MINIMAL, lineterminator="\n")


def _json(table: pd.DataFrame, path: Path) -> None:
    table.to_json(path, orient="records", force_ascii=False, indent=1, double_precision=DECIMALS)


def _parquet(table: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path, index=False)


WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {".csv": _csv, ".json": _json, ".parquet": _parquet}


def export(snapshot: Snapshot, path: Path) -> int:
    """Write the enhanced dataset; the suffix says how. Returns the number of films.

    The file appears whole or not at all; one that is there is replaced.

    Raises:
        ParameterError: another suffix, or the directory is not there.
        CatalogueError: the disk is full or not writable.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ParameterError(f"{path.name}: not a kind of file that can be exported. Use {', '.join(WRITERS)}.")
    if not path.absolute().parent.is_dir():
        raise ParameterError(f"{path.parent}: no such directory. Make it first.")
    table = snapshot.enhanced_dataset()
    for name in ("Year", "Metascore", "Votes", "Runtime Minutes"):
        table[name] = table[name].astype("Int64")
    shares = [name for name in table.columns if pd.api.types.is_float_dtype(table[name])]
    table[shares] = table[shares].round(DECIMALS)
    with disk_faults(f"{path}: cannot be written"), durable.whole(path.absolute()) as temporary:
        writer(table, temporary)
    return len(table)
