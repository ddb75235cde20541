"""The map of a catalogue: points of films or scenes that stay where they are while the encoder stays."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from recommender.layout import aligned, lay_out, place
from recommender.matrix import BlockMatrix
from recommender.scenes import StoredScenes
from recommender.weights import LIKE_WEIGHTS, group_of

Float64 = npt.NDArray[np.float64]
Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]

Basis = Literal["sound", "about", "picture", "scenes"]
"""The basis of similarity: the films' sound, metadata or picture, or the sound of single scenes."""
WHOLE_FILM = -1
"""In the place of a run's number."""


def scene_keys(film_ids: Int64, runs: Int64) -> Int64:
    """(n,) film and run as one number."""
    return (film_ids << 24) + runs + 1


@dataclass(frozen=True, eq=False)
class FilmMap:
    """Points of n films, or of n scenes."""

    film_ids: Int64
    """(n,)"""
    runs: Int64
    """(n,) number of the run; WHOLE_FILM on a map of films"""
    points: Float64
    """(n, 2)"""
    checks: npt.NDArray[np.uint32]
    """(n,) checksums of the vectors: a film whose vector changes gets a new place"""
    stamp: str
    """The encoder of the vectors; with another one the map is made again"""

    def __len__(self) -> int:
        return len(self.film_ids)

    @property
    def keys(self) -> Int64:
        """(n,) film and run as one number."""
        return scene_keys(self.film_ids, self.runs)


@dataclass(frozen=True, eq=False)
class MapVectors:
    """The input of a map: unit vectors of films or scenes whose products are their similarities."""

    film_ids: Int64
    runs: Int64
    vectors: Float32
    """(n, d)"""
    checks: npt.NDArray[np.uint32]
    """(n,) a film whose checksum changes gets a new place"""

    def __len__(self) -> int:
        return len(self.film_ids)


def film_vectors(matrix: BlockMatrix, basis: Basis) -> MapVectors:
    """Vectors of the films that have a block of the basis; the blocks weigh as in a question for films like one."""
    weights = {"picture": 1.0, **LIKE_WEIGHTS.blocks}
    names = [name for name in matrix.slices if group_of(name) == basis and weights.get(name, 0.0) > 0]
    rows = np.flatnonzero(np.any([matrix.has[name] for name in names], axis=0)) if names else np.zeros(0, np.intp)
    parts = [matrix.vectors[rows, matrix.slices[name]] * np.sqrt(np.float32(weights[name])) for name in names]
    joined = np.hstack(parts) if parts else np.zeros((0, 0), np.float32)
    unit = _unit(joined)
    return MapVectors(matrix.film_ids[rows], np.full(len(rows), WHOLE_FILM), unit, _checks(unit))


def scene_vectors(scenes: StoredScenes) -> MapVectors:
    """Centred embeddings of the scenes of the commonest model version, by film and run."""
    rows = np.flatnonzero(scenes.usable)
    rows = rows[np.lexsort((scenes.runs[rows], scenes.film_ids[rows]))]
    vectors = scenes.embeddings(rows).astype(np.float32)
    if len(vectors):
        vectors = vectors - vectors.mean(axis=0)
    # Which run of which film it is: a model version describes a run once, and stored embeddings differ in rounding.
    keys = np.stack(
        [np.asarray(part, np.int64)[rows] for part in (scenes.film_ids, scenes.runs, scenes.start_s, scenes.end_s)], 1
    )
    return MapVectors(scenes.film_ids[rows], scenes.runs[rows].astype(np.int64), _unit(vectors), _checks(keys))


def updated(previous: FilmMap | None, asked: MapVectors, stamp: str) -> FilmMap:
    """The map of these vectors: `previous` with new films placed into it, or a new one that is aligned with it.

    A map is laid out again with another encoder, and once most of its films are new: placed films keep the shape that a
    few films had.
    """
    checks = asked.checks
    now = FilmMap(asked.film_ids, asked.runs, np.zeros((len(asked), 2)), checks, stamp)
    if previous is None or not len(previous):
        return _with(now, lay_out(asked.vectors))
    here, there = _shared(now.keys, previous.keys)
    if previous.stamp != stamp:
        return _with(now, aligned(lay_out(asked.vectors), previous.points, (here, there)))
    same = checks[here] == previous.checks[there]
    if 2 * same.sum() < len(asked):
        return _with(now, aligned(lay_out(asked.vectors), previous.points, (here, there)))
    here, there = here[same], there[same]
    points = np.empty((len(asked), 2))
    points[here] = previous.points[there]
    new = np.setdiff1d(np.arange(len(asked)), here)
    points[new] = place(asked.vectors[new], asked.vectors[here], points[here])
    return _with(now, points)


def is_current(known: FilmMap, asked: MapVectors, stamp: str) -> bool:
    """Whether a map has exactly these films, with these vectors."""
    return (
        known.stamp == stamp
        and np.array_equal(known.film_ids, asked.film_ids)
        and np.array_equal(known.runs, asked.runs)
        and np.array_equal(known.checks, asked.checks)
    )


def path_between(asked: MapVectors, first: int, last: int, steps: int = 10) -> Sequence[int]:
    """Rows of at most `steps` films from one to another, each step near what lies evenly between the two ends.

    Args:
        first, last: rows of `asked`.
    """
    if first == last:
        return [first]
    vectors = asked.vectors.astype(np.float64)
    along = vectors @ (vectors[last] - vectors[first])
    path, free = [first], (along > along[first]) & (along < along[last])
    for share in np.linspace(0, 1, steps)[1:-1]:
        between = (1 - share) * vectors[first] + share * vectors[last]
        distance = np.where(free, ((vectors - between) ** 2).sum(axis=1), np.inf)
        nearest = int(distance.argmin())
        if np.isfinite(distance[nearest]):
            path.append(nearest)
            free[nearest] = False
    return [first, *sorted(path[1:], key=lambda row: (along[row], row)), last]


def _with(known: FilmMap, points: Float64) -> FilmMap:
    return FilmMap(known.film_ids, known.runs, points, known.checks, known.stamp)


def _shared(one: Int64, other: Int64) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    _, here, there = np.intersect1d(one, other, return_indices=True)
    return here, there


def _unit(vectors: Float32) -> Float32:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Float32 = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-9)
    return unit


def _checks(rows: Float32 | Int64) -> npt.NDArray[np.uint32]:
    return np.array([zlib.crc32(row) for row in np.ascontiguousarray(rows)], np.uint32)
