"""`filmscore evaluate likeness`: pairs of films that people judged; good pairs are to score above bad ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from commands.common import HomeOption, JsonOption, console, emit, output


def _show(result: dict[str, Any]) -> None:
    low, high = result["interval"]
    output.print(
        f"{result['n']} pairs, {result['good']} of them good; {result['not_found']} further pairs have a film that the "
        "catalogue lacks"
    )
    table = Table("", "area under the ROC curve", title="How often a good pair scores above a bad one")
    table.add_row("score", f"{result['auc']:.3f} [{low:.3f}, {high:.3f}]")
    for name, area in result["blocks"].items():
        table.add_row(f"{name} alone", f"{area:.3f}")
    output.print(table)


def attach(group: typer.Typer) -> None:
    """Add `likeness` to the group `evaluate`."""

    @group.command("likeness")
    def likeness(
        catalogue: Annotated[
            Path, typer.Option("--catalogue", help="CSV of films: movie, year, genres, director, ...")
        ],
        pairs: Annotated[
            Path, typer.Option("--pairs", help="TSV: title_1, year_1, title_2, year_2, rating (OK, NOT_OK)")
        ],
        home: HomeOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Hold the likeness of two films against people's judgements of pairs, with the weights of `--for like`.

        A column `plot` is used where there is one; plots are read first (minutes for thousands) and kept in the home.
        """
        from db.catalogue.text_vectors import TextVectors
        from db.home import Home
        from recommender.likeness import evaluate_likeness

        place = Home.named(home)
        kept = TextVectors(place) if place.root.is_dir() else None
        with console.status("evaluating"):
            result = evaluate_likeness(catalogue, pairs, kept=kept)
        if as_json:
            emit(result)
        else:
            _show(result)
