"""`filmscore validity`: run the pipeline on a synthetic file with known truth (thesis 5.2)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer
from rich.table import Table

from commands.common import ArchitectureOption, HomeOption, JsonOption, console, emit, output
from db.home import Home
from film import ATTRIBUTES, LABELS

if TYPE_CHECKING:
    from service.figures.validity import Comparison, Validity


def _cell(value: Comparison) -> str:
    """The prediction and its mark, in words as well as in colour."""
    from service.figures.validity import CORRECT, EXTREME, NOT_FOUND, SIMPLE, WRONG

    style = {CORRECT: "green", SIMPLE: "yellow", EXTREME: "red", WRONG: "red", NOT_FOUND: "dim"}[value.mark]
    if value.predicted is None or value.probability is None:
        return f"[{style}]{value.mark} (truth: {value.true})[/]"
    truth = "" if value.mark == CORRECT else f" (truth: {value.true})"
    return f"[{style}]{value.predicted} {value.probability:.2f}, {value.mark}{truth}[/]"


def _show(made: Validity) -> None:
    table = Table("song", "seconds", "genre", *ATTRIBUTES, title=f"Songs, heard by {made.model_version}")
    for segment in made.segments:
        table.add_row(
            segment.genre.true,
            f"{segment.start_s}-{segment.end_s}",
            _cell(segment.genre),
            *(_cell(getattr(segment, attribute)) for attribute in ATTRIBUTES),
        )
    output.print(table)
    confusion = Table("truth", *(f"heard as {label}" for label in LABELS), title="Seconds")
    for label, row in zip(LABELS, made.confusion, strict=True):
        confusion.add_row(label, *map(str, row))
    output.print(confusion)
    shares = ", ".join(f"{name} {share:.0%}" for name, share in made.accuracy.items())
    output.print(f"Right: {shares}", soft_wrap=True)
    output.print(made.note, soft_wrap=True)


def register(app: typer.Typer) -> None:
    @app.command("validity")
    def validity(
        home: HomeOption = None, architecture: ArchitectureOption = "default", as_document: JsonOption = False
    ) -> None:
        """Run the pipeline on a synthetic file with known truth. It tests the pipeline, not the ear."""
        from service.figures.validity import media_path, run_validity, validity_path

        where = Home.at(home)
        with console.status("rendering and analysing the evaluation file"):
            made = run_validity(where, architecture=architecture)
        if as_document:
            emit(
                {**asdict(made), "labels": LABELS, "media": str(media_path(where)), "stored": str(validity_path(where))}
            )
        else:
            _show(made)
