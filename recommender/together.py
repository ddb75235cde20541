"""One evening, several people: films that suit all of them, and one film unlike the last answers.

Each person's scores become shares: r(x) is the share of the candidates that the person's score puts below x, ties half.
A group's score is (1 - MISERY) mean(r) + MISERY min(r): the average, lowered by the person who likes the film least
(J. Masthoff, "Group recommender systems", 2011: average without misery).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from errors import ParameterError
from film import Film
from recommender.engine import Recommender
from recommender.question import Question
from recommender.scoring import build_query, scores
from told import Told

Float64 = npt.NDArray[np.float64]

MOST_ANSWERS = 10
"""Each answer that a surprise is compared with costs a pass over the catalogue."""
ONE_UNKNOWN, SOME_UNKNOWN = "1 film of unknown length left out.", "{} films of unknown length left out."
NONE_LEFT = "No film is left for all of these people. Name fewer seen films."
NONE_SO_SHORT = "No film is left for all of these people. Raise the time limit, or name fewer seen films."
MISERY = 0.5
"""Weight of the person who likes a film least."""
MOST_PEOPLE = 12
WELL_RECEIVED = 0.75
"""A surprise is drawn from films whose quality is at or above this quantile."""


@dataclass(frozen=True)
class GroupPick:
    """A film for a group."""

    film: Film
    score: float
    shares: tuple[tuple[str, float], ...]
    """(person, r): the share of the candidates that this person would like less, in the order of the people."""


@dataclass(frozen=True)
class Surprise:
    """A film unlike the last answers."""

    film: Film
    likeness: float
    """Its similarity to the nearest of them, by everything that is known of both."""
    nearest: Film


def tonight(
    recommender: Recommender, people: Mapping[str, Question], n: int = 10, minutes: int | None = None
) -> tuple[list[GroupPick], list[str]]:
    """The n best films for several people together, and notices.

    Films that anybody likes, dislikes or has seen are left out; equal scores are ordered by film_id.

    Args:
        people: a question with likes for each name.
        minutes: longest film; films of unknown length are left out then.

    Raises:
        ParameterError: nobody, too many people, somebody without likes, or a limit below one minute.
    """
    if not 1 <= len(people) <= MOST_PEOPLE:
        raise ParameterError(f"tonight: {len(people)} people. Name 1 to {MOST_PEOPLE}, each with films that they like.")
    if minutes is not None and minutes < 1:
        raise ParameterError(f"tonight: {minutes} minutes leave no film. Give 1 or more.")
    matrix = recommender.matrix
    open_ = np.ones(len(matrix), bool)
    columns, notices = [], list[str]()
    for name, question in people.items():
        if not question.likes:
            raise ParameterError(f"{name}: likes no film. Name at least one film for each person.")
        placed = recommender.placed(question)
        notices.extend(placed.notices)
        if not placed.question.likes:
            raise ParameterError(f"{name}: none of the liked films is known here. Name another film.")
        question = placed.question
        named, found = matrix.find((*question.likes, *question.dislikes, *question.seen))
        open_[named[found]] = False
        columns.append(scores(matrix, recommender.query(placed), np.arange(len(matrix))))
    table = np.stack(columns, axis=1)
    if minutes is not None:
        lengths = recommender.minutes()
        unknown = int((open_ & np.isnan(lengths)).sum())
        open_ &= lengths <= minutes
        if unknown:
            notices.append(Told(ONE_UNKNOWN) if unknown == 1 else Told(SOME_UNKNOWN, unknown))
    rows = np.flatnonzero(open_ & np.isfinite(table).all(axis=1))
    if not len(rows):
        return [], [*notices, Told(NONE_LEFT if minutes is None else NONE_SO_SHORT)]
    shares = np.stack([_below(table[rows, i]) for i in range(table.shape[1])], axis=1)
    together = (1 - MISERY) * shares.mean(axis=1) + MISERY * shares.min(axis=1)
    best = np.lexsort((rows, -together))[:n]
    picks = [
        GroupPick(
            recommender.film(int(matrix.film_ids[rows[at]])),
            float(together[at]),
            tuple((name, float(share)) for name, share in zip(people, shares[at], strict=True)),
        )
        for at in best
    ]
    return picks, notices


def surprise(recommender: Recommender, answers: Sequence[int], apart_from: Sequence[int] = ()) -> Surprise | None:
    """The well-received film that is least like the nearest of some films; None if no film is left.

    Films without a rating are drawn from only where no film has one.

    Args:
        answers: film_ids of the last answers, at least one; the first MOST_ANSWERS count.
        apart_from: further films that must not be chosen: likes, dislikes, seen films.
    """
    if not answers:
        raise ParameterError("surprise: no film to be unlike. Ask a question first.")
    matrix = recommender.matrix
    rows, answered = matrix.rows_of(answers[:MOST_ANSWERS]), matrix.rows_of(answers)
    others, found = matrix.find(apart_from)
    open_ = np.ones(len(matrix), bool)
    open_[np.concatenate([answered, others[found]])] = False
    candidates = np.flatnonzero(open_)
    if not len(candidates):
        return None
    rated = candidates[recommender.is_rated()[candidates]]
    candidates = rated if len(rated) else candidates
    candidates = candidates[matrix.prior[candidates] >= np.quantile(matrix.prior[candidates], WELL_RECEIVED)]
    alike = np.full((len(candidates), len(rows)), -np.inf)
    for i, row in enumerate(rows):
        query = build_query(matrix, np.array([row]), np.zeros(0, np.intp), 0.5, recommender.weights["like"])
        plain = scores(matrix, query, candidates) - query.prior * matrix.prior[candidates].astype(np.float64)
        alike[:, i] = np.nan_to_num(plain, nan=-np.inf)
    nearest = alike.max(axis=1)
    if not np.isfinite(nearest).any():
        return None
    at = int(np.where(np.isfinite(nearest), nearest, np.inf).argmin())
    film, other = (int(matrix.film_ids[row]) for row in (candidates[at], rows[alike[at].argmax()]))
    return Surprise(recommender.film(film), float(nearest[at]), recommender.film(other))


def _below(values: Float64) -> Float64:
    """(n,) share of the other values below each, ties half; 1 for a single value."""
    if len(values) < 2:
        return np.ones(len(values))
    ordered = np.sort(values)
    below, upto = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    shares: Float64 = (below + (upto - below - 1) / 2) / (len(values) - 1)
    return shares
