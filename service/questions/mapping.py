"""The map of a home's films and scenes: one file for each basis, kept up to date; its document for the API."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

import durable
from db.catalogue.snapshot import Snapshot
from db.home import Home
from errors import CatalogueError, ParameterError
from recommender import Recommender
from recommender.film_map import Basis, FilmMap, MapVectors, is_current, path_between, scene_keys, updated
from service.logs import log_event
from told import Told

BASES: tuple[Basis, ...] = get_args(Basis)
MOST_LEFT = 20
"""A publish that changes so few films leaves the maps as they are: a map places them when somebody asks for it, among
all films, which a publish of few does not read."""
EVERY = 10
"""One of so many publishes brings the maps up to date whatever changed, so that few films wait for their places."""
STEPS = 10
"""Most films of a path."""
FEW = {
    0: "There is nothing to show yet: no film has the data that this map compares.",
    1: "Only one film has the data that this map compares; a distance needs two.",
    2: "Two films: a map is useful from three films on.",
}


def open_map(home: Home, snapshot: Snapshot, recommender: Recommender, basis: Basis) -> FilmMap:
    """The map of the snapshot's films, made or brought up to date if necessary, and kept in the home.

    Films that the kept map has stay where they are. A new map takes seconds, and a minute on a slow processor.
    """
    asked = recommender.map_vectors(basis)
    stamp = _stamp(snapshot, recommender, basis)
    path = home.maps / f"{basis}.npz"
    known = _read(path)
    if known is not None and is_current(known, asked, stamp):
        return known
    made = updated(known, asked, stamp)
    try:
        _write(path, made)
    except OSError as error:  # a home that cannot be written: the map is made again next time
        log_event(home, "map not kept", reason=str(error))
    return made


def refresh_maps(home: Home, before: str = "") -> None:
    """Bring the maps up to date that somebody has asked for before, unless only a few films changed: after a fit of the
    encoder it takes seconds. A publish calls this; it never fails for a map.

    Args:
        before: the id of the snapshot that was current before; "": none.
    """
    wanted = [basis for basis in BASES if (home.maps / f"{basis}.npz").exists()]
    if not wanted:
        return
    try:
        with Snapshot.open(home) as snapshot:
            if before and _may_wait(home.snapshots / before, snapshot):
                return
            recommender = Recommender(snapshot)
            for basis in wanted:
                open_map(home, snapshot, recommender, basis)
    except Exception as error:  # the films are published; a map can be made later
        log_event(home, "map not made", reason=repr(error))


def _may_wait(before: Path, now: Snapshot) -> bool:
    """Whether only few films changed since an earlier snapshot."""
    if now.manifest.sequence % EVERY == 0:
        return False
    try:
        with Snapshot(before) as earlier:
            same = now.since(earlier)
            return same is not None and len(same.changed) <= MOST_LEFT
    except CatalogueError:  # the earlier one is gone or damaged
        return False


def few_words(known: FilmMap) -> str:
    """Why a map of so few films says little; "" from three films on, unless all are the same."""
    films = len(np.unique(known.film_ids))
    if len(known) < 3:
        return Told(FEW[len(known) if films == len(known) else min(films, 2)])
    if len(np.unique(known.checks)) == 1:
        return Told("All of these films have the same data here, so their places have no meaning.")
    return ""


def map_document(snapshot: Snapshot, known: FilmMap, basis: Basis) -> dict[str, Any]:
    """The JSON of `GET /map`."""
    titles = dict(zip(*(snapshot.films()[name] for name in ("film_id", "title")), strict=True))
    spans = scene_spans(snapshot, known).tolist() if basis == "scenes" else []
    points = []
    columns = (known.film_ids.tolist(), known.runs.tolist(), known.points.tolist())
    for row, (film_id, run, (x, y)) in enumerate(zip(*columns, strict=True)):
        point = {"film_id": film_id, "title": str(titles[film_id]), "x": round(x, 5), "y": round(y, 5)}
        if basis == "scenes":
            start_s, end_s = spans[row]
            point |= {"run": run, "start_s": start_s, "end_s": end_s}
        points.append(point)
    notice = few_words(known)
    return {"of": basis, "points": points, "notices": [notice] if notice else []}


def scene_spans(snapshot: Snapshot, known: FilmMap) -> npt.NDArray[np.int64]:
    """(n, 2) start and end in seconds of the scenes of a map."""
    scenes = snapshot.scenes()
    rows = np.flatnonzero(scenes.usable)
    keys = scene_keys(scenes.film_ids[rows], scenes.runs[rows].astype(np.int64))
    order = np.argsort(keys)
    rows = rows[order[np.searchsorted(keys, known.keys, sorter=order)]]
    return np.stack([scenes.start_s[rows], scenes.end_s[rows]], axis=1).astype(np.int64)


def film_path(asked: MapVectors, first: int, last: int) -> list[int]:
    """The film_ids of a path between two films whose steps are small.

    Raises:
        ParameterError: one of the films is not on this map.
    """
    rows = []
    for film_id in (first, last):
        found = np.flatnonzero(asked.film_ids == film_id)
        if not len(found):
            raise ParameterError(f"film {film_id}: not on this map. Choose another basis, or another film.")
        rows.append(int(found[0]))
    return [int(asked.film_ids[row]) for row in path_between(asked, rows[0], rows[1], STEPS)]


def _stamp(snapshot: Snapshot, recommender: Recommender, basis: Basis) -> str:
    if basis == "scenes":
        return recommender.scene_model_version
    return f"{snapshot.manifest.feature_version} {snapshot.manifest.files['encoders.npz'][1]}"


_COLUMNS = ("film_ids", "runs", "points", "checks")
_KINDS = ("i", "i", "f", "u")
"""Of their numbers, as NumPy names kinds."""


def _read(path: Path) -> FilmMap | None:
    """A kept map; None if there is none or it is damaged, for it can be made again."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            known = FilmMap(**{name: stored[name] for name in _COLUMNS}, stamp=str(stored["stamp"]))
    except (OSError, ValueError, KeyError, TypeError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return None  # RuntimeError: what zipfile says of a method, version or flag that a changed byte asks for
    n = known.film_ids.size
    shapes = [known.film_ids.shape, known.runs.shape, known.checks.shape] == [(n,)] * 3 and known.points.shape == (n, 2)
    numbers = all(getattr(known, name).dtype.kind in kinds for name, kinds in zip(_COLUMNS, _KINDS, strict=True))
    return known if shapes and numbers and np.isfinite(known.points).all() else None


def _write(path: Path, known: FilmMap) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with durable.whole(path, private=True) as temporary, temporary.open("wb") as stream:
        np.savez(stream, stamp=np.array(known.stamp), **{name: getattr(known, name) for name in _COLUMNS})
