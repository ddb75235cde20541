"""More of something, less of something else, among scenes: traits of runs that change their similarity score.

This module does for scenes what `recommender.steering` does for films. A trait of a run is its own level, genre,
further attribute or tag, or the decade, film genre or director of its film. The scenes most similar to the query form a
pool; in it the score is similarity + STRENGTH (sum of z over `more` - sum of z over `less`), where z is computed over
all runs of the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from db.catalogue.run_facts import RunFacts
from film import GENRES, LEVELS
from recommender.question import Effect, Question
from recommender.scenes import SceneMatch
from recommender.steering import Float64, Rows, Steering, Traits

POOL = 200
"""Size of the pool: the scenes (or films) most similar to the query, which `more` and `less` reorder."""


@dataclass(frozen=True)
class SteeredScenes:
    """Scenes in their new order, each with its original similarity."""

    scenes: tuple[SceneMatch, ...]
    effects: tuple[Effect, ...] = ()
    notices: tuple[str, ...] = ()


class RunTraits:
    """The traits of a catalogue's runs, in the order of its facts."""

    def __init__(self, facts: RunFacts, of_films: Traits, film_ids: npt.NDArray[np.int64]) -> None:
        """
        Args:
            of_films: the traits of films, in the order of `film_ids` (ascending).
        """
        self._facts, self._of_films = facts, of_films
        self._row_of_film = np.searchsorted(film_ids, facts.film_ids)

    def values(self, name: str) -> Float64 | None:
        """(n,) the trait of each run, NaN where it is unknown; None if there is no trait of this name."""
        facts = self._facts
        if name in LEVELS:
            levels = np.array(LEVELS[name])
            placed: Float64 = np.argmax(facts.values[name][:, None] == levels[None, :], axis=1).astype(np.float64)
            return placed
        if name in GENRES:
            return np.where(facts.values["genre"] == name, facts.sure["genre"], 0.0)
        named = {key.casefold(): column for key, column in facts.named.items()}.get(name)
        if named is not None:  # a tag that is not stored has a probability near 0
            return named if self._of_films.heard(name) is not None else np.nan_to_num(named)
        known = self._of_films.known(name)
        return None if known is None else known[self._row_of_film]

    def directed(self, rows: Rows) -> Float64:
        """(n,) 1 for runs whose film shares a director with the film of one of the given runs, else 0."""
        if not len(rows):
            return np.zeros(len(self._facts))
        return self._of_films.directed(self._row_of_film[rows])[self._row_of_film]


def steer(
    pool: Sequence[SceneMatch],
    facts: RunFacts,
    traits: RunTraits,
    n: int,
    more: Sequence[str],
    less: Sequence[str],
    like: tuple[int, int] | None = None,
) -> SteeredScenes:
    """The first n of a pool, reordered by `more` and `less`.

    Args:
        pool: scenes of the catalogue, most similar first.
        like: film_id and run of the scene to which they are similar; None: a clip.

    Raises:
        ParameterError: too many or too long words, or a word in both `more` and `less`.
    """
    question = Question(more=tuple(more), less=tuple(less))
    if not len(facts) or not pool:
        return SteeredScenes(tuple(pool[:n]))
    key = facts.film_ids * (int(facts.runs.max()) + 1) + facts.runs

    def rows_of(scenes: Sequence[tuple[int, int]]) -> Rows:
        return np.searchsorted(key, [film_id * (int(facts.runs.max()) + 1) + run for film_id, run in scenes])

    steering = Steering.of(question, traits, rows_of([like] if like else []))
    rows = rows_of([(scene.film_id, scene.run) for scene in pool])
    scores = np.array([scene.score for scene in pool]) + steering.bonus(len(facts))[rows]
    order = np.argsort(-scores, kind="stable")[:n]
    effects = steering.effects(rows[:n], rows[order])
    return SteeredScenes(tuple(pool[place] for place in order), effects, steering.notices)


def steer_films(
    pool: Sequence[tuple[int, float]],
    traits: Traits,
    film_ids: npt.NDArray[np.int64],
    n: int,
    more: Sequence[str],
    less: Sequence[str],
) -> list[tuple[int, float]]:
    """The first n of (film_id, similarity), reordered by the traits of films."""
    if not pool:
        return []
    steering = Steering.of(Question(more=tuple(more), less=tuple(less)), traits, np.zeros(0, np.intp))
    rows = np.searchsorted(film_ids, [film_id for film_id, _ in pool])
    scores = np.array([score for _, score in pool]) + steering.bonus(len(film_ids))[rows]
    return [pool[place] for place in np.argsort(-scores, kind="stable")[:n]]
