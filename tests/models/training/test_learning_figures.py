"""What a training draws says its numbers: figure 5, table 10, figures 8-15."""

from __future__ import annotations

import numpy as np
import pytest

from models.evaluation.scores import score
from models.training.cnn import History
from models.training.learning_figures import confusion_figure, epochs_figure, reliability_figure, scores_by_c_figure

LABELS = ("music", "speech")


def test_figure_5_gives_percent_for_each_c() -> None:
    # truth 3 music, 1 speech. At C = 0.5 all right; at C = 1 one music is called speech: music precision 2/2, recall
    # 2/3, F1 .8; speech precision 1/2, recall 1, F1 2/3; macro F1 .7333; accuracy 3/4
    truth = np.array([0, 0, 0, 1])
    by_c = {0.5: score(truth, truth, LABELS), 1.0: score(truth, np.array([0, 0, 1, 1]), LABELS)}
    table = scores_by_c_figure(by_c, 0.5).data[0]
    cells = dict(zip(table.header["values"], table.cells["values"], strict=True))
    assert list(cells["C"]) == ["0.5 (chosen)", "1"]
    assert list(cells["music PRE"]) == ["100.0", "100.0"]
    assert list(cells["music REC"]) == ["100.0", "66.7"]
    assert list(cells["music F1"]) == ["100.0", "80.0"]
    assert list(cells["speech PRE"]) == ["100.0", "50.0"]
    assert list(cells["speech F1"]) == ["100.0", "66.7"]
    assert list(cells["macro F1"]) == ["100.0", "73.3"]
    assert list(cells["ACC"]) == ["100.0", "75.0"]


def test_a_confusion_matrix_has_the_truth_in_rows() -> None:
    found = score(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), LABELS)
    matrix = confusion_figure(found, "clips").data[0]
    assert [list(row) for row in matrix.text] == [[2, 1], [0, 1]]
    assert [list(row) for row in matrix.z] == [[pytest.approx(2 / 3), pytest.approx(1 / 3)], [0, 1]]


def test_reliability_is_drawn_beside_the_diagonal() -> None:
    bins = [{"p": 0.45, "right": 0.5, "n": 10}, {"p": 0.95, "right": 0.8, "n": 5}]
    honest, found = reliability_figure(bins, "energy").data
    assert list(honest.x) == list(honest.y) == [0, 1]
    assert (list(found.x), list(found.y), list(found.text)) == ([0.45, 0.95], [0.5, 0.8], ["10 rows", "5 rows"])


def test_learning_curves_have_a_point_an_epoch() -> None:
    history = History([0.4, 0.6], [1.2, 0.9], [0.3, 0.5], [1.3, 1.1], [0.001, 0.001])
    lines = [(line.name, list(line.x), list(line.y)) for line in epochs_figure(history, "energy").data]
    assert lines == [
        ("training", [1, 2], [0.4, 0.6]),
        ("validation", [1, 2], [0.3, 0.5]),
        ("training", [1, 2], [1.2, 0.9]),
        ("validation", [1, 2], [1.3, 1.1]),
    ]
