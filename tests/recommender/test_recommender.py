from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import ParameterError
from recommender import Answer, Filters, Question, Recommender
from tests.recommender.catalogues import generated, slow_scores

N = 300
IDS = st.integers(1, N)


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    return Recommender(generated(N))


def ids(answer: Answer) -> list[int]:
    return [result.film.film_id or 0 for result in answer.results]


@given(
    st.lists(IDS, min_size=1, max_size=8, unique=True),
    st.lists(IDS, max_size=4, unique=True),
    st.lists(IDS, max_size=4),
    st.floats(0, 0.9),
    st.floats(0, 1),
    st.sampled_from([None, 1, 2]),
)
@settings(max_examples=60, deadline=None)
def test_what_holds_of_every_answer(
    likes: list[int], dislikes: list[int], seen: list[int], music: float, variety: float, limit: int | None
) -> None:
    recommender = Recommender(generated(N))
    dislikes = [film for film in dislikes if film not in likes]
    question = Question(tuple(likes), tuple(dislikes), tuple(seen), music, variety, max_per_director=limit)
    answer = recommender.recommend(question)
    assert not set(ids(answer)) & {*likes, *dislikes, *seen}
    keys = [(-result.score, result.film.film_id) for result in answer.results]
    assert keys == sorted(keys), "shown by score, ties by film_id"
    for result in answer.results:
        assert sum(reason.share for reason in result.reasons) == pytest.approx(result.score, abs=1e-9)
        assert all(reason.words for reason in result.reasons)
    if limit:
        directors = [name for result in answer.results for name in result.film.directors]
        assert max(map(directors.count, directors)) <= limit
    assert Recommender(generated(N)).recommend(question) == answer, "the same question gives the same answer"


def test_the_answer_is_the_best_of_the_formula(recommender: Recommender) -> None:
    question = Question(likes=(3, 50, 120), dislikes=(9,), music=0.4, variety=0.0)
    answer = recommender.recommend(question)
    matrix = recommender.matrix
    slow = slow_scores(matrix, [2, 49, 119], [8], 0.4, recommender.weights["like"])
    best = sorted((-score, row) for row, (score, _) in slow.items() if row not in (2, 49, 119, 8))[:10]
    assert ids(answer) == [row + 1 for _, row in best]
    for result, (negative, row) in zip(answer.results, best, strict=True):
        assert result.score == pytest.approx(-negative, abs=1e-9)
        for reason in result.reasons:
            assert reason.share == pytest.approx(slow[row][1][reason.block], abs=1e-9)


def test_a_question_is_about_likeness_up_to_three_likes_and_about_a_taste_from_four_on(
    recommender: Recommender,
) -> None:
    few, many = Question(likes=(1, 2, 3)), Question(likes=(1, 2, 3, 4))
    assert recommender.recommend(few) == recommender.recommend(replace(few, aim="like"))
    assert recommender.recommend(many) == recommender.recommend(replace(many, aim="taste"))
    assert recommender.recommend(few).aim == "like" and recommender.recommend(many).aim == "taste"
    assert recommender.recommend(few) != recommender.recommend(replace(few, aim="taste"))
    assert recommender.nearest(5, n=3) == recommender.recommend(Question((5,), n=3, variety=0.0, aim="like")).results


@pytest.mark.parametrize(
    "filters",
    [
        Filters(year_from=1990),
        Filters(year_to=2000),
        Filters(genre="drama"),
        Filters(country="usa"),
        Filters(with_music=True),
        Filters(genre="Comedy", year_from=1980, year_to=2015, with_music=True),
    ],
)
def test_filters_act_inside_the_search(recommender: Recommender, filters: Filters) -> None:
    everything = recommender.recommend(Question(likes=(1, 2), n=N, variety=0.0))
    films = recommender._catalogue.films().set_index("film_id")

    def passes(film_id: int) -> bool:
        film = films.loc[film_id]
        has_music = bool(recommender.matrix.has["music"][film_id - 1])
        return (
            (filters.year_from is None or film.year >= filters.year_from)
            and (filters.year_to is None or film.year <= filters.year_to)
            and (filters.genre is None or filters.genre.lower() in map(str.lower, film.genres))
            and (filters.country is None or filters.country.lower() in map(str.lower, film.countries))
            and (not filters.with_music or has_music)
        )

    expected = [film_id for film_id in ids(everything) if passes(film_id)]
    found = recommender.recommend(Question(likes=(1, 2), n=7, variety=0.0, filters=filters))
    assert len(found.results) == 7, "taken before the cut, not after"
    assert ids(found) == expected[:7]


