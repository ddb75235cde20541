"""Titles to match against, and those of them that a text may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rapidfuzz import fuzz, process

from ingest.matching_directors import Directors
from ingest.matching_names import Reading, title_keys
from ingest.matching_short_forms import last_parts, short_forms, with_series, words_without_numbers
from ingest.metadata_csv import read_films

_NEAR_TITLES = 8
_NAMES_PAIRED = 4
_NEAR_CUTOFF = 72.0


@dataclass(frozen=True)
class Title:
    """A film of IMDb, or of a titles CSV."""

    imdb_id: str
    names: tuple[str, ...]
    """Primary title first, then original and also-known-as titles."""
    year: int | None = None
    directors: tuple[str, ...] = ()
    runtime_minutes: int | None = None
    votes: int | None = None

    @cached_property
    def pairs(self) -> tuple[str, ...]:
        """The primary title and another one, in both orders: what is left of "La ley del deseo (Law of Desire)"."""
        first, *others = self.names[:_NAMES_PAIRED]
        return tuple(pair for other in others for pair in (f"{first} {other}", f"{other} {first}"))

    @cached_property
    def short_forms(self) -> tuple[str, ...]:
        """Its short forms: the title up to a subtitle, or from a subtitle on."""
        forms = [short for name in self.names for short in (*short_forms(name), *last_parts(name), *with_series(name))]
        return tuple(dict.fromkeys(forms))


class TitleIndex:
    """Titles, found by exact key, by director and by nearness of the name."""

    def __init__(self, titles: Iterable[Title]) -> None:
        self.titles: dict[str, Title] = {title.imdb_id: title for title in titles}
        self.directors = Directors((title.imdb_id, title.directors) for title in self.titles.values())
        self._by_key: dict[str, set[str]] = defaultdict(set)
        self._by_first_word: dict[tuple[str, int], set[str]] = defaultdict(set)
        self._by_short_form: dict[tuple[str, int | None], set[str]] = defaultdict(set)
        for title in self.titles.values():
            for name in title.names:
                if title.year is not None and (words := words_without_numbers(name)):
                    self._by_first_word[words[0], title.year].add(title.imdb_id)
            for short in title.short_forms if title.year is not None else ():
                for key in title_keys(short).joined:
                    self._by_short_form[key, title.year].add(title.imdb_id)
            for name in (*title.names, *title.pairs):
                for key in title_keys(name).joined:
                    self._by_key[key].add(title.imdb_id)

    def near(self, reading: Reading, of_director: Mapping[str, float] | None) -> Iterator[Title]:
        """The titles that a reading may mean: the director's films, titles with the same key as the text, titles of its
        year that begin with its words or have it as a short form, and, without a known director, titles with a similar
        key."""
        keys = title_keys(reading.title)
        exact = set().union(*(self._by_key.get(key, ()) for key in keys.joined))
        found = dict.fromkeys(sorted(exact))
        words = words_without_numbers(reading.title)
        if words and reading.year is not None:
            found.update(dict.fromkeys(sorted(self._by_first_word.get((words[0], reading.year), ()))))
            for key in sorted(keys.joined):
                found.update(dict.fromkeys(sorted(self._by_short_form.get((key, reading.year), ()))))
        if of_director:
            found.update(dict.fromkeys(of_director))
        else:
            for key, _, _ in process.extract(
                keys.compact, self._keys, scorer=fuzz.ratio, limit=_NEAR_TITLES, score_cutoff=_NEAR_CUTOFF
            ):
                found.update(dict.fromkeys(sorted(self._by_key[key])))
        return (self.titles[imdb_id] for imdb_id in found)

    @cached_property
    def _keys(self) -> list[str]:
        return sorted(self._by_key)


def titles_of_csv(path: Path) -> list[Title]:
    """The titles of a CSV with the columns movie, imdb_id, year and director, and perhaps other_title.

    Raises:
        MetadataError: the file or a row of it is wrong. Rows without an id are left out.
    """
    return [
        Title(
            imdb_id=film.imdb_id,
            names=tuple(dict.fromkeys([film.title, *(n for n in film.other_title.split("|") if n)])),
            year=film.year,
            directors=film.directors,
            runtime_minutes=film.runtime_minutes,
            votes=film.votes,
        )
        for film in read_films(path)
        if film.imdb_id
    ]
