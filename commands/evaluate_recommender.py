"""`filmscore evaluate recommender`: real ratings, split by time; the held-out likes are to be found again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from commands.common import HomeOption, JsonOption, console, emit, output

FIGURES = ("ndcg", "recall", "hit_rate", "coverage", "novelty", "diversity", "calibration", "famous")


def _row(table: Table, name: str, figures: dict[str, Any]) -> None:
    low, high = figures["interval_95"]["ndcg"]
    cells = [f"{figures[key]:.4f}" for key in FIGURES]
    table.add_row(name, f"{cells[0]} [{low:.4f}, {high:.4f}]", *cells[1:])


def _table(title: str) -> Table:
    table = Table(title=title)
    table.add_column("")
    for name in FIGURES:
        table.add_column("ndcg [95 %]" if name == "ndcg" else name, justify="right")
    return table


def _show(result: dict[str, Any]) -> None:
    protocol = result["protocol"]
    table = _table(f"{protocol['users']} users, {protocol['candidates']} candidates, k = {protocol['k']}")
    for name, figures in result["models"].items():
        _row(table, name, figures)
    for name, figures in result["without"].items():
        _row(table, f"without {name}", figures)
    output.print(table)
    frontier = Table("weight of the prior", "ndcg", "coverage", title="The frontier: accuracy against coverage")
    for row in result["frontier"]:
        frontier.add_row(f"{row['prior']:g}", f"{row['ndcg']:.4f}", f"{row['coverage']:.4f}")
    output.print(frontier)
    for name, part in result["further"].items():
        table = _table(f"{name}: {part['what']}; {part['users']} users, {part['films']} candidates")
        for model, figures in part["models"].items():
            _row(table, model, figures)
        output.print(table)


def attach(group: typer.Typer) -> None:
    """Add `recommender` to the group `evaluate`."""

    @group.command("recommender")
    def recommender(
        catalogue: Annotated[Path, typer.Option("--catalogue", help="Films: movie, year, genres, movielens_id, ...")],
        ratings: Annotated[Path, typer.Option("--ratings", help="userId, movieId, rating, timestamp")],
        home: HomeOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Score the recommender on other people's ratings, beside its rivals. Takes some minutes."""
        from recommender.evaluation import evaluate

        with console.status("evaluating"):
            result = evaluate(catalogue, ratings)
        if as_json:
            emit(result)
        else:
            _show(result)
