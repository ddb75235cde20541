"""Of a large catalogue a page sends the browser the titles that were searched, not all of them."""

from __future__ import annotations

import pytest

from db.home import Home
from service.questions.app_data import OpenCatalogue
from tests.views.conftest import Open
from tests.views.test_discover import address, widget
from tests.views.test_pages import words
from views import titles


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> int:
    """The fixture's 35 films count as many."""
    monkeypatch.setattr(titles, "MOST_OPTIONS", 5)
    return 5


def test_film_offers_what_is_searched(many: int, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "film")
    names = OpenCatalogue.open(filled).names
    assert app.selectbox(key="film-find").options == []
    app.text_input(key="search-film").input("corridor").run()
    found = app.selectbox(key="film-find").options
    assert names[2] in found and len(found) < len(names)
    app.selectbox(key="film-find").select(2).run()
    assert address(app)["film"] == "2" and not app.exception


def test_discover_offers_what_is_searched_and_the_commonest_names(many: int, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="3")
    names = OpenCatalogue.open(filled).names
    assert widget(app.multiselect, "likes").options == [names[3]]
    assert len(widget(app.selectbox, "director").options) == many + 1
    app.text_input(key="search-likes").input("corridor").run()
    widget(app.multiselect, "likes").select(2).run()
    assert address(app)["like"] == "3,2" and not app.exception


def test_sounds_like_offers_films_with_music_only(many: int, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "sounds_like")
    found = OpenCatalogue.open(filled)
    app.text_input(key="search-scene").input("unheard").run()
    assert app.selectbox(key="scene-film").options == [found.names[1]]
    app.text_input(key="search-scene").input("snow").run()
    app.selectbox(key="scene-film").select(5).run()
    assert app.selectbox(key="scene-film").value == 5 and not app.exception


def test_films_of_one_page_have_no_ways_to_others(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "films", genre="Comedy")
    said = words(app)
    assert "fs-wall" in said and "Next page" not in said and not app.warning
