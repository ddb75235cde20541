"""Pages and figures as they are shown where German is served: no English word is left on them."""

from __future__ import annotations

import json
import re

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from db.home import Home
from mining.preprocess import SAID_AND_SEEN, EncodingName
from service.figures import model_cards
from service.figures.look import LIGHT
from service.figures.mining_figures import confusion_heatmap, correlation_heatmap, loadings_bars, projection_scatter
from service.figures.mining_room import Room
from service.figures.model_figures import labels_over_time, learning_curves, reliability_curves
from service.languages import VARIABLE
from service.questions.app_data import OpenCatalogue
from service.rights.access import LOCAL
from tests.views.conftest import Open
from tests.views.test_pages import words
from tests.views.test_validity_page import home as home
from views import frame
from views.figure_words import translated
from views.words.de import GERMAN

ENGLISH = re.compile(
    r"\b(the|and|of|is|are|with|what|this|its|it|by|to|from|how|which|where|or|one|not|no)\b",
    re.I,
)
WIDGETS = (
    "button",
    "button_group",
    "checkbox",
    "expander",
    "number_input",
    "radio",
    "selectbox",
    "text_area",
    "text_input",
)


def shown(app: AppTest) -> list[str]:
    """The lines that a page shows, its widgets' labels among them, without code, styles and scripts."""
    said = re.sub(r"(?s)<(style|script)\b.*?</\1>|`[^`]*`", "", words(app))
    held = [str(getattr(one, "label", "")) for kind in WIDGETS for one in app.get(kind)]
    for table in app.dataframe:
        named: dict[str, dict[str, str] | None] = json.loads(table.proto.columns or "{}")
        held += [(named.get(name) or {}).get("label", name) for name in table.value.columns]
    return [line for line in (*re.split(r"<[^>]*>|\n", said), *held) if line.strip()]


def english(app: AppTest) -> list[str]:
    """The lines of a page with an English word."""
    assert not app.exception
    return [line for line in shown(app) if ENGLISH.search(line)]


