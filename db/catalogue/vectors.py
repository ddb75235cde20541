"""Films as a matrix."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from db.catalogue.query import arrow
from db.catalogue.segments import file_of

AT_ONCE = 20_000
"""Rows of a segment that are in memory at a time."""


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


@dataclass(frozen=True)
class Located:
    """Where the vectors of all films are."""

    film_ids: npt.NDArray[np.int64]
    """(n,), ascending"""
    codes: npt.NDArray[np.int32]
    """(n,) the film's segment, by its place in `segments`"""
    segments: list[str]
    prior: npt.NDArray[np.float32]
    """(n,) quality in [0, 1]"""


def located_films(con: duckdb.DuckDBPyConnection) -> Located:
    """Read where a snapshot's vectors are."""
    known = arrow(con, "SELECT film_id, prior, vector_segment FROM located ORDER BY film_id")
    named = known.column("vector_segment").combine_chunks().dictionary_encode()
    return Located(
        known.column("film_id").to_numpy().astype(np.int64),
        named.indices.to_numpy(zero_copy_only=False).astype(np.int32),
        named.dictionary.to_pylist(),
        known.column("prior").to_numpy().astype(np.float32),
    )


def assemble(con: duckdb.DuckDBPyConnection, directory: Path, blocks: Mapping[str, int]) -> VectorMatrix:
    """The matrix of a snapshot, from its vector segments."""
    located = located_films(con)
    n = len(located.film_ids)
    vectors = np.zeros((n, sum(blocks.values())), np.float32)
    has = {name: np.zeros(n, bool) for name in blocks}
    matrix = VectorMatrix(located.film_ids, vectors, slices_of(blocks), has, located.prior)
    place_segments(matrix, located, directory)
    return matrix


def place_segments(
    matrix: VectorMatrix, located: Located, directory: Path, known: Collection[str] = frozenset()
) -> None:
    """Write the current rows of all segments but the known ones into a matrix of these films.

    A segment is read in batches, so that its rows are in memory only once.
    """
    film_ids = located.film_ids
    for code, segment in enumerate(located.segments):
        if segment in known:
            continue
        with pq.ParquetFile(file_of(directory, segment, "vectors"), page_checksum_verification=True) as file:
            for batch in file.iter_batches(AT_ONCE, columns=["film_id", "block", "vector"]):
                ids = batch.column("film_id").to_numpy()
                rows = np.minimum(np.searchsorted(film_ids, ids), len(film_ids) - 1)
                is_current = (film_ids[rows] == ids) & (located.codes[rows] == code)
                names = batch.column("block").dictionary_encode()
                which = np.where(is_current, names.indices.to_numpy(), -1)
                values, edges = list_rows(batch.column("vector"))
                for place, name in enumerate(names.dictionary.to_pylist()):
                    block = matrix.vectors[:, matrix.slices[name]]
                    _place(block, matrix.has[name], rows, which == place, values, edges)


def _place(
    block: npt.NDArray[np.float32],
    has: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.intp],
    chosen: npt.NDArray[np.bool_],
    values: npt.NDArray[np.float32],
    edges: npt.NDArray[np.int64],
) -> None:
    """Copy the chosen rows of a batch into the columns of one block (n, d) and mark their films in `has`.

    Args:
        rows: (m,) the film's row in `block` of each row of the batch.
        values, edges: the batch's numbers and the m + 1 offsets of its rows in them.
    """
    if not chosen.any():
        return
    found = values[edges[0] : edges[-1]].reshape(len(rows), block.shape[1]) if chosen.all() else None
    if found is None:
        starts = edges[:-1][chosen]
        found = values[starts[:, None] + np.arange(block.shape[1])]
    held = rows[chosen]
    block[held] = found
    has[held] = True
