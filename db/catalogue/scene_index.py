"""FAISS indexes over the embeddings of runs, from which scenes are answered.

A segment of INDEXED_FROM runs or more has an index beside it: inverted lists, memory-mapped. It is written once, when
the segment is, and shared by snapshots as the segment is, so that a publish writes none of it again. The runs of small
segments stand in one exact index in memory. An index holds unit vectors from a centre and their lengths; both together
give the embeddings back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile

import faiss as _faiss
import numpy as np
import numpy.typing as npt

import durable
from db.catalogue.manifest import INDEX_MARK
from errors import CatalogueError

faiss: Any = _faiss  # its stubs lack the parameters of a search
faiss.omp_set_num_threads(1)  # readers answer many questions at once; several threads a question slow them down

Float64 = npt.NDArray[np.float64]
Float32 = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

INDEXED_FROM = 100_000
"""Runs in a segment. A scan of so many takes about 10 ms; below it, an index of its own gains nothing."""
MOST_LISTS = 4_096
TRAINED_PER_LIST = 64
PROBED = 64
"""Lists that a question reads. `python -m bench.scenes` measures the recall."""
LISTS_TRAINED_TIMES = 10
BUILD_THREADS = 2
BATCH = 65_536

Batches = Callable[[], Iterator[Float32]]
"""Gives the embeddings of a segment in order, (n, d) at a time; called twice. A row that is not finite is not found."""


@dataclass(frozen=True, eq=False)
class RunIndex:
    """An index over the embeddings of some runs. Immutable, so that threads may search it at once."""

    index: Any
    centre: Float64
    """(d,)"""
    lengths: Float32
    """(n,) distance of each embedding from the centre; infinite for a run without a finite embedding"""
    totalled: Float64 | None = None
    """(d,) sum of all finite embeddings, if it is known"""

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def width(self) -> int:
        return int(self.index.d)

    @classmethod
    def exact(cls, embeddings: Float32, centre: Float64) -> Self:
        """A flat index in memory over (n, d) embeddings."""
        index = faiss.IndexFlatIP(len(centre))
        lengths = np.zeros(len(embeddings), np.float32)
        for start in range(0, len(embeddings), BATCH):
            units, lengths[start : start + BATCH] = _units(embeddings[start : start + BATCH], centre)
            index.add(units)
        return cls(index, centre, lengths)

    def embeddings(self, rows: Rows) -> Float64:
        """(k, d) embeddings of some rows, to the precision of float32."""
        if not len(rows):
            return np.zeros((0, self.width))
        units = self.index.reconstruct_batch(np.ascontiguousarray(rows, np.int64)).astype(np.float64)
        lengths = self.lengths[rows].astype(np.float64)
        lengths[~np.isfinite(lengths)] = np.nan
        found: Float64 = units * lengths[:, None] + self.centre
        return found

    def nearest(self, units: Float32, n: int, among: npt.NDArray[np.bool_] | None) -> Rows:
        """(q, n) rows of the largest inner products with (q, d) units, best first; -1 where there are no more.

        Args:
            among: (rows,) which may be found; None = all.
        """
        chosen = None if among is None else faiss.IDSelectorBitmap(np.packbits(among, bitorder="little"))
        if not isinstance(self.index, faiss.IndexIVF):
            exact: Rows = self.index.search(units, min(n, len(self)), params=faiss.SearchParameters(sel=chosen))[1]
            return exact
        found = self._probed(units, n, chosen, PROBED)
        if (found < 0).any():  # few runs may be found, and they may lie in lists that are far away
            found = self._probed(units, n, chosen, self.index.nlist)
        return found

    def _probed(self, units: Float32, n: int, chosen: Any, lists: int) -> Rows:
        parameters = faiss.SearchParametersIVF(nprobe=lists, sel=chosen)
        found: Rows = self.index.search(units, min(n, len(self)), params=parameters)[1]
        return found

    def total(self, among: npt.NDArray[np.bool_]) -> Float64:
        """(d,) sum of the embeddings of some rows, given as a mask; the stored sum of all rows shortens it."""
        left_out = np.flatnonzero(~among & np.isfinite(self.lengths))
        if self.totalled is None or len(left_out) > len(self) // 2:
            return _sum_of(self, np.flatnonzero(among))
        return self.totalled - _sum_of(self, left_out)


def _sum_of(index: RunIndex, rows: Rows) -> Float64:
    total = np.zeros(index.width)
    for start in range(0, len(rows), BATCH):
        total += index.embeddings(rows[start : start + BATCH]).sum(axis=0)
    return total


def _units(embeddings: Float32, centre: Float64) -> tuple[Float32, Float32]:
    """Unit vectors from the centre, and lengths; zeros and infinity where an embedding is not finite."""
    centred = embeddings - centre
    finite = np.isfinite(centred).all(axis=1)
    centred[~finite] = 0.0
    lengths = np.linalg.norm(centred, axis=1)
    units = np.divide(centred, lengths[:, None], out=centred, where=lengths[:, None] > 0)
    lengths[~finite] = np.inf
    return units.astype(np.float32), lengths.astype(np.float32)


def index_path(directory: Path, segment: str) -> Path:
    """The file of a segment's index; the file of its lengths is next to it."""
    return directory / "segments" / f"{segment}{INDEX_MARK}faiss"


