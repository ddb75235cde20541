"""What two films share by name, against the same written out slowly."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.titles import series_key
from film import Film
from recommender.names import LARGEST_SERIES, SharedNames
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
        rows, alike, _ = names.sharing(i)
        expected = {
            j: sum(value * other.get(word, 0.0) for word, value in vectors[i].items())
            for j, other in enumerate(vectors)
            if set(vectors[i]) & set(other)
        }
        assert dict(zip(rows.tolist(), alike.tolist(), strict=True)) == pytest.approx(expected)
        assert rows.tolist() == sorted(rows.tolist())


TITLES = st.sampled_from(["Rocky", "Rocky II", "rocky 3", "Alien", "Aliens"])


@given(FILMS, st.data(), st.sampled_from([0.0, 0.5, 1.5]))
def test_a_series_is_one_more_name(
    films: list[tuple[list[str], list[str]]], data: st.DataObject, weight: float
) -> None:
    titles = [data.draw(TITLES) for _ in films]
    names = SharedNames([made for made, _ in films], [played for _, played in films], titles=titles)
    vectors, lengths = [slow_vector(*film) for film in films], []
    for vector, (made, played) in zip(vectors, films, strict=True):
        named = {name.strip().casefold(): 1.0 for name in played} | {name.strip().casefold(): 1.5 for name in made}
        lengths.append(sum(value * value for name, value in named.items() if name))
        for word in vector:
            vector[word] *= math.sqrt(lengths[-1] / (lengths[-1] + weight**2))
    for i, film in enumerate(films):
        rows, alike, series = names.sharing(i, weight)
        expected = {}
        for j, other in enumerate(vectors):
            same = weight**2 if series_key(titles[i]) == series_key(titles[j]) else 0.0
            same = same / math.sqrt((lengths[i] + weight**2) * (lengths[j] + weight**2)) if same else 0.0
            total = sum(value * other.get(word, 0.0) for word, value in vectors[i].items()) + same
            if total:
                expected[j] = (total, same)
        assert rows.tolist() == list(expected)
        assert alike.tolist() == pytest.approx([total for total, _ in expected.values()])
        assert series.tolist() == pytest.approx([same for _, same in expected.values()])
        outside = Film(titles[i], directors=tuple(film[0]), cast=tuple(film[1]))
        for part, of_row in zip(names.sharing_film(outside, weight), (rows, alike, series), strict=True):
            assert part.tolist() == pytest.approx(of_row.tolist())


def test_a_title_that_many_films_share_is_no_series() -> None:
    n = LARGEST_SERIES + 1
    names = SharedNames([("A",)] + [()] * (n - 1), [()] * n, titles=["Untitled"] * n)
    assert names.sharing(0, 1.5).rows.tolist() == [0]
    few = SharedNames([()] * (n - 1), [()] * (n - 1), titles=["Untitled"] * (n - 1))
    assert len(few.sharing(0, 1.5).rows) == n - 1


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
    titles = [data.draw(TITLES, label="title") for _ in films]
    had = [titles[i] for i in earlier]
    before = SharedNames([films[i][0] for i in earlier], [films[i][1] for i in earlier], titles=had)
    columns = {name: pd.Series([film[side] for film in films], dtype=object) for side, name in enumerate(SIDES)}
    if earlier:
        before.sharing(0, 1.5)  # reads the titles
    table = pd.DataFrame({"film_id": range(len(films)), "title": pd.Series(titles, dtype=object), **columns})
    followed = before.followed(table, rows)
    whole = SharedNames(*zip(*films, strict=True), titles=titles)
    for i in range(len(films)):
        for series in (0.0, 1.5):
            for one, other in zip(followed.sharing(i, series), whole.sharing(i, series), strict=True):
                assert one.tolist() == other.tolist()
    asked = Film("x", directors=("Bo Ek", "Nobody"), cast=("ida holm",))
    for one, other in zip(followed.sharing_film(asked), whole.sharing_film(asked), strict=True):
        assert one.tolist() == other.tolist()


def test_names_are_shared_until_a_film_has_another_name_or_title() -> None:
    films = pd.DataFrame({"film_id": [1, 2], "title": ["One", "Two"], "directors": [["A"], ["B"]], "cast": [["C"], []]})
    names, changed = SharedNames.of_table(films, np.array([1, 2])), np.array([0, -1])
    assert names.followed(films.assign(votes=9), changed) is names
    for column, value in (("title", "Three"), ("directors", ["A"]), ("directors", []), ("cast", ["D"])):
        other = films.copy()
        other.at[1, column] = value
        followed, whole = names.followed(other, changed), SharedNames.of_table(other, np.array([1, 2]))
        assert followed is not names and list(followed._titles) == list(whole._titles)
        for one, same in zip(followed.sharing(0), whole.sharing(0), strict=True):
            assert one.tolist() == same.tolist()


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
