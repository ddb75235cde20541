"""The recommender: answers questions about the films of one snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from film import Film
from recommender import reasons
from recommender.explaining import Explainer
from recommender.facts import FilmFacts, SoundFacts, filter_notices
from recommender.film_map import Basis, MapVectors, film_vectors, scene_vectors
from recommender.matrix import BlockMatrix, StoredVectors
from recommender.names import SharedNames
from recommender.outside import OutsideFilm, OutsideFilms, OwnFilms, Placed, place
from recommender.question import Aim, Answer, Effect, Filters, Question, Reason, Recommendation
from recommender.scene_steering import RunTraits, SteeredScenes, steer, steer_films
from recommender.scenes import SceneIndex, SceneMatch, StoredScenes
from recommender.scoring import Float64, Query, anchors_of, anchors_outside, joined, leanings, query_of
from recommender.search import search
from recommender.senses import SensedFilms
from recommender.steering import OPPOSITES, SAME_DIRECTOR, HeardRuns, Steering, Traits
from recommender.unowned import UnownedFilms
from recommender.variety import choose, pool_size
from recommender.vectors import HEARD
from recommender.weights import WEIGHTS, Weights, block_weights
from told import Told

STARTER_VARIETY = 0.5
STARTER_POOL = 5
"""Starters are chosen from this multiple of the list's length, among the best received films."""


class Catalogue(Protocol):
    """What the recommender reads: a snapshot, or an object with the same methods."""

    def films(self) -> pd.DataFrame: ...
    def summaries(self) -> pd.DataFrame: ...
    def matrix(self) -> StoredVectors: ...
    def scenes(self) -> StoredScenes: ...


