"""Films that are not in the catalogue, on Discover."""

from __future__ import annotations

from pathlib import Path

from tests.service.heard_home import make_home
from tests.service.questions.test_known_titles import load_titles
from tests.views.conftest import Open
from tests.views.test_pages import words


def test_a_known_title_is_found_liked_and_recommended_beside_the_films_that_are_here(
    tmp_path: Path, open_page: Open
) -> None:
    home = make_home(tmp_path / "home", heard=False)
    load_titles(tmp_path / "imdb", home.imdb)
    app = open_page(home.root, "discover")
    app.text_input(key="outside-typed").set_value("harb").run()
    app.button(key="outside-found-likes--62").click().run()
    assert dict(app.query_params)["like"] in ("tt0000062", ["tt0000062"])
    assert any("Harbour Nights (1960)" in option for option in app.multiselect[0].options)
    app = open_page(home.root, "discover", **{"like": "tt0000062", "also-unowned": "1"})
    assert not app.exception
    assert "Films you don't have" in [one.value for one in app.subheader]
    assert "Harbour Nights II" in words(app)
