"""Export of the enhanced dataset as CSV, JSON or Parquet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

import durable
from db.catalogue.snapshot import Snapshot
from db.faults import disk_faults
from db.formulas import neutral
from errors import ParameterError

DECIMALS = 6
"""Digits in exported files. The catalogue stores percentages unrounded."""

FILM_COUNTRY = "Countries"
"""The thesis has two columns named "Country": the music's share, then the film's country. Many readers rename or drop
one of two columns with the same name, so the second one gets its own name unless the thesis's headers are requested."""


def table_csv(table: pd.DataFrame) -> str:
    """A table as CSV in which a spreadsheet runs no cell as a formula."""
    safe = table.rename(columns=neutral)
    for place in range(safe.shape[1]):
        if not pd.api.types.is_numeric_dtype(safe.iloc[:, place]):
            safe.isetitem(place, safe.iloc[:, place].map(neutral).to_numpy())
    return str(safe.to_csv(index=False, lineterminator="\n"))


def _csv(table: pd.DataFrame, path: Path) -> None:
    path.write_text(table_csv(table), encoding="utf-8", newline="")


def _json(table: pd.DataFrame, path: Path) -> None:
    table.to_json(path, orient="records", force_ascii=False, indent=1, double_precision=DECIMALS)


def _parquet(table: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path, index=False)


WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {".csv": _csv, ".json": _json, ".parquet": _parquet}


def export(snapshot: Snapshot, path: Path, *, thesis_headers: bool = False) -> int:
    """Write the enhanced dataset in the format of the suffix. Returns the number of films.

    The file is written atomically and replaces an existing one.

    Args:
        thesis_headers: name the columns as the thesis does, with "Country" twice; CSV only.

    Raises:
        ParameterError: unknown suffix, the thesis's headers in another format than CSV, or a missing directory.
        CatalogueError: the disk is full or not writable.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ParameterError(f"{path.name}: unknown export format. Use {', '.join(WRITERS)}.")
    if thesis_headers and writer is not _csv:
        raise ParameterError(
            f"{path.name}: the thesis has two columns named Country, which only CSV allows. Export a .csv."
        )
    if not path.absolute().parent.is_dir():
        raise ParameterError(f"{path.parent}: no such directory. Create it first.")
    table = snapshot.enhanced_dataset()
    for name in ("Year", "Metascore", "Votes", "Runtime Minutes"):
        table[name] = table[name].astype("Int64")
    shares = [name for name in table.columns if pd.api.types.is_float_dtype(table[name])]
    table[shares] = table[shares].round(DECIMALS)
    if thesis_headers:
        table = table.rename(columns={FILM_COUNTRY: "Country"})
    with disk_faults(f"{path}: cannot be written"), durable.whole(path.absolute()) as temporary:
        writer(table, temporary)
    return len(table)