def written(path: Path) -> bool:
    """Whether both files of an index are there."""
    return path.exists() and _lengths_path(path).exists()


def _lengths_path(path: Path) -> Path:
    return path.with_suffix(".npz")


def write_index(path: Path, count: int, batches: Batches) -> None:
    """Train and write the index over `count` embeddings. Takes some minutes for three million, and their size in
    memory.

    Raises:
        OSError: the disk is full or not writable.
    """
    total, finite, sample = _totals_and_sample(count, batches)
    centre = total / max(1, finite)
    lists = int(min(MOST_LISTS, 2 * np.sqrt(count)))
    quantizer = faiss.IndexFlatIP(len(centre))
    index = faiss.IndexIVFFlat(quantizer, len(centre), lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.spherical, index.cp.niter, index.cp.min_points_per_centroid = True, LISTS_TRAINED_TIMES, 1
    lengths = np.zeros(count, np.float32)
    faiss.omp_set_num_threads(BUILD_THREADS)
    try:
        index.train(_units(sample, centre)[0])
        start = 0
        for rows in batches():
            units, lengths[start : start + len(rows)] = _units(rows, centre)
            index.add(units)
            start += len(rows)
    finally:
        faiss.omp_set_num_threads(1)
    for old in (path, _lengths_path(path)):
        old.unlink(missing_ok=True)  # it may be linked from another snapshot
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise OSError(f"the index cannot be written ({str(error).splitlines()[0][-120:]})") from error
    np.savez(_lengths_path(path), centre=centre, lengths=lengths, total=total)
    for made in (path, _lengths_path(path)):
        durable.fsync_file(made)


def _totals_and_sample(count: int, batches: Batches) -> tuple[Float64, int, Float32]:
    """Sum and number of the finite embeddings, and evenly chosen ones to train on."""
    step = max(1, count // (TRAINED_PER_LIST * int(min(MOST_LISTS, 2 * np.sqrt(count)))))
    total, finite_rows, sample, start = np.zeros(1), 0, [], 0
    for rows in batches():
        finite = rows[np.isfinite(rows).all(axis=1)]
        total = total + finite.sum(axis=0, dtype=np.float64)
        finite_rows += len(finite)
        sample.append(rows[(-start) % step :: step])
        start += len(rows)
    return total, finite_rows, np.concatenate(sample)


def read_index(path: Path, count: int) -> RunIndex:
    """Open the index of a segment of `count` runs; its lists stay on the disk and are read as questions need them.

    Raises:
        CatalogueError: the index is missing or damaged.
    """
    try:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
        with np.load(_lengths_path(path), allow_pickle=False) as stored:
            centre, lengths, total = stored["centre"], stored["lengths"], stored["total"]
        lists = faiss.downcast_InvertedLists(index.invlists)
        if isinstance(lists, faiss.OnDiskInvertedLists):
            lists.prefetch_nthread = 0
        index.make_direct_map(True)  # fails unless the lists hold each row exactly once
    except (RuntimeError, OSError, ValueError, KeyError, AttributeError, MemoryError, BadZipFile) as error:
        raise CatalogueError(f"{path}: the index of scenes is missing or damaged") from error
    if index.ntotal != count or lengths.shape != (count,) or centre.shape != (index.d,) or total.shape != (index.d,):
        raise CatalogueError(f"{path}: the index of scenes has {index.ntotal} runs, its segment {count}")
    return RunIndex(index, centre, lengths, total)