def test_a_filter_that_empties_the_result_is_named(recommender: Recommender) -> None:
    none = recommender.recommend(Question(likes=(1,), filters=Filters(genre="Kabuki", year_from=1950)))
    assert none.results == ()
    assert none.notices == ("No film passes `genre` Kabuki. Take it away or change it.",)
    films = recommender._catalogue.films()
    late = int(films["year"].max())
    director = films.loc[films["year"] < late, "directors"].iloc[0][0]
    both = recommender.recommend(Question(likes=(1,), filters=Filters(director=director, year_from=late)))
    if not both.results:
        assert "together" in both.notices[0] and f"`year_from` {late}" in both.notices[0]


def test_a_film_without_music_says_so(recommender: Recommender) -> None:
    has = recommender.matrix.has["music"]
    heard, deaf = int(np.flatnonzero(has)[0]) + 1, int(np.flatnonzero(~has)[0]) + 1
    answer = recommender.recommend(Question(likes=(heard,), n=N, variety=0.0))
    by_id = {result.film.film_id: result for result in answer.results}
    assert "known" in by_id[deaf].note
    assert not {reason.block for reason in by_id[deaf].reasons} & {"music", "embedding"}
    assert all(not result.note for i, result in by_id.items() if has[(i or 0) - 1])
    about = recommender.recommend(Question(likes=(deaf,)))
    assert about.notices == ("We haven't heard these films yet, so matches use cast, genre and year.",)
    empty = recommender.recommend(Question(likes=(deaf,), filters=Filters(genre="No Such")))
    assert empty.notices == ("No film passes `genre` No Such. Take it away or change it.",), "there are no matches"


def test_how_it_sounds_alone_leaves_films_without_music_out(recommender: Recommender) -> None:
    heard = int(np.flatnonzero(recommender.matrix.has["music"])[0]) + 1
    answer = recommender.recommend(Question(likes=(heard,), music=1.0, n=N))
    assert all(recommender.matrix.has["music"][(i or 0) - 1] for i in ids(answer))
    assert {reason.block for result in answer.results for reason in result.reasons} == {"music", "embedding", "prior"}


def test_starters_are_well_received_and_differ(recommender: Recommender) -> None:
    films = recommender.starters(10)
    assert len({film.film_id for film in films}) == 10
    assert np.mean([film.rating for film in films if film.rating]) > 7
    assert len({genre for film in films for genre in film.genres}) >= 5
    assert recommender.starters(10) == films


def test_a_short_starter_list_is_of_the_best_received_however_few_films_there_are(recommender: Recommender) -> None:
    best = {int(recommender.matrix.film_ids[row]) for row in np.argsort(-recommender.matrix.prior, kind="stable")[:20]}
    assert {film.film_id for film in recommender.starters(4)} <= best


def test_a_film_is_nearest_to_its_copy_and_not_to_itself(recommender: Recommender) -> None:
    found = recommender.nearest(5, n=3)
    assert 5 not in [result.film.film_id for result in found]


@pytest.mark.parametrize(
    "wrong",
    [
        {"music": 1.5},
        {"music": float("nan")},
        {"variety": -0.1},
        {"n": 0},
        {"max_per_director": 0},
        {"filters": Filters(year_from=2000, year_to=1990)},
        {"likes": (1,), "dislikes": (1,)},
        {"aim": "nothing"},
    ],
)
def test_a_question_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        Question(**wrong)  # type: ignore[arg-type]


def test_an_unknown_film_is_refused(recommender: Recommender) -> None:
    with pytest.raises(ParameterError, match="film 10000"):
        recommender.recommend(Question(likes=(10_000,)))
    assert recommender.recommend(Question(likes=(1,), seen=(10_000,))).results, "a seen film may be gone"


def test_all_seen_leaves_a_notice(recommender: Recommender) -> None:
    answer = recommender.recommend(Question(likes=(1,), seen=tuple(range(1, N + 1))))
    assert not answer.results and answer.notices


def test_more_scenes_like_one(recommender: Recommender) -> None:
    heard = int(np.flatnonzero(recommender.matrix.has["embedding"])[0]) + 1
    matches = recommender.scenes_like(heard, 0, n=5)
    assert len(matches) == 5 and heard not in [match.film_id for match in matches]
    assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)
    with pytest.raises(ParameterError, match="nothing to compare"):
        recommender.scenes_like(heard, 7)


def test_more_films_than_there_are_can_be_asked_for(recommender: Recommender) -> None:
    everything = recommender.recommend(Question(likes=(1,), n=10**20))
    assert len(everything.results) == N - 1
