"""The values of a catalogue's columns, and which films have each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class ColumnValues:
    """The values of a column of films that holds texts or lists of texts, and who has each."""

    n: int
    """Number of films"""
    names: list[str]
    """Distinct values, most frequent first"""
    _codes: dict[str, int]
    _values: npt.NDArray[np.intp]
    """The number of each value of each film"""
    _rows: npt.NDArray[np.intp]
    """The film of each of them, ascending"""

    @classmethod
    def of(cls, column: pd.Series) -> ColumnValues:
        """Read a column of n films."""
        parts = column.reset_index(drop=True).explode().dropna().astype(str)
        parts = parts[parts != ""]
        codes, names = pd.factorize(parts.to_numpy(object))
        return cls._of_codes(len(column), codes, names, parts.index.to_numpy(np.intp))

    @classmethod
    def _of_codes(
        cls, n: int, codes: npt.NDArray[np.intp], names: npt.NDArray[np.object_], rows: npt.NDArray[np.intp]
    ) -> ColumnValues:
        by_count = np.argsort(-np.bincount(codes, minlength=len(names)), kind="stable")
        known = {str(name): code for code, name in enumerate(names)}
        return cls(n, [str(names[i]) for i in by_count], known, codes, rows)

    def followed(self, rows: Rows, fresh: pd.Series) -> ColumnValues:
        """The same of n other films, most of which are among these.

        Args:
            rows: (n,) the row of each film here; -1: its values are in `fresh`.
            fresh: the column of those films, in their order.
        """
        added = ColumnValues.of(fresh)
        place = np.full(self.n, -1)
        place[rows[rows >= 0]] = np.flatnonzero(rows >= 0)
        kept = place[self._rows] >= 0
        where = np.concatenate([place[self._rows[kept]], np.flatnonzero(rows < 0)[added._rows]])
        known = np.array([*self._codes, *(name for name in added._codes if name not in self._codes)], object)
        of_added = np.array([self._codes.get(name, -1) for name in added._codes], np.intp)
        of_added[of_added < 0] = len(self._codes) + np.arange(np.count_nonzero(of_added < 0))
        codes = np.concatenate([self._values[kept], of_added[added._values]])
        order = np.argsort(where, kind="stable")
        codes, used = pd.factorize(codes[order])  # by first appearance, as `of` numbers them
        return ColumnValues._of_codes(len(rows), codes, known[used], where[order])

    def films_with(self, value: str) -> npt.NDArray[np.bool_]:
        """(n,) which films have this value."""
        held = np.zeros(self.n, bool)
        held[self._rows[self._values == self._codes.get(value, -1)]] = True
        return held
