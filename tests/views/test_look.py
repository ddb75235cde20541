"""The look: one set of colours, readable in both themes, the same drawing everywhere."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

import views.theme
from film import ATTRIBUTES, GENRES, LABELS, LEVELS, FilmSummary
from service.figures.look import DARK, LIGHT, Theme, contrast, director_marks
from service.figures.mining_figures import confusion_heatmap
from views import frame
from views.sound_print import describe, sound_print, whole_percentages

ROOT = Path(__file__).resolve().parents[2]
THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
PERCENT = st.floats(0, 100)


@THEMES
def test_text_has_contrast_aa(theme: Theme) -> None:
    for colour in (theme.text, theme.muted, theme.accent, theme.good, theme.bad):
        assert contrast(colour, theme.background) >= 4.5
        assert contrast(colour, theme.surface) >= 4.5


@THEMES
def test_the_numbers_of_a_heatmap_can_be_read_on_all_its_colours(theme: Theme) -> None:
    drawn = confusion_heatmap(("A", "B"), np.array([[3, 1], [0, 2]]), theme).data[0]
    shades = [colour for _, colour in (*drawn.colorscale, *theme.diverging)]
    assert min(contrast(drawn.textfont.color, shade) for shade in shades) >= 4.5


@THEMES
def test_marks_can_be_told_from_the_ground(theme: Theme) -> None:
    for colour in (*theme.directors, *theme.levels, theme.label["music"], theme.label["speech"]):
        assert contrast(colour, theme.background) >= 2.4, colour


@THEMES
def test_streamlit_is_told_the_same_colours(theme: Theme) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][theme.name]
    assert config["primaryColor"] == theme.accent
    assert config["backgroundColor"] == theme.background
    assert config["secondaryBackgroundColor"] == theme.surface
    assert config["textColor"] == theme.text


def test_contrast_by_hand() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_twelve_directors_have_marks_of_their_own() -> None:
    marks = director_marks([f"director {place}" for place in range(15)], DARK)
    assert len(set(list(marks.values())[:12])) == 12
    assert marks["director 13"][0] == DARK.muted


@st.composite
def summaries(draw: st.DrawFn) -> FilmSummary:
    def shares(names: tuple[str, ...]) -> dict[str, float]:
        parts = draw(
            st.lists(st.floats(0.0, 1.0), min_size=len(names), max_size=len(names)).filter(lambda p: sum(p) > 0.1)
        )
        return {name: 100 * part / sum(parts) for name, part in zip(names, parts, strict=True)}

    activity = shares(LABELS)
    levels = {name: shares(LEVELS[name]) for name in ATTRIBUTES}
    return FilmSummary(shares(GENRES), **levels, **activity)


@given(summaries(), st.text(max_size=40))
def test_the_sound_print_is_well_formed_whatever_the_film(summary: FilmSummary, title: str) -> None:
    clean = "".join(letter for letter in title if letter.isprintable())
    drawing = ET.fromstring(sound_print(clean, summary))
    assert drawing.attrib["aria-label"] == describe(clean, summary)
    rects = [part for part in drawing if part.tag.endswith("rect")]
    assert len(rects) == 9
    assert "nan" not in sound_print(clean, summary)


def test_a_film_without_music_has_the_empty_ring() -> None:
    zero = dict.fromkeys(GENRES, 0.0)
    none = [dict.fromkeys(LEVELS[name], 0.0) for name in ATTRIBUTES]
    quiet = FilmSummary(zero, *none, music=0.0, speech=90.0, other=10.0)
    for summary in (quiet, None):
        drawing = sound_print("Quiet", summary)
        assert "stroke-dasharray" in drawing
        assert "<rect" not in drawing
    assert describe("Quiet", quiet) == "Quiet: no music found; 0 % music, 90 % speech, 10 % other"
    assert describe("Quiet", None) == "Quiet: not analysed yet"


def test_the_title_is_escaped() -> None:
    assert "<b>" not in sound_print('"><b>', None)


@given(st.lists(PERCENT, min_size=1, max_size=10).filter(lambda values: sum(values) > 1))
def test_whole_percentages_sum_to_a_hundred(values: list[float]) -> None:
    shares = {str(place): 100 * value / sum(values) for place, value in enumerate(values)}
    whole = whole_percentages(shares)
    assert sum(whole.values()) == 100
    assert all(abs(whole[name] - shares[name]) < 1 for name in shares)


@pytest.mark.parametrize(
    ("agent", "phone"),
    [("Chrome/140.0 Mobile Safari/537.36", True), ("Chrome/140.0 Safari/537.36", False), ("", False)],
)
def test_a_figure_on_a_phone_lets_the_finger_scroll(agent: str, phone: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = SimpleNamespace(context=SimpleNamespace(headers={"User-Agent": agent} if agent else {}))
    monkeypatch.setattr(views.theme, "st", sent)
    drawn: list[tuple[go.Figure, object]] = []
    monkeypatch.setattr(frame.st, "plotly_chart", lambda figure, **given: drawn.append((figure, given["config"])))
    given = go.Figure(go.Scatter(x=[0], y=[1]))
    frame.figure(given, "A dot", "dot", pd.DataFrame({"x": [0]}))
    [(figure, config)] = drawn
    assert figure.layout.dragmode == (False if phone else None) and given.layout.dragmode is None
    assert isinstance(config, dict) and config.get("displayModeBar", True) is not phone


def test_a_line_of_facts_breaks_between_them() -> None:
    space = "\N{NO-BREAK SPACE}"
    assert frame.unbroken("1954 · A director of many films · 112 min") == (
        f"1954{space}· A director of many films{space}· 112{space}min"
    )
