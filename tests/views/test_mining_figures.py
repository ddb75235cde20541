"""The numbers in figures 25-37 on tables small enough for pencil and paper, and film text shown as text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mining.correlation import spearman
from mining.preprocess import thesis_encoding
from mining.projection import principal_components, project
from mining.separation import Separation, decision_surface
from service.figures.look import DARK
from service.figures.mining_figures import (
    confusion_heatmap,
    correlation_heatmap,
    decision_surfaces,
    loadings_bars,
    pair_scatter,
    projection_scatter,
    separation_bars,
)
from service.figures.mining_room import explained_words
from service.figures.sample import MOST_POINTS
from tests.mining.fixtures import directors_apart

HOSTILE = '<b>bold</b> & <a href="javascript:x">link</a>'
SHOWN = '&lt;b>bold&lt;/b> &amp; &lt;a href="javascript:x">link&lt;/a>'


def test_figures_25_to_30_show_rho_and_write_it_where_it_survives() -> None:
    # a and b: ranks 1-8 against 1-8 with one swap: d2 sums to 2, rho = 1 - 12/504; a and c: reversed, -1
    table = pd.DataFrame({"a": range(8), "b": [0, 1, 2, 4, 3, 5, 6, 7], "c": range(8, 0, -1), "same": [1] * 8})
    heatmap = correlation_heatmap(spearman(table.astype(float), "holm"), DARK).data[0]
    rho = 1 - 12 / 504
    expected = [[1, rho, -1, np.nan], [rho, 1, -rho, np.nan], [-1, -rho, 1, np.nan], [np.nan] * 4]
    np.testing.assert_allclose(np.array(heatmap.z, dtype=float), expected)
    assert list(heatmap.text[0]) == ["", "+0.98", "-1.00", ""] and set(heatmap.text[3]) == {""}
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)


def test_figures_31_and_32_place_films_by_hand() -> None:
    # x = -1 -1 1 1, y = -1 1 1 1: correlation r = 1/sqrt(3), axes the diagonals (tests/mining/test_projection.py)
    table = pd.DataFrame({"x": [-1, -1, 1, 1.0], "y": [-1, 1, 1, 1.0]})
    part = principal_components(table)
    standard = (table - table.mean()) / table.std(ddof=0)
    assert part.scores["1"].to_numpy() == pytest.approx(((standard["x"] + standard["y"]) / np.sqrt(2)).to_numpy())
    bars = loadings_bars({"music": part}, DARK).data
    assert [bar.name for bar in bars] == ["music, component 1", "music, component 2"]
    assert sorted(np.abs(bars[0].x)) == pytest.approx([np.sqrt(0.5)] * 2)


def test_figure_33_draws_each_film_once_where_its_components_are() -> None:
    data = directors_apart()
    found = project(thesis_encoding(data), "both")
    figure = projection_scatter(found, data["Movie"], data["Director"], ("Bob Rock", "Ada Blue", "Cy Jazz"), DARK)
    assert [trace.name for trace in figure.data] == ["Bob Rock", "Ada Blue", "Cy Jazz"]
    own = data.index[data["Director"] == "Bob Rock"]
    np.testing.assert_allclose(figure.data[0].x, found.parts["metadata"].scores.loc[own, "1"])
    np.testing.assert_allclose(figure.data[0].y, found.parts["music"].scores.loc[own, "1"])
    assert {trace.type for trace in figure.data} == {"scattergl"}
    assert figure.layout.xaxis.title.text == found.x_title and "% of its variance" in found.x_title
    share = found.parts["music"].explained[0]
    assert f"music: component 1 carries {100 * share:.0f} %" in explained_words(found)


def test_figures_34_to_37_shade_the_side_of_each_director() -> None:
    points = pd.DataFrame({"x": [-1.0, 1.0], "y": [0.0, 0.0]})
    names = pd.Series(["Left", "Right"])
    surface = decision_surface(points, names, resolution=9)
    data = directors_apart()
    found = project(thesis_encoding(data), "both")
    drawn = type(found)(points, "across", "up", found.parts, 0)
    region, *marks = decision_surfaces(surface, drawn, pd.Series(["A", "B"]), names, ("Left", "Right"), DARK).data
    assert (np.array(region.z)[:, :4] == 0).all() and (np.array(region.z)[:, 5:] == 1).all()
    shades = [colour for _, colour in region.colorscale]
    assert shades[0] == "rgba(136,204,238,0.28)" and shades[-1] == "rgba(204,102,119,0.28)"  # the palette's first two
    assert [(mark.name, list(mark.x)) for mark in marks] == [("Left", [-1.0]), ("Right", [1.0])]


def test_the_closing_question_is_drawn_beside_chance() -> None:
    confusion = np.array([[3, 1], [0, 2]])
    one = Separation("music", ("A", "B"), 6, 2, 5 / 6, (3 / 4 + 1) / 2, 4 / 6, 0.5, 0.02, 49, confusion)
    held_out, shuffled = separation_bars([one], DARK).data
    assert (list(held_out.x), list(shuffled.x)) == ([87.5], [50])
    assert (held_out.text[0], shuffled.name) == ("88 %", "directors shuffled")
    matrix = confusion_heatmap(one.directors, one.confusion, DARK).data[0]
    np.testing.assert_allclose(matrix.z, [[3 / 4, 1 / 4], [0, 1]])
    assert np.array_equal(matrix.text, confusion)


def test_film_text_is_text_in_every_figure() -> None:
    table = pd.DataFrame({HOSTILE: [1.0, 2, 3], "b": [1.0, 3, 2]})
    films, directors = [HOSTILE, "B", "C"], [HOSTILE, HOSTILE, "other"]
    figures = [
        correlation_heatmap(spearman(table), DARK),
        pair_scatter(table, HOSTILE, "b", films, directors, (HOSTILE, "other"), DARK),
        loadings_bars({"music": principal_components(table)}, DARK),
        confusion_heatmap((HOSTILE, "other"), np.eye(2, dtype=np.int64), DARK),
    ]
    for figure in figures:
        drawn = str(figure.to_plotly_json())
        assert "<b>" not in drawn and "<a " not in drawn
        assert SHOWN in drawn


def test_a_sample_of_many_films_is_one_webgl_trace_a_director() -> None:
    n = 10_000
    table = pd.DataFrame({"a": np.arange(n, dtype=float), "b": np.arange(n, dtype=float)})
    directors = [f"Director {place % 900}" for place in range(n)]
    order = list(dict.fromkeys(directors))
    figure = pair_scatter(table, "a", "b", directors, directors, order, DARK)
    assert {trace.type for trace in figure.data} == {"scattergl"}
    assert len(figure.data) == 15  # fourteen directors and all others
    assert sum(len(trace.x) for trace in figure.data) == MOST_POINTS < n


def test_a_mark_of_mining_names_the_row_of_its_film() -> None:
    n = 10_000
    table = pd.DataFrame({"a": np.arange(n, dtype=float), "b": 0.0})
    figure = pair_scatter(table, "a", "b", ["film"] * n, [f"Director {place % 30}" for place in range(n)], (), DARK)
    for trace in figure.data:
        assert [row[-1] for row in trace.customdata] == list(trace.x)
