"""Names of the people and of the series of each film, for exact comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from db.catalogue.following import in_place
from db.titles import series_key
from film import Film

Rows = npt.NDArray[np.intp]
Float64 = npt.NDArray[np.float64]

DIRECTOR_WEIGHT = 1.5
"""A director counts for more than a player."""

LARGEST_SERIES = 50
"""A title that more films share is no series: "Untitled"."""


class Sharing(NamedTuple):
    """The films that share names with one film."""

    rows: Rows
    """(k,), ascending; the film itself is among them"""
    alike: Float64
    """(k,): similarity in (0, 1]"""
    series: Float64
    """(k,): the part of it that a common series gives"""

    def take(self, which: npt.NDArray[np.bool_], times: float) -> Sharing:
        """Some of the films, with similarities multiplied by a number."""
        return Sharing(self.rows[which], times * self.alike[which], times * self.series[which])


NOBODY = Sharing(np.zeros(0, np.intp), np.zeros(0), np.zeros(0))


class SharedNames:
    """The directors, players and composers of n films, each film a vector of length 1 over all names.

    A director weighs 1.5, a player and a composer 1; somebody with several roles has the largest of their weights. The
    comparison of names ignores case. The similarity of two films is the dot product of their vectors: 1 for the same
    people, 0 for nobody in common. A question can count the series of a film (`db.titles.series_key`) as one more
    name, with a weight of its own.
    """

    def __init__(
        self,
        directors: Sequence[Iterable[str]],
        cast: Sequence[Iterable[str]],
        composers: Sequence[Iterable[str]] = (),
        titles: Sequence[str] = (),
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
        self._titles = titles
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
        return cls(
            [film.directors for film in kept],
            [film.cast for film in kept],
            [film.composers for film in kept],
            [film.title for film in kept],
        )

    @classmethod
    def of_table(cls, table: pd.DataFrame, film_ids: npt.NDArray[np.int64]) -> SharedNames:
        """Read the names from a table of films, for the given ids in their order; the table may contain more films."""
        ids = table["film_id"].to_numpy(np.int64)
        order = np.argsort(ids, kind="stable")
        at = order[np.searchsorted(ids[order], film_ids)] if len(ids) else np.zeros(0, np.intp)
        names = [name for name in ("directors", "cast", "composers") if name in table.columns]
        lists = {name: [_values(value) for value in table[name].to_numpy()[at]] for name in names}
        return cls(**lists, titles=_titles_of(table)[at] if len(_titles_of(table)) else ())

    def followed(self, table: pd.DataFrame, rows: Rows) -> SharedNames:
        """The names of n other films, most of which are among these.

        Args:
            table: of the n films, as `of_table` takes it.
            rows: (n,) the row of each film here; -1: its names are read from the table.
        """
        new = rows < 0
        fresh = table[new]
        added = SharedNames.of_table(fresh, fresh["film_id"].to_numpy(np.int64))
        if self._holds_the_same(added, rows):
            return self
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
        made._titles = _titles_of(table)
        if "_series_keys" in self.__dict__ and len(made._titles):
            known = self._series_keys
            made.__dict__["_series_keys"] = [
                known[row] if row >= 0 else series_key(title) for row, title in zip(rows, made._titles, strict=True)
            ]
        return made

    def _holds_the_same(self, added: SharedNames, rows: Rows) -> bool:
        """Whether the films of `added` have the names and titles that those in their rows have here."""
        new = np.flatnonzero(rows < 0)
        if not in_place(rows, len(self._starts) - 1):
            return False
        if [self._titles[int(row)] for row in new if len(self._titles)] != list(added._titles):
            return False
        code = self._known.get_indexer(added._known)
        for place, row in enumerate(new):
            mine, other = slice(*self._starts[row : row + 2]), slice(*added._starts[place : place + 2])
            weights = [
                dict(zip(codes.tolist(), amounts.tolist(), strict=True))
                for codes, amounts in (
                    (self._codes[mine], self._amounts[mine]),
                    (code[added._codes[other]], added._amounts[other]),
                )
            ]
            if weights[0] != weights[1]:
                return False
        return True

    def vector(self, row: int) -> dict[int, float]:
        """A film's names as name ids, with their weights."""
        here = slice(self._starts[row], self._starts[row + 1])
        return dict(zip(self._codes[here].tolist(), (self._amounts[here] / self._lengths[row]).tolist(), strict=True))

    def sharing(self, row: int, series: float = 0.0) -> Sharing:
        """The films that share a name with one film.

        Args:
            series: the weight of a common series, beside 1.5 of a director and 1 of a player.
        """
        here = slice(self._starts[row], self._starts[row + 1])
        key = self._series_keys[row] if series and len(self._titles) else ""
        return self._sharing(self._codes[here].tolist(), self._amounts[here].tolist(), key, series)

    def sharing_film(self, film: Film, series: float = 0.0) -> Sharing:
        """The same of a film that is none of these; only its names count."""
        weights: dict[str, float] = {}
        for names, weight in ((film.directors, DIRECTOR_WEIGHT), (film.cast, 1.0), (film.composers, 1.0)):
            for name in filter(None, map(_folded, names)):
                weights[name] = max(weight, weights.get(name, 0.0))
        codes = self._known.get_indexer(pd.Index(list(weights)))
        return self._sharing(codes.tolist(), list(weights.values()), series_key(film.title), series)

    def _sharing(self, codes: Sequence[int], amounts: Sequence[float], key: str, weight: float) -> Sharing:
        """The sums of products are exact, so how names are numbered does not matter; -1: a name of no film.

        With a weight of the series, the vector of every film is longer by this one name.
        """
        weight = weight if len(self._titles) else 0.0
        same = self._films_of_series.get(key, []) if weight else []
        same = same if len(same) <= LARGEST_SERIES else []
        found, parts = [np.array(same, np.intp)], [np.zeros(len(same))]
        for code, amount in zip(codes, amounts, strict=True):
            if code >= 0:
                here = slice(self._name_starts[code], self._name_starts[code + 1])
                found.append(self._name_rows[here])
                parts.append(self._name_amounts[here] * amount)
        rows, where = np.unique(np.concatenate(found), return_inverse=True)
        if not len(rows):
            return NOBODY
        people = np.bincount(where, np.concatenate(parts))
        series = np.where(np.isin(rows, same), weight**2, 0.0)
        length = np.hypot(np.sqrt(sum(amount**2 for amount in amounts)), weight)
        lengths = length * np.hypot(self._lengths[rows], weight)
        return Sharing(rows, (people + series) / lengths, series / lengths)

    @cached_property
    def _series_keys(self) -> list[str]:
        """The key of each film's series."""
        return [series_key(title) for title in self._titles]

    @cached_property
    def _films_of_series(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row, key in enumerate(self._series_keys):
            found.setdefault(key, []).append(row)
        return found


def _titles_of(table: pd.DataFrame) -> Any:
    return table["title"].to_numpy() if "title" in table.columns else ()


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