class Recommender:
    """Answers questions about the films of one snapshot; safe to share between threads.

    The same question gives the same answer. Data are read once, when first needed, and kept.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        weights: Mapping[Aim, Weights] | None = None,
        known_titles: OutsideFilms | None = None,
    ) -> None:
        """
        Args:
            weights: the weights for each aim; None: the shipped weights.
            known_titles: films outside of the catalogue that a question may name; None: there are none.
        """
        self._catalogue = catalogue
        self.weights: Mapping[Aim, Weights] = weights or WEIGHTS
        self._known_titles = known_titles

    @cached_property
    def matrix(self) -> BlockMatrix:
        return replace(self._vectors, people=SharedNames.of_table(self._catalogue.films(), self._vectors.film_ids))

    @cached_property
    def _vectors(self) -> BlockMatrix:
        """The matrix without the names of people, which take longer to read."""
        return BlockMatrix.of(self._catalogue.matrix())

    def follow(self, before: Recommender, rows: npt.NDArray[np.intp]) -> None:
        """Take over what an earlier snapshot's recommender has made of films that are the same, and make again what
        else it has made, so that no question waits for it.

        Args:
            rows: (n,) each film's row there; -1: it is new, or it changed.
        """
        if "matrix" in before.__dict__ and (names := before.matrix.people) is not None:
            matrix = replace(self._vectors, people=names.followed(self._catalogue.films(), rows))
            if fixed := before.matrix.__dict__.get("fixed"):
                matrix.__dict__["fixed"] = fixed.followed(matrix.vectors, matrix.slices, rows)
            self.__dict__["matrix"] = matrix
        for name in ("_own_films", "_traits"):
            if name in before.__dict__:
                getattr(self, name)
        if "_facts" in before.__dict__:
            self._facts.make_ready(before._facts)

    @cached_property
    def _facts(self) -> FilmFacts:
        return FilmFacts(self._catalogue.films(), self.matrix.film_ids)

    @cached_property
    def _sound(self) -> SoundFacts:
        return SoundFacts(self._catalogue.summaries(), self.matrix.film_ids)

    @cached_property
    def scenes(self) -> SceneIndex:
        return SceneIndex(self._catalogue.scenes())

    def recommend(self, question: Question) -> Answer:
        """Recommend films, with reasons whose shares sum to the scores.

        Without likes, the answer is the starters that pass the filters, without disliked and seen films.

        Raises:
            ParameterError: a film of the question is not in the snapshot, or the slider leaves nothing to compare by.
        """
        placed, matrix = self.placed(question), self.matrix
        question = placed.question
        named, found = matrix.find((*question.likes, *question.dislikes, *question.seen))
        excluded = np.unique(named[found])
        allowed, notices = self._allowed(question.filters, excluded)
        filtered_out, notices = bool(notices), [*placed.notices, *notices]
        effects: tuple[Effect, ...] = ()
        if question.likes:
            query = self.query(placed)
            sound = question.music if question.mix is None else dict(question.mix).get("sound", 0.0)
            steering = self._steering(question)
            matrix, query, plain = *self._steered(query, steering), query
            rows, scores = self._set_of(question, matrix, query, allowed, excluded)
            if sound > 0 and len(rows) and not any(block in query.weight for block in HEARD):
                notices.append(Told("We haven't heard these films yet, so matches use cast, genre and year."))
            notices.extend(steering.notices)
            senses = self._catalogue if isinstance(self._catalogue, SensedFilms) else None
            beside = [[placed.outside[i].film for i in ids if i in placed.outside] for ids in placed.lists]
            results = Explainer(matrix, self._facts, self._sound, query, senses, *beside).explained(rows, scores)
            if steering.wishes:
                before, _ = self._set_of(question, self.matrix, plain, allowed, excluded)
                results, effects = steering.explained(results, rows), steering.effects(before, rows)
        else:
            rows, scores = self._starters(question, allowed, excluded)
            results = self._bare(rows, scores)
            if question.more or question.less:
                notices.append(Told("More and less need at least one liked film; they are ignored."))
        liked = tuple(placed.outside[i].film if i in placed.outside else self.film(i) for i in question.likes)
        if not len(rows) and not filtered_out:
            notices.append(
                Told("No film is left: all of them are liked, disliked, seen, or share nothing with the liked.")
            )
        unowned: tuple[Recommendation, ...] = ()
        if question.also_unowned:
            unowned, more = self._unowned.recommend(question)
            notices.extend(more)
        return Answer(liked, tuple(results), tuple(notices), question.asked_for, effects, unowned)

    def placed(self, question: Question) -> Placed:
        """The question with its films of the catalogue and its films outside of it."""
        return place(question, self.matrix, lambda: self._own_films, self._known_titles)

    @cached_property
    def _own_films(self) -> OwnFilms:
        return OwnFilms(self._catalogue.films())

    def query(self, placed: Placed) -> Query:
        """The query of a question with likes.

        Raises:
            ParameterError: a film of the question is not in the snapshot, or there is nothing to compare by.
        """
        question, matrix = placed.question, self.matrix
        how = question.balance, self.weights[question.asked_for]
        liked, disliked = (
            joined(
                anchors_of(matrix, matrix.rows_of(i for i in ids if i not in placed.outside), *how),
                anchors_outside(matrix, [placed.outside[i] for i in ids if i in placed.outside], *how),
            )
            for ids in placed.lists
        )
        return query_of(matrix, liked, disliked, *how)

    @cached_property
    def _unowned(self) -> UnownedFilms:
        return UnownedFilms(self, self._known_titles)

    def vectors_of(self, film_ids: Sequence[int]) -> dict[int, OutsideFilm]:
        """Films of the catalogue with their vectors, to be compared with films outside of it."""
        rows, found = self.matrix.find(film_ids)
        held = {}
        for film_id, row in zip(np.asarray(film_ids)[found].tolist(), rows[found], strict=True):
            blocks = {
                name: self.matrix.vectors[row, columns]
                for name, columns in self.matrix.slices.items()
                if self.matrix.has[name][row]
            }
            held[film_id] = OutsideFilm(self._facts.film(int(row)), blocks)
        return held

    def starters(self, n: int = 10, filters: Filters | None = None) -> tuple[Film, ...]:
        """Well-received, diverse films for somebody without likes."""
        return tuple(result.film for result in self.recommend(Question(n=n, filters=filters or Filters())).results)

    def nearest(self, film_id: int, n: int = 10, music: float = 0.5) -> tuple[Recommendation, ...]:
        """The films most similar to one film."""
        return self.recommend(Question(likes=(film_id,), n=n, music=music, variety=0.0, aim="like")).results

    def sounds_like(
        self, embeddings: npt.NDArray[np.floating], seconds: Sequence[float] | None = None, n: int = 10
    ) -> tuple[list[SceneMatch], list[tuple[int, float]]]:
        """Scenes, and films as (film_id, score), whose music is nearest to the embeddings (k, d) of some runs."""
        return self.scenes.nearest(np.asarray(embeddings, np.float64), seconds, n)

    def scenes_like(self, film_id: int, run: int, n: int = 10) -> list[SceneMatch]:
        """Scenes similar to one run of a film, without the run itself.

        Raises:
            ParameterError: there is no such run among those of the commonest model.
        """
        return self.scenes.like_run(film_id, run, n)

    def steered_scenes(
        self,
        pool: Sequence[SceneMatch],
        n: int,
        more: Sequence[str] = (),
        less: Sequence[str] = (),
        like: tuple[int, int] | None = None,
    ) -> SteeredScenes:
        """The first n of the scenes found by `scenes_like` or `sounds_like`, reordered by more or less of some traits;
        `like` is the film_id and run to which they are similar."""
        facts = self._catalogue.run_facts() if isinstance(self._catalogue, HeardRuns) else None
        if facts is None or not (more or less):
            return SteeredScenes(tuple(pool[:n]))
        return steer(pool, facts, RunTraits(facts, self._traits, self.matrix.film_ids), n, more, less, like)

    def steered_films(
        self, pool: Sequence[tuple[int, float]], n: int, more: Sequence[str] = (), less: Sequence[str] = ()
    ) -> list[tuple[int, float]]:
        """The same for the films found by `sounds_like`."""
        return steer_films(pool, self._traits, self.matrix.film_ids, n, more, less) if more or less else list(pool[:n])

    def map_vectors(self, basis: Basis) -> MapVectors:
        """The vectors that a map of this basis arranges."""
        if basis == "scenes":
            return scene_vectors(self._catalogue.scenes())
        return film_vectors(self._vectors, basis)

    @property
    def scene_model_version(self) -> str:
        """The model version of the scenes' embeddings."""
        return self.scenes.model_version

    def passing(self, filters: Filters) -> list[int]:
        """The film_ids that pass all filters, ascending."""
        allowed, _ = self._allowed(filters, np.zeros(0, np.intp))
        ids = self.matrix.film_ids if allowed is None else self.matrix.film_ids[allowed]
        return [int(film_id) for film_id in np.sort(ids)]

    def knows_trait(self, name: str) -> bool:
        """Whether a question's `more` and `less` can ask for this here: something of the name is known of a film."""
        trait = OPPOSITES.get(name, (name, True))[0]
        return trait in SAME_DIRECTOR or self._traits.values(trait) is not None

    def film(self, film_id: int) -> Film:
        """The film's metadata."""
        return self._facts.film(int(self.matrix.rows_of([film_id])[0]))

    def minutes(self) -> npt.NDArray[np.float64]:
        """(n,) running times of the films in the order of the matrix; NaN: unknown."""
        return self._facts.minutes

    def is_rated(self) -> npt.NDArray[np.bool_]:
        """(n,) whether a rating or a Metascore of the films is known, in the order of the matrix."""
        return self._facts.is_rated

    def _allowed(
        self, filters: Filters, excluded: npt.NDArray[np.intp]
    ) -> tuple[npt.NDArray[np.bool_] | None, list[str]]:
        """The films that pass all filters, and a notice that names the filter that leaves none."""
        if not filters.named():
            return None, []
        new = np.ones(len(self.matrix), bool)
        new[excluded] = False
        masks = {name: mask & new for name, mask in self._facts.masks(filters, self.matrix.has["music"]).items()}
        return np.logical_and.reduce(list(masks.values())), filter_notices(filters, masks)

    @cached_property
    def _traits(self) -> Traits:
        runs = self._catalogue.run_facts if isinstance(self._catalogue, HeardRuns) else None
        return Traits(self._catalogue.films(), self._catalogue.summaries(), self.matrix.film_ids, runs)

    def _steering(self, question: Question) -> Steering:
        if not (question.more or question.less):
            return Steering((), ())
        rows, found = self.matrix.find(question.likes)
        return Steering.of(question, self._traits, rows[found])

    def _steered(self, query: Query, steering: Steering) -> tuple[BlockMatrix, Query]:
        """The matrix, and the query with the effects of `more` and `less` in its prior."""
        if not steering.wishes:
            return self.matrix, query
        added = query.prior * self.matrix.prior.astype(np.float64) + steering.bonus(len(self.matrix))
        largest = float(np.abs(added).max()) or 1.0
        return self.matrix.with_prior((added / largest).astype(np.float32)), replace(query, prior=largest)

    def _set_of(
        self,
        question: Question,
        matrix: BlockMatrix,
        query: Query,
        allowed: npt.NDArray[np.bool_] | None,
        excluded: npt.NDArray[np.intp],
    ) -> tuple[npt.NDArray[np.intp], Float64]:
        """Rows and scores of the set, best first; the pool grows until the limit per director leaves enough films."""
        size = pool_size(question.n, question.variety, question.max_per_director)
        while True:
            rows, scores = search(matrix, query, size, allowed, excluded)
            leaning = leanings(matrix, query, rows) if question.variety and len(query.liked) > 1 else None
            chosen = self._chosen(question, question.variety, query.weight, rows, scores, leaning)
            if len(chosen) == min(question.n, len(rows)) or len(rows) < size:
                return rows[chosen], scores[chosen]
            size *= 4

    def _starters(
        self, question: Question, allowed: npt.NDArray[np.bool_] | None, excluded: npt.NDArray[np.intp]
    ) -> tuple[npt.NDArray[np.intp], Float64]:
        """Like `_set_of`, from the best received films, for a question without likes."""
        weight = block_weights(self.weights["taste"], list(self.matrix.slices), 0.5)
        variety, size = max(question.variety, STARTER_VARIETY), STARTER_POOL * question.n
        while True:
            rows, scores = self._best_received(size, allowed, excluded)
            chosen = self._chosen(question, variety, weight, rows, scores)
            if len(chosen) == min(question.n, len(rows)) or len(rows) < size:
                return rows[chosen], scores[chosen]
            size *= 4

    def _chosen(
        self,
        question: Question,
        variety: float,
        weight: dict[str, float],
        rows: npt.NDArray[np.intp],
        scores: Float64,
        leaning: Float64 | None = None,
    ) -> npt.NDArray[np.intp]:
        limit = question.max_per_director
        directors = self._facts.directors(rows) if limit else [()] * len(rows)
        return choose(self.matrix, weight, rows, scores, question.n, variety, directors, limit, leaning)

    def _best_received(
        self, size: int, allowed: npt.NDArray[np.bool_] | None, excluded: npt.NDArray[np.intp]
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
        passing = np.ones(len(self.matrix), bool) if allowed is None else allowed.copy()
        passing[excluded] = False
        rows = np.flatnonzero(passing)
        order = np.lexsort((rows, -self.matrix.prior[rows]))[:size]
        return rows[order], self.weights["taste"].prior * self.matrix.prior[rows[order]].astype(np.float64)

    def _bare(self, rows: npt.NDArray[np.intp], scores: Float64) -> list[Recommendation]:
        """Recommendations for starters: their only reason is the prior."""
        results = []
        for row, score in zip(rows, scores, strict=True):
            film = self._facts.film(int(row))
            results.append(Recommendation(film, float(score), (Reason("prior", float(score), reasons.prior(film)),)))
        return results
