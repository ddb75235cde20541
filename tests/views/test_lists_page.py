"""Lists: what a reader keeps, shares and takes along; Compare."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.home import Home
from film import FilmSummary
from service.questions import browsing
from service.questions.app_data import OpenCatalogue
from service.questions.lists import SEEN, WATCH, lists_of, save_list
from tests.views.conftest import Open
from tests.views.test_discover import address
from tests.views.test_pages import words
from views import frame
from views.list_document import list_document

OWNER = "a reader"


@pytest.fixture
def own(filled: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The small catalogue with one reader's lists."""
    shutil.copytree(filled.root, tmp_path / "own")
    monkeypatch.setattr(frame, "reader", lambda: OWNER)
    return Home.at(tmp_path / "own")


def _undo(app: AppTest) -> None:
    next(one for one in app.button if one.label == "Undo" and one.key is None).click().run()


def test_a_film_goes_into_lists_on_its_page_and_each_act_is_undone(own: Home, open_page: Open) -> None:
    app = open_page(own.root, "film", film="3")
    app.button(key=f"list-{WATCH}-3").click().run()
    assert lists_of(own, OWNER)[WATCH] == (3,)
    _undo(app)
    assert lists_of(own, OWNER)[WATCH] == ()
    app.button(key="film-seen-3").click().run()
    assert lists_of(own, OWNER)[SEEN] == (3,) and address(app)["seen"] == "3"
    _undo(app)
    assert lists_of(own, OWNER)[SEEN] == () and "seen" not in address(app)
    app.text_input(key="film-new-list").input("rainy days").run()
    assert lists_of(own, OWNER)["rainy days"] == (3,)


def test_a_film_is_removed_and_put_back_where_it_was(own: Home, open_page: Open) -> None:
    save_list(own, OWNER, "rainy days", (3, 1, 2))
    app = open_page(own.root, "lists", list="rainy days")
    assert "lists?name=rainy+days&films=3%2C1%2C2" in words(app)
    app.button(key="remove-1").click().run()
    assert lists_of(own, OWNER)["rainy days"] == (3, 2)
    _undo(app)
    assert lists_of(own, OWNER)["rainy days"] == (3, 1, 2)
    next(one for one in app.button if one.label == "Delete this list").click().run()
    assert "rainy days" not in lists_of(own, OWNER)
    _undo(app)
    assert lists_of(own, OWNER)["rainy days"] == (3, 1, 2)


def test_a_shared_list_is_shown_and_can_be_kept(own: Home, open_page: Open) -> None:
    app = open_page(own.root, "lists", films="2,99999,x,5", name="<b>Noir</b>")
    found = OpenCatalogue.open(own)
    said = words(app)
    assert "&lt;b&gt;Noir" in said and found.snapshot.film(5).title in said
    next(one for one in app.button if one.label == "Save as my list").click().run()
    assert lists_of(own, OWNER)["<b>Noir</b>"] == (2, 5)


def test_a_shared_list_says_what_of_its_link_is_left_out(own: Home, open_page: Open) -> None:
    many = ",".join(map(str, [2, 99_999, *range(1, 2_002)]))
    said = words(open_page(own.root, "lists", films=many))
    assert "2 films of this link are left out" in said
    assert "1965 films of this link are no longer in the catalogue" in said


def test_a_shared_list_that_cannot_be_kept_is_not_called_saved(own: Home, open_page: Open) -> None:
    for number in range(50):
        save_list(own, OWNER, f"list {number}", (1,))
    app = open_page(own.root, "lists", films="2,5", name="Noir")
    next(one for one in app.button if one.label == "Save as my list").click().run()
    assert "50 lists are kept already" in words(app) and not app.toast
    assert "Noir" not in lists_of(own, OWNER)


def test_a_long_list_is_shown_page_by_page(own: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "PAGE_FILMS", 2)
    save_list(own, OWNER, "long", (3, 1, 2, 5, 4))
    app = open_page(own.root, "lists", list="long")
    for page, shown, ways in (("", {3, 1}, 1), ("2", {2, 5}, 2), ("99", {4}, 1), ("x", {3, 1}, 1)):
        app.query_params["page"] = page
        app.run()
        assert {int(str(one.key).split("-")[1]) for one in app.button if str(one.key).startswith("remove-")} == shown
        assert len(re.findall(r"lists\?list=long&amp;page=\d", words(app))) == ways
    app = open_page(own.root, "lists", films="3,1,2,5,4")
    app.query_params["page"] = "3"
    app.run()
    found = OpenCatalogue.open(own)
    assert found.snapshot.film(4).title in words(app) and found.snapshot.film(3).title not in words(app)
    assert "Page 3 of 3" in words(app) and "films=3%2C1%2C2%2C5%2C4&amp;page=2" in words(app)


def test_the_page_that_stands_alone_asks_for_nothing(filled: Home) -> None:
    found = OpenCatalogue.open(filled)
    films = found.snapshot.films_by_id([1, 25, 32])
    summaries: dict[int, FilmSummary] = found.snapshot.summaries_of([1, 25, 32])
    page = list_document("Mine & <yours>", films, summaries)
    assert page.count("<svg") == 3 and "<title>Mine &amp; &lt;yours&gt;</title>" in page
    assert "<script" not in page and "src=" not in page.replace("&lt;img src=", "") and "href" not in page


def test_two_films_and_two_directors_are_compared_in_words(filled: Home, open_page: Open) -> None:
    found = OpenCatalogue.open(filled)
    app = open_page(filled.root, "compare", a="1", b="20")
    assert f"{found.snapshot.film(1).title} has " in words(app) and "Timelines" in words(app)
    app = open_page(filled.root, "compare", what="directors", a="Club nights", b="Slow strings")
    said = words(app)
    assert "Club nights has more electronic music than Slow strings" in said and "difference +" in said
    app = open_page(filled.root, "compare", a="25", b="1")
    assert "was not analysed yet" in words(app) and not app.exception
    app = open_page(filled.root, "compare", a="25", b="26")
    titles = [found.snapshot.film(film_id).title for film_id in (25, 26)]
    assert f"Neither {titles[0]} nor {titles[1]} was analysed with music" in words(app).replace("\\", "")
