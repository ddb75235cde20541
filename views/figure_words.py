"""The words of a figure in the language of the page: its axes, legend, categories and what hovering shows."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

import numpy as np
import plotly.graph_objects as go

from service.figures.column_words import column_words
from service.languages import Language
from told import Told
from views.language import language, say


def translated(drawn: go.Figure) -> go.Figure:
    """The figure with those of its words that the tables know in the page's language; the given one stays as it is.

    Numbers, names and the values that it draws are not changed.
    """
    if language() == Language.ENGLISH:
        return drawn
    made = deepcopy(drawn)
    made.update_layout(separators=",.")  # of decimals and thousands
    for trace in made.data:
        if trace.name:
            trace.name = _worded(trace.name)
        for held in ("customdata", "hovertext"):
            if isinstance(getattr(trace, held, None), tuple | list):
                trace[held] = _all_worded(trace[held])
        if trace.hovertemplate:
            trace.hovertemplate = "<extra>".join(_hovered(part) for part in trace.hovertemplate.split("<extra>"))
        for held in {"labels", "x", "y"}.intersection(trace):
            if _are_words(trace[held]):
                trace[held] = [_worded(value) for value in trace[held]]
        if "colorbar" in trace and trace.colorbar.title.text:
            trace.colorbar.title.text = say(trace.colorbar.title.text)
    for axis in (*made.select_xaxes(), *made.select_yaxes()):
        if axis.title.text:
            axis.title.text = _worded(axis.title.text)
        if _are_words(axis.ticktext):
            axis.ticktext = [say(value) for value in axis.ticktext]
    for note in made.layout.annotations:
        note.text = say(note.text)
    return made


def _worded(text: str) -> str:
    """A text of a figure: one that was built from data, a column of Mining's table, or a word."""
    return say(text if isinstance(text, Told) else column_words(text))


def _all_worded(data: Sequence[object]) -> list[object]:
    """What hovering shows: those of its texts that were built from data."""
    return [
        _all_worded(one) if isinstance(one, tuple | list) else say(one) if isinstance(one, Told) else one
        for one in data
    ]


def _hovered(part: str) -> str:
    """Of a hover template: the words before or within `<extra>`."""
    return say(part.removesuffix("</extra>")) + ("</extra>" if part.endswith("</extra>") else "")


def _are_words(values: object) -> bool:
    """Whether these are categories, which stay as many when they are translated.

    Numbers of a copied figure may be a dictionary, of Plotly's packed form.
    """
    if (
        not isinstance(values, list | tuple | np.ndarray)
        or not len(values)
        or not all(isinstance(value, str) for value in values)
    ):
        return False
    return len({_worded(value) for value in values}) == len(set(values))
