"""Films for several people, held against the definition written out; and a surprise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import ParameterError
from recommender import Question, Recommender
from recommender.together import MISERY, surprise, tonight
from tests.recommender.catalogues import generated

RECOMMENDER = Recommender(generated())


def _slow_shares(like: int, candidates: list[int]) -> dict[int, float]:
    plain = RECOMMENDER.recommend(Question(likes=(like,), n=400, variety=0.0)).results
    scores = {one.film.film_id or 0: one.score for one in plain}
    return {
        film: sum(
            (scores[other] < scores[film]) + 0.5 * (scores[other] == scores[film])
            for other in candidates
            if other != film
        )
        / (len(candidates) - 1)
        for film in candidates
    }


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 300), min_size=2, max_size=3, unique=True))
def test_a_group_score_is_the_mean_held_back_by_the_least(likes: list[int]) -> None:
    people = {f"P{like}": Question(likes=(like,)) for like in likes}
    picks, _ = tonight(RECOMMENDER, people, n=300)
    candidates = [pick.film.film_id or 0 for pick in picks]
    shares = [_slow_shares(like, candidates) for like in likes]
    for pick in picks[:20]:
        own = [one[pick.film.film_id or 0] for one in shares]
        assert [share for _, share in pick.shares] == pytest.approx(own, abs=0.01)
        assert pick.score == pytest.approx((1 - MISERY) * np.mean(own) + MISERY * min(own), abs=0.01)
    assert [pick.score for pick in picks] == sorted((pick.score for pick in picks), reverse=True)
    assert not set(likes) & set(candidates)


def test_the_time_limit_and_what_anybody_saw_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    people = {"Ann": Question(likes=(3,)), "Bo": Question(likes=(9,), seen=(4, 5))}
    everything, _ = tonight(RECOMMENDER, people, n=300)
    assert not {3, 4, 5, 9} & {pick.film.film_id for pick in everything}
    lengths = np.linspace(80, 130, len(RECOMMENDER.matrix))
    lengths[::7] = np.nan
    monkeypatch.setattr(RECOMMENDER, "minutes", lambda: lengths)
    picks, notices = tonight(RECOMMENDER, people, n=300, minutes=100)
    rows = RECOMMENDER.matrix.rows_of([pick.film.film_id or 0 for pick in everything])
    assert 0 < len(picks) == (lengths[rows] <= 100).sum()
    assert notices == [f"{np.isnan(lengths[rows]).sum()} films of unknown length left out."]


@pytest.mark.parametrize(
    ("people", "minutes", "said"),
    [
        ({}, None, "0 people"),
        ({"Ann": Question()}, None, "Ann: likes no film"),
        ({"Ann": Question(likes=(1,))}, 0, "0 minutes"),
    ],
)
def test_what_cannot_be_answered_is_said(people: dict[str, Question], minutes: int | None, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        tonight(RECOMMENDER, people, 10, minutes)


def test_a_surprise_is_well_received_new_and_less_like_the_answers_than_others() -> None:
    answers = [one.film.film_id or 0 for one in RECOMMENDER.recommend(Question(likes=(3,))).results]
    found = surprise(RECOMMENDER, answers, (3,))
    assert found is not None and found.film.film_id not in (3, *answers)
    matrix = RECOMMENDER.matrix
    own = matrix.prior[matrix.rows_of([found.film.film_id or 0])[0]]
    assert own >= np.median(matrix.prior) and found.film.rating is not None
    alike = [RECOMMENDER.nearest(one, 299) for one in answers]
    nearest = {film.film.film_id: film.score for film in alike[0]}
    assert nearest[found.film.film_id] < np.median(list(nearest.values()))
    assert surprise(RECOMMENDER, list(range(1, 301))) is None
    with pytest.raises(ParameterError, match="no film to be unlike"):
        surprise(RECOMMENDER, [])
