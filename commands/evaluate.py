"""`filmscore evaluate KIND`: evaluate the shipped models, or trained ones, on your own recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from commands import evaluate_likeness, evaluate_recommender
from commands.common import ArchitectureOption, HomeOption, JsonOption, emit, output
from commands.train import DataOption, progress_bar, shown_on
from models.kinds import KINDS

group = typer.Typer(
    help="Evaluate the models on labelled recordings, or the recommender on ratings.", no_args_is_help=True
)
"""One command per kind of model; `evaluate recommender` is attached to it."""


def register(app: typer.Typer) -> None:
    """Adds the group `evaluate`."""
    app.add_typer(group, name="evaluate")


def evaluate_command(kind: str, data: Path, architecture: str, weights: Path | None, as_json: bool) -> None:
    """Score one kind of model on a manifest and print the result."""
    from models.evaluation.on_manifest import evaluate
    from models.examples.manifest import read_manifest

    manifest = read_manifest(data, kind, for_training=False)
    with progress_bar() as bar:
        result = evaluate(manifest, architecture, on_step=shown_on(bar), weights=weights)
    if as_json:
        emit(result)
        return
    table = Table(
        title=f"{kind}, {result['model_version']}: {result['n']} clips; rows are the truth, columns predictions"
    )
    for name in ("", *(str(number) for number in range(len(result["labels"]))), "prec.", "recall", "F1"):
        table.add_column(name, justify="right")
    for number, (name, counts) in enumerate(zip(result["labels"], result["confusion"], strict=True)):
        part = result["per_class"][name]
        shares = (f"{part[key]:.2f}" for key in ("precision", "recall", "f1"))
        table.add_row(f"{number} {name}", *(str(count) for count in counts), *shares)
    output.print(table)
    output.print(
        f"accuracy {result['accuracy']:.3f}, balanced {result['balanced_accuracy']:.3f}, "
        f"macro F1 {result['macro_f1']:.3f}"
    )


def _attach(kind: str) -> None:
    @group.command(kind, help=f"Score the {kind} model on a manifest.")
    def command(
        data: DataOption,
        architecture: ArchitectureOption = "default",
        weights: Annotated[
            Path | None, typer.Option("--weights", help="What `filmscore train` wrote, instead of the shipped weights.")
        ] = None,
        home: HomeOption = None,
        as_json: JsonOption = False,
    ) -> None:
        evaluate_command(kind, data, architecture, weights, as_json)


for _kind in KINDS:
    _attach(_kind)

evaluate_recommender.attach(group)
evaluate_likeness.attach(group)
