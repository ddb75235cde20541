"""What a snapshot has in common with an earlier one, so that only the films that changed are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from db.catalogue.manifest import ENCODERS, Manifest
from db.catalogue.query import arrow
from db.catalogue.vectors import VectorMatrix, located_films, place_segments, slices_of

Rows = npt.NDArray[np.intp]

ANALYSES = "SELECT film_id, analysis_segment FROM located WHERE analysis_segment IS NOT NULL ORDER BY film_id"
"""Which runs of which film count: a correction or another hearing writes them into a new segment."""


def in_place(rows: Rows, n: int) -> bool:
    """Whether each film that is the same has the row that it had among n, and there are still n."""
    here = np.flatnonzero(rows >= 0)
    return len(rows) == n and np.array_equal(rows[here], here)


@dataclass(frozen=True)
class Common:
    """Where the films of a snapshot are in an earlier one.

    Each change of a film moves its vectors to a new segment, so a film whose vectors are in a segment that the earlier
    snapshot uses, too, is the same in both.
    """

    rows: Rows
    """(n,) of each film of the snapshot, in the order of their ids: its row in the earlier one; -1: new or changed"""
    changed: Sequence[int]
    """The film_ids of those"""
    segments: frozenset[str]
    """The vector segments of the earlier snapshot"""
    heard_alike: bool
    """Whether both have the same runs of the same films"""

    def frame(self, before: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
        """The table of all films, from that of the earlier snapshot and the rows of the changed films; by film_id."""
        whole = before.iloc[self.rows] if fresh.empty else self._merged(before, fresh)
        whole = whole.reset_index(drop=True)
        for name in fresh.columns:  # a full reading gives whole numbers where every film has one
            if fresh[name].dtype.kind == "i" and whole[name].dtype.kind == "f" and not whole[name].isna().any():
                whole[name] = whole[name].astype(fresh[name].dtype)
        return whole

    def _merged(self, before: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
        order = self.rows.copy()
        order[self.rows < 0] = len(before) + np.arange(len(fresh))
        return pd.concat([before, fresh], ignore_index=True).iloc[order]

    def values(self, before: npt.NDArray[np.object_], fresh: Sequence[object]) -> npt.NDArray[np.object_]:
        """The same for one value of each film."""
        whole = before[self.rows]
        whole[self.rows < 0] = fresh
        return whole

    def matrix(
        self, con: duckdb.DuckDBPyConnection, directory: Path, blocks: dict[str, int], before: VectorMatrix
    ) -> VectorMatrix:
        """The same for the films' vectors."""
        located = located_films(con)
        new = self.rows < 0
        vectors = before.vectors.copy() if in_place(self.rows, len(before.vectors)) else before.vectors[self.rows]
        vectors[new] = 0
        has = {name: flags[self.rows] & ~new for name, flags in before.has.items()}
        matrix = VectorMatrix(located.film_ids, vectors, slices_of(blocks), has, located.prior)
        place_segments(matrix, located, directory, self.segments)
        return matrix


def common(
    con: duckdb.DuckDBPyConnection, manifest: Manifest, before: duckdb.DuckDBPyConnection, earlier: Manifest
) -> Common | None:
    """What two snapshots have in common; None if fewer than half of the films are the same, or if
    the two cannot be compared.

    Args:
        con, manifest: of the later snapshot.
        before, earlier: of the earlier one.
    """
    fitted = [one.files.get(ENCODERS) for one in (manifest, earlier)]
    if (
        (manifest.state_id, manifest.schema_version, manifest.blocks, fitted[0])
        != (earlier.state_id, earlier.schema_version, earlier.blocks, fitted[1])
        or fitted[0] is None
        or earlier.revision > manifest.revision
    ):
        return None
    now, then = located_films(con), located_films(before)
    segments = frozenset(then.segments)
    same = np.isin(now.codes, [code for code, name in enumerate(now.segments) if name in segments])
    rows = np.searchsorted(then.film_ids, now.film_ids)
    same &= rows < len(then.film_ids)
    same[same] = then.film_ids[rows[same]] == now.film_ids[same]
    if 2 * np.count_nonzero(same) < len(same):
        return None
    alike = arrow(con, ANALYSES).equals(arrow(before, ANALYSES))
    return Common(np.where(same, rows, -1).astype(np.intp), now.film_ids[~same].tolist(), segments, alike)
