"""Ratings that a visitor brings: previewed, then in the question; a file that is none is one line."""

from __future__ import annotations

import pytest

from db.home import Home
from db.state.store import State
from service.languages import VARIABLE, Language
from tests.views.conftest import Open
from tests.views.test_discover import address
from tests.views.test_pages import words
from views import ratings_upload

HEAD = "Date,Name,Year,Letterboxd URI,Rating\n"


@pytest.fixture
def ids(filled: Home) -> dict[str, int]:
    """film_id of each title."""
    with State.open(filled) as state:
        return {film.title: film.film_id or 0 for film in state.films()}


def test_what_was_found_of_ratings_is_said_in_german(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, Language.GERMAN)
    app = open_page(filled.root)
    app.file_uploader[0].upload("ratings.csv", f"{HEAD}2024-01-01,Only Talk,1981,,4.5\n".encode(), "text/csv").run()
    assert "ratings.csv: 1 von 1 bewerteten Titeln sind im Katalog." in words(app).replace("\\", "")


def test_ratings_are_previewed_and_become_the_question(filled: Home, open_page: Open, ids: dict[str, int]) -> None:
    loved, other = ids["Only Talk"], next(number for title, number in ids.items() if title != "Only Talk")
    second = next(title for title, number in ids.items() if number == other)
    with State.open(filled) as state:
        year = state.get_film(other).year
    rows = f'2024-01-01,Only Talk,1981,,4.5\n2024-01-02,"{second}",{year},,1\n2024-01-03,Of No Catalogue,1999,,5\n'
    app = open_page(filled.root)
    app.file_uploader[0].upload("ratings.csv", (HEAD + rows).encode(), "text/csv").run()
    said = words(app)
    assert "2 of 3 rated titles are in the catalogue" in said
    tables = {str(cell) for table in app.dataframe for cell in table.value.to_numpy().ravel()}
    assert "Of No Catalogue (1999)" in tables and {"liked", "disliked"} <= tables
    assert "like" not in address(app)
    assert app.button(key="ratings-use").label == "Use these ratings: 1 liked, 1 disliked, 2 seen"
    app.button(key="ratings-use").click().run()
    assert address(app)["like"] == str(loved) and address(app)["dislike"] == str(other)
    assert set(address(app)["seen"].split(",")) == {str(loved), str(other)}
    said = words(app)
    assert ratings_upload.USED in said and "Something went wrong" not in said
    next(one for one in app.button if one.label == "Undo").click().run()
    assert "like" not in address(app), "the question before the ratings is back"


@pytest.mark.fault("A file that is no ratings export, or has a wrong cell, is uploaded", times=3)
@pytest.mark.parametrize(
    "data", [b"\x00\x01junk" * 50, b"a,b\n1,2\n", (HEAD + "2024-01-01,Only Talk,1981,,nine\n").encode()]
)
def test_what_is_no_export_is_one_line(filled: Home, open_page: Open, data: bytes) -> None:
    app = open_page(filled.root)
    app.file_uploader[0].upload("../mine.csv", data, "text/csv").run()
    assert not app.exception
    assert "mine" in " ".join(one.value for one in app.warning)
    assert "ratings-use" not in {button.key for button in app.button}
