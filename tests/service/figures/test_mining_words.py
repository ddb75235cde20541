"""Each figure's sentence says the figure's own numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mining.correlation import spearman
from mining.preprocess import first_director, founded_encoding
from service.figures.look import DARK
from service.figures.mining_figures import confusion_heatmap, correlation_heatmap, separation_bars
from service.figures.mining_room import FOCUS, Room
from service.figures.mining_words import (
    confusion_words,
    correlations_words,
    difference_words,
    most_telling,
    projection_words,
    separation_words,
    surface_words,
    telling_pairs,
)
from tests.mining.fixtures import directors_apart


@pytest.fixture(scope="module")
def room() -> Room:
    data = directors_apart()
    directors = first_director(data)
    order = tuple(sorted(set(directors)))
    return Room("s", "founded", founded_encoding(data), data["Movie"], directors, order, len(data))


def test_the_difference_of_two_directors_is_said_with_numbers_interval_and_films(room: Room) -> None:
    told = difference_words(room, ["Ada Blue", "Bob Rock"])
    rock = room.table["Rock"][room.directors == "Bob Rock"].mean()
    start = f"Ada Blue's films have less rock music than Bob Rock's: 0 % against {rock:.0f} %"
    assert told.startswith(f"{start}, difference -{rock:.0f} points [-")
    assert told.endswith("(8 and 8 films).")
    assert difference_words(room, ["Ada Blue"]) == "" == difference_words(room, [])
    few = replace(room, directors=room.directors.where(room.table.index % 8 == 0, ""))
    assert "points (1 and 1 films)" in difference_words(few, ["Ada Blue", "Bob Rock"]), "one film has no interval"


def test_correlations_say_the_strongest_pairs_that_survive(room: Room) -> None:
    found = room.correlations(next(iter(FOCUS)), "holm")
    told = correlations_words(found)
    first = found.pairs().query("not by_construction and p_corrected < 0.05").iloc[0]
    assert f"{first['first']} and {first['second']} {first['rho']:+.2f} [{first['low']:+.2f}, " in told
    noise = replace(found, p_corrected=np.ones_like(found.p))
    assert correlations_words(noise) == "No two attributes go together beyond chance."


def test_labels_and_measures_of_one_thing_are_no_findings(room: Room) -> None:
    """That a director's films come from one country, or that more speech means more words, is not informative."""
    table = room.table.copy()
    table["Country: NZ"] = table["Director: Ada Blue"] = (room.directors == "Ada Blue").astype(float)
    table["Dialogue"], table["Words Per Minute"] = table["Speech Duration"], 3 * table["Speech Duration"]
    pairs = replace(room, table=table).correlations(next(iter(FOCUS)), "benjamini-hochberg")
    held = {frozenset(pair): rho for *pair, rho in pairs.pairs()[["first", "second", "rho"]].to_numpy().tolist()}
    assert held[frozenset(("Country: NZ", "Director: Ada Blue"))] > 0.999, "the figure has it"
    said = correlations_words(pairs)
    assert "Country: NZ and Director: Ada Blue" not in said and "Director: Ada Blue and Country: NZ" not in said
    assert "Dialogue and Words Per Minute" not in said and "Speech Duration and Dialogue" not in said


def test_the_plane_and_its_regions_are_said(room: Room) -> None:
    found = room.projection("music")
    told = projection_words(found)
    loadings = found.parts["music"].loadings["1"]
    assert f"Across, films differ most in {loadings.abs().idxmax()}" in told and "Up, films differ most in" in told
    assert f"carries {100 * found.parts['music'].explained[0]:.0f} % of the variance" in told
    surface, _ = room.surface(["Ada Blue", "Bob Rock"])
    right = round(16 * surface.training_accuracy)
    assert surface_words(surface) == f"{right} of 16 films lie in their own director's region, of 2 regions."


def test_separation_and_confusion_are_said_with_intervals(room: Room) -> None:
    found = room.separations(shuffles=0)
    music = found[0]
    assert separation_words(found).startswith("3 directors are separated by music 100 % [100, 100], metadata ")
    assert confusion_words(music) == "From music, 24 of 24 films are given to their own director."
    wrong = replace(music, confusion=np.array([[5, 3, 0], [1, 7, 0], [0, 0, 8]]))
    assert confusion_words(wrong).endswith("most often, films of Ada Blue are given to Bob Rock (3 of 8).")
    bars = separation_bars(found, DARK).data[0]
    assert bars.customdata[0] == "[100, 100], 24 films"


def test_each_cell_holds_its_interval_and_its_number_of_films(room: Room) -> None:
    found = room.correlations(next(iter(FOCUS)), "benjamini-hochberg")
    place = found.names.index("Blues"), found.names.index("Rock")
    heatmap = correlation_heatmap(found, DARK).data[0]
    assert heatmap.customdata[place].tolist() == pytest.approx(
        [found.low[place], found.high[place], found.p_corrected[place], 24], abs=1e-6
    )
    assert heatmap.hovertext[place[0]][place[1]] == "permutation" and "%{hovertext}" in heatmap.hovertemplate
    counts = np.array([[8, 0], [2, 6]])
    confusion = confusion_heatmap(["a", "b"], counts, DARK).data[0]
    assert confusion.customdata[1][0] == "2 of 8, 25 % [7, 59]"  # Wilson's interval by hand: 0.0715 to 0.5907


def test_the_most_telling_attributes_are_those_of_the_strongest_pairs_that_may_be_a_finding() -> None:
    rng = np.random.default_rng(4)
    x = rng.standard_normal(40)
    table = pd.DataFrame({"noise": rng.standard_normal(40), "x": x, "other": rng.standard_normal(40), "y": x + 0.1})
    table["Music Present"] = rng.random(40)
    table["Speech Present"] = 1 - table["Music Present"]  # of one whole
    table["Country: Spain"] = table["Director: Pedro"] = (x > 0).astype(float)  # labels of the same films
    found = spearman(table.assign(same=1.0), "holm")
    assert most_telling(found, 2).names == ("x", "y")
    assert most_telling(found, 99).names == tuple(name for name in found.names if name != "same")
    assert telling_pairs(found).iloc[0][["first", "second"]].tolist() == ["x", "y"]
    labels = spearman(table[["Country: Spain", "Director: Pedro"]], "none")
    assert most_telling(labels, 5).names == () and telling_pairs(labels).empty
