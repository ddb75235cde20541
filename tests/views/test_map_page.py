"""Map: a click opens, a lasso lists, a path can be heard; few films, equal films and an empty lasso are no errors."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from db.catalogue.parts import write_part
from db.home import Home
from db.state.store import State
from film import Film
from service.library.publishing import publish
from service.questions.app_data import OpenCatalogue
from tests.service.heard_home import analysis, tone
from tests.views.conftest import Open
from tests.views.test_pages import words


class Chart:
    """In the place of `st.plotly_chart`: what the visitor selects on the map."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.selection: dict[str, Any] = {}
        self.drawn: Any = None
        self.opened: list[dict[str, str]] = []
        monkeypatch.setattr("streamlit.plotly_chart", self._draw)
        monkeypatch.setattr("streamlit.switch_page", lambda page, query_params: self.opened.append(query_params))

    def _draw(self, drawn: Any, **_: object) -> object:
        self.drawn = drawn
        return SimpleNamespace(selection=self.selection)


@pytest.fixture
def chart(monkeypatch: pytest.MonkeyPatch) -> Chart:
    return Chart(monkeypatch)


POINTS = [{"curve_number": 0, "point_index": 0}, {"curve_number": 0, "point_index": 1}]


def test_a_lasso_lists_films_which_can_be_kept_and_a_click_opens_one(
    filled: Home, open_page: Open, chart: Chart
) -> None:
    app = open_page(filled.root, "map")
    films = [int(one[0]) for one in chart.drawn.data[0].customdata[:2]]
    chart.selection = {"points": POINTS, "lasso": [{}]}
    said = words(app.run())
    assert not app.exception and "Open these films as a list" in said
    assert f"lists?films={films[0]}%2C{films[1]}" in said and len(app.dataframe[0].value) == 2
    chart.selection = {"points": [], "lasso": [{}], "box": []}
    assert not app.run().exception and not app.dataframe, "a lasso of nothing"
    chart.selection = {"points": POINTS[:1], "lasso": [], "box": []}
    app.run()
    assert chart.opened == [{"film": str(films[0])}] and not app.exception


def test_a_path_leads_from_film_to_film_each_with_its_scene(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch, chart: Chart
) -> None:
    monkeypatch.setattr("views.player.why_not_heard", lambda film_ids: dict.fromkeys(film_ids, ""))
    films = OpenCatalogue.open(filled).recommender.map_vectors("sound").film_ids.tolist()
    app = open_page(filled.root, "map")
    app.selectbox(key="map-film").select(films[0]).run()
    assert chart.drawn.layout.xaxis.range is not None, "the map opens around the film"
    app.selectbox(key="map-to").select(films[-1]).run()
    cards = [one.proto.body for one in app.get("html") if "<audio" in one.proto.body]
    assert not app.exception and 3 <= len(cards) <= 10 and len(chart.drawn.data[-1].x) == len(cards)
    assert f"excerpt?film={films[0]}&amp;" in cards[0] and f"excerpt?film={films[-1]}&amp;" in cards[-1]


def test_few_films_and_equal_films_say_so(tmp_path: Path, open_page: Open) -> None:
    home = Home.at(tmp_path)
    said = ("Only one film has the data", "Two films: a map is useful", "All of these films have the same data")
    with State.open(home) as state:
        state.add_films([Film("Silent")])
    publish(home)
    app = open_page(home.root, "map")
    assert not app.exception and "There is nothing to show yet" in words(app)
    for number, line in enumerate(said):
        with State.open(home) as state:
            [film_id] = state.add_films([Film(f"Film {number}")])
            write_part(home, analysis(tone(300, 12), f"{number}.wav", f"{number:064x}"))
            state.attach_media(film_id, f"{number:064x}", 0, f"{number}.wav", "tone-1")
        publish(home)
        app.run()
        assert not app.exception and line in words(app)


def test_a_scene_that_is_clicked_plays(filled: Home, open_page: Open, chart: Chart) -> None:
    app = open_page(filled.root, "map", of="scenes")
    chart.selection = {"points": POINTS[:1], "lasso": [], "box": []}
    app.run()
    film = int(chart.drawn.data[0].customdata[0][0])
    assert not app.exception and OpenCatalogue.open(filled).names[film] in [
        str(one.value).rpartition(",")[0] for one in app.subheader
    ]
    assert "No excerpt can be played" in words(app) and chart.opened == []
