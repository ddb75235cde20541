"""`filmscore mine`: what sets directors apart, as numbers or as the figures of the app's Mining page."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import plotly.graph_objects as go
import typer
from rich.table import Table

from commands.common import HomeOption, JsonOption, console, emit, output
from db.home import Home
from errors import ParameterError
from mining.correlation import FOCUS
from mining.preprocess import EncodingName
from mining.separation import Separation
from service.app_data import OpenCatalogue
from service.look import LIGHT
from service.mining_figures import (
    correlation_heatmap,
    decision_surfaces,
    projection_scatter,
    separation_bars,
)
from service.mining_room import (
    Room,
    correlations_document,
    projection_document,
    separation_document,
    surface_document,
)


class Question(StrEnum):
    """What can be asked."""

    correlations = "correlations"
    projection = "projection"
    separation = "separation"
    directors = "directors"


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row))
    return table


def _correlations(room: Room) -> tuple[dict[str, Any], go.Figure, Table]:
    found = room.correlations(next(iter(FOCUS)), "benjamini-hochberg")
    rows = found.pairs().head(20)[["first", "second", "rho", "p_corrected", "films"]].to_numpy().tolist()
    table = _table(("first", "second", "rho", "p (corrected)", "films"), rows)
    return correlations_document(found), correlation_heatmap(found, LIGHT), table


def _projection(room: Room) -> tuple[dict[str, Any], go.Figure, Table]:
    found = room.projection("both")
    rows = [(kind, 100 * float(part.explained[0])) for kind, part in found.parts.items()]
    figure = projection_scatter(found, room.titles, room.directors, room.order, LIGHT)
    return projection_document(room, found), figure, _table(("first component of", "% of its variance"), rows)


def _separation(room: Room, names: Sequence[str]) -> tuple[dict[str, Any], go.Figure, Table]:
    surface, found = room.surface(names)
    figure = decision_surfaces(surface, found, room.titles, room.directors, room.order, LIGHT)
    rows = [(name,) for name in surface.directors]
    console.print(f"{100 * surface.training_accuracy:.0f} % of the films drawn lie in their own director's region.")
    return surface_document(surface, room, found), figure, _table(("director",), rows)


def _directors(room: Room, names: Sequence[str], shuffles: int) -> tuple[dict[str, Any], go.Figure, Table]:
    found: list[Separation] = room.separations(names, shuffles=shuffles)
    rows = [(one.source, one.balanced_accuracy, one.accuracy, one.chance, one.p_value) for one in found]
    table = _table(("from", "balanced accuracy", "accuracy", "chance", "p"), rows)
    return separation_document(found), separation_bars(found, LIGHT), table


def register(app: typer.Typer) -> None:
    @app.command("mine")
    def mine(
        question: Annotated[Question, typer.Argument(help="What to look at.")],
        html: Annotated[
            Path | None, typer.Option("--html", help="Write the figure to this file.", dir_okay=False)
        ] = None,
        encoding: Annotated[str, typer.Option(help="thesis, or founded.")] = "thesis",
        director: Annotated[list[str] | None, typer.Option("--director", help="Only these; repeat it.")] = None,
        shuffles: Annotated[int, typer.Option(min=0, max=10_000, help="Of the permutation test.")] = 100,
        home: HomeOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """What sets directors apart: correlations, projection, decision surfaces (separation), cross-validation."""
        if encoding not in ("thesis", "founded"):
            raise ParameterError(f"--encoding {encoding}: not known. Use thesis or founded.")
        name: EncodingName = "thesis" if encoding == "thesis" else "founded"
        room = Room.of(OpenCatalogue.open(Home.at(home)), name)
        names = director or room.directors_with_music()[:12]
        if question is Question.correlations:
            document, figure, table = _correlations(room)
        elif question is Question.projection:
            document, figure, table = _projection(room)
        elif question is Question.separation:
            document, figure, table = _separation(room, names)
        else:
            document, figure, table = _directors(room, names, shuffles)
        if html is not None:
            try:
                figure.write_html(html, include_plotlyjs=True)
            except OSError as error:
                raise ParameterError(f"{html}: cannot be written ({error.strerror}). Choose another place.") from error
            console.print(f"Figure written to {html}", markup=False)
        if as_json:
            emit(document)
        elif html is None:
            output.print(table, markup=False)
