"""What all pages share of an open catalogue."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from service.questions import app_data, film_names
from service.questions.app_data import OpenCatalogue
from service.questions.film_names import FilmNames
from tests.views.catalogue import build

FILMS = pd.DataFrame(
    {
        "film_id": [3, 7, 12],
        "title": ["Vertigo", "Untitled", "Solaris"],
        "year": pd.array([1958, None, 1972], "Int32"),
        "directors": [
            np.array(["Alfred Hitchcock"], object),
            np.array([], object),
            np.array(["Andrei Tarkovsky", "A. Second"], object),
        ],
    }
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> OpenCatalogue:
    return OpenCatalogue.open(build(tmp_path_factory.mktemp("shared")))


def test_the_name_of_a_film_is_made_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    plain = film_names.name_of
    monkeypatch.setattr(film_names, "name_of", lambda *film: made.append(film[0]) or plain(*film))
    names = FilmNames(FILMS)
    assert list(names) == [3, 7, 12] and 7 in names and 8 not in names and "7" not in names and len(names) == 3
    assert not made
    assert names[12] == "Solaris (1972), Andrei Tarkovsky"
    assert names.get(8) is None and made == ["Solaris"]
    assert dict(names) == {
        3: "Vertigo (1958), Alfred Hitchcock",
        7: "Untitled",
        12: "Solaris (1972), Andrei Tarkovsky",
    }
    assert made == ["Solaris", "Vertigo", "Untitled"], "a list of them is drawn in each run of a page"
    monkeypatch.setattr(film_names, "MOST_NAMES", 2)
    few = FilmNames(FILMS)
    assert [dict(few), dict(few)] == [dict(names)] * 2 and len(few._made) <= 2


def test_every_column_is_searched_as_its_cells_say(found: OpenCatalogue) -> None:
    for column in ("genres", "countries", "directors", "cast"):
        for value in (*found.values(column), "nobody"):
            slow = [value in list(held) for held in found.films[column]]
            assert found.holding(column, value).tolist() == slow
    assert found.holding("collection", "demo").tolist() == (found.films["collection"] == "demo").tolist()


def test_directors_are_named_as_mining_names_them(found: OpenCatalogue) -> None:
    films = found.films.copy()
    films["directors"] = [np.array(["Sammy Maker, Jr."], object)] * len(films)
    other = replace(found)
    other.__dict__["films"] = films
    assert other.directors == ("Sammy Maker",)
    assert "" not in found.directors and len(set(found.directors)) == len(found.directors)


def test_what_films_are_drawn_from_is_read_once(found: OpenCatalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[int]] = []
    plain = type(found.snapshot).summaries_of
    monkeypatch.setattr(
        type(found.snapshot), "summaries_of", lambda this, ids: asked.append(list(ids)) or plain(this, ids)
    )
    fresh = replace(found)
    expected = {one: (found.snapshot.summary(one), found.snapshot.pictures([one]).get(one)) for one in (1, 2, 3, 999)}
    assert fresh.drawings([1, 2]) == {one: expected[one] for one in (1, 2)}
    assert fresh.drawings([2, 3, 999]) == {one: expected[one] for one in (2, 3, 999)}, "also of a film that is not here"
    fresh.drawings([1, 2, 3, 999])
    assert asked == [[1, 2], [3, 999]] and fresh.drawings([]) == {}
    monkeypatch.setattr(app_data, "MOST_KEPT", 2)
    assert fresh.drawings([1, 4, 5]).keys() == {1, 4, 5} and len(fresh._drawings) <= 3


def test_films_are_found_by_title_and_by_director(found: OpenCatalogue) -> None:
    name = found.directors[0]
    of_director = found.films["film_id"].to_numpy()[found.holding("directors", name)].tolist()
    assert set(found.search(name.upper()[:-1], 50)) >= set(of_director)
    assert found.search("corridor", 5)[0] == 2 and len(found.search(name, 2)) == 2
    assert found.search("  ", 5) == [] and found.search("qqqqqqqq", 5) == []
