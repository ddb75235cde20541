"""Names of the people of each film, for exact comparison."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain

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
        n = len(directors)
        length = np.sqrt(np.bincount(row, amount**2, minlength=n))
        amount = amount / length[row]
        self._starts = np.searchsorted(row, np.arange(n + 1))
        self._codes, self._amounts = code, amount
        by_name = np.lexsort((row, code))
        self._name_starts = np.searchsorted(code[by_name], np.arange(int(code.max(initial=-1)) + 2))
        self._name_rows, self._name_amounts = row[by_name], amount[by_name]

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

    def vector(self, row: int) -> dict[int, float]:
        """A film's names as name ids, with their weights."""
        here = slice(self._starts[row], self._starts[row + 1])
        return dict(zip(self._codes[here].tolist(), self._amounts[here].tolist(), strict=True))

    def sharing(self, row: int) -> tuple[Rows, Float64]:
        """Rows of the films that share a name with one film, itself included, and their similarity in (0, 1]."""
        return self._sharing(self.vector(row))

    def sharing_film(self, film: Film) -> tuple[Rows, Float64]:
        """The same of a film that is none of these; only its names count."""
        weights: dict[str, float] = {}
        for names, weight in ((film.directors, DIRECTOR_WEIGHT), (film.cast, 1.0), (film.composers, 1.0)):
            for name in filter(None, map(_folded, names)):
                weights[name] = max(weight, weights.get(name, 0.0))
        length = float(np.sqrt(sum(weight**2 for weight in weights.values())))
        codes = self._known.get_indexer(pd.Index(list(weights)))
        found = {int(code): w / length for code, w in zip(codes, weights.values(), strict=True) if code >= 0}
        return self._sharing(found)

    def _sharing(self, vector: dict[int, float]) -> tuple[Rows, Float64]:
        found, parts = [], []
        for code, amount in vector.items():
            here = slice(self._name_starts[code], self._name_starts[code + 1])
            found.append(self._name_rows[here])
            parts.append(self._name_amounts[here] * amount)
        if not found:
            return np.zeros(0, np.intp), np.zeros(0)
        rows, where = np.unique(np.concatenate(found), return_inverse=True)
        alike = np.bincount(where, np.concatenate(parts)).astype(np.float64)
        return rows, alike


def _values(value: object) -> Sequence[str]:
    return value if isinstance(value, (list, tuple, np.ndarray)) else ()  # type: ignore[return-value]


def _flat(lists: Sequence[Iterable[str]]) -> tuple[Rows, npt.NDArray[np.object_]]:
    """The row of each name of a column of lists, and the names."""
    kept: list[Collection[str]] = [names if isinstance(names, Collection) else tuple(names) for names in lists]
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
