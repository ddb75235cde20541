"""`filmscore train KIND`: weights, card, metrics and figures from a manifest of recordings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from commands.common import ArchitectureOption, HomeOption, JsonOption, console, emit, output
from errors import ParameterError
from models.kinds import KINDS

if TYPE_CHECKING:
    from models.examples.clips import OnStep

KindArgument = Annotated[str, typer.Argument(help=", ".join(KINDS), metavar="KIND", show_default=False)]
CORRECTIONS = "corrections.csv"
"""File in the output directory: the manifest of a training from corrections."""
DataOption = Annotated[
    Path, typer.Option("--data", help="Manifest: CSV of path,label and optionally start_s,end_s,group.")
]


def register(app: typer.Typer) -> None:
    """Adds `train`."""
    app.command("train", help="Train a model on your own labelled recordings.")(train_command)


def train_command(
    kind: KindArgument,
    out: Annotated[Path, typer.Option("--out", help="Directory for weights, card, metrics and figures.")],
    data: Annotated[
        Path | None, typer.Option("--data", help="Manifest: CSV of path,label and optionally start_s,end_s,group.")
    ] = None,
    from_corrections: Annotated[
        bool,
        typer.Option(
            "--from-corrections", help="Train on corrections made by ear; no film is in both training and test."
        ),
    ] = False,
    architecture: ArchitectureOption = "default",
    balance: Annotated[
        bool, typer.Option("--balance", help="Split in halves and draw classes evenly (thesis 2.3.2), not 70/30.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the split and of the training.")] = 0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train one model; an interrupted training resumes where it stopped."""
    from models.training.from_manifest import train

    check(kind)
    data = _data(kind, out, data, home, from_corrections=from_corrections)
    with progress_bar() as bar:
        report, no_images = train(
            kind, data, out, architecture=architecture, balance=balance, seed=seed, on_step=shown_on(bar)
        )
    metrics = report.clip_metrics
    if no_images:
        console.print(no_images, style="yellow", markup=False)
    if as_json:
        emit({"weights": str(report.weights), "card": str(out / "card.md"), **metrics})
        return
    output.print(
        f"{report.weights}\ntest part: {metrics['n']} clips, accuracy {metrics['accuracy']:.3f}, "
        f"balanced {metrics['balanced_accuracy']:.3f}, macro F1 {metrics['macro_f1']:.3f}\n"
        f"card, metrics and figures: {out}",
        markup=False,
        soft_wrap=True,
    )


def _data(kind: str, out: Path, data: Path | None, home: Path | None, *, from_corrections: bool) -> Path:
    """The manifest to train on; that of the corrections is written to `out` and kept there.

    Raises:
        ParameterError: neither or both are asked for, or there are no corrections of this kind.
    """
    if from_corrections == (data is not None):
        raise ParameterError("train: give either --data MANIFEST or --from-corrections.")
    if data is not None:
        return data
    from db.home import Home
    from service.library.corrections import write_corrections
    from service.rights.access import LOCAL

    path = out / CORRECTIONS
    found = write_corrections(Home.at(home), LOCAL, kind, path)
    for film in found.left_out:
        console.print(f"left out: {film}", style="yellow", markup=False)
    console.print(f"{found.runs} corrected scenes of {found.films} films: {path}", markup=False, soft_wrap=True)
    return path


def check(kind: str) -> None:
    """Raises ParameterError for an unknown kind."""
    if kind not in KINDS:
        raise ParameterError(f"{kind}: no such model. Use one of {', '.join(KINDS)}.")


def progress_bar() -> Progress:
    """On stderr; only on a terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def shown_on(bar: Progress) -> OnStep:
    """Shows successive stages as one task each."""
    task = bar.add_task("starting", total=None)

    def on_step(what: str, done: int, steps: int) -> None:
        bar.update(task, description=what, completed=done, total=steps)

    return on_step
