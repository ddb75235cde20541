"""Metadata of a catalogue's films in memory, for the search's filters and for reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from film import GENRES, LEVELS, Film
from recommender.question import Filters
from told import Told, joined, listed

Rows = npt.NDArray[np.intp]

LISTS = ("directors", "countries", "languages", "locations", "genres", "cast", "writers", "composers", "tags")


_KINDS = {f.name: str(f.type) for f in fields(Film)}


KEPT_FILMS = 5_000
"""Number of films that `FilmFacts` keeps ready: those that were asked for last."""


def _plain(name: str, value: Any) -> Any:
    """Convert a table's value to a field of a Film: no NaN, no NumPy types."""
    if name in LISTS:
        return () if value is None or isinstance(value, float) else tuple(value)
    kind = _KINDS[name]
    if value is None or value is pd.NA or value != value:
        return "" if kind == "str" else None
    if kind == "str":
        return str(value)
    return int(value) if kind.startswith("int") else float(value)


class FilmFacts:
    """The films of a snapshot, in the order of its matrix. Inverted lists are built when a filter first needs them."""

    def __init__(self, table: pd.DataFrame, film_ids: npt.NDArray[np.int64]) -> None:
        """Keep the columns of `films` for the given ids, in their order; `table` may contain more films."""
        order = np.argsort(table["film_id"].to_numpy(np.int64), kind="stable")
        known = table["film_id"].to_numpy(np.int64)[order]
        rows = order[np.searchsorted(known, film_ids)] if len(known) else np.zeros(0, np.intp)
        self._columns: dict[str, npt.NDArray[Any]] = {
            name: table[name].to_numpy()[rows] for name in _KINDS if name in table.columns
        }
        self.n = len(film_ids)
        self._kept = lru_cache(KEPT_FILMS)(self._read)

    def film(self, row: int) -> Film:
        """The film of a row."""
        return self._kept(row)

    def _read(self, row: int) -> Film:
        return Film(**{name: _plain(name, column[row]) for name, column in self._columns.items()})

    def directors(self, rows: Rows) -> list[tuple[str, ...]]:
        """Case-folded directors of each row."""
        column = self._columns["directors"]
        return [tuple(str(name).casefold() for name in column[row]) for row in rows]

    @cached_property
    def _inverted(self) -> dict[str, dict[str, Rows]]:
        return {}

    def _rows_with(self, column: str, value: str) -> Rows:
        """Rows whose list (or text) in a column contains a value, ignoring case."""
        if column not in self._inverted:
            lists: dict[str, list[int]] = {}
            for row, held in enumerate(self._columns.get(column, np.zeros(0, object))):
                values = _plain(column, held) if column in LISTS else (str(held),)
                for name in {item.strip().casefold() for item in values}:
                    lists.setdefault(name, []).append(row)
            self._inverted[column] = {name: np.array(rows, np.intp) for name, rows in lists.items()}
        return self._inverted[column].get(value.strip().casefold(), np.zeros(0, np.intp))

    def make_ready(self, before: FilmFacts) -> None:
        """Make what those of an earlier catalogue have made for questions."""
        for column in list(before._inverted):
            self._rows_with(column, "")
        for name in ("minutes", "is_rated"):
            if name in before.__dict__:
                getattr(self, name)

    @cached_property
    def years(self) -> npt.NDArray[np.float32]:
        """Years (n,); NaN: unknown."""
        column = self._columns["year"]
        if column.dtype != object:
            return column.astype(np.float32)
        return np.array([np.nan if _plain("year", v) is None else float(v) for v in column], np.float32)

    @cached_property
    def minutes(self) -> npt.NDArray[np.float64]:
        """Running times (n,); NaN: unknown."""
        return self._numbers("runtime_minutes")

    @cached_property
    def is_rated(self) -> npt.NDArray[np.bool_]:
        """(n,) whether a rating or a Metascore is known."""
        rated: npt.NDArray[np.bool_] = ~np.isnan(self._numbers("rating")) | ~np.isnan(self._numbers("metascore"))
        return rated

    def _numbers(self, name: str) -> npt.NDArray[np.float64]:
        column = self._columns.get(name, np.full(self.n, None, object))
        return np.array([np.nan if _plain(name, one) is None else float(one) for one in column])

    def masks(self, filters: Filters, has_music: npt.NDArray[np.bool_]) -> dict[str, npt.NDArray[np.bool_]]:
        """For each filter that is set, by name: (n,) which films pass it."""
        masks: dict[str, npt.NDArray[np.bool_]] = {}
        if filters.year_from is not None:
            masks["year_from"] = self.years >= filters.year_from
        if filters.year_to is not None:
            masks["year_to"] = self.years <= filters.year_to
        lists = (
            ("genre", "genres"),
            ("country", "countries"),
            ("director", "directors"),
            ("composer", "composers"),
            ("collection", "collection"),
        )
        for option, column in lists:
            value = getattr(filters, option)
            if value:
                masks[option] = np.zeros(self.n, bool)
                masks[option][self._rows_with(column, value)] = True
        if filters.with_music:
            masks["with_music"] = has_music
        return masks


