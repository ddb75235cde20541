"""What is known of all runs, as columns: to search among them without reading films one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from db.catalogue.segments import read_current
from film import ATTRIBUTES

_VALUES = ("genre", *ATTRIBUTES)
_KEYS = ("film_id", "run", "start_s", "end_s")

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RunFacts:
    """One row a run, by film_id and run."""

    film_ids: npt.NDArray[np.int64]
    runs: npt.NDArray[np.int64]
    start_s: npt.NDArray[np.int64]
    end_s: npt.NDArray[np.int64]
    values: dict[str, npt.NDArray[np.object_]]
    """genre, danceability, ... -> (n,) the value, a corrected one in the model's place."""
    sure: dict[str, Float64]
    """Likewise (n,) its probability; 1 where it was corrected."""
    named: dict[str, Float64]
    """Further attributes and tags by name -> (n,); NaN where the run has none of the name."""

    def __len__(self) -> int:
        return len(self.film_ids)


def read_run_facts(con: duckdb.DuckDBPyConnection, directory: Path) -> RunFacts:
    """The facts of all runs that count."""
    columns = [*_KEYS, *(f"{name}{end}" for name in _VALUES for end in ("", "_p")), "further", "tags"]
    columns += [f"corrected_{name}" for name in _VALUES]
    table = read_current(con, directory, "runs", columns, order="t.film_id, t.run").combine_chunks()
    keys = [table.column(name).to_numpy().astype(np.int64) for name in _KEYS]
    values, sure = {}, {}
    for name in _VALUES:
        heard = table.column(name).to_numpy(zero_copy_only=False)
        said = table.column(f"corrected_{name}").to_numpy(zero_copy_only=False)
        corrected = np.array([bool(one) for one in said], bool)
        values[name] = np.where(corrected, said, heard)
        sure[name] = np.where(corrected, 1.0, table.column(f"{name}_p").to_numpy().astype(np.float64))
    named = _named([table.column("further"), table.column("tags")], table.num_rows)
    return RunFacts(keys[0], keys[1], keys[2], keys[3], values, sure, named)


def _named(columns: Sequence[pa.ChunkedArray], n: int) -> dict[str, Float64]:
    """The columns of maps, a column for each key."""
    found: dict[str, Float64] = {}
    for column in columns:
        place = 0
        for chunk in column.chunks:
            counts = np.diff(chunk.offsets.to_numpy())
            first, last = chunk.offsets[0].as_py(), chunk.offsets[-1].as_py()
            rows = place + np.repeat(np.arange(len(chunk)), counts)
            names = chunk.keys.slice(first, last - first).to_numpy(zero_copy_only=False)
            numbers = chunk.items.slice(first, last - first).to_numpy(zero_copy_only=False).astype(np.float64)
            for name in np.unique(names.astype(str)):
                picked = names == name
                found.setdefault(str(name), np.full(n, np.nan))[rows[picked]] = numbers[picked]
            place += len(chunk)
    return found
