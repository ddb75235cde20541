"""`filmscore ingest PATH...`: analyse films and publish them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from commands.common import ArchitectureOption, HomeOption, JsonOption, asked_languages, console, emit, output
from db.home import Home
from errors import ParameterError
from film import AnalysisStatus

if TYPE_CHECKING:
    from ingest.discover import FoundFilm
    from ingest.hear import Outcome
    from ingest.runner import Progress as FilmProgress
    from service.library.adding import IngestReport

STAGES = ("decode", "activity", "attributes")


class _Board:
    """A progress line for the whole ingest and one for each film being analysed."""

    def __init__(self) -> None:
        self.progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        )
        self.overall: TaskID | None = None
        self.lines: dict[Path, TaskID] = {}
        self.films: set[Path] = set()

    def found(self, films: Sequence[FoundFilm]) -> None:
        self.overall = self.progress.add_task("films", total=len(films))
        self.films = {one.path for film in films for one in (film, *film.versions)}

    def advance(self, event: FilmProgress) -> None:
        line = self.lines.get(event.path)
        if line is None:
            line = self.lines[event.path] = self.progress.add_task(escape(event.path.name), total=100 * len(STAGES))
        done = 100 * (STAGES.index(event.stage) + event.fraction)
        self.progress.update(line, completed=int(done), description=f"{escape(event.path.name)}: {event.stage}")

    def ended(self, outcome: Outcome) -> None:
        line = self.lines.pop(outcome.path, None)
        if line is not None:
            self.progress.remove_task(line)
        if self.overall is not None and outcome.path in self.films:
            self.progress.advance(self.overall)
        if outcome.status == AnalysisStatus.FAILED:
            console.print(outcome.reason, style="red", markup=False, soft_wrap=True)


def _show(report: IngestReport) -> None:
    from ingest.discover import say_left_out

    table = Table("film", "status", "minutes", "runs", *STAGES, "total s")
    for film in report.films:
        table.add_row(
            escape(Path(film.path).name),
            film.status,
            f"{film.duration_s / 60:.1f}" if film.duration_s else "",
            str(film.runs) if film.status != AnalysisStatus.FAILED else "",
            *(f"{film.seconds[stage]:.1f}" if stage in film.seconds else "" for stage in STAGES),
            f"{film.seconds['total']:.1f}" if "total" in film.seconds else "",
        )
    output.print(table)
    for film in report.films:
        if film.copy_of or (film.reason and film.status == AnalysisStatus.ANALYSED):
            output.print(f"{Path(film.path).name}: {film.reason}", markup=False, soft_wrap=True)
        if film.versions:
            others = ", ".join(Path(path).name for path in film.versions)
            output.print(f"{Path(film.path).name}: other versions, not heard: {others}", markup=False, soft_wrap=True)
        for note in film.notes:
            output.print(f"{Path(film.path).name}: {note}", markup=False, soft_wrap=True)
    counts = {status: sum(film.status == status for film in report.films) for status in AnalysisStatus}
    if report.left_out:
        said = say_left_out(report.left_out)
        output.print(f"No films, and left out: {said}. --with-extras adds the extras.", markup=False, soft_wrap=True)
    output.print(", ".join(f"{count} {status}" for status, count in counts.items()) + f"; snapshot {report.snapshot}")


def register(app: typer.Typer) -> None:
    @app.command("ingest")
    def ingest_command(
        paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Media files, or folders that hold them.")],
        collection: Annotated[str, typer.Option(help="The collection that new films belong to.")] = "",
        metadata: Annotated[Path | None, typer.Option(help="A CSV that describes the films.")] = None,
        audio_track: Annotated[
            int | None, typer.Option("--audio-track", min=0, help="Number of the audio track; the first is 0.")
        ] = None,
        audio_language: Annotated[
            str | None,
            typer.Option("--audio-language", metavar="LANGUAGE", help="Analyse the audio track in this language."),
        ] = None,
        with_extras: Annotated[
            bool, typer.Option("--with-extras", help="Add trailers, samples, deleted scenes and episodes too.")
        ] = False,
        watch: Annotated[
            bool,
            typer.Option("--watch", help="Keep watching the folders: a worker adds new files every 3 minutes."),
        ] = False,
        architecture: ArchitectureOption = "default",
        workers: Annotated[int | None, typer.Option(min=1, help="Number of processes (default: one per core).")] = None,
        scheduler: Annotated[
            str | None,
            typer.Option(metavar="ADDRESS", help="A Dask scheduler (tcp://host:8786) whose workers analyse."),
        ] = None,
        home: HomeOption = None,
        as_document: JsonOption = False,
    ) -> None:
        """Add films: analyse and describe their music, then publish them. Films analysed before are skipped."""
        from service.library.adding import ingest
        from service.rights.access import LOCAL

        if scheduler and workers:
            raise ParameterError("--workers, --scheduler: given together. Choose one; a cluster has its own workers.")
        if watch:
            from service.jobs import watching

            for path in paths:
                watching.watch(Home.at(home), LOCAL, path, collection)
        board = _Board()
        with board.progress:
            report = ingest(
                Home.at(home),
                paths,
                collection=collection,
                metadata=metadata,
                audio_track=audio_track,
                languages=asked_languages(audio_track, audio_language),
                architecture=architecture,
                workers=workers,
                scheduler=scheduler,
                with_extras=with_extras,
                on_found=board.found,
                on_progress=board.advance,
                on_outcome=board.ended,
            )
        if as_document:
            left_out = [{"path": str(one.path), "kind": one.kind} for one in report.left_out]
            films = [asdict(film) for film in report.films]
            emit({"films": films, "snapshot": report.snapshot, "left_out": left_out})
        else:
            _show(report)
        if report.failed:
            raise typer.Exit(1)
