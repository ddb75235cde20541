"""The runs of all films, and the search among them by their embeddings."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Self

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from db.catalogue.query import arrow
from db.catalogue.scene_index import (
    BATCH,
    INDEXED_FROM,
    Float32,
    Float64,
    Rows,
    RunIndex,
    index_path,
    read_index,
    write_index,
    written,
)
from db.catalogue.segments import file_of, read_current
from db.catalogue.vectors import list_rows
from errors import CatalogueError

NEUTRAL_RUNS = 20
"""The centre is a mean over the runs and so many runs at zero: a few runs do not lose what they have in common."""

_KEYS = ("film_id", "run", "start_s", "end_s", "model_version")

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class RunPlaces:
    """Which run each row is: n film ids, n numbers of runs within their films, n seconds of start and of end."""

    film_ids: npt.NDArray[np.int64]
    runs: npt.NDArray[np.int32]
    start_s: npt.NDArray[np.int32]
    end_s: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.film_ids)


@dataclass(frozen=True, eq=False)
class RunKeys(RunPlaces):
    """The runs of one index. `current` is False for runs that a later segment replaces."""

    versions: npt.NDArray[np.object_]
    current: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Scenes(RunPlaces):
    """The runs of all indexes, and the indexes over their embeddings, one after the other."""

    usable: npt.NDArray[np.bool_]
    """(n,): a current run whose embedding is finite and of the commonest model version"""
    model_version: str
    """The commonest one; "" without runs"""
    centre: Float64
    """(d,) mean embedding: what all music has in common says nothing of two scenes"""
    parts: tuple[RunIndex, ...]

    @classmethod
    def of_embeddings(
        cls,
        film_ids: npt.NDArray[np.int64],
        runs: npt.NDArray[np.int32],
        start_s: npt.NDArray[np.int32],
        end_s: npt.NDArray[np.int32],
        embeddings: Float32,
        model_versions: Sequence[str],
    ) -> Self:
        """Scenes with one exact index in memory, over (n, d) embeddings."""
        keys = RunKeys(film_ids, runs, start_s, end_s, np.asarray(model_versions, object), np.ones(len(film_ids), bool))
        return cls.of_parts([(keys, None)], embeddings)

    @classmethod
    def of_parts(cls, found: Sequence[tuple[RunKeys, RunIndex | None]], embeddings: Float32) -> Self:
        """Scenes of several indexes; in place of the None among them, an exact one is made over (n, d) embeddings."""
        counts: Counter[str] = Counter()
        for keys, _ in found:
            names, times = np.unique(keys.versions[keys.current].astype(str), return_counts=True)
            counts.update(dict(zip(names.tolist(), times.tolist(), strict=True)))
        common = min(counts, key=lambda name: (-counts[name], name)) if counts else ""
        masks, total = [], np.zeros(embeddings.shape[1])
        for keys, part in found:
            mask = keys.current & np.asarray(keys.versions == common)
            mask &= np.isfinite(embeddings).all(axis=1) if part is None else np.isfinite(part.lengths)
            total += _total(mask, embeddings) if part is None else part.total(mask)
            masks.append(mask)
        usable = np.concatenate(masks)
        centre = total / (usable.sum() + NEUTRAL_RUNS)
        return cls(
            film_ids=np.concatenate([keys.film_ids for keys, _ in found]),
            runs=np.concatenate([keys.runs for keys, _ in found]),
            start_s=np.concatenate([keys.start_s for keys, _ in found]),
            end_s=np.concatenate([keys.end_s for keys, _ in found]),
            usable=usable,
            model_version=common,
            centre=centre,
            parts=tuple(RunIndex.exact(embeddings, centre) if part is None else part for _, part in found),
        )

    @property
    def width(self) -> int:
        return len(self.centre)

    @cached_property
    def n_usable(self) -> int:
        return int(self.usable.sum())

    def embeddings(self, rows: Rows) -> Float64:
        """(k, d) embeddings of some rows, to the precision of float32."""
        found = np.zeros((len(rows), self.width))
        for part, first in self._placed():
            here = (rows >= first) & (rows < first + len(part))
            found[here] = part.embeddings(rows[here] - first)
        return found

    def nearest(self, units: Float32, n: int) -> Rows:
        """(q, m) usable rows near to each of (q, d) unit vectors from the centre, in no particular order; -1 = none.

        The n nearest are among them: all of them in an exact index, nearly all in a large one.
        """
        found = [np.zeros((len(units), 0), np.int64)]
        for part, first in self._placed():
            if not len(part):
                continue
            among = self.usable[first : first + len(part)]
            rows = part.nearest(units, n, None if among.all() else among)
            found.append(np.where(rows >= 0, rows + first, -1))
        return np.hstack(found)

    def _placed(self) -> Iterator[tuple[RunIndex, int]]:
        first = 0
        for part in self.parts:
            yield part, first
            first += len(part)


def _total(usable: npt.NDArray[np.bool_], embeddings: Float32) -> Float64:
    """(d,) sum of the embeddings of the usable rows."""
    total: Float64 = embeddings.sum(axis=0, dtype=np.float64, where=usable[:, None])
    return total


def read_scenes(con: duckdb.DuckDBPyConnection, directory: Path) -> Scenes:
    """The runs of all films that count, with the indexes of the large segments.

    An index that is missing or damaged is replaced by an exact one in memory, and the log says so.
    """
    names = con.execute("SELECT DISTINCT analysis_segment FROM located WHERE analysis_segment IS NOT NULL").fetchall()
    found: list[tuple[RunKeys, RunIndex]] = []
    small = []
    for segment in sorted(name for (name,) in names):
        part = _opened(directory, segment)
        if part is None:
            small.append(segment)
        else:
            found.append((_keys(con, directory, segment), part))
    held = Counter[int]()
    for keys, part in found:
        held[part.width] += int(keys.current.sum())
    keys, embeddings = _small(con, directory, small, held)
    alike = [(own, part) for own, part in found if part.width == embeddings.shape[1]]
    return Scenes.of_parts([(keys, None), *alike], embeddings)


def write_indexes(directory: Path) -> None:
    """Write the index of every large segment that has none.

    Raises:
        OSError: the disk is full or not writable.
    """
    for path in sorted((directory / "segments").glob("*.runs.parquet")):
        segment = path.name.split(".")[0]
        count = pq.read_metadata(path).num_rows
        if count < INDEXED_FROM or written(index_path(directory, segment)):
            continue
        if width := _commonest(_widths(pq.ParquetFile(path).iter_batches(columns=["embedding"]))):
            write_index(index_path(directory, segment), count, partial(_batches, path, width))


def _opened(directory: Path, segment: str) -> RunIndex | None:
    """The index of a segment; None if the segment is small, or its index is missing or damaged."""
    count = pq.read_metadata(file_of(directory, segment, "runs")).num_rows
    if count < INDEXED_FROM:
        return None
    try:
        return read_index(index_path(directory, segment), count)
    except CatalogueError as error:
        log.warning("%s. Its scenes are read into memory. Run `filmscore doctor --repair` to repair the file.", error)
        return None


def _keys(con: duckdb.DuckDBPyConnection, directory: Path, segment: str) -> RunKeys:
    """The columns of all runs of a segment, in the order of its file."""
    path = file_of(directory, segment, "runs")
    table = pq.read_table(path, columns=list(_KEYS), page_checksum_verification=True, partitioning=None)
    current = arrow(con, "SELECT film_id FROM located WHERE analysis_segment = ?", [segment])
    return _columns(table, np.isin(table.column("film_id").to_numpy(), current.column("film_id").to_numpy()))


def _columns(table: pa.Table, current: npt.NDArray[np.bool_]) -> RunKeys:
    film_ids = table.column("film_id").to_numpy().astype(np.int64)
    runs, start_s, end_s = (table.column(name).to_numpy().astype(np.int32) for name in _KEYS[1:4])
    return RunKeys(film_ids, runs, start_s, end_s, table.column("model_version").to_numpy(), current)


def _small(
    con: duckdb.DuckDBPyConnection, directory: Path, segments: Sequence[str], others: Counter[int]
) -> tuple[RunKeys, Float32]:
    """The current runs of some segments whose embedding has the commonest width, and these embeddings.

    Args:
        others: number of current runs of the other segments by the width of their embeddings.
    """
    order = "t.film_id, t.run"
    table = read_current(con, directory, "runs", (*_KEYS, "embedding"), order=order, segments=segments)
    embeddings = table.column("embedding").combine_chunks()
    width = _commonest(_widths([table]) + others)
    held = pc.fill_null(pc.equal(pc.list_value_length(embeddings), width), False)
    table = table.filter(held)
    rows = _matrix(table.column("embedding"), width)
    return _columns(table, np.ones(len(table), bool)), rows


def _widths(tables: Iterable[pa.Table | pa.RecordBatch]) -> Counter[int]:
    """How many embeddings have which length; empty ones are not counted."""
    counts: Counter[int] = Counter()
    for table in tables:
        for found in pc.value_counts(pc.list_value_length(table.column("embedding"))).to_pylist():
            counts[found["values"] or 0] += found["counts"]
    del counts[0]
    return counts


def _commonest(counts: Counter[int]) -> int:
    """The commonest length; 0 if there are none."""
    return min(counts, key=lambda width: (-counts[width], width)) if counts else 0


def _matrix(column: pa.ChunkedArray | pa.Array, width: int) -> Float32:
    """(n, width) embeddings of a list column; rows of another length are not finite."""
    values, edges = list_rows(column)
    held = np.flatnonzero(np.diff(edges) == width) if width else np.zeros(0, int)
    if len(held) == len(edges) - 1 and len(held):
        return values[edges[0] : edges[-1]].reshape(-1, width).astype(np.float32, copy=False)
    rows = np.full((len(edges) - 1, width), np.nan, np.float32)
    rows[held] = values[edges[held][:, None] + np.arange(width)]
    return rows


def _batches(path: Path, width: int) -> Iterator[Float32]:
    """The embeddings of a segment in the order of its file."""
    for batch in pq.ParquetFile(path).iter_batches(BATCH, columns=["embedding"]):
        yield _matrix(batch.column("embedding"), width)
