"""Names of the people of each film, for exact comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from film import Film

Rows = npt.NDArray[np.intp]
Float64 = npt.NDArray[np.float64]

DIRECTOR_WEIGHT = 1.5
"""A director counts for more than a player."""


class SharedNames:
    """The directors, players and composers of n films, each film a vector of length 1 over all names.

    A director weighs 1.5, a player and a composer 1; somebody with several roles has the largest of their weights. The
    comparison of names ignores case. The similarity of two films is the dot product of their vectors: 1 for the same
    people, 0 for nobody in common.
    """

    def __init__(
        self,
        directors: Sequence[Iterable[str]],
        cast: Sequence[Iterable[str]],
        composers: Sequence[Iterable[str]] = (),
    ) -> None:
        kinds = [_flat(lists) for lists in (directors, cast, composers)]
        row = np.concatenate([kind[0] for kind in kinds])
        amount = np.repeat([DIRECTOR_WEIGHT, 1.0, 1.0], [len(kind[0]) for kind in kinds])
        code, self._known = _folded_codes(np.concatenate([kind[1] for kind in kinds]))
        named = code >= 0
        row, code, amount = row[named], code[named], amount[named]
        order = np.lexsort((-amount, code, row))
        row, code, amount = row[order], code[order], amount[order]
        first = np.ones(len(row), bool)
        first[1:] = (row[1:] != row[:-1]) | (code[1:] != code[:-1])
        row, code, amount = row[first], code[first], amount[first]
        self._hold(np.searchsorted(row, np.arange(len(directors) + 1)), code, amount)

    def _hold(self, starts: Rows, codes: npt.NDArray[np.int64], amounts: Float64) -> None:
        """Keep the names of n films: those of film i, and their weights, are `codes[starts[i]:starts[i + 1]]`."""
        n = len(starts) - 1
        row = np.repeat(np.arange(n), np.diff(starts))
        self._starts, self._codes, self._amounts = starts, codes, amounts
        self._lengths = np.sqrt(np.bincount(row, amounts**2, minlength=n))
        by_name = np.argsort(codes, kind="stable")
        self._name_starts = np.searchsorted(codes[by_name], np.arange(int(codes.max(initial=-1)) + 2))
        self._name_rows, self._name_amounts = row[by_name], amounts[by_name]

    @classmethod
    def of_films(cls, films: Iterable[Film]) -> SharedNames:
        """Read the names of films, in the order of their rows."""
        kept = list(films)
        return cls([film.directors for film in kept], [film.cast for film in kept], [film.composers for film in kept])

    @classmethod
    def of_table(cls, table: pd.DataFrame, film_ids: npt.NDArray[np.int64]) -> SharedNames:
        """Read the names from a table of films, for the given ids in their order; the table may contain more films."""
        ids = table["film_id"].to_numpy(np.int64)
        order = np.argsort(ids, kind="stable")
        at = order[np.searchsorted(ids[order], film_ids)] if len(ids) else np.zeros(0, np.intp)
        names = [name for name in ("directors", "cast", "composers") if name in table.columns]
        return cls(*([_values(value) for value in table[name].to_numpy()[at]] for name in names))

    def followed(self, table: pd.DataFrame, rows: Rows) -> SharedNames:
        """The names of n other films, most of which are among these.

        Args:
            table: of the n films, as `of_table` takes it.
            rows: (n,) the row of each film here; -1: its names are read from the table.
        """
        new = rows < 0
        fresh = table[new]
        added = SharedNames.of_table(fresh, fresh["film_id"].to_numpy(np.int64))
        code = self._known.get_indexer(added._known)
        unknown = code < 0
        code[unknown] = len(self._known) + np.arange(np.count_nonzero(unknown))
        codes = np.concatenate([self._codes, code[added._codes]])
        amounts = np.concatenate([self._amounts, added._amounts])
        first, lengths = np.empty(len(rows), np.intp), np.empty(len(rows), np.intp)
        first[~new], lengths[~new] = self._starts[rows[~new]], np.diff(self._starts)[rows[~new]]
        first[new], lengths[new] = len(self._codes) + added._starts[:-1], np.diff(added._starts)
        starts = np.concatenate([[0], np.cumsum(lengths)])
        places = np.repeat(first - starts[:-1], lengths) + np.arange(starts[-1])
        made = SharedNames.__new__(SharedNames)
        made._known = self._known.append(added._known[unknown])
        made._hold(starts, codes[places], amounts[places])
        return made

    def vector(self, row: int) -> dict[int, float]:
        """A film's names as name ids, with their weights."""
        here = slice(self._starts[row], self._starts[row + 1])
        return dict(zip(self._codes[here].tolist(), (self._amounts[here] / self._lengths[row]).tolist(), strict=True))

    def sharing(self, row: int) -> tuple[Rows, Float64]:
        """Rows of the films that share a name with one film, itself included, and their similarity in (0, 1]."""
        here = slice(self._starts[row], self._starts[row + 1])
        return self._sharing(self._codes[here].tolist(), self._amounts[here].tolist())

    def sharing_film(self, film: Film) -> tuple[Rows, Float64]:
        """The same of a film that is none of these; only its names count."""
        weights: dict[str, float] = {}
        for names, weight in ((film.directors, DIRECTOR_WEIGHT), (film.cast, 1.0), (film.composers, 1.0)):
            for name in filter(None, map(_folded, names)):
                weights[name] = max(weight, weights.get(name, 0.0))
        codes = self._known.get_indexer(pd.Index(list(weights)))
        return self._sharing(codes.tolist(), list(weights.values()))

    def _sharing(self, codes: Sequence[int], amounts: Sequence[float]) -> tuple[Rows, Float64]:
        """The sums of products are exact, so how names are numbered does not matter; -1: a name of no film."""
        found, parts = [], []
        for code, amount in zip(codes, amounts, strict=True):
            if code >= 0:
                here = slice(self._name_starts[code], self._name_starts[code + 1])
                found.append(self._name_rows[here])
                parts.append(self._name_amounts[here] * amount)
        if not found:
            return np.zeros(0, np.intp), np.zeros(0)
        rows, where = np.unique(np.concatenate(found), return_inverse=True)
        length = float(np.sqrt(sum(amount**2 for amount in amounts)))
        alike = np.bincount(where, np.concatenate(parts)) / (length * self._lengths[rows])
        return rows, alike


def _values(value: object) -> Sequence[str]:
    return value if isinstance(value, (list, tuple, np.ndarray)) else ()  # type: ignore[return-value]


def _flat(lists: Sequence[Iterable[str]]) -> tuple[Rows, npt.NDArray[np.object_]]:
    """The row of each name of a column of lists, and the names."""
    kept: list[Any] = [names if hasattr(names, "__len__") else tuple(names) for names in lists]
    lengths = np.fromiter(map(len, kept), np.intp, len(kept))
    names = np.fromiter(chain.from_iterable(kept), object, int(lengths.sum()))
    return np.repeat(np.arange(len(kept)), lengths), names


def _folded(name: object) -> str:
    return str(name).strip().casefold()


def _folded_codes(names: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.int64], pd.Index]:
    """The number of each name, equal for names that differ only in case, -1 without a name; and the folded names.

    Each distinct spelling is folded once: a large catalogue names the same people many times.
    """
    spelling, spellings = pd.factorize(names)
    folded = np.array([_folded(name) or None for name in spellings], object)
    code, known = pd.factorize(folded)
    return np.append(code, -1)[spelling].astype(np.int64), pd.Index(known)
