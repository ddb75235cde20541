"""`filmscore mine`: what sets directors apart, as numbers or as the figures of the app's Mining page."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import HomeOption, JsonOption, console, emit, output
from db.home import Home
from errors import ParameterError

if TYPE_CHECKING:
    from mining.preprocess import EncodingName


class Question(StrEnum):
    """What can be asked."""

    correlations = "correlations"
    projection = "projection"
    separation = "separation"
    directors = "directors"


def register(app: typer.Typer) -> None:
    @app.command("mine")
    def mine(
        question: Annotated[Question, typer.Argument(help="What to look at.")],
        html: Annotated[
            Path | None, typer.Option("--html", help="Write the figure to this file.", dir_okay=False)
        ] = None,
        figure: Annotated[
            int | None,
            typer.Option(help="A figure of the thesis: 25-30 correlations, 31-33 projection, 34-37 separation."),
        ] = None,
        encoding: Annotated[
            str | None,
            typer.Option(
                help="founded: the recommended one, as on the page Mining; thesis: as in the thesis.",
                show_default="founded, with --figure thesis",
            ),
        ] = None,
        director: Annotated[
            list[str] | None, typer.Option("--director", help="Only these directors; repeatable.")
        ] = None,
        shuffles: Annotated[
            int, typer.Option(min=0, max=10_000, help="How many shuffles of the films the permutation test makes.")
        ] = 100,
        said_and_seen: Annotated[
            bool,
            typer.Option(
                "--said-and-seen", help="Compare what is said and seen in the films, rather than their music."
            ),
        ] = False,
        home: HomeOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Compare directors: correlations, projection, decision surfaces (separation), cross-validation."""
        encoding = encoding or ("founded" if figure is None else "thesis")
        if encoding not in ("thesis", "founded"):
            raise ParameterError(f"--encoding {encoding}: not known. Use thesis or founded.")
        if said_and_seen and (encoding == "thesis" or figure is not None or question is Question.directors):
            raise ParameterError(
                "--said-and-seen: works with --encoding founded, for correlations, projection and separation, and "
                "without --figure. Change these, or leave it out."
            )
        name: EncodingName = "thesis" if encoding == "thesis" else "founded"
        from commands.mine_answers import answer, write_page
        from service.figures.mining_room import Room
        from service.questions.app_data import OpenCatalogue

        room = Room.of(OpenCatalogue.open(Home.at(home)), name)
        document, figures, table = answer(room, question, figure, director, shuffles, said_and_seen)
        if html is not None:
            write_page(figures, html)
        if as_json:
            emit({"encoding": name} | document)
        elif html is None:
            console.print(f"Encoding: {name}.", markup=False)
            output.print(table, markup=False)
