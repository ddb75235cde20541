"""What `filmscore mine` answers: numbers for a terminal or a program, and the figures of the app's Mining page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from rich.table import Table

import durable
from commands.common import console
from commands.mine import Question
from errors import ParameterError
from mining.correlation import FOCUS
from mining.separation import Separation
from service.figures.look import LIGHT
from service.figures.mining_documents import (
    correlations_document,
    projection_document,
    separation_document,
    surface_document,
)
from service.figures.mining_figures import (
    confusion_heatmap,
    correlation_heatmap,
    decision_surfaces,
    loadings_bars,
    projection_scatter,
    separation_bars,
)
from service.figures.mining_room import PRESETS, Plane, Room, chosen_directors

FIRST_FIGURE = 25
PLANES: tuple[Plane, ...] = ("music", "metadata", "both")


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row))
    return table


Answer = tuple[dict[str, Any], list[go.Figure], Table]


def _correlations(room: Room, place: int) -> Answer:
    found = room.correlations(list(FOCUS)[place], "benjamini-hochberg")
    pairs = found.pairs()
    rows = (
        pairs[~pairs["by_construction"] & pairs["rho"].notna()]
        .head(20)[["first", "second", "rho", "p_corrected", "films"]]
        .to_numpy()
        .tolist()
    )
    table = _table(("first", "second", "rho", "p (corrected)", "films"), rows)
    return correlations_document(found), [correlation_heatmap(found, LIGHT)], table


def _projection(room: Room, plane: Plane) -> Answer:
    found = room.projection(plane)
    rows = [(kind, i + 1, 100 * float(s)) for kind, part in found.parts.items() for i, s in enumerate(part.explained)]
    scatter = projection_scatter(found, room.titles, room.directors, room.order, LIGHT)
    table = _table(("components of", "number", "% of its variance"), rows)
    return projection_document(room, found), [scatter, loadings_bars(found.parts, LIGHT)], table


def _separation(room: Room, names: Sequence[str], plane: Plane) -> Answer:
    surface, found = room.surface(names, plane=plane)
    figure = decision_surfaces(surface, found, room.titles, room.directors, room.order, LIGHT)
    rows = [(name,) for name in surface.directors]
    console.print(f"{100 * surface.training_accuracy:.0f} % of the films drawn lie in their own director's region.")
    return surface_document(surface, room, found), [figure], _table(("director",), rows)


def _directors(room: Room, names: Sequence[str], shuffles: int) -> Answer:
    found: list[Separation] = room.separations(names, shuffles=shuffles)
    rows = [(one.source, one.balanced_accuracy, one.accuracy, one.chance, one.p_value) for one in found]
    table = _table(("from", "balanced accuracy", "accuracy", "chance", "p"), rows)
    matrices = [
        confusion_heatmap(one.directors, one.confusion, LIGHT).update_layout(title=f"From {one.source}")
        for one in found
    ]
    return separation_document(found), [separation_bars(found, LIGHT), *matrices], table


_HEATMAPS = sum("(figure " in name for name in FOCUS)
"""The last one of FOCUS, on what is said and seen, is not from the thesis."""
FIGURES = {
    Question.correlations: (FIRST_FIGURE, _HEATMAPS, 0),
    Question.projection: (FIRST_FIGURE + _HEATMAPS, len(PLANES), len(PLANES) - 1),
    Question.separation: (FIRST_FIGURE + _HEATMAPS + len(PLANES), len(PRESETS), 0),
}
"""First figure of the thesis that a question draws, how many, and which of them when none is named."""


def _place(question: Question, figure: int | None) -> int:
    """Which of its question's figures is wanted, from 0."""
    if question not in FIGURES:
        if figure is not None:
            raise ParameterError(f"--figure {figure}: `mine {question}` draws none of the thesis's figures. Omit it.")
        return 0
    first, count, usual = FIGURES[question]
    if figure is None:
        return usual
    if not first <= figure < first + count:
        raise ParameterError(f"--figure {figure}: `mine {question}` draws figures {first} to {first + count - 1}.")
    return figure - first


def write_page(figures: Sequence[go.Figure], path: Path) -> None:
    """All figures on one page that needs no network."""
    parts = [
        one.to_html(full_html=False, include_plotlyjs=place == 0, default_height=f"{one.layout.height}px")
        for place, one in enumerate(figures)
    ]
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>filmscore</title></head>'
    with durable.asked_for(path) as beside:
        beside.write_text(f"{head}<body>{''.join(parts)}</body></html>", encoding="utf-8")
    console.print(f"Figure written to {path}", markup=False)


def answer(
    room: Room,
    question: Question,
    figure: int | None,
    directors: Sequence[str] | None,
    shuffles: int,
    said_and_seen: bool = False,
) -> Answer:
    """Document, figures and table of a question.

    Args:
        figure: the number of one of the thesis's figures; None = the usual one of the question.
        directors: only these; None = those of the figure, or the first dozen that have music.
        said_and_seen: draw the figures of the other senses, in place of those of the thesis.

    Raises:
        ParameterError: the question does not draw this figure, or there is too little to answer it with.
    """
    place = _place(question, figure)
    names = directors or room.directors_with_music()[:12]
    if question is Question.separation and figure is not None and not directors:
        preset = list(PRESETS)[place]
        names = chosen_directors(preset, room.directors_with_music())
        if len(names) < 2 and PRESETS[preset]:
            raise ParameterError(
                f"--figure {figure}: it compares {', '.join(PRESETS[preset])}, and fewer than two of them have films "
                "with music here. Use --figure 34 for all directors, or name two or more by --director."
            )
    if question is Question.correlations:
        return _correlations(room, len(FOCUS) - 1 if said_and_seen else place)
    if question is Question.projection:
        return _projection(room, "senses" if said_and_seen else PLANES[place])
    if question is Question.separation:
        return _separation(room, names, "senses" if said_and_seen else "both")
    return _directors(room, names, shuffles)
