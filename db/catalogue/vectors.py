"""Films as a matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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


def slices_of(blocks: Mapping[str, int]) -> dict[str, slice]:
    """Block -> its columns in the film's vector."""
    edges = np.concatenate([[0], np.cumsum(list(blocks.values()), dtype=int)])
    return {name: slice(int(edges[i]), int(edges[i + 1])) for i, name in enumerate(blocks)}


def list_rows(column: pa.ChunkedArray | pa.Array) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
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
        values, edges = list_rows(table.column("vector"))
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
