"""Match the titles of a ratings export with the films of a catalogue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from rapidfuzz.distance import OSA

from db.titles import exact_key, title_key
from service.questions.ratings_table import RatedTitle

_SUBTITLE = re.compile(r"\s*:\s+|\s+[-\u2013\u2014]\s+")
_ALTERNATIVE = re.compile(r",?\s+or:?\s+(?=[(A-Z])|:\s+or\b|\s+\(")
_BEGINNING_WORDS = 2
"""A film may be identified by at least this many words before a colon: "Star Wars", but not "Mission"."""
_END_WORDS = 3
"""Or by at least this many words after it: "The Empire Strikes Back", but not "Blue"."""
_SAFE_LENGTH = 14
"""From this length in letters on, titles of the same year that differ by one letter are the same title."""


@dataclass(frozen=True)
class _Known:
    film_id: int
    names: tuple[str, ...]
    year: int | None


class CatalogueTitles:
    """The films of a table, by IMDb id, title and year."""

    def __init__(self, films: pd.DataFrame) -> None:
        """`films`: columns film_id, title, other_title, year, imdb_id."""
        self._by_imdb = {str(i): int(f) for i, f in zip(films["imdb_id"], films["film_id"], strict=True) if i}
        self._with_id = set(self._by_imdb.values())
        self._films: list[_Known] = []
        self._by_title: dict[str, list[_Known]] = defaultdict(list)
        columns = (films[name] for name in ("title", "other_title", "year", "film_id"))
        for title, other, year, film_id in zip(*columns, strict=True):
            names = tuple(name for name in dict.fromkeys((str(title), str(other), *str(other).split("|"))) if name)
            film = _Known(int(film_id), names, int(year) if year == year and year is not None else None)
            self._films.append(film)
            for key in {title_key(name) for name in names}:
                self._by_title[key].append(film)

    def film_of(self, row: RatedTitle) -> int | None:
        """The film of a row: by its IMDb id, else by title and year; None if there is none, or several match.

        The year may differ by one. Within the same year, a film may be named by the part of its title before or after a
        colon, and one typing error in a long title is tolerated. A row with an id never matches a film with another id.
        """
        if row.imdb_id in self._by_imdb:
            return self._by_imdb[row.imdb_id]
        without_id = {film.film_id for film in self._films} - self._with_id if row.imdb_id else None
        for candidates in (self._of_title(row), self._of_short_title(row), self._with_a_slip(row)):
            found = {film.film_id for film in candidates if without_id is None or film.film_id in without_id}
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def _of_title(self, row: RatedTitle) -> list[_Known]:
        """Films with this title, of the same year or else of an adjacent year; those with the same article, if any."""
        films = self._by_title.get(title_key(row.title), [])
        for slack in (0, 1):
            fitting = [
                film for film in films if row.year is None or film.year is None or abs(film.year - row.year) <= slack
            ]
            very = [film for film in fitting if exact_key(row.title) in map(exact_key, film.names)]
            if fitting:
                return very or fitting
        return []

    def _of_short_title(self, row: RatedTitle) -> Iterator[_Known]:
        """Films of the same year where one is named by a part of the other's title."""
        whole, parts = title_key(row.title), _parts(row.title)
        for film, keys, shorter in self._by_year.get(row.year or 0, ()):
            if whole in shorter or parts & keys:
                yield film

    def _with_a_slip(self, row: RatedTitle) -> Iterator[_Known]:
        """Films of the same year whose title differs by one letter: "Three Colours: Blue"."""
        whole = title_key(row.title)
        if len(whole) < _SAFE_LENGTH:
            return
        for film, keys, _ in self._by_year.get(row.year or 0, ()):
            if any(_numbers(key) == _numbers(whole) and OSA.distance(key, whole, score_cutoff=1) <= 1 for key in keys):
                yield film

    @cached_property
    def _by_year(self) -> dict[int, list[tuple[_Known, set[str], set[str]]]]:
        """Year -> its films, each with the keys of its titles and of their parts."""
        found: dict[int, list[tuple[_Known, set[str], set[str]]]] = defaultdict(list)
        for film in self._films:
            if film.year is not None:
                keys = {title_key(name) for name in film.names}
                found[film.year].append((film, keys, {part for name in film.names for part in _parts(name)}))
        return found


def _parts(title: str) -> set[str]:
    """The keys of the parts before and after a subtitle's mark that are long enough to identify a film."""
    return {title_key(part) for part in _cut(title)} - {""}


def _cut(title: str) -> Iterable[str]:
    for mark in _SUBTITLE.finditer(title):
        before, after = title[: mark.start()], title[mark.end() :]
        if len(before.split()) >= _BEGINNING_WORDS:
            yield before
        if len(after.split()) >= _END_WORDS:
            yield after
    for mark in _ALTERNATIVE.finditer(title):
        yield title[: mark.start()]


def _numbers(key: str) -> list[str]:
    """The numbers in a title, including Roman numerals. A different number is a different film, not a typing error."""
    return re.findall(r"\d+|\b[ivx]+\b", key)
