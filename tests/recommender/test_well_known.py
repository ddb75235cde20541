"""The rules that `bench.well_known` checks in a list of answers."""

from __future__ import annotations

import pytest

from bench.record_catalogue import RecordCatalogue
from bench.well_known import found_silly, in_front, of_series
from db.catalogue.records import FilmRecord
from film import Film
from recommender import FilmEncoding, Question, Reason, Recommendation, Recommender
from recommender.matrix import BlockMatrix

TOYS = Film("Toys", film_id=1, genres=("Animation", "Comedy"), directors=("A Maker",))
TOYS_2 = Film("Toys 2", film_id=2, genres=("Animation",), directors=("B Maker",))
DRAWN = Film("Drawn", film_id=3, genres=("Animation", "Comedy"))
PLAYED = Film("Played", film_id=4, genres=("Comedy",))
OTHER = Film("Other", film_id=5, genres=("War",))


def answer(film: Film, block: str = "genres", share: float = 0.2) -> Recommendation:
    return Recommendation(film, share, (Reason(block, share, ""), Reason("era", 0.4, ""), Reason("prior", 0.1, "")))


@pytest.mark.parametrize(
    ("films", "broken"),
    [
        ([TOYS_2, DRAWN, DRAWN, PLAYED], []),
        ([TOYS_2, PLAYED, DRAWN], ["not animated first"]),
        ([DRAWN, DRAWN, DRAWN, TOYS_2], ["no sequel and nothing by the director in front"]),
        ([], ["no sequel and nothing by the director in front"]),
    ],
)
def test_the_rules_for_a_list(films: list[Film], broken: list[str]) -> None:
    assert found_silly(TOYS, [answer(film) for film in films], [TOYS, TOYS_2, DRAWN, PLAYED]) == broken


def test_a_sequel_is_missed_only_where_there_is_one() -> None:
    assert found_silly(TOYS, [answer(DRAWN)] * 3, [TOYS, DRAWN]) == []


@pytest.mark.parametrize(("block", "film"), [("genres", OTHER), ("era", DRAWN), ("plot", DRAWN), ("people", DRAWN)])
def test_year_and_rating_alone_are_no_support(block: str, film: Film) -> None:
    found = found_silly(PLAYED, [answer(film, block)], [PLAYED, film])
    assert found == ([] if block == "plot" else ["only year and rating"])


def recommender_of(films: list[Film]) -> Recommender:
    records = [FilmRecord(film, None, None, None, "") for film in films]
    encoding = FilmEncoding()
    fitted = encoding.fit(records)
    blocks, prior = encoding.encode(fitted, records), encoding.prior(fitted, records)
    matrix = BlockMatrix.from_blocks(range(1, len(films) + 1), blocks, prior)
    return Recommender(RecordCatalogue(records, matrix))


def test_films_of_which_nothing_was_heard_are_a_catalogue_too() -> None:
    answer = recommender_of([TOYS, TOYS_2, DRAWN, PLAYED, OTHER]).recommend(Question((1,), n=2))
    assert [result.film for result in answer.results] == [TOYS_2, DRAWN], "the same series, the same genres"


def test_a_common_series_is_a_reason_of_its_own_of_films_like_these() -> None:
    films = [
        Film(title, film_id=i, directors=("A",), genres=("War",))
        for i, title in enumerate(("Toys", "Toys 2", "Other"), 1)
    ]
    likes, taste = (recommender_of(films).recommend(Question((1,), aim=aim)).results for aim in ("like", "taste"))
    said = {reason.block: reason.words for reason in likes[0].reasons}
    assert likes[0].film == films[1] and said["series"] == "same series or title: Toys"
    assert said["people"] == "same director: A"
    assert sum(reason.share for reason in likes[0].reasons) == pytest.approx(likes[0].score)
    assert {film.title for film in of_series(films)} == {"Toys", "Toys 2"}
    assert in_front(recommender_of(films), of_series(films), "like") == 2
    assert not any(reason.block == "series" for one in (likes[1], *taste) for reason in one.reasons)
