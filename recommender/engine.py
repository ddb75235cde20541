"""The recommender: one question, one answer, over one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from film import Film
from recommender import reasons
from recommender.facts import FilmFacts, SoundFacts
from recommender.matrix import BlockMatrix, StoredVectors
from recommender.question import Answer, Filters, Question, Reason, Recommendation
from recommender.scenes import SceneIndex, SceneMatch, StoredScenes
from recommender.scoring import DEFAULT_WEIGHTS, Query, Weights, block_weights, build_query, shares
from recommender.search import search
from recommender.variety import choose, pool_size
from recommender.vectors import HEARD

STARTER_VARIETY = 0.5
STARTER_POOL = 5
"""A starter list is chosen from so many times its length of the best received films, however few films there are."""

NO_MUSIC = "No music was found or heard in this film: it is compared by what is known of it."


class Catalogue(Protocol):
    """What the recommender reads: a snapshot, or something of its shape."""

    def films(self) -> pd.DataFrame: ...
    def summaries(self) -> pd.DataFrame: ...
    def matrix(self) -> StoredVectors: ...
    def scenes(self) -> StoredScenes: ...


class Recommender:
    """Answers questions about the films of one snapshot; safe to share between threads.

    The same question gives the same answer. Everything is read once, on first need, and kept.
    """

    def __init__(self, catalogue: Catalogue, weights: Weights = DEFAULT_WEIGHTS) -> None:
        self._catalogue = catalogue
        self.weights = weights

    @cached_property
    def matrix(self) -> BlockMatrix:
        return BlockMatrix.of(self._catalogue.matrix())

    @cached_property
    def _facts(self) -> FilmFacts:
        return FilmFacts(self._catalogue.films(), self.matrix.film_ids)

    @cached_property
    def _sound(self) -> SoundFacts:
        return SoundFacts(self._catalogue.summaries(), self.matrix.film_ids)

    @cached_property
    def _scenes(self) -> SceneIndex:
        return SceneIndex(self._catalogue.scenes())

    def recommend(self, question: Question) -> Answer:
        """The films to see next, with reasons whose shares sum to their scores.

        Without likes: the starters that pass the filters, without what is disliked or seen.

        Raises:
            ParameterError: a film of the question is not in the snapshot, or the slider leaves nothing to compare by.
        """
        matrix = self.matrix
        likes, dislikes = matrix.rows_of(question.likes), matrix.rows_of(question.dislikes)
        excluded = np.unique(np.concatenate([likes, dislikes, self._seen(question.seen)]))
        allowed, notices = self._allowed(question.filters, excluded)
        if len(likes):
            query = build_query(matrix, likes, dislikes, question.music, self.weights)
            if question.music > 0 and not any(block in query.weight for block in HEARD):
                notices.append("None of the liked films has music: compared by what is known of them.")
        else:
            query = self._starter_query()
        rows = self._set_of(question, query, allowed, excluded, bool(len(likes)))
        liked = tuple(self._facts.film(int(row)) for row in likes)
        disliked = [self._facts.film(int(row)) for row in dislikes]
        results = self._explained(query, rows, likes, dislikes, liked, disliked) if len(likes) else self._bare(rows)
        if not len(rows) and not notices:
            notices.append("No film is left: all of them are liked, disliked, seen, or share nothing with the liked.")
        return Answer(liked, tuple(results), tuple(notices))

    def starters(self, n: int = 10, filters: Filters | None = None) -> tuple[Film, ...]:
        """Well-received films that differ from each other, for somebody who has liked nothing yet."""
        return tuple(result.film for result in self.recommend(Question(n=n, filters=filters or Filters())).results)

    def nearest(self, film_id: int, n: int = 10, music: float = 0.5) -> tuple[Recommendation, ...]:
        """The films most like one film."""
        return self.recommend(Question(likes=(film_id,), n=n, music=music, variety=0.0)).results

    def sounds_like(
        self, embeddings: npt.NDArray[np.floating], seconds: Sequence[float] | None = None, n: int = 10
    ) -> tuple[list[SceneMatch], list[tuple[int, float]]]:
        """The scenes, and the films as (film_id, score), whose music is nearest to some runs' embeddings (k, d)."""
        return self._scenes.nearest(np.asarray(embeddings, np.float64), seconds, n)

    def scenes_like(self, film_id: int, run: int, n: int = 10) -> list[SceneMatch]:
        """More scenes like one run of one film; the run itself is left out.

        Raises:
            ParameterError: there is no such run.
        """
        return self._scenes.like_run(film_id, run, n)

    @property
    def scene_model_version(self) -> str:
        """The model version whose embeddings the scenes are."""
        return self._scenes.model_version

    def film(self, film_id: int) -> Film:
        """What is known of a film."""
        return self._facts.film(int(self.matrix.rows_of([film_id])[0]))

    def _seen(self, film_ids: Sequence[int]) -> npt.NDArray[np.intp]:
        """Rows of the seen films; one that is gone cannot come back and needs no row."""
        rows, found = self.matrix.find(film_ids)
        return rows[found]

    def _allowed(
        self, filters: Filters, excluded: npt.NDArray[np.intp]
    ) -> tuple[npt.NDArray[np.bool_] | None, list[str]]:
        """The films that pass all filters, and a notice that names what empties the result."""
        if not filters.named():
            return None, []
        new = np.ones(len(self.matrix), bool)
        new[excluded] = False
        masks = {name: mask & new for name, mask in self._facts.masks(filters, self.matrix.has["music"]).items()}
        allowed = np.logical_and.reduce(list(masks.values()))
        if allowed.any():
            return allowed, []
        named = filters.named()
        spelled = {name: f"--{name}" if value is True else f"--{name} {value}" for name, value in named.items()}
        alone = [spelled[name] for name, mask in masks.items() if not mask.any()]
        if alone:
            return allowed, [f"No film passes {reasons.listed(alone)}. Take it away or change it."]
        freeing = [
            spelled[name]
            for name in masks
            if np.logical_and.reduce([mask for other, mask in masks.items() if other != name]).any()
        ]
        hint = f" Without {' or without '.join(freeing)} there are some." if freeing else ""
        return allowed, [f"No film passes {reasons.listed(list(spelled.values()))} together.{hint}"]

    def _starter_query(self) -> Query:
        weight = block_weights(self.weights, list(self.matrix.slices), 0.5)
        return Query({}, {}, {}, weight, 0.0, self.weights.prior)

    def _set_of(
        self,
        question: Question,
        query: Query,
        allowed: npt.NDArray[np.bool_] | None,
        excluded: npt.NDArray[np.intp],
        by_score: bool,
    ) -> npt.NDArray[np.intp]:
        """Rows of the set, best first; the pool grows until the limit per director no longer starves it."""
        variety = question.variety if by_score else max(question.variety, STARTER_VARIETY)
        size = pool_size(question.n, variety, question.max_per_director) if by_score else STARTER_POOL * question.n
        while True:
            if by_score:
                rows, scores = search(self.matrix, query, size, allowed, excluded)
            else:
                rows, scores = self._best_received(size, allowed, excluded)
            directors = self._facts.directors(rows) if question.max_per_director else [()] * len(rows)
            chosen = choose(self.matrix, query, rows, scores, question.n, variety, directors, question.max_per_director)
            if len(chosen) == min(question.n, len(rows)) or len(rows) < size:
                return rows[chosen]
            size *= 4

    def _best_received(
        self, size: int, allowed: npt.NDArray[np.bool_] | None, excluded: npt.NDArray[np.intp]
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
        passing = np.ones(len(self.matrix), bool) if allowed is None else allowed.copy()
        passing[excluded] = False
        rows = np.flatnonzero(passing)
        order = np.lexsort((rows, -self.matrix.prior[rows]))[:size]
        return rows[order], self.weights.prior * self.matrix.prior[rows[order]].astype(np.float64)

    def _bare(self, rows: npt.NDArray[np.intp]) -> list[Recommendation]:
        """Starters: the prior is all there is to say."""
        results = []
        for row in rows:
            film = self._facts.film(int(row))
            share = self.weights.prior * float(self.matrix.prior[row])
            results.append(Recommendation(film, share, (Reason("prior", share, reasons.prior(film)),)))
        return results

    def _explained(
        self,
        query: Query,
        rows: npt.NDArray[np.intp],
        likes: npt.NDArray[np.intp],
        dislikes: npt.NDArray[np.intp],
        liked: tuple[Film, ...],
        disliked: Sequence[Film],
    ) -> list[Recommendation]:
        parts = shares(self.matrix, query, rows)
        nearest = {block: self._nearest_like(block, rows, likes) for block in query.weight}
        averse = self._nearest_disliked(query, rows, dislikes)
        taste = reasons.Taste(liked)
        results = []
        for i, row in enumerate(rows):
            film = self._facts.film(int(row))
            own_sound = self._sound.features(int(row))
            found = []
            for block in query.weight:
                if not self.matrix.has[block][row]:
                    continue
                like = int(nearest[block][i])
                share = float(parts[block][i])
                like_sound = self._sound.features(int(likes[like])) if block in HEARD else ()
                comparison = reasons.Comparison(film, liked[like], taste, share, own_sound, like_sound)
                found.append(Reason(block, share, reasons.words_for(block, comparison)))
            if "dislikes" in parts:
                share = float(parts["dislikes"][i])
                found.append(Reason("dislikes", share, reasons.dislikes(disliked[averse[i]], share)))
            found.append(Reason("prior", float(parts["prior"][i]), reasons.prior(film)))
            found.sort(key=lambda reason: -reason.share)
            score = float(sum(values[i] for values in parts.values()))
            asked_heard = any(block in query.weight for block in HEARD)
            deaf = asked_heard and not any(self.matrix.has[block][row] for block in HEARD)
            results.append(Recommendation(film, score, tuple(found), NO_MUSIC if deaf else ""))
        return results

    def _nearest_like(
        self, block: str, rows: npt.NDArray[np.intp], likes: npt.NDArray[np.intp]
    ) -> npt.NDArray[np.intp]:
        """Per row the position of the like that is nearest in a block."""
        columns = self.matrix.slices[block]
        alike = self.matrix.vectors[rows, columns] @ self.matrix.vectors[likes, columns].T
        nearest: npt.NDArray[np.intp] = np.where(self.matrix.has[block][likes], alike, -np.inf).argmax(axis=1)
        return nearest

    def _nearest_disliked(
        self, query: Query, rows: npt.NDArray[np.intp], dislikes: npt.NDArray[np.intp]
    ) -> npt.NDArray[np.intp]:
        """Per row the position of the disliked film that is nearest over all blocks."""
        if not len(dislikes):
            return np.zeros(len(rows), np.intp)
        alike = np.zeros((len(rows), len(dislikes)))
        for block, weight in query.weight.items():
            columns = self.matrix.slices[block]
            alike += weight * (self.matrix.vectors[rows, columns] @ self.matrix.vectors[dislikes, columns].T)
        nearest: npt.NDArray[np.intp] = alike.argmax(axis=1)
        return nearest
