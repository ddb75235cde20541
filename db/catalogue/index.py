"""The FAISS index of exact inner products; its ids are film_ids. The index can always be rebuilt from the vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from errors import CatalogueError

faiss.omp_set_num_threads(1)  # on a busy machine, p99 was three times worse with all threads than with one


def build(film_ids: npt.NDArray[np.int64], vectors: npt.NDArray[np.float32]) -> Any:
    """Build an `IndexIDMap2(IndexFlatIP)` from (n, d) vectors.

    Raises:
        CatalogueError: a film_id occurs twice.
    """
    if len(np.unique(film_ids)) != len(film_ids):
        raise CatalogueError("the index would hold a film twice. Run `filmscore doctor --repair`.")
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
    if len(film_ids):
        index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(film_ids, np.int64))
    return index


def write(path: Path, index: Any) -> None:
    """Write an index to a file.

    Raises:
        OSError: the disk is full or not writable.
    """
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise OSError(f"the index cannot be written ({str(error).splitlines()[0][-120:]})") from error


def read(path: Path, count: int, dimension: int) -> Any:
    """Read an index and compare its size with the catalogue's.

    Raises:
        CatalogueError: the index is missing or damaged, or has another number or dimension of vectors.
    """
    try:
        index = faiss.read_index(str(path))
    except (RuntimeError, MemoryError) as error:
        raise CatalogueError(f"{path}: the index is missing or damaged") from error
    if not isinstance(index, faiss.IndexIDMap2) or (index.ntotal, index.d) != (count, dimension):
        raise CatalogueError(
            f"{path}: the index has {index.ntotal} vectors of {index.d}, the catalogue {count} of {dimension}"
        )
    return index


def changed(index: Any, gone: npt.NDArray[np.int64], film_ids: npt.NDArray[np.int64], vectors: Any) -> Any:
    """Remove the films `gone` from an index and add the given ones."""
    if len(gone):
        index.remove_ids(np.ascontiguousarray(gone, np.int64))
    if len(film_ids):
        index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(film_ids, np.int64))
    return index


def ids_of(index: Any) -> npt.NDArray[np.int64]:
    """The film_ids of an index, in the index's order."""
    ids: npt.NDArray[np.int64] = faiss.vector_to_array(index.id_map)
    return ids
