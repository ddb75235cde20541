"""Title search as the user types, tolerant of typing errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from db.catalogue.following import in_place
from db.titles import title_key

LIKE_ENOUGH = 72.0
"""Out of 100. Titles with a lower similarity do not count as misspellings of the query."""

LONGEST = 500
"""Only this many characters of a search text count; no title is longer."""

CHARACTERS_PER_SLIP = 4
"""Titles are suggested if the nearest one differs from the query by at most one slip for this many characters of it. A
slip is one character too many, missing or wrong, or two that are swapped."""


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
        """Positions of the films that `typed` may mean, fewest slips first: a word of the title begins with it, or the
        title or its first words are misspelt. Empty if no title is near."""
        key = title_key(typed[:LONGEST])
        if not key or not self._keys:
            return []
        slips = {film: 0.5 for needle in (f"\n{key}", f" {key}") for film in self._holding(needle, 5_000)}
        article, _, rest = key.partition(" ")
        for wanted in (key, rest) if rest and OSA.distance(article, "the") == 1 else (key,):  # a misspelt "the"
            for film, count in self._misspelt(wanted, 4 * limit):
                slips[film] = min(count, slips.get(film, count))
        few = min(max(1, len(key) // CHARACTERS_PER_SLIP), len(key) - 1)
        if min(slips.values()) > few + 0.5:
            return []
        return sorted(slips, key=lambda film: (slips[film], -self._weights[film], film))[:limit]

    def _misspelt(self, key: str, limit: int) -> Iterator[tuple[int, float]]:
        """The films whose title needs the fewest slips to become a key, and how many. Those of its first words count
        half a slip more."""
        words = key.count(" ") + 1
        beginnings = [" ".join(title.split(" ", words)[:words]) for title in self._keys]
        for choices, extra in ((self._keys, 0.0), (beginnings, 0.5)):
            found = process.extract(key, choices, scorer=OSA.distance, limit=limit)
            yield from ((int(self._films[i]), slips + extra) for _, slips, i in found)

    def _holding(self, needle: str, most: int) -> list[int]:
        found: list[int] = []
        at = self._text.find(needle)
        while at >= 0 and len(found) < most:
            found.append(at + 1 if needle[0] == "\n" else at)
            at = self._text.find(needle, at + 1)
        lines = np.searchsorted(self._starts, found, side="right") - 1
        return list(dict.fromkeys(int(i) for i in self._films[lines]))

    def _like(self, key: str, limit: int) -> list[tuple[int, float]]:
        beginnings = [title[: len(key) + 1] for title in self._keys]
        best: dict[int, float] = {}
        for choices in (self._keys, beginnings):
            found = process.extract(key, choices, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH, limit=4 * limit)
            for _, likeness, i in found:
                film = int(self._films[i])
                best[film] = max(best.get(film, 0.0), likeness)
        return list(best.items())


def _votes(films: pd.DataFrame) -> npt.NDArray[np.float64]:
    """(n,) numbers of votes; 0 where none is known."""
    return pd.to_numeric(films["votes"]).fillna(0).to_numpy(float)
