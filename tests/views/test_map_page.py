"""Map: a click opens, a lasso lists, a path can be heard; few films, equal films and an empty lasso are no errors."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from db.catalogue.parts import write_part
from db.home import Home
from db.state.store import State
from film import Film
from service.languages import VARIABLE, Language
from service.library.publishing import publish
from service.questions import apart
from service.questions.apart import set_apart
from service.questions.app_data import OpenCatalogue
from tests.service.heard_home import analysis, tone
from tests.views.conftest import Open
from tests.views.test_pages import words
from views import map_canvas

SHARES = re.compile(r"([\d.]+)(?: %| \(0 to 2\)), others (\d+(?:\.\d+)?)")


class Canvas:
    """In the place of the browser's canvas: what the visitor chooses on the map."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: dict[str, Any] = {}
        self.points = b""
        self.told: object = None
        monkeypatch.setattr(map_canvas, "_points", lambda data, **_: setattr(self, "points", data))
        monkeypatch.setattr(map_canvas, "_canvas", self._draw)

    def _draw(self, data: dict[str, Any], **_: object) -> object:
        self.asked = data
        return SimpleNamespace(chosen=self.told)

    def choose(self, *rows: int, clicked: bool = False) -> None:
        self.told = {"points": self.asked["points"], "rows": list(rows), "clicked": clicked}


@pytest.fixture
def canvas(monkeypatch: pytest.MonkeyPatch) -> Canvas:
    return Canvas(monkeypatch)


def on_the_map(home: Home) -> list[int]:
    """film_id of each point of a map of films."""
    return OpenCatalogue.open(home).recommender.map_vectors("sound").film_ids.tolist()


def test_a_lasso_lists_films_which_can_be_kept_and_a_click_opens_one(
    filled: Home, open_page: Open, canvas: Canvas
) -> None:
    app = open_page(filled.root, "map")
    films = on_the_map(filled)
    canvas.choose(0, 1)
    said = words(app.run())
    assert not app.exception and "Open these films as a list" in said
    assert f"lists?films={films[0]}%2C{films[1]}" in said and len(app.dataframe[0].value) == 2
    assert list(app.dataframe[0].value.columns) == ["Title", "Year", "Directors"]
    canvas.choose()
    assert not app.run().exception and not app.dataframe, "a lasso of nothing"
    canvas.choose(3, clicked=True)
    assert f'class="fs-go" href="film?film={films[3]}"' in words(app.run()) and not app.exception


