"""Films and scenes as matrices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from db.catalogue.query import arrow
from db.catalogue.segments import read_current


@dataclass(frozen=True)
class VectorMatrix:
    """The vectors of all films, with the blocks side by side in a fixed order."""

    film_ids: npt.NDArray[np.int64]
    """(n,), ascending"""
    vectors: npt.NDArray[np.float32]
    """(n, d); zero in the columns of a block that the film lacks"""
    slices: dict[str, slice]
    """Block -> its columns"""
    has: dict[str, npt.NDArray[np.bool_]]
    """Block -> (n,) whether each film has it"""
    prior: npt.NDArray[np.float32]
    """(n,) quality in [0, 1]"""


@dataclass(frozen=True)
class SceneMatrix:
    """One row per run of any film, ordered by film_id and run."""

    film_ids: npt.NDArray[np.int64]
    """(n_runs,)"""
    runs: npt.NDArray[np.int32]
    start_s: npt.NDArray[np.int32]
    end_s: npt.NDArray[np.int32]
    vectors: npt.NDArray[np.float32]
    """(n_runs, d): the runs' embeddings as the model computed them. Runs whose width differs from most are left out."""
    model_version: tuple[str, ...]
    """Per run."""


def slices_of(blocks: Mapping[str, int]) -> dict[str, slice]:
    """Block -> its columns in the film's vector."""
    edges = np.concatenate([[0], np.cumsum(list(blocks.values()), dtype=int)])
    return {name: slice(int(edges[i]), int(edges[i + 1])) for i, name in enumerate(blocks)}


def _list_rows(column: pa.ChunkedArray | pa.Array) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """All values of a list column, and the n + 1 offsets of its rows in them."""
    joined = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(joined, pa.ChunkedArray):
        joined = pa.concat_arrays(joined.chunks)
    return joined.values.to_numpy(zero_copy_only=False), joined.offsets.to_numpy().astype(np.int64)


def assemble(con: duckdb.DuckDBPyConnection, directory: Path, blocks: Mapping[str, int]) -> VectorMatrix:
    """The matrix of a snapshot, from its vector segments."""
    known = arrow(con, "SELECT film_id, prior FROM located ORDER BY film_id")
    film_ids = known.column("film_id").to_numpy().astype(np.int64)
    slices = slices_of(blocks)
    vectors = np.zeros((len(film_ids), sum(blocks.values())), np.float32)
    has = {name: np.zeros(len(film_ids), bool) for name in blocks}
    table = read_current(con, directory, "vectors", ("film_id", "block", "vector"), order="block")
    names = table.column("block").to_numpy()
    rows = np.searchsorted(film_ids, table.column("film_id").to_numpy())
    if len(rows):
        values, edges = _list_rows(table.column("vector"))
        for name, columns in slices.items():
            first, last = np.searchsorted(names, [name, name + "\0"])
            held = rows[first:last]
            width = columns.stop - columns.start
            block = values[edges[first] : edges[last]].reshape(len(held), width)
            if len(held) == len(film_ids) and (np.diff(held) > 0).all():
                vectors[:, columns] = block  # a full publish writes all films in order: no fancy indexing needed
            else:
                vectors[held, columns] = block
            has[name][held] = True
    prior = known.column("prior").to_numpy().astype(np.float32)
    return VectorMatrix(film_ids, vectors, slices, has, prior)


def assemble_scenes(con: duckdb.DuckDBPyConnection, directory: Path) -> SceneMatrix:
    """The embeddings of all runs that have one."""
    columns = ("film_id", "run", "start_s", "end_s", "model_version", "embedding")
    table = read_current(con, directory, "runs", columns, order="t.film_id, t.run")
    arrays: dict[str, Any] = {name: table.column(name).to_numpy() for name in columns[:-1]}
    values, edges = (
        _list_rows(table.column("embedding")) if table.num_rows else (np.zeros(0, np.float32), np.zeros(1, int))
    )
    widths = np.diff(edges)
    common = int(np.bincount(widths).argmax()) if (widths > 0).any() else 0
    held = np.flatnonzero((widths == common) & (widths > 0))
    picked = edges[held][:, None] + np.arange(common)
    return SceneMatrix(
        film_ids=arrays["film_id"][held].astype(np.int64),
        runs=arrays["run"][held].astype(np.int32),
        start_s=arrays["start_s"][held].astype(np.int32),
        end_s=arrays["end_s"][held].astype(np.int32),
        vectors=values[picked] if len(held) else np.zeros((0, common), np.float32),
        model_version=tuple(arrays["model_version"][held].tolist()),
    )
