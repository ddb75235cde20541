"""Lists of films that a reader keeps: to watch, seen, own ones; as the files that Letterboxd and IMDb take."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from db.formulas import neutral
from db.home import Home
from db.state.store import State
from errors import ParameterError
from film import Film
from told import Told

WATCH, SEEN = "To watch", "Seen"
GIVEN = (WATCH, SEEN)
"""Lists that everybody has."""
MOST_LISTS, MOST_FILMS, LONGEST_NAME = 50, 2_000, 80
Lists = Mapping[str, tuple[int, ...]]


def lists_of(home: Home, owner: str) -> dict[str, tuple[int, ...]]:
    """Name -> film_ids of an owner's lists: the given ones first, then own ones by name."""
    with State.open(home) as state:
        kept = state.lists_of(owner)
    return {name: kept.get(name, ()) for name in GIVEN} | kept


def save_list(home: Home, owner: str, name: str, film_ids: Sequence[int]) -> None:
    """Store a list, each film once; one of the same name is replaced.

    Raises:
        ParameterError: no name or a long one, too many films, or too many lists.
    """
    with State.open(home) as state, state.transaction():
        _store(state, owner, name, film_ids)


def _store(state: State, owner: str, name: str, film_ids: Sequence[int]) -> None:
    name = " ".join(name.split())
    films = tuple(dict.fromkeys(film_ids))
    if not name or len(name) > LONGEST_NAME:
        raise ParameterError(Told("list {!r}: a name has 1 to {} characters. Give another.", name[:20], LONGEST_NAME))
    if len(films) > MOST_FILMS:
        raise ParameterError(
            Told("list {}: {} films; a list holds {}. Begin another one.", name, len(films), MOST_FILMS)
        )
    kept = state.lists_of(owner)
    if name not in kept and len(kept) >= MOST_LISTS:
        raise ParameterError(Told("list {}: {} lists are kept already. Delete one first.", name, MOST_LISTS))
    state.save_list(owner, name, films)


def put(home: Home, owner: str, name: str, film_id: int, *, within: bool = True) -> None:
    """Put a film at the end of a list, or (`within` false) take it out; what is so already stays.

    Raises:
        ParameterError: as `save_list`.
    """
    with State.open(home) as state, state.transaction():  # two clicks at once must not undo each other
        films = state.lists_of(owner).get(name, ())
        others = tuple(one for one in films if one != film_id)
        wanted = (films if film_id in films else (*films, film_id)) if within else others
        if wanted != films:
            _store(state, owner, name, wanted)


def delete_list(home: Home, owner: str, name: str) -> None:
    """Forget an own list; a given one is emptied."""
    with State.open(home) as state:
        state.delete_list(owner, name)


def _sheet(rows: Sequence[Sequence[object]]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\n").writerows(rows)
    return sheet.getvalue()


def letterboxd_csv(films: Sequence[Film]) -> str:
    """The films as Letterboxd imports a list: imdbID, Title, Year, Directors."""
    rows = [(f.imdb_id, neutral(f.title), f.year or "", neutral(", ".join(f.directors))) for f in films]
    return _sheet([("imdbID", "Title", "Year", "Directors"), *rows])


def imdb_csv(films: Sequence[Film]) -> str:
    """The films in the columns of IMDb's own lists, which it imports by Const; Const is empty for films without an IMDb
    id.
    """
    heads = ("Position", "Const", "Title", "URL", "Title Type", "Year", "Directors")
    rows = [
        (
            place,
            film.imdb_id,
            neutral(film.title),
            f"https://www.imdb.com/title/{film.imdb_id}/" if film.imdb_id else "",
            "movie",
            film.year or "",
            neutral(", ".join(film.directors)),
        )
        for place, film in enumerate(films, 1)
    ]
    return _sheet([heads, *rows])
