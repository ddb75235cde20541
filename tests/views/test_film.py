"""Film: director, film and layer; what is drawn says what was heard."""

from __future__ import annotations

import pytest

from db.home import Home
from film import GENRES, LABELS, FilmSummary
from service.app_data import OpenCatalogue
from tests.views.catalogue import HABITS
from tests.views.conftest import Open
from tests.views.test_discover import address
from tests.views.test_pages import words
from views.film_figures import clock, level_rings, timeline, two_level_pie
from views.theme import DARK

I_CONFESS = FilmSummary(
    dict(zip(GENRES, (14.0, 2.0, 0.0, 0.0, 31.0, 51.0, 1.0, 0.0, 1.0, 0.0), strict=True)),
    {"low": 67.0, "medium": 31.0, "high": 2.0},
    {"negative": 80.0, "neutral": 20.0, "positive": 0.0},
    {"low": 60.0, "medium": 15.0, "high": 25.0},
    31.0,
    63.0,
    6.0,
)


def test_director_film_and_layer_lead_to_the_segments(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "film")
    app.selectbox(key="film-director").select("Club nights").run()
    film = app.selectbox(key="film-choice")
    assert len(film.options) == 5
    film.select_index(2).run()
    app.get("button_group")  # the layers
    found = OpenCatalogue.open(filled)
    film_id = int(address(app)["film"])
    assert found.snapshot.film(film_id).directors == ("Club nights",)
    app.session_state["film-layer"] = "Segment layer"
    app.run()
    table = app.dataframe[0].value
    runs = found.snapshot.runs(film_id)
    assert list(table["genre"]) == [run.genre for run in runs]
    starts = [3600 * one.hour + 60 * one.minute + one.second for one in table["start"]]  # sorts as time, not as text
    assert starts == [run.start_s for run in runs]
    assert list(table["energy_p"]) == [round(100 * run.energy_p) for run in runs]


def test_a_film_that_was_not_heard_says_how_to_hear_it(filled: Home, open_page: Open) -> None:
    assert "This film was not heard yet" in words(open_page(filled.root, "film", film="25"))
    assert "No music of ten seconds" in words(open_page(filled.root, "film", film="21"))


def test_a_link_to_a_film_that_is_gone_says_so(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "film", film="999")
    assert "no longer in the catalogue" in words(app)
    assert not app.exception


def test_the_pie_of_i_confess_is_the_thesis_s_table_16() -> None:
    pie = two_level_pie(I_CONFESS, DARK).data[0]
    values = dict(zip(pie.ids, pie.values, strict=True))
    assert [values[label] for label in LABELS] == [31, 63, 6]
    assert sum(value for name, value in values.items() if name.startswith("music/")) == pytest.approx(31)
    assert values["music/classical"] == pytest.approx(31 * 0.51)
    assert set(pie.parents) == {"", "music"}


def test_the_rings_of_i_confess_name_the_dominant_values() -> None:
    figure = level_rings(I_CONFESS, DARK)
    assert [list(ring.values) for ring in figure.data] == [[67, 31, 2], [80, 20, 0], [60, 15, 25]]
    assert [note.text for note in figure.layout.annotations if note.text in ("low", "negative")] == [
        "low",
        "negative",
        "low",
    ]


def test_the_timeline_puts_each_run_in_its_place(filled: Home) -> None:
    found = OpenCatalogue.open(filled)
    heard, runs = found.snapshot.activity(1), found.snapshot.runs(1)
    assert heard is not None
    figure = timeline(heard, runs, DARK)
    bars = [bar for bar in figure.data if bar.type == "bar"]
    placed = sorted((base * 60, length * 60) for bar in bars for base, length in zip(bar.base, bar.x, strict=True))
    assert placed == [pytest.approx((run.start_s, run.seconds)) for run in runs]


def test_clock() -> None:
    assert (clock(9), clock(75), clock(3725)) == ("0:09", "1:15", "1:02:05")


def test_habits_keep_their_colours_on_every_page(filled: Home) -> None:
    found = OpenCatalogue.open(filled)
    assert found.directors[:4] == tuple(sorted(HABITS))
