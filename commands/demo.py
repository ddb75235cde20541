"""`filmscore demo`: build the demo catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from commands.common import ArchitectureOption, HomeOption, console, output
from db.home import Home

if TYPE_CHECKING:
    from service.library.demo import DemoReport

_WORDS = {"render": "rendering films", "hear": "hearing films", "validity": "validity file"}


def _show(report: DemoReport) -> None:
    if report.existed:
        output.print("The demo catalogue already exists; nothing to do.")
        return
    if report.replaced:
        output.print("The demo catalogue here was of another version; its films are rendered and heard again.")
    output.print(
        f"{report.thesis_films} films of the thesis added; their music is analysed once their files are ingested."
    )
    output.print(f"{report.rendered} demo films rendered, {report.heard} heard; snapshot {report.snapshot}")
    for reason in report.failures:
        console.print(reason, style="red", markup=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    @app.command("demo")
    def demo(
        home: HomeOption = None,
        workers: Annotated[int, typer.Option(min=1, help="Number of processes that render and analyse.")] = 2,
        architecture: ArchitectureOption = "default",
    ) -> None:
        """Build the demo catalogue: the thesis's 144 films, and 36 rendered films to analyse."""
        from service.library.demo import build_demo

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as progress:
            lines: dict[str, TaskID] = {}

            def tell(stage: str, done: int, total: int) -> None:
                if stage not in lines:
                    lines[stage] = progress.add_task(_WORDS[stage], total=total)
                progress.update(lines[stage], completed=done)

            report = build_demo(Home.at(home), workers=workers, architecture=architecture, on_progress=tell)
        _show(report)
        if report.failures:
            raise typer.Exit(1)
