"""`filmscore metadata import CSV` and `metadata export FILE`: what is known of films, in and out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from commands.common import HomeOption, JsonOption, console, emit
from db.home import Home

metadata = typer.Typer(help="Metadata of films, in and out as tables.", no_args_is_help=True)


@metadata.command("import")
def import_(
    csv: Annotated[Path, typer.Argument(help="CSV (or .csv.gz): movie, imdb_id, year, director, ...; | parts values.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the films of a CSV, or complete those that are in the library, and publish."""
    from service.access import LOCAL
    from service.metadata import import_metadata

    report = import_metadata(Home.at(home), LOCAL, csv)
    if as_json:
        emit(asdict(report))
    else:
        console.print(f"{report.added} films added, {report.updated} completed, {report.unchanged} unchanged.")


@metadata.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Where to write: .csv or .json.")],
    home: HomeOption = None,
) -> None:
    """Write the films' metadata with the thesis's twelve fields (Table 3), then filmscore's."""
    from db.state import State
    from ingest.metadata_csv import write_films

    with State.open(Home.at(home)) as state:
        count = write_films(state.films(), file)
    console.print(f"{count} films in {file}.", markup=False)


def register(app: typer.Typer) -> None:
    app.add_typer(metadata, name="metadata")
