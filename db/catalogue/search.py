"""Title search as the user types, tolerant of typing errors."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from db.catalogue.following import in_place
from db.titles import title_key

LIKE_ENOUGH = 72.0
"""Out of 100. Titles with a lower similarity do not count as misspellings of the query."""

LONGEST = 500
"""Only this many characters of a search text count; no title is longer."""

ALIKE_AT_ALL = 64.0
"""Out of 100. If even the nearest title has a lower similarity, no title is suggested."""


class TitleIndex:
    """The titles of a catalogue, indexed for search as the user types."""

    def __init__(self, keys: Iterable[str], other_keys: Iterable[str], weights: npt.NDArray[np.float64]) -> None:
        """
        Args:
            keys: what `title_key` makes of the titles of n films.
            other_keys: the same of their other titles; "" where there is none.
            weights: (n,) order equally good matches, largest first (the number of votes, say).
        """
        pairs = [(key, i) for i, key in enumerate(keys) if key]
        pairs += [(key, i) for i, key in enumerate(other_keys) if key]
        self._keys = [key for key, _ in pairs]
        self._films = np.array([i for _, i in pairs], np.int64)
        self._weights = weights
        self._text = "\n" + "\n".join(self._keys) + "\n"
        lengths = np.fromiter((len(key) + 1 for key in self._keys), np.int64, len(self._keys))
        self._starts = np.concatenate([[1], 1 + np.cumsum(lengths)])[:-1] if len(lengths) else np.zeros(0, np.int64)

    @classmethod
    def of_films(cls, films: pd.DataFrame, keys: npt.NDArray[np.object_]) -> Self:
        """Index a table of n films by title and other title, weighted by votes; `keys` are those of the titles."""
        others = [title_key(one) if one else "" for one in films["other_title"].to_list()]
        return cls(keys, others, _votes(films))

    def followed(
        self, films: pd.DataFrame, keys: npt.NDArray[np.object_], before: pd.DataFrame, rows: npt.NDArray[np.intp]
    ) -> Self:
        """`of_films` of other films, most of which are among these; without changed titles, only weights are new.

        Args:
            before: the table of these films.
            rows: (n,) the row of each of the other films in it; -1: it is new.
        """
        new, titles = rows < 0, ["title", "other_title"]
        if not in_place(rows, len(before)) or not films.loc[new, titles].equals(before.loc[new, titles]):
            return self.of_films(films, keys)
        other = copy(self)
        other._weights = _votes(films)
        return other

    def find(self, typed: str, limit: int) -> list[int]:
        """Positions of the best matches, in this order: whole title, start of the title, start of a word, anywhere,
        misspelling."""
        key = title_key(typed[:LONGEST])
        if not key or not self._keys or limit < 1:
            return []
        ranks: dict[int, float] = {}
        for rank, needle in ((0, f"\n{key}\n"), (1, f"\n{key}"), (2, f" {key}"), (3, key)):
            for film in self._holding(needle, 5_000):
                ranks.setdefault(film, rank)
            if len(ranks) >= limit:
                break
        if len(ranks) < limit and len(key) >= 3:
            for film, likeness in self._like(key, limit):
                ranks.setdefault(film, 4 + (100 - likeness) / 100)
        return sorted(ranks, key=lambda film: (ranks[film], -self._weights[film], film))[:limit]

    def nearest(self, typed: str, limit: int) -> list[int]:
        """Positions of the films whose titles, or whose beginnings, are most similar to `typed`; empty if none is
        similar."""
        found = sorted(self._like(title_key(typed[:LONGEST]), limit, cutoff=0.0), key=lambda pair: (-pair[1], pair[0]))
        return [film for film, _ in found[:limit]] if found and found[0][1] >= ALIKE_AT_ALL else []

    def _holding(self, needle: str, most: int) -> list[int]:
        found: list[int] = []
        at = self._text.find(needle)
        while at >= 0 and len(found) < most:
            found.append(at + 1 if needle[0] == "\n" else at)
            at = self._text.find(needle, at + 1)
        lines = np.searchsorted(self._starts, found, side="right") - 1
        return list(dict.fromkeys(int(i) for i in self._films[lines]))

    def _like(self, key: str, limit: int, cutoff: float = LIKE_ENOUGH) -> list[tuple[int, float]]:
        beginnings = [title[: len(key) + 1] for title in self._keys]
        best: dict[int, float] = {}
        for choices in (self._keys, beginnings):
            found = process.extract(key, choices, scorer=fuzz.ratio, score_cutoff=cutoff, limit=4 * limit)
            for _, likeness, i in found:
                film = int(self._films[i])
                best[film] = max(best.get(film, 0.0), likeness)
        return list(best.items())


def _votes(films: pd.DataFrame) -> npt.NDArray[np.float64]:
    """(n,) numbers of votes; 0 where none is known."""
    return pd.to_numeric(films["votes"]).fillna(0).to_numpy(float)
