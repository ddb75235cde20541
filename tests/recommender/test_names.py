"""What two films share by name, against the same written out slowly."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from film import Film
from recommender.names import SharedNames
from recommender.reasons import Comparison, words_for

NAME = st.sampled_from(["Ida Holm", "ida holm", " Ida Holm ", "Bo Ek", "Éva Nagy", "", "  "])
SIDES = ("directors", "cast")
FILMS = st.lists(st.tuples(st.lists(NAME, max_size=3), st.lists(NAME, max_size=4)), min_size=1, max_size=8)


def slow_vector(directors: list[str], cast: list[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for names, weight in ((directors, 1.5), (cast, 1.0)):
        for name in names:
            word = name.strip().casefold()
            if word:
                found[word] = max(weight, found.get(word, 0.0))
    length = math.sqrt(sum(value * value for value in found.values()))
    return {word: value / length for word, value in found.items()}


@given(FILMS)
def test_likeness_by_name_is_the_product_of_unit_vectors_over_names(films: list[tuple[list[str], list[str]]]) -> None:
    names = SharedNames([made for made, _ in films], [played for _, played in films])
    vectors = [slow_vector(*film) for film in films]
    for i in range(len(films)):
        rows, alike = names.sharing(i)
        expected = {
            j: sum(value * other.get(word, 0.0) for word, value in vectors[i].items())
            for j, other in enumerate(vectors)
            if set(vectors[i]) & set(other)
        }
        assert dict(zip(rows.tolist(), alike.tolist(), strict=True)) == pytest.approx(expected)
        assert rows.tolist() == sorted(rows.tolist())


def test_names_of_a_table_follow_the_films_asked_for() -> None:
    table = pd.DataFrame(
        {
            "film_id": [7, 3, 5],
            "directors": [np.array(["A"], object), None, np.array(["B"], object)],
            "cast": [np.array([], object), np.array(["A"], object), float("nan")],
        }
    )
    names = SharedNames.of_table(table, np.array([3, 7], np.int64))
    assert names.sharing(0)[0].tolist() == [0, 1]
    films = [Film("x", cast=("A",)), Film("y", directors=("A",))]
    assert names.sharing(1)[1].tolist() == SharedNames.of_films(films).sharing(1)[1].tolist()


@given(FILMS, st.data())
def test_names_that_follow_earlier_ones_are_the_same_to_the_last_bit(
    films: list[tuple[list[str], list[str]]], data: st.DataObject
) -> None:
    earlier = data.draw(st.lists(st.sampled_from(range(len(films))), unique=True), label="films that were there")
    rows = np.array([earlier.index(i) if i in earlier else -1 for i in range(len(films))], np.intp)
    before = SharedNames([films[i][0] for i in earlier], [films[i][1] for i in earlier])
    columns = {name: pd.Series([film[side] for film in films], dtype=object) for side, name in enumerate(SIDES)}
    followed = before.followed(pd.DataFrame({"film_id": range(len(films)), **columns}), rows)
    whole = SharedNames(*zip(*films, strict=True))
    for i in range(len(films)):
        for one, other in zip(followed.sharing(i), whole.sharing(i), strict=True):
            assert one.tolist() == other.tolist()
    asked = Film("x", directors=("Bo Ek", "Nobody"), cast=("ida holm",))
    for one, other in zip(followed.sharing_film(asked), whole.sharing_film(asked), strict=True):
        assert one.tolist() == other.tolist()


def test_a_shared_composer_is_a_reason_in_words() -> None:
    film = Film("Film", directors=("A Maker",), composers=("C Composer", "D Composer"))
    other = Film("Other", directors=("B Maker",), composers=("c composer",))
    assert words_for("people", Comparison(film, other, alone=True, share=0.2)) == "both scored by C Composer"
    assert words_for("people", Comparison(film, other, alone=False, share=0.2)) == (
        "both scored by C Composer, as in Other"
    )
    assert SharedNames.of_films([film, other]).sharing(0)[0].tolist() == [0, 1]
    crossed = Film("Crossed", directors=("C Composer",))
    assert words_for("people", Comparison(film, crossed, alone=True, share=0.2)) == "also of C Composer"