def test_how_this_works_is_german_where_german_is_served(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(filled.root, "about")
    assert len(english(app)) > 20, "it finds English"
    monkeypatch.setenv(VARIABLE, "de")
    app = open_page(filled.root, "about")
    assert english(app) == []
    assert "niedrig / mittel / hoch" in shown(app) and "Klassik" in words(app)


def test_by_ear_is_german_where_german_is_served(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    monkeypatch.setattr(frame, "actor", lambda: LOCAL)
    for params in ({}, {"film": "1"}):
        app = open_page(filled.root, "by_ear", **params)
        assert english(app) == []
        assert {"Speichern und weiter", "düster", "Aus dem Gesetzten lernen"} <= set(shown(app))


def test_admins_pages_are_german_where_german_is_served(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    monkeypatch.setattr(frame, "actor", lambda: LOCAL)
    library = open_page(filled.root, "library")
    library.session_state["library-table-0-"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    library.run()
    assert english(library) == []
    assert {"Titel", "Jahr", "hinzugefügt", "Länge in Minuten"} <= set(shown(library))
    overview = open_page(filled.root, "overview")
    assert english(overview) == [] and "14 von 35 Filmen" in words(overview)
    models = open_page(filled.root, "models")
    assert english(models) == [] and {"Modell", "Art"} <= set(shown(models))
    monkeypatch.delenv("FILMSCORE_PLEX_ADDRESS", raising=False)
    monkeypatch.setenv("FILMSCORE_JELLYFIN_ADDRESS", "http://192.168.1.2:8096")
    monkeypatch.delenv("FILMSCORE_JELLYFIN_KEY", raising=False)
    for kind in ("plex", "jellyfin"):
        add = open_page(filled.root, "add_films")
        add.get("button_group")[0].set_value("server").run()
        add.get("button_group")[1].set_value(kind).run()
        assert english(add) == [] and "Filme hören, deren Dateien hier sind" in shown(add)
    add.button(key="server-preview").click().run()
    assert english(add) == [] and "kein Schlüssel" in words(add)


def test_figures_are_german_where_german_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    history = dict.fromkeys(("accuracy", "val_accuracy", "loss", "val_loss"), (0.5, 0.6))
    matrix = confusion_heatmap(("low", "high"), np.eye(2, dtype=np.int64), LIGHT)
    drawn = [
        learning_curves(history, LIGHT),
        reliability_curves({"energy": [{"p": 0.5, "right": 0.4, "n": 20}]}, LIGHT),
        labels_over_time(("music", "speech"), ("music", "other"), LIGHT),
        matrix,
    ]
    before = [one.to_json() for one in drawn]
    assert [translated(one).to_json() for one in drawn] == before
    monkeypatch.setenv(VARIABLE, "de")
    made = [translated(one) for one in drawn]
    assert [one.to_json() for one in drawn] == before, "a kept figure is not changed"
    texts = re.compile(r'"(?:text|name|hovertemplate)":"([^"]+)"')
    said = [text for one in made for text in texts.findall(one.to_json(validate=False)) if ENGLISH.search(text)]
    assert said == []
    assert [note.text for note in made[0].layout.annotations] == ["Genauigkeit", "Verlust"]
    assert made[0].data[0].name == "Training" and made[0].layout.xaxis.title.text == "Epoche"
    assert made[1].layout.yaxis.title.text == "Anteil richtig" and made[1].data[1].name == "Energie"
    assert "richtig" in made[1].data[1].hovertemplate and made[1].data[1].hovertemplate.endswith("Energie</extra>")
    assert list(made[2].layout.yaxis.ticktext) == ["Musik", "Sprache", "Anderes"]
    assert list(made[3].data[0].x) == ["niedrig", "hoch"] and made[3].layout.xaxis.title.text == "eingeordnet als"


@pytest.mark.parametrize("encoding", ["founded", "thesis"])
def test_mining_s_attributes_and_hovers_are_german_where_german_is_served(
    encoding: EncodingName, filled: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    room = Room.of(OpenCatalogue.open(filled), encoding)
    columns = {*room.table.columns, *SAID_AND_SEEN}
    assert sorted(name for name in columns if ": " not in name and name not in GERMAN) == []
    drawn = translated(correlation_heatmap(room.correlations("All attributes (figure 25)", "none"), LIGHT))
    assert {"Musikdauer", "Klassik", "Tanzbarkeit"} <= set(drawn.data[0].x)
    assert "korrigiertes p" in drawn.data[0].hovertemplate and "Filme" in drawn.data[0].hovertemplate
    assert {text for row in drawn.data[0].hovertext for text in row} <= {"Permutation", "exakt", "t"}
    plane = room.projection("both")
    points = translated(projection_scatter(plane, room.titles, room.directors, room.order, LIGHT))
    assert points.layout.xaxis.title.text.startswith("Metadaten, Komponente 1")
    bars = translated(loadings_bars(plane.parts, LIGHT))
    assert [one.name for one in bars.data] == ["Metadaten, Komponente 1", "Musik, Komponente 1"]
    if encoding == "founded":
        assert any(name.startswith("Land: ") for one in bars.data for name in one.y)


def test_numbers_of_a_figure_stay_the_same_in_german(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = go.Figure(go.Scatter(x=np.array([0.5, 1.5]), y=np.array([0.1, 0.2]), name="words"))
    monkeypatch.setenv(VARIABLE, "de")
    made = json.loads(translated(drawn).to_json())
    before = json.loads(drawn.to_json())
    assert [made["data"][0][axis] for axis in "xy"] == [before["data"][0][axis] for axis in "xy"]
    assert made["data"][0]["name"] == "Worte" and made["layout"]["separators"] == ",."


def test_the_line_of_a_film_and_the_map_s_words_are_german(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    said = words(open_page(filled.root, "discover", like="1"))
    assert "bewertet mit" in said and not re.search(r"rated \d", said)
    scenes = words(open_page(filled.root, "map", of="scenes"))
    assert " Szenen. " in scenes and " scenes" not in scenes


def test_a_film_s_figures_are_german_where_german_is_served(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    app = open_page(filled.root, "film", film="1")
    assert not app.exception
    drawn = "".join(one.proto.spec for one in app.get("plotly_chart"))
    assert '"text":"Minuten"' in drawn and '"Musik"' in drawn
    assert not re.search(r'"(name|text)":"(music|minutes|heard|classical)"|"y":\["(heard|genre)', drawn)


def test_validity_is_german_where_german_is_served(
    home: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    monkeypatch.setattr(model_cards.model_cards, "__defaults__", (home.root,))
    app = open_page(home.root, "validity")
    assert english(app) == []
    assert {"✓ richtig", "✗ großer Fehler", "wahr: Blues"} <= set(shown(app))
