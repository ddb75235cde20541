"""Validity: figure 17, the coloured table, and the models' figures 8-15, on numbers written by hand."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from db.home import Home
from service.figures import model_cards
from service.figures.look import DARK
from service.figures.mining_figures import confusion_heatmap
from service.figures.model_figures import labels_over_time, learning_curves, reliability_curves
from service.figures.validity import (
    CORRECT,
    EXTREME,
    SIMPLE,
    WRONG,
    Comparison,
    SegmentComparison,
    Validity,
    validity_path,
)
from tests.views.conftest import Open
from tests.views.test_pages import words

TRUE = ("speech", "music", "music", "other")
HEARD = ("speech", "speech", "music", "other")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Four seconds, one of them wrong, and a song with every kind of mark."""
    song = SegmentComparison(
        11, 31, 96.0, "minor", 11, 30,
        genre=Comparison("blues", "jazz", 0.42, WRONG),
        danceability=Comparison("low", "low", 0.8, CORRECT),
        valence=Comparison("negative", "neutral", 0.39, SIMPLE),
        energy=Comparison("low", "high", 0.61, EXTREME),
    )  # fmt: skip
    accuracy = {"label": 0.75, "music_f1": 2 / 3, "speech_f1": 2 / 3} | dict.fromkeys(
        ("genre", "danceability", "valence", "energy"), 0.0
    )
    four = (True,) * 4
    made = Validity(
        "2020-06-01T00:00:00", "thesis", "ear-1", 4, TRUE, HEARD, (0.5,) * 4, (0.5,) * 4, four, four, (song,),
        accuracy, ((1, 1, 0), (0, 1, 0), (0, 0, 1)),
    )  # fmt: skip
    home = Home.at(tmp_path)
    validity_path(home).write_text(json.dumps(asdict(made)), "utf-8")
    return home


def test_figure_17_draws_the_true_and_the_heard_label_of_each_second() -> None:
    true, heard = labels_over_time(TRUE, HEARD, DARK).data
    assert (true.name, list(true.x), list(true.y)) == ("true", [0, 1, 2, 3], [1, 2, 2, 0])
    assert (heard.name, list(heard.x), list(heard.y)) == ("heard", [0, 1, 2, 3], [1, 1, 2, 0])


def test_marks_are_words_and_signs_as_well_as_colours(home: Home, open_page: Open) -> None:
    app = open_page(home.root, "validity")
    said = words(app)
    assert "75 % of the seconds carry the right label; music F1 0.67, speech F1 0.67" in said.replace("\\", "")
    marks = {
        "✓ correct": DARK.good,
        "~ simple error": DARK.warn,
        "✗ extreme error": DARK.bad,
        "✗ wrong": DARK.bad,
    }
    for mark, colour in marks.items():
        assert f"<b style='color:{colour}'>{mark}</b>" in said
    assert "jazz, confidence 42 %" in said and "true: blues" in said
    assert 'scope="row">0:11-0:31<' in said


HISTORY = {
    "accuracy": [0.4, 0.6],
    "val_accuracy": [0.3, 0.5],
    "loss": [1.2, 0.9],
    "val_loss": [1.3, 1.1],
    "learning_rate": [0.001, 0.001],
}
CARD = """# energy, thesis architecture

## Measured

Clips, rows are the truth:

| | low | medium | precision | recall | F1 |
|---|---|---|---|---|---|
| low | 3 | 1 | 0.60 | 0.75 | 0.67 |
| medium | 2 | 4 | 0.80 | 0.67 | 0.73 |

## Data
"""


@pytest.fixture
def cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "thesis-energy.md").write_text(CARD, "utf-8")
    monkeypatch.setattr(model_cards, "CARDS", folder)
    monkeypatch.setattr(model_cards.model_cards, "__defaults__", (folder,))
    return folder


def test_a_card_alone_says_that_its_curve_was_not_kept(cards: Path, home: Home, open_page: Open) -> None:
    app = open_page(home.root, "validity")
    assert not app.exception
    assert "the curve (figure 12) cannot be drawn" in words(app)
    assert "#### Data" in words(app)


def test_kept_numbers_become_the_thesis_s_figures(cards: Path, home: Home, open_page: Open) -> None:
    (cards / "thesis-energy.json").write_text(json.dumps({"history": HISTORY, "note": "Of a repeat."}), "utf-8")
    (card,) = model_cards.model_cards(cards)
    assert card.confusion is not None and card.history is not None
    assert card.confusion.labels == ("low", "medium")
    matrix = confusion_heatmap(card.confusion.labels, card.confusion.counts, DARK).data[0]
    np.testing.assert_allclose(matrix.z, [[3 / 4, 1 / 4], [2 / 6, 4 / 6]])
    assert np.array_equal(matrix.text, [[3, 1], [2, 4]])
    lines = {(line.name, line.xaxis): list(line.y) for line in learning_curves(card.history, DARK).data}
    assert lines == {
        ("training", "x"): [0.4, 0.6],
        ("validation", "x"): [0.3, 0.5],
        ("training", "x2"): [1.2, 0.9],
        ("validation", "x2"): [1.3, 1.1],
    }
    app = open_page(home.root, "validity")
    assert not app.exception
    assert "**Learning curve (figure 12)**" in words(app) and "**Confusion matrix (figure 13)**" in words(app)
    assert "Of a repeat\\." in words(app)


def test_kept_reliability_is_drawn_for_each_head(cards: Path, home: Home, open_page: Open) -> None:
    bins = {"energy": [{"p": 0.5, "right": 0.4, "n": 20}], "valence": [{"p": 0.7, "right": 0.75, "n": 8}]}
    numbers = {name: {"reliability": one, "clips": 3} for name, one in bins.items()}
    (cards / "thesis-energy.json").write_text(json.dumps(numbers), "utf-8")
    (card,) = model_cards.model_cards(cards)
    assert card.reliability == bins and card.history is None
    _, energy, valence = reliability_curves(card.reliability, DARK).data
    assert (energy.name, list(energy.x), list(energy.y)) == ("energy", [0.5], [0.4])
    assert (valence.name, [list(row) for row in valence.customdata]) == ("valence", [[8]])
    app = open_page(home.root, "validity")
    assert not app.exception
    assert "**Reliability**" in words(app)


def test_the_shipped_networks_have_their_confusion_matrices() -> None:
    shipped = {card.name: card for card in model_cards.model_cards()}
    clips = {"detector": 3, "danceability": 3, "valence": 3, "energy": 3, "genre": 8}
    for kind, classes in clips.items():
        confusion = shipped[f"thesis-{kind}"].confusion
        assert confusion is not None and confusion.counts.shape == (classes, classes)
        assert f"| n | {confusion.counts.sum()} |" in shipped[f"thesis-{kind}"].text


def test_the_shipped_cards_are_all_shown(home: Home, open_page: Open) -> None:
    app = open_page(home.root, "validity")
    shown = app.selectbox(key="card").options
    assert len(shown) == len(list(model_cards.CARDS.glob("*.md"))) > 0
    for option in range(len(shown)):
        app.selectbox(key="card").select_index(option).run()
        assert not app.exception
