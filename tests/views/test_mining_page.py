"""Mining: every section of the page, on every kind of catalogue that can spoil it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import pytest

from commands import mine
from db.home import Home
from db.state.store import State
from errors import ParameterError
from film import Film
from service.figures.look import DARK
from service.figures.mining_figures import NUMBERS_MOST, correlation_heatmap, decision_surfaces
from service.figures.mining_room import FOCUS, PRESETS, Room, chosen_directors, encodings_beside
from service.figures.mining_words import telling_pairs
from service.library.publishing import publish
from service.questions.app_data import OpenCatalogue
from tests.views.catalogue import HABITS, analysis, hear
from tests.views.conftest import Open
from tests.views.test_commands import run
from tests.views.test_pages import words
from views import frame

SECTIONS = ("correlations", "projection", "surfaces", "directors", "table")


@pytest.mark.parametrize("encoding", ["thesis", "founded"])
@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_opens(section: str, encoding: str, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "mining", encoding=encoding, section=section)
    assert not app.exception
    assert "15 of 35 films have no music yet" in words(app)


@pytest.mark.parametrize("directors", [1, 2])
def test_one_director_or_two_films_are_said(directors: int, tmp_path: Path, open_page: Open) -> None:
    home = Home.at(tmp_path)
    with State.open(home) as state:
        for number, habit in enumerate(list(HABITS)[:directors] * (3 - directors)):
            title = f"Film {number}"
            film = state.add_film(Film(title, directors=(habit,), year=2000 + number, rating=7.0 + number))
            hear(state, home, film, analysis(title, habit, number))
    publish(home)
    app = open_page(home.root, "mining")
    for section in SECTIONS:
        app.query_params["section"] = section
        app.run()
        assert not app.exception
        if section == "directors":
            assert "two directors" in words(app)


@pytest.mark.parametrize(("section", "name"), [("correlations", "pair"), ("projection", "projection")])
def test_a_click_on_a_point_opens_its_film(
    section: str, name: str, filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(filled.root, "mining", section=section)
    assert not app.exception and "opens its film" in words(app)
    (spec,) = [json.loads(one.proto.spec) for one in app.get("plotly_chart") if one.proto.id.endswith(f"figure-{name}")]
    curve = next(place for place, trace in enumerate(spec["data"]) if trace["type"] == "scattergl")
    row = spec["data"][curve]["customdata"][1][-1]
    opened: list[str] = []
    monkeypatch.setattr(frame.st, "html", lambda body, **_: opened.append(body))
    frame._open_clicked(
        SimpleNamespace(selection={"points": [{"curve_number": curve, "point_index": 1}]}),
        go.Figure(spec),
        [*range(90, 900)],
    )
    assert f'href="film?film={90 + int(row)}"' in opened[-1]


def test_the_heatmap_begins_with_the_most_telling_attributes(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "mining")

    def drawn() -> int:
        return len(json.loads(app.get("plotly_chart")[0].proto.spec)["data"][0]["x"])

    assert drawn() == NUMBERS_MOST and f"Drawn are the {NUMBERS_MOST} attributes" in words(app)
    app.toggle(key="all-attributes").set_value(True).run()
    assert drawn() > NUMBERS_MOST and "Drawn are the" not in words(app) and not app.exception


def test_the_heatmap_writes_only_what_survives_the_correction(filled: Home) -> None:
    room = Room.of(OpenCatalogue.open(filled), "thesis")
    found = room.correlations(next(iter(FOCUS)), "holm")
    heatmap = correlation_heatmap(found, DARK).data[0]
    written = np.array([[bool(cell) for cell in row] for row in heatmap.text])
    off = ~np.eye(len(found.names), dtype=bool)
    assert (written == ((found.p_corrected < 0.05) & off)).all()


def test_the_surfaces_are_shaded_in_the_directors_colours(filled: Home) -> None:
    room = Room.of(OpenCatalogue.open(filled), "thesis")
    surface, found = room.surface(list(HABITS))
    figure = decision_surfaces(surface, found, room.titles, room.directors, room.order, DARK)
    assert figure.data[0].z.shape == (120, 120)
    assert {trace.name for trace in figure.data[1:]} == set(HABITS)
    assert all(trace.type == "scattergl" for trace in figure.data[1:])


def test_the_music_tells_these_directors_and_metadata_less(filled: Home) -> None:
    music, metadata, _ = Room.of(OpenCatalogue.open(filled), "thesis").separations(shuffles=0)
    assert music.balanced_accuracy > 0.6 > metadata.balanced_accuracy


def test_presets_know_other_spellings() -> None:
    known = ["Joel Coen", "Pedro Almodóvar", "Alfred Hitchcock", "Roman Polanski", "Clint Eastwood"]
    by_number = {name.split("figure ")[1].rstrip(")"): name for name in PRESETS}
    assert chosen_directors(by_number["36"], known) == ["Joel Coen", "Alfred Hitchcock", "Roman Polanski"]
    assert chosen_directors(by_number["37"], known) == ["Pedro Almodóvar", "Clint Eastwood"]
    assert chosen_directors(by_number["34"], known) == known


THESIS_DIRECTORS = (
    "Alfred Hitchcock", "Christopher Nolan", "Tim Burton", "Woody Allen", "Joel Coen", "Peter Jackson",
    "Roman Polanski", "Clint Eastwood", "Pedro Almodóvar",
)  # fmt: skip
FIGURE_35 = {"Alfred Hitchcock", "Christopher Nolan", "Tim Burton", "Woody Allen"}
FIGURE_36 = {"Alfred Hitchcock", "Joel Coen", "Peter Jackson", "Roman Polanski"}
FIGURE_37 = {"Christopher Nolan", "Clint Eastwood", "Pedro Almodóvar"}


@pytest.fixture(scope="module")
def thesis_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two films with music by each director of figures 35-37."""
    home = Home.at(tmp_path_factory.mktemp("thesis"))
    with State.open(home) as state:
        for number, director in enumerate(THESIS_DIRECTORS * 2):
            film = Film(
                f"Film {number}",
                directors=(director,),
                year=1960 + number,
                rating=6 + number / 10,
                metascore=50 + number,
                countries=("USA",) if number % 2 else ("UK",),
                genres=("Drama",) if number % 3 else ("Crime",),
            )
            habit = list(HABITS)[number % len(HABITS)]
            hear(state, home, state.add_film(film), analysis(film.title, habit, number))
    publish(home)
    return home


