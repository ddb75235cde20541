"""Films outside of the catalogue: compared as if they were in it, and never recommended unless asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.generated import GeneratedCatalogue
from errors import CatalogueError, ParameterError
from film import Film
from recommender import Question, Recommender
from recommender.engine import Catalogue
from recommender.matrix import BlockMatrix
from recommender.outside import OutsideFilm
from tests.recommender.catalogues import generated

N = 120
APART = (3, 40, 77)
"""Films of the whole catalogue that the smaller one lacks; outside of it, 40 is called -40."""


class Part:
    """The generated catalogue without some films, and only these with `inside` False."""

    def __init__(self, whole: GeneratedCatalogue, *, inside: bool) -> None:
        kept = BlockMatrix.of(whole.matrix())
        rows = [i for i, film_id in enumerate(kept.film_ids.tolist()) if (film_id not in APART) is inside]
        sign = 1 if inside else -1
        blocks = {name: kept.vectors[rows][:, columns] for name, columns in kept.slices.items()}
        ids = (sign * kept.film_ids[rows]).tolist()
        order = sorted(range(len(ids)), key=ids.__getitem__)
        self._matrix = BlockMatrix.from_blocks(
            [ids[i] for i in order], {name: held[order] for name, held in blocks.items()}, kept.prior[rows][order]
        )
        films = whole.films()
        self._films = films[(~films["film_id"].isin(APART)) == inside].copy()
        self._films["film_id"] *= sign
        self._whole = whole

    def films(self):  # type: ignore[no-untyped-def]
        return self._films

    def summaries(self):  # type: ignore[no-untyped-def]
        return self._whole.summaries()

    def matrix(self) -> BlockMatrix:
        return self._matrix

    def scenes(self):  # type: ignore[no-untyped-def]
        return self._whole.scenes()


class Known:
    """The films apart as known titles."""

    def __init__(self) -> None:
        self._others = Part(generated(N), inside=False)
        self._vectors = Recommender(self._others)

    def films(self, film_ids: Sequence[int]) -> dict[int, OutsideFilm]:
        return self._vectors.vectors_of(film_ids)

    def candidates(self) -> Catalogue:
        return self._others


class Broken:
    def films(self, film_ids: Sequence[int]) -> dict[int, OutsideFilm]:
        raise CatalogueError("imdb.duckdb: cannot be read. Load it again.")

    def candidates(self) -> Catalogue:
        raise CatalogueError("imdb.duckdb: cannot be read. Load it again.")


@cache
def whole() -> Recommender:
    return Recommender(generated(N))


@cache
def smaller() -> Recommender:
    return Recommender(Part(generated(N), inside=True), known_titles=Known())


@given(
    st.lists(st.integers(1, N), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(1, N), max_size=3, unique=True),
    st.sampled_from([0.0, 0.5]),
)
@settings(max_examples=30, deadline=None)
def test_a_film_outside_counts_as_if_it_were_in_the_catalogue(
    likes: list[int], dislikes: list[int], music: float
) -> None:
    dislikes = [film for film in dislikes if film not in likes]

    def named(films: list[int]) -> tuple[int, ...]:
        return tuple(-film if film in APART else film for film in films)

    inside = Question(tuple(likes), tuple(dislikes), seen=APART, music=music, variety=0.0)
    outside = Question(named(likes), named(dislikes), music=music, variety=0.0)
    expected, found = whole().recommend(inside), smaller().recommend(outside)
    scores = {result.film.film_id: result.score for result in expected.results}
    assert {result.film.film_id: result.score for result in found.results} == pytest.approx(scores, abs=1e-9)
    assert [film.title for film in found.likes] == [film.title for film in expected.likes]
    for result in found.results:
        assert sum(reason.share for reason in result.reasons) == pytest.approx(result.score, abs=1e-9)
        assert result.film.film_id is not None and result.film.film_id > 0, "what is not owned stays out of the list"


def test_a_second_list_holds_what_is_not_in_the_catalogue() -> None:
    assert smaller().recommend(Question((1, -3))).unowned == ()
    answer = smaller().recommend(Question((1, -3), seen=(-77,), also_unowned=True))
    assert [result.film.film_id for result in answer.unowned] == [-40], "liked and seen films are not recommended"
    inside = whole().recommend(Question((1, 3), seen=(77,), variety=0.0, n=N))
    (same,) = [result for result in inside.results if result.film.film_id == 40]
    assert answer.unowned[0].score == pytest.approx(same.score, abs=1e-9)


def test_a_film_that_nothing_is_known_of_is_left_out_with_a_notice() -> None:
    answer = smaller().recommend(Question((1, -999), seen=(-1000,)))
    assert len(answer.likes) == 1 and answer.results
    assert any("tt0000999: not among the known titles" in notice for notice in answer.notices)
    assert not any("tt0001000" in notice for notice in answer.notices), "what was seen need not be known"
    with pytest.raises(ParameterError, match="film 10000"):
        smaller().recommend(Question((10_000,)))


@pytest.mark.fault("IMDb's titles cannot be read")
def test_broken_known_titles_cost_no_answer() -> None:
    recommender = Recommender(Part(generated(N), inside=True), known_titles=Broken())
    answer = recommender.recommend(Question((1, -3), also_unowned=True))
    assert answer.results and answer.unowned == ()
    assert "imdb.duckdb: cannot be read. Load it again." in answer.notices


def test_a_like_without_a_common_block_is_an_answer_without_films() -> None:
    class Alone(Known):
        """A known title of which only its plot is known, beside a catalogue without plots."""

        def films(self, film_ids: Sequence[int]) -> dict[int, OutsideFilm]:
            width = smaller().matrix.slices["plot"]
            blocks = {"plot": np.eye(1, width.stop - width.start, dtype=np.float32)[0]}
            return {i: OutsideFilm(Film("Only a Plot", film_id=i), blocks) for i in film_ids}

    recommender = Recommender(Part(generated(N), inside=True), known_titles=Alone())
    answer = recommender.recommend(Question((-5,)))
    assert [film.title for film in answer.likes] == ["Only a Plot"] and answer.results == ()
    assert any("share nothing with the liked" in notice for notice in answer.notices)
    beside = recommender.recommend(Question((1, -5), variety=0.0))
    alone = recommender.recommend(Question((1,), variety=0.0))
    assert [r.film.film_id for r in beside.results] == [r.film.film_id for r in alone.results], "it counts for nothing"
