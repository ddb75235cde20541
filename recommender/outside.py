"""Films outside of the catalogue: known titles that people may like, dislike or have seen without having them.

Their film_id is the negative number of their IMDb id: -76759 is tt0076759.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from db.titles import title_key
from errors import CatalogueError
from film import Film
from recommender.matrix import BlockMatrix
from recommender.question import Question
from told import Told

if TYPE_CHECKING:
    from recommender.engine import Catalogue

_NUMBERED = re.compile(r"tt(\d{1,10})", re.IGNORECASE)


def outside_id(imdb_id: str) -> int | None:
    """The film_id of a title outside of the catalogue; None if this is not an IMDb id."""
    numbered = _NUMBERED.fullmatch(imdb_id)
    return -int(numbered[1]) or None if numbered else None


def imdb_id_of(film_id: int) -> str:
    """The IMDb id of a film outside of the catalogue, by its negative film_id."""
    return f"tt{-film_id:07d}"


@dataclass(frozen=True, eq=False)
class OutsideFilm:
    """A film that is compared with a catalogue without being in it."""

    film: Film
    blocks: dict[str, npt.NDArray[np.float32]]
    """(d,) by block, of length 1; only the blocks that the film has"""


class OutsideFilms(Protocol):
    """Where films outside of a catalogue are found."""

    def films(self, film_ids: Sequence[int]) -> dict[int, OutsideFilm]:
        """Those of the ids that are known, with vectors of the catalogue's encoding.

        Raises:
            CatalogueError: the known titles cannot be read.
        """
        ...

    def candidates(self) -> Catalogue:
        """The best known titles outside of the catalogue, as a catalogue of their own.

        Raises:
            CatalogueError: the known titles cannot be read.
        """
        ...


class OwnFilms:
    """The films of a catalogue by what identifies them elsewhere: the IMDb id, or title and year where it lacks one."""

    def __init__(self, films: pd.DataFrame) -> None:
        """`films`: columns film_id, title, year, imdb_id."""
        self._by_number: dict[int, int] = {}
        self._by_title: dict[tuple[str, int], int] = {}
        columns = (films[name].tolist() for name in ("film_id", "title", "year", "imdb_id"))
        for film_id, title, year, imdb_id in zip(*columns, strict=True):
            number = outside_id(str(imdb_id or ""))
            if number is not None:
                self._by_number[number] = int(film_id)
            elif year is not None and year == year:
                self._by_title[title_key(str(title)), int(year)] = int(film_id)

    def by_number(self, number: int) -> int | None:
        """The film with the IMDb id of a negative film_id."""
        return self._by_number.get(number)

    def film_id_of(self, film: Film) -> int | None:
        """The film of the catalogue that is the same as a known title."""
        number = outside_id(film.imdb_id)
        own = None if number is None else self._by_number.get(number)
        if own is not None or film.year is None or not self._by_title:
            return own
        return self._by_title.get((title_key(film.title), film.year))


@dataclass(frozen=True, eq=False)
class Placed:
    """A question whose films are known: each in the catalogue by its own film_id, the others beside it."""

    question: Question
    outside: dict[int, OutsideFilm]
    """The liked and disliked films outside of the catalogue"""
    notices: tuple[str, ...]

    @property
    def lists(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The liked and the disliked films."""
        return self.question.likes, self.question.dislikes


def place(
    question: Question, matrix: BlockMatrix, own_films: Callable[[], OwnFilms], source: OutsideFilms | None
) -> Placed:
    """Find the films of a question that are not in the catalogue. Those that nothing is known of are left out.

    A known title that is in the catalogue too is the catalogue's film.

    Args:
        own_films: the films of the catalogue by what identifies them; called only if a film is not in the matrix.
        source: where known titles are found; None: nowhere, so that a negative film_id is left out.
    """
    films = (*question.likes, *question.dislikes, *question.seen)
    here = matrix.find(films)[1]
    asked = {film_id for film_id, known in zip(films, here, strict=True) if not known}
    if not asked:
        return Placed(question, {}, ())
    own = own_films()
    same = {film_id: film for film_id in asked if (film := own.by_number(film_id)) is not None}
    wanted = [i for i in (*question.likes, *question.dislikes) if i in asked and i not in same]
    outside: dict[int, OutsideFilm] = {}
    notices: list[str] = []
    if wanted and source is not None:
        try:
            outside = source.films(wanted)
        except CatalogueError as error:
            notices.append(str(error))
    for film_id, found in [*outside.items()]:
        twin = own.film_id_of(found.film)
        if twin is not None:
            same[film_id] = twin
            del outside[film_id]
    lacking = [i for i in dict.fromkeys(wanted) if i < 0 and i not in same and i not in outside]
    if lacking:
        named = ", ".join(imdb_id_of(i) for i in lacking)
        notices.append(
            Told("{}: not among the known titles, so left out. Load IMDb's files with `filmscore imdb load`.", named)
        )

    def placed(ids: Sequence[int]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(same.get(i, i) for i in ids if i not in lacking))

    changed = replace(
        question, likes=placed(question.likes), dislikes=placed(question.dislikes), seen=placed(question.seen)
    )
    return Placed(changed, outside, tuple(notices))