@pytest.mark.parametrize(("number", "chosen"), [("35", FIGURE_35), ("36", FIGURE_36), ("37", FIGURE_37)])
def test_the_presets_choose_the_thesis_s_directors(
    number: str, chosen: set[str], thesis_home: Home, open_page: Open
) -> None:
    app = open_page(thesis_home.root, "mining", section="surfaces")
    (preset,) = [name for name in PRESETS if f"figure {number}" in name]
    app.selectbox(key="preset").select(preset).run()
    assert set(app.multiselect[0].value) == chosen
    document = run(mine, "mine", "separation", "--figure", number, "--json", "--home", str(thesis_home.root))
    assert set(json.loads(document)["directors"]) == chosen


@pytest.mark.parametrize("known", [0, 1])
def test_a_figure_of_directors_who_are_not_here_says_what_to_do(
    known: int, filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    (preset,) = [name for name in PRESETS if "figure 36" in name]
    here = list(HABITS)
    monkeypatch.setitem(PRESETS, preset, (*here[:known], "Roman Polanski"))
    app = open_page(filled.root, "mining", section="surfaces")
    app.selectbox(key="preset").select(preset).run()
    assert "Fewer than two of these directors" in words(app) and set(app.multiselect[0].value) == set(here)
    with pytest.raises(ParameterError, match=r"Roman Polanski, and fewer than two .* Use --figure 34"):
        run(mine, "mine", "separation", "--figure", "36", "--home", str(filled.root))


@pytest.mark.parametrize(
    ("figure", "attributes"),
    [
        (26, {"Rating", "Metascore"}),
        (27, {"Director", "Year"}),
        (28, {"Music Duration", "Speech Duration", "Other Duration"}),
        (29, {"Danceability", "Valence", "Energy", "Director"}),
        (30, {"Movie Genres", "Director"}),
    ],
)
def test_the_focus_presets_are_the_thesis_s_figures(
    figure: int, attributes: set[str], filled: Home, open_page: Open
) -> None:
    words_ = ("mine", "correlations", "--figure", str(figure), "--json", "--home", str(filled.root))
    assert set(json.loads(run(mine, *words_))["attributes"]) == attributes
    app = open_page(filled.root, "mining", encoding="thesis")
    (focus,) = [name for name in FOCUS if f"figure {figure}" in name]
    app.selectbox(key="focus").select(focus).run()
    assert not app.exception
    assert set(app.selectbox(key=f"pair-x-thesis-{focus}").options) == attributes


def test_the_pair_is_the_strongest_finding_at_first(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "mining", encoding="thesis")
    focus = next(iter(FOCUS))
    found = Room.of(OpenCatalogue.open(filled), "thesis").correlations(focus, "benjamini-hochberg")
    strongest = telling_pairs(found).iloc[0]
    assert not strongest["by_construction"] and found.pairs().iloc[0]["by_construction"]
    assert app.selectbox(key=f"pair-x-thesis-{focus}").value == strongest["first"]
    assert app.selectbox(key=f"pair-y-thesis-{focus}").value == strongest["second"]


def test_p_values_can_be_corrected_otherwise(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "mining", encoding="thesis")
    correction = next(box for box in app.selectbox if box.label == "P-values corrected by")

    def kept() -> int:
        return int(words(app).split("below 0.05 (")[1].split(" of")[0])

    counts = []
    for place in range(3):
        correction.select_index(place).run()
        counts.append(kept())
    assert counts[1] <= counts[0] <= counts[2]  # Holm, Benjamini-Hochberg, none


def test_one_film_stands_in_both_encodings(filled: Home) -> None:
    found = OpenCatalogue.open(filled)
    thesis, founded = (Room.of(found, name) for name in ("thesis", "founded"))
    row = int(np.flatnonzero(thesis.titles == "Arrival at Dusk III")[0])
    film = found.snapshot.film(int(found.enhanced["Film Id"].iloc[row]))
    table = encodings_beside(found, thesis, founded, row).set_index("attribute")
    assert table.loc["Countries", "known"] == ", ".join(film.countries)
    assert table.loc["Director", "thesis"] == f"{sorted(set(thesis.directors)).index(film.directors[0]):g}"
    assert table.loc["Director", "founded"] == f"Director: {film.directors[0]}"
    assert table.loc["Movie Genres", "founded"] == ", ".join(
        name for name in founded.table if name.startswith("Genre: ") and name[7:] in film.genres
    )
    silent = int(np.flatnonzero(thesis.titles == "Unheard 0")[0])
    told = encodings_beside(found, thesis, founded, silent).set_index("attribute")
    assert told.loc["Metascore"].tolist() == ["not known", "7", "not known"]  # the thesis takes the rating, 7.0


def test_the_permutation_test_gives_p(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "mining", section="directors")
    assert "p_value" not in app.dataframe[0].value
    app.toggle(key="shuffle").set_value(True).run()
    until = time.monotonic() + 120
    while "p_value" not in app.dataframe[0].value and time.monotonic() < until:
        app.run()
    table = app.dataframe[0].value.set_index("source")
    assert table.loc["music", "p_value"] == pytest.approx(1 / 51)
    assert "from 50 shuffles" in words(app)


def test_the_plane_is_as_the_thesis_numbers_it(filled: Home) -> None:
    axes = {31: ("Music, component 1", "Music, component 2"), 32: ("Metadata, component 1", "Metadata, component 2")}
    axes[33] = ("Metadata, component 1", "Music, component 1")
    for figure, (x, y) in axes.items():
        words_ = ("mine", "projection", "--figure", str(figure), "--json", "--home", str(filled.root))
        document = json.loads(run(mine, *words_))
        assert document["x"].startswith(x) and document["y"].startswith(y)


def test_films_with_music_come_first_in_the_table(filled: Home) -> None:
    table = Room.of(OpenCatalogue.open(filled), "thesis").table_with_titles()
    heard = table["Music Duration"].notna().to_list()
    assert heard == sorted(heard, reverse=True) and sum(heard) == 20
