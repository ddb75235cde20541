"""Find all films that a question names together: each title once, and all numbers with one query.

A title costs milliseconds, so a question may name only a limited number of films by title. Numbers and IMDb ids cost
almost nothing; the lengths of the API's lists limit them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from db.catalogue.snapshot import Snapshot
from errors import CatalogueError, ParameterError
from film import Film
from ingest.imdb_ids import imdb_id_of
from recommender.outside import outside_id
from service.questions.known_titles import KnownTitles

MOST_TITLES = 300
"""Most films that one question may name by title; an evening of several people is one question."""

Name = str | int
"""A title, "Title (Year)", an IMDb id, or a film_id (a number)."""


class NamedFilms:
    """The films of one question."""

    def __init__(
        self,
        snapshot: Snapshot,
        known_titles: KnownTitles | None,
        find: Callable[[Name], Film],
    ) -> None:
        """
        Args:
            snapshot: holds the films.
            known_titles: IMDb's titles, if they are loaded.
            find: finds one film by its name, or raises an error that says why it cannot.
        """
        self._snapshot, self._known_titles, self._find = snapshot, known_titles, find
        self._left = MOST_TITLES
        self._found: dict[Name, Film] = {}

    def films(self, names: Iterable[Name]) -> tuple[Film, ...]:
        """The films of these names, each film once.

        Raises:
            ParameterError: as `find`; or too many films are named by title.
        """
        names = tuple(dict.fromkeys(names))
        new = [name for name in names if name not in self._found]
        self._by_number([name for name in new if isinstance(name, int)])
        self._by_imdb_id({name: imdb_id for name in new if isinstance(name, str) and (imdb_id := imdb_id_of(name))})
        for name in new:
            if name not in self._found:
                if not self._left:
                    raise ParameterError(
                        f"{name}: more than {MOST_TITLES} films are named by title. Name others by film_id or IMDb id."
                    )
                self._left -= 1
                self._found[name] = self._find(name)
        return tuple(dict.fromkeys(self._found[name] for name in names))

    def _by_number(self, numbers: list[int]) -> None:
        try:
            films = self._snapshot.films_by_id(numbers) if numbers else []
        except CatalogueError as error:
            raise ParameterError(str(error)) from error
        self._found |= dict(zip(numbers, films, strict=True))

    def _by_imdb_id(self, asked: dict[str, str]) -> None:
        """The films that exist; `find` says what is wrong with the others."""
        if not asked:
            return
        table = self._snapshot.films()[["imdb_id", "film_id"]]
        table = table[table["imdb_id"].isin(set(asked.values()))].drop_duplicates("imdb_id")
        own = dict(zip(table["imdb_id"], self._snapshot.films_by_id(table["film_id"].tolist()), strict=True))
        numbers = [number for one in asked.values() if one not in own and (number := outside_id(one)) is not None]
        others = self._known_titles.titles(numbers) if self._known_titles is not None and numbers else {}
        outside = {film.imdb_id: film for film in others.values()}
        known = outside | own
        self._found |= {name: known[imdb_id] for name, imdb_id in asked.items() if imdb_id in known}