def test_a_lasso_is_compared_with_the_map_and_tells_first_what_it_has_more_of(
    filled: Home, open_page: Open, canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[list[int]] = []
    monkeypatch.setattr(
        apart, "set_apart", lambda table, chosen: compared.append(list(table.index)) or set_apart(table, chosen)
    )
    found = OpenCatalogue.open(filled)
    films = on_the_map(filled)
    jazz = [row for row, film in enumerate(films) if "Smoky jazz" in found.films.loc[film, "directors"]]
    app = open_page(filled.root, "map")
    canvas.choose(*jazz)
    said = words(app.run()).partition("What sets these apart: ")[2].partition("</p>")[0]
    pairs = [(float(inside), float(outside)) for inside, outside in SHARES.findall(said)]
    more = [inside > outside for inside, outside in pairs]
    assert more and more == sorted(more, reverse=True)
    assert {*compared[-1]} == {*films} < {*found.films.index}, "films that are not on the map are no others"


def test_all_points_go_to_the_browser_once_and_a_search_does_not_send_them_again(
    filled: Home, open_page: Open, canvas: Canvas
) -> None:
    app = open_page(filled.root, "map")
    sent = canvas.points
    text = zlib.decompress(sent)
    films = on_the_map(filled)
    names = OpenCatalogue.open(filled).names
    assert np.frombuffer(text[:4], "<u4")[0] == len(films)
    assert text[4 + 9 * len(films) :].decode().split("\n") == [canvas.asked["points"], *(names[one] for one in films)]
    app.selectbox(key="map-film").select(films[5]).run()
    assert canvas.asked["marked"] == [5] and canvas.points is sent, "the same bytes, which Streamlit sends once"


@pytest.mark.parametrize("colour", ["genre", "kind", "director", "decade", "energy"])
def test_each_point_has_a_colour_that_the_legend_names(
    colour: str, filled: Home, open_page: Open, canvas: Canvas
) -> None:
    app = open_page(filled.root, "map", colour=colour)
    n = len(on_the_map(filled))
    groups = np.frombuffer(zlib.decompress(canvas.points)[4 + 8 * n : 4 + 9 * n], np.uint8)
    palette, legend = canvas.asked["look"]["palette"], canvas.asked["legend"]
    assert not app.exception and groups.max() < len(palette)
    if colour == "energy":
        assert legend["ramp"]["title"] == "energy, 0 to 2"
    else:
        assert [(one["group"], one["colour"]) for one in legend["names"]] == list(enumerate(palette))
        assert set(groups.tolist()) == set(range(len(palette))), "no name without a point"


@pytest.mark.parametrize(
    "told",
    [
        None,
        "rows",
        {"rows": [0]},
        {"points": "another map", "rows": [0], "clicked": True},
        {"points": "this", "rows": "0", "clicked": True},
        {"points": "this", "rows": [-1, 3, 1.5, True, None, "0", [0]], "clicked": True},
        {"points": "this", "rows": [], "clicked": True},
    ],
)
def test_what_the_browser_must_not_say_chooses_nothing(told: object) -> None:
    assert map_canvas.read(told, "this", 3).rows == ()


def test_a_row_is_chosen_once_and_a_click_chooses_one() -> None:
    assert map_canvas.read({"points": "this", "rows": [2, 0, 2]}, "this", 3) == map_canvas.Chosen((2, 0))
    told = {"points": "this", "rows": [2, 0], "clicked": True}
    assert map_canvas.read(told, "this", 3) == map_canvas.Chosen((2,), clicked=True)


def test_a_path_leads_from_film_to_film_each_with_its_scene(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch, canvas: Canvas
) -> None:
    monkeypatch.setattr("views.player.why_not_heard", lambda film_ids: dict.fromkeys(film_ids, ""))
    films = on_the_map(filled)
    app = open_page(filled.root, "map")
    app.selectbox(key="map-film").select(films[0]).run()
    app.selectbox(key="map-to").select(films[-1]).run()
    cards = [one.proto.body for one in app.get("html") if "<audio" in one.proto.body]
    assert not app.exception and 3 <= len(cards) <= 10 and len(canvas.asked["marked"]) == len(cards)
    assert "filmscoreListening" in words(app) and "The key B plays two scenes" in words(app)
    assert f"excerpt?film={films[0]}&amp;" in cards[0] and f"excerpt?film={films[-1]}&amp;" in cards[-1]


def test_few_films_and_equal_films_say_so(tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.at(tmp_path)
    said = ("Only one film has the data", "Two films: a map is useful", "All of these films have the same data")
    with State.open(home) as state:
        state.add_films([Film("Silent")])
    publish(home)
    app = open_page(home.root, "map")
    assert not app.exception and "There is nothing to show yet" in words(app)
    monkeypatch.setenv(VARIABLE, Language.GERMAN)
    assert "Hier gibt es noch nichts zu zeigen" in words(open_page(home.root, "map"))
    monkeypatch.delenv(VARIABLE)
    for number, line in enumerate(said):
        with State.open(home) as state:
            [film_id] = state.add_films([Film(f"Film {number}")])
            write_part(home, analysis(tone(300, 12), f"{number}.wav", f"{number:064x}"))
            state.attach_media(film_id, f"{number:064x}", 0, f"{number}.wav", "tone-1")
        publish(home)
        app.run()
        assert not app.exception and line in words(app)


def test_a_scene_that_is_clicked_plays(filled: Home, open_page: Open, canvas: Canvas) -> None:
    app = open_page(filled.root, "map", of="scenes")
    canvas.choose(0, clicked=True)
    app.run()
    film = int(OpenCatalogue.open(filled).recommender.map_vectors("scenes").film_ids[0])
    assert not app.exception and OpenCatalogue.open(filled).names[film] in [
        str(one.value).rpartition(",")[0] for one in app.subheader
    ]
    assert "No excerpt can be played" in words(app) and "fs-go" not in words(app)
