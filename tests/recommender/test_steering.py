"""More of, less of: the answers move the way that was asked for, and their shares still sum to the score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.generated import GeneratedCatalogue
from errors import ParameterError
from recommender import Question, Recommender
from recommender.steering import MOST_DEVIATIONS, STRENGTH, Traits, deviations
from tests.recommender.catalogues import generated

NAMES = ("energy", "valence", "danceability", "jazz", "metal", "drama", "western", "1990s", "director", "calm", "dark")


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    return Recommender(generated())


def _trait(name: str) -> np.ndarray:  # type: ignore[type-arg]
    catalogue: GeneratedCatalogue = generated()
    values = Traits(catalogue.films(), catalogue.summaries(), catalogue.matrix().film_ids).values(name)
    assert values is not None
    return values


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 300), st.sampled_from(NAMES), st.booleans(), st.sampled_from([0.0, 0.5, 1.0]))
def test_the_answers_move_as_asked_and_shares_sum_to_the_score(like: int, name: str, more: bool, music: float) -> None:
    recommender = Recommender(generated())
    heard = recommender.matrix.has["music"][like - 1]
    question = Question(
        likes=(like,), variety=0.0, music=music if heard else 0.0, **{"more" if more else "less": (name,)}
    )
    answer = recommender.recommend(question)
    for effect in answer.effects:
        if name not in ("calm", "dark"):
            assert (effect.name, effect.is_more) == (name, more)
        values = recommender._traits.directed(np.array([like - 1])) if name == "director" else _trait(effect.name)
        ids = np.array([result.film.film_id for result in answer.results]) - 1
        assert effect.after == pytest.approx(np.nanmean(values[ids])) if np.isfinite(values[ids]).any() else True
        z = deviations(values)
        before = recommender.recommend(Question(likes=(like,), variety=0.0, music=question.music)).results
        old = np.array([result.film.film_id for result in before]) - 1
        sign = 1 if effect.is_more else -1
        assert sign * z[ids].sum() >= sign * z[old].sum() - 1e-5
    for result in answer.results:
        assert sum(reason.share for reason in result.reasons) == pytest.approx(result.score, abs=1e-6)


def test_a_score_is_the_plain_score_and_strength_times_the_deviation(recommender: Recommender) -> None:
    plain = {
        one.film.film_id: one.score for one in recommender.recommend(Question(likes=(3,), n=300, variety=0)).results
    }
    steered = recommender.recommend(Question(likes=(3,), n=300, variety=0, more=("energy",), less=("drama",))).results
    energy, drama = deviations(_trait("energy")), deviations(_trait("drama"))
    for result in steered:
        row = (result.film.film_id or 0) - 1
        expected = plain[result.film.film_id] + STRENGTH * (energy[row] - drama[row])
        assert result.score == pytest.approx(expected, abs=1e-6)
        assert {"more", "less"} <= {reason.block for reason in result.reasons}


def test_the_scan_of_a_large_catalogue_finds_the_same_films(monkeypatch: pytest.MonkeyPatch) -> None:
    question = Question(likes=(3, 8), more=("energy",), less=("1990s",), variety=0)
    exact = Recommender(generated()).recommend(question).results
    monkeypatch.setattr("recommender.search.FILMS_WITHOUT_SCAN", 0)
    scanned = Recommender(generated()).recommend(question).results
    assert [one.film.film_id for one in scanned] == [one.film.film_id for one in exact]


def test_less_of_the_same_director_leaves_them_out(recommender: Recommender) -> None:
    question = Question(likes=(3,), variety=0, less=("director",))
    liked = recommender.film(3).directors
    assert not any(set(liked) & set(one.film.directors) for one in recommender.recommend(question).results)


def test_unknown_values_count_as_the_mean_and_far_ones_are_bounded() -> None:
    values = np.array([np.nan, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0])
    z = deviations(values)
    assert z[0] == 0 and z.max() == MOST_DEVIATIONS
    assert not deviations(np.full(4, 2.0)).any() and not deviations(np.full(3, np.nan)).any()


def test_what_is_not_known_is_named_and_left_out(recommender: Recommender) -> None:
    answer = recommender.recommend(Question(likes=(3,), more=("Energy ", "zither")))
    assert [effect.name for effect in answer.effects] == ["energy"]
    assert [notice for notice in answer.notices if "zither" in notice]


@pytest.mark.parametrize(
    "asked", [{"more": ("energy",), "less": ("Energy",)}, {"more": ("x" * 61,)}, {"less": tuple("abcdefghijk")}]
)
def test_contradictions_and_endless_wishes_are_refused(asked: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ParameterError, match=r"`(more|less)`"):
        Question(likes=(1,), **asked)  # type: ignore[arg-type]
