"""Reasons for the films of an answer: the likes they come from, and each block's share of the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from film import Film
from recommender import reasons
from recommender.facts import FilmFacts, SoundFacts
from recommender.matrix import BlockMatrix
from recommender.question import Cause, Reason, Recommendation
from recommender.scoring import PEOPLE, SERIES, Float64, Parts, Query, Rows, parts
from recommender.senses import SENSES, SensedFilms
from recommender.vectors import HEARD
from senses import Dialogue, Faces, Picture
from told import Told

CAUSES = 3
"""Maximum number of likes that are named for a film."""

SOUND_WORDS = "music"
"""The block whose reason names features of the sound."""

NO_MUSIC = "No music was found or heard in this film: it is compared by what is known of it."


class Explainer:
    """Explains the films of one answer by the likes that contribute to their scores."""

    def __init__(
        self,
        matrix: BlockMatrix,
        facts: FilmFacts,
        sound: SoundFacts,
        query: Query,
        senses: SensedFilms | None = None,
        liked_outside: Sequence[Film] = (),
        disliked_outside: Sequence[Film] = (),
    ) -> None:
        """
        Args:
            liked_outside, disliked_outside: films that are not in the matrix, in the order of their rows -1, -2, ...
            senses: dialogue and picture features of films; used only if the question weighs them.
        """
        self._senses = senses
        self._said: dict[int, Dialogue] = {}
        self._seen: dict[int, Picture] = {}
        self._shown: dict[int, Faces] = {}
        self._matrix, self._facts, self._sound, self._query = matrix, facts, sound, query
        self._liked = [facts.film(int(row)) if row >= 0 else liked_outside[-1 - row] for row in query.liked.rows]
        self._disliked = [
            facts.film(int(row)) if row >= 0 else disliked_outside[-1 - row] for row in query.disliked.rows
        ]
        self._hears = any(block in query.weight for block in HEARD)
        # for each block, whether each like is compared by it
        self._having = dict(zip(matrix.slices, (query.liked.weight > 0).T.tolist(), strict=True))

    def explained(self, rows: Rows, scores: Float64) -> list[Recommendation]:
        """Recommendations for (n,) rows and scores; the shares of each film's reasons sum to its score."""
        made = parts(self._matrix, self._query, rows)
        self._read_senses([*rows, *(row for row in self._query.liked.rows if row >= 0)])
        return [self._one(i, int(row), float(scores[i]), made) for i, row in enumerate(rows)]

    def _read_senses(self, rows: Sequence[np.intp]) -> None:
        if self._senses is None:
            return
        ids = sorted({int(self._matrix.film_ids[row]) for row in rows})
        if "dialogue" in self._query.weight:
            self._said = self._senses.dialogues(ids)
        if "picture" in self._query.weight:
            self._seen = self._senses.pictures(ids)
        if "faces" in self._query.weight:
            self._shown = self._senses.faces(ids)

    def _one(self, i: int, row: int, score: float, made: Parts) -> Recommendation:
        film = self._facts.film(row)
        nearest = [like for like in made.nearest[i].tolist() if like >= 0]
        causes = [Cause(self._liked[like], float(made.likes[i, at])) for at, like in enumerate(nearest[:CAUSES])]
        found = [self._of_block(block, film, row, nearest, values[i]) for block, values in made.blocks.items()]
        kept = [reason for reason in found if reason is not None]
        if made.averse[i] >= 0:
            disliked, share = self._disliked[made.averse[i]], float(made.dislikes[i])
            kept.append(Reason("dislikes", share, reasons.dislikes(disliked, share)))
        kept.append(Reason("prior", float(made.prior[i]), reasons.prior(film)))
        kept.sort(key=lambda reason: -reason.share)
        deaf = self._hears and not any(self._matrix.has[block][row] for block in HEARD)
        return Recommendation(film, score, tuple(kept), tuple(causes), Told(NO_MUSIC) if deaf else "")

    def _of_block(
        self, block: str, film: Film, row: int, nearest: Sequence[int], given: npt.NDArray[np.float64]
    ) -> Reason | None:
        """A block's share of a film's score, explained by the like with the largest part; None if not compared."""
        source = PEOPLE if block == SERIES else block
        compared = self._having[source]
        parts_of = dict(zip(nearest, given.tolist(), strict=False))
        having = [like for like in nearest if compared[like]]
        if not self._matrix.has[source][row] or not having:
            return None
        share = float(given.sum())
        if source == PEOPLE and not share:
            return None  # without a common name, people are no reason
        having.sort(key=lambda like: -parts_of[like])
        like = next((one for one in having if reasons.names_something(block, film, self._liked[one])), having[0])
        sound: list[list[str]] = [[], []]
        if block == SOUND_WORDS:
            liked = int(self._query.liked.rows[like])
            sound = [self._sound.features(row), self._sound.features(liked) if liked >= 0 else []]
        alone = len(self._liked) == 1
        comparison = reasons.Comparison(film, self._liked[like], alone, share, sound[0], sound[1])
        if block in SENSES:
            comparison = self._with_senses(comparison)
        return Reason(block, share, reasons.words_for(block, comparison))

    def _with_senses(self, comparison: reasons.Comparison) -> reasons.Comparison:
        one, other = comparison.film.film_id or 0, comparison.nearest.film_id or 0
        return replace(
            comparison,
            film_said=self._said.get(one),
            nearest_said=self._said.get(other),
            film_seen=self._seen.get(one),
            nearest_seen=self._seen.get(other),
            film_faces=self._shown.get(one),
            nearest_faces=self._shown.get(other),
        )
