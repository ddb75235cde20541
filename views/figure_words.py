"""The words of a figure in the language of the page: its axes, legend, categories and what hovering shows."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

import plotly.graph_objects as go

from service.languages import Language
from views.language import language, say


def translated(drawn: go.Figure) -> go.Figure:
    """The figure with those of its words that the tables know in the page's language; the given one stays as it is.

    Numbers, names and the values that it draws are not changed.
    """
    if language() == Language.ENGLISH:
        return drawn
    made = deepcopy(drawn)
    for trace in made.data:
        if trace.name:
            trace.name = say(trace.name)
        if trace.hovertemplate:
            trace.hovertemplate = "<extra>".join(_hovered(part) for part in trace.hovertemplate.split("<extra>"))
        for held in {"labels", "x", "y"}.intersection(trace):
            if _are_words(trace[held]):
                trace[held] = [say(value) for value in trace[held]]
        if "colorbar" in trace and trace.colorbar.title.text:
            trace.colorbar.title.text = say(trace.colorbar.title.text)
    for axis in (*made.select_xaxes(), *made.select_yaxes()):
        if axis.title.text:
            axis.title.text = say(axis.title.text)
        if _are_words(axis.ticktext):
            axis.ticktext = [say(value) for value in axis.ticktext]
    for note in made.layout.annotations:
        note.text = say(note.text)
    return made


def _hovered(part: str) -> str:
    """Of a hover template: the words before or within `<extra>`."""
    return say(part.removesuffix("</extra>")) + ("</extra>" if part.endswith("</extra>") else "")


def _are_words(values: Sequence[str] | None) -> bool:
    """Whether these are categories, which stay as many when they are translated."""
    if values is None or not len(values) or not all(isinstance(value, str) for value in values):
        return False
    return len({say(value) for value in values}) == len(set(values))