def filter_notices(filters: Filters, masks: dict[str, npt.NDArray[np.bool_]]) -> list[str]:
    """Which filter leaves no film, in words; empty if films are left.

    Args:
        masks: for each filter that is set, (n,) which films pass it.
    """
    if np.logical_and.reduce(list(masks.values())).any():
        return []
    named = filters.named()
    spelled = {name: f"`{name}`" if value is True else f"`{name}` {value}" for name, value in named.items()}
    if alone := [spelled[name] for name, mask in masks.items() if not mask.any()]:
        return [Told("No film passes {}. Take it away or change it.", listed(alone))]
    freeing = [
        spelled[name]
        for name in masks
        if np.logical_and.reduce([mask for other, mask in masks.items() if other != name]).any()
    ]
    together = listed(list(spelled.values()))
    if freeing:
        without = Told("{} or {}", joined(", ", freeing[:-1]), freeing[-1]) if freeing[1:] else freeing[0]
        return [Told("No film passes {} together. Without {} there are some.", together, without)]
    return [Told("No film passes {} together.", together)]


class SoundFacts:
    """The dominant genre and levels of each film's music, for reasons in words."""

    def __init__(self, summaries: pd.DataFrame, film_ids: npt.NDArray[np.int64]) -> None:
        """Keep the leading genre and the dominant levels of films with music."""
        self._row: npt.NDArray[np.intp] = np.full(len(film_ids), -1, np.intp)
        self._genre: npt.NDArray[np.intp] = np.zeros(0, np.intp)
        self._share: npt.NDArray[np.float64] = np.zeros(0)
        self._levels: dict[str, npt.NDArray[Any]] = {}
        if not len(summaries):
            return
        genres = summaries[list(GENRES)].to_numpy(np.float64)
        ids = summaries["film_id"].to_numpy(np.int64)
        where = np.searchsorted(film_ids, ids)
        here = (where < len(film_ids)) & genres.any(axis=1)
        here[here] = film_ids[where[here]] == ids[here]
        self._row[where[here]] = np.flatnonzero(here)
        self._genre, self._share = genres.argmax(axis=1), genres.max(axis=1)
        for attribute, levels in LEVELS.items():
            shares = summaries[[f"{attribute}_{level}" for level in levels]].to_numpy(np.float64)
            self._levels[attribute] = shares.argmax(axis=1)

    def features(self, row: int) -> list[str]:
        """Words for a film's music, strongest first; empty without music."""
        at = self._row[row]
        if at < 0:
            return []
        leading = Told("mostly {}" if self._share[at] >= 50 else "led by {}", Told(GENRES[self._genre[at]]))
        levels = [Told(_LEVEL_WORDS[attribute][self._levels[attribute][at]]) for attribute in _LEVEL_WORDS]
        return [leading, *levels]


_LEVEL_WORDS = {
    "energy": ("low-energy", "medium-energy", "high-energy"),
    "valence": ("dark in mood", "neutral in mood", "bright in mood"),
    "danceability": ("hardly danceable", "fairly danceable", "danceable"),
}
"""Attribute -> words for its levels, lowest first."""


def shared(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """The common values of two lists, ignoring case, in the order and spelling of the first."""
    other = {item.casefold() for item in second}
    return [item for item in dict.fromkeys(first) if item.casefold() in other]
