"""Of a large catalogue a page sends the browser the titles that were searched, not all of them."""

from __future__ import annotations

import pytest
import streamlit as st

from db.catalogue.snapshot import Snapshot
from db.home import Home
from service.figures import sample
from service.questions.app_data import OpenCatalogue
from service.rights import access
from service.rights.browsers import SESSION_COOKIE
from tests.views.conftest import Open
from tests.views.test_discover import address, widget
from tests.views.test_pages import words
from views import filters, frame, titles


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> int:
    """The fixture's 35 films count as many."""
    for module, name in (
        (filters, "MOST_OPTIONS"),
        (titles, "MOST_OPTIONS"),
        (titles, "MOST_ROWS"),
        (sample, "MOST_POINTS"),
    ):
        monkeypatch.setattr(module, name, 5)
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


def test_discover_finds_what_is_typed_in_its_one_box(many: int, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="3")
    assert [box.label for box in app.text_input if box.key.startswith("search-")] == ["Films I love"]
    assert not [box for box in app.multiselect if box.label == "Films I love"], "a second box would find nothing"
    assert len(widget(app.selectbox, "director").options) == many + 1
    app.text_input(key="search-likes").input("corridor").run()
    app.button(key="hit-likes-2").click().run()
    assert address(app)["like"] == "3,2" and app.text_input(key="search-likes").value == ""
    chips = widget(app.button_group, "likes-chosen")
    assert len(chips.options) == 2
    chips.set_value([2]).run()
    assert address(app)["like"] == "2" and not app.exception


def test_a_search_says_how_many_titles_it_found(many: int, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="2")
    app.text_input(key="search-likes").input("corridor").run()
    assert not [button for button in app.button if button.key == "hit-likes-2"], "it is chosen already"
    app.text_input(key="search-likes").input("qqqqqqqq").run()
    assert "No title here resembles this." in words(app)
    assert not [button for button in app.button if str(button.key).startswith("hit-")]


def test_tonight_finds_films_for_each_person(many: int, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "tonight", people="A <b>'")
    app.text_input(key="search-tonight-likes-A <b>'").input("corridor").run()
    app.button(key="hit-tonight-likes-A <b>'-2").click().run()
    assert address(app)["people"] == "A <b>':2" and not app.exception
    assert "st-key-search-tonight-likes-A--b--" in words(app), "a name in a script is letters, digits and dashes"


def test_sounds_like_offers_films_with_music_only(many: int, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "sounds_like")
    found = OpenCatalogue.open(filled)
    app.text_input(key="search-scene").input("unheard").run()
    assert app.selectbox(key="scene-film").options == [found.names[1]]
    app.text_input(key="search-scene").input("snow").run()
    app.selectbox(key="scene-film").select(5).run()
    assert app.selectbox(key="scene-film").value == 5 and not app.exception


def test_library_lists_the_first_films_and_finds_the_others(
    many: int, filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = access.new_session(filled)
    monkeypatch.setattr(frame, "cookies", lambda: {SESSION_COOKIE: token})
    heights: list[object] = []
    plain = st.dataframe
    monkeypatch.setattr(
        st, "dataframe", lambda *said, **more: heights.append(more.get("height")) or plain(*said, **more)
    )
    app = open_page(filled.root, "library")
    assert len(app.dataframe[0].value) == many and "The first 5 of 35" in words(app)
    app.text_input(key="library-search").input("unheard 9").run()
    assert heights == [520, "content"], "one film found is one row, not an empty table"
    assert list(app.dataframe[0].value["title"]) == ["Unheard 9"] and "The first 5" not in words(app)


def test_the_map_offers_what_is_searched(many: int, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "map")
    names = OpenCatalogue.open(filled).names
    assert app.selectbox(key="map-film").options == []
    app.text_input(key="search-map-film").input("corridor").run()
    assert names[2] in app.selectbox(key="map-film").options
    app.selectbox(key="map-film").select(2).run()
    assert not app.exception


@pytest.mark.parametrize("section", ["correlations", "projection"])
def test_mining_draws_a_sample_and_says_so(section: str, many: int, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "mining", section=section, encoding="thesis")
    assert "Drawn are 5 of 20 films" in words(app) and not app.exception


def test_mining_s_table_shows_its_first_rows(many: int, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "mining", section="table")
    assert len(app.dataframe[-1].value) == many and "The first 5 rows" in words(app)
    app.text_input(key="search-beside").input("corridor").run()
    app.selectbox(key="beside").select(2).run()
    assert len(app.dataframe) == 2 and not app.exception


def test_films_of_one_page_have_no_ways_to_others(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "films", genre="Comedy")
    said = words(app)
    assert "fs-wall" in said and "Next page" not in said and not app.warning


def test_scenes_that_were_shown_are_read_once(filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(filled.root, "film", film="2")
    read: list[int] = []
    plain = Snapshot.runs
    monkeypatch.setattr(Snapshot, "runs", lambda this, film_id: read.append(film_id) or plain(this, film_id))
    app.run()
    assert not read and "fs-groups" in words(app) and not app.exception
