"""The rules that `bench.well_known` checks in a list of answers."""

from __future__ import annotations

import pytest

from bench.record_catalogue import RecordCatalogue
from bench.well_known import found_silly, series_of
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


def test_the_name_of_a_series_lacks_number_and_subtitle() -> None:
    names = ("Rocky III", "Star Wars: Episode IV - A New Hope", "Kill Bill: Vol. 2", "2001: A Space Odyssey", "Se7en")
    assert [series_of(name) for name in names] == ["rocky", "star wars", "kill bill", "2001", "se7en"]


def test_films_of_which_nothing_was_heard_are_a_catalogue_too() -> None:
    records = [FilmRecord(film, None, None, None, "") for film in (TOYS, TOYS_2, DRAWN, PLAYED, OTHER)]
    encoding = FilmEncoding()
    fitted = encoding.fit(records)
    matrix = BlockMatrix.from_blocks(range(1, 6), encoding.encode(fitted, records), encoding.prior(fitted, records))
    answer = Recommender(RecordCatalogue(records, matrix)).recommend(Question((1,), n=2))
    assert [result.film for result in answer.results][:1] == [DRAWN], "the same genres"
