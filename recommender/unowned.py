"""Recommendations of known titles that are not in the catalogue, in a list of their own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from errors import CatalogueError
from recommender.outside import OutsideFilm, OutsideFilms
from recommender.question import Question, Recommendation

if TYPE_CHECKING:
    from recommender.engine import Catalogue, Recommender


class UnownedFilms:
    """Asks the best known titles outside of a recommender's catalogue; its own films are outside films for these."""

    def __init__(self, owned: Recommender, known_titles: OutsideFilms | None) -> None:
        self._owned, self._known_titles = owned, known_titles
        self._lock = threading.Lock()
        self._others: Recommender | None = None

    def recommend(self, question: Question) -> tuple[tuple[Recommendation, ...], tuple[str, ...]]:
        """Recommendations, and why there are none. Filters that only films of the catalogue can pass are left out."""
        if self._known_titles is None:
            return (), ("No titles outside of the catalogue are known. Load IMDb's files with `filmscore imdb load`.",)
        filters = replace(question.filters, with_music=False, collection=None)
        asked = replace(question, also_unowned=False, filters=filters)
        try:
            answer = self._recommender(self._known_titles).recommend(asked)
        except CatalogueError as error:
            return (), (str(error),)
        return answer.results, () if answer.results else answer.notices

    def _recommender(self, known_titles: OutsideFilms) -> Recommender:
        from recommender.engine import Recommender

        with self._lock:  # made once, however many ask at the same time
            if self._others is None:
                self._others = Recommender(known_titles.candidates(), self._owned.weights, self)
            return self._others

    def films(self, film_ids: Sequence[int]) -> dict[int, OutsideFilm]:
        """Films of the catalogue, and further known titles, with their vectors."""
        found = self._owned.vectors_of(film_ids)
        others = [film_id for film_id in film_ids if film_id not in found]
        return found | (self._known_titles.films(others) if self._known_titles and others else {})

    def candidates(self) -> Catalogue:
        """No titles are outside of both."""
        raise CatalogueError("There are no further titles to recommend. Add films to the catalogue.")
