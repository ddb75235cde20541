"""Mining: every section of the page, on every kind of catalogue that can spoil it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from db.home import Home
from db.state import State
from film import Film
from service.app_data import OpenCatalogue
from service.look import DARK
from service.mining_figures import correlation_heatmap, decision_surfaces
from service.mining_room import FOCUS, PRESETS, Room, chosen_directors
from service.publishing import publish
from tests.views.catalogue import HABITS, analysis, hear
from tests.views.conftest import Open
from tests.views.test_pages import words

SECTIONS = ("Correlations", "Projection", "Decision surfaces", "Telling directors apart", "Table")


@pytest.mark.parametrize("encoding", ["thesis", "founded"])
@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_opens(section: str, encoding: str, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "mining")
    app.session_state["encoding"] = encoding
    app.session_state["section"] = section
    app.run()
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
        app.session_state["section"] = section
        app.run()
        assert not app.exception
        if section == "Telling directors apart":
            assert "two directors" in words(app)


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
