"""`filmscore metadata import CSV` and `metadata export FILE`: import and export films' metadata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import HomeOption, JsonOption, console, emit, output
from db.home import Home

if TYPE_CHECKING:
    from service.library.metadata import ImportReport

metadata = typer.Typer(help="Import and export films' metadata as tables.", no_args_is_help=True)


@metadata.command("import")
def import_(
    csv: Annotated[
        Path, typer.Argument(help="A table of films (.csv or .csv.gz): your own, or of TMDB, OMDb, IMDb or MovieLens.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show how the table is read, and change nothing.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the films of a table, or complete those that are in the library, and publish."""
    if dry_run:
        _preview(csv, as_json)
        return
    from service.library.metadata import import_metadata
    from service.rights.access import LOCAL

    report = import_metadata(Home.at(home), LOCAL, csv)
    if as_json:
        emit(asdict(report))
        return
    console.print(f"{report.added} films added, {report.updated} completed, {report.unchanged} unchanged.")
    for line in _left_out(report.no_films, report.unused, report):
        console.print(line, markup=False)


def _left_out(no_films: int, unused: Sequence[str], report: ImportReport | None = None) -> list[str]:
    """Parts of a table that were not imported."""
    from service.library.table_preview import not_imported

    lines = []
    if report and report.unclear:
        lines.append(
            f"Left out, because several films of the library fit ({len(report.unclear)}): {'; '.join(report.unclear)}. "
            "Give their year, director or IMDb id."
        )
    return lines + not_imported(no_films, tuple(unused))


def _preview(csv: Path, as_json: bool) -> None:
    from service.library.table_preview import preview_table
    from service.rights.access import LOCAL

    table = preview_table(LOCAL, csv)
    if as_json:
        emit(asdict(table))
        return
    said = [f"{table.films} films in {csv}; nothing is changed."]
    said += [f"  {column} is read as {field}" for column, field in table.columns.items()]
    said += _left_out(table.no_films, table.unused)
    said += [f"line {fault.line}: {fault.fault}" for fault in table.rejected]
    for film in table.first:
        said.append("; ".join(f"{name}: {', '.join(v) if isinstance(v, list) else v}" for name, v in film.items()))
    output.print("\n".join(said), markup=False, soft_wrap=True)


@metadata.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Where to write: .csv or .json.")],
    home: HomeOption = None,
) -> None:
    """Write the films' metadata with the thesis's twelve fields (Table 3), then filmscore's."""
    from db.state.store import State
    from ingest.metadata_export import write_films

    with State.open(Home.at(home)) as state:
        count = write_films(state.films(), file)
    console.print(f"{count} films in {file}.", markup=False)


def register(app: typer.Typer) -> None:
    app.add_typer(metadata, name="metadata")
