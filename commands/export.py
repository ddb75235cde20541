"""`filmscore export FILE`: the enhanced dataset as CSV, JSON or Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.common import HomeOption, console, output
from db.home import Home
from errors import ParameterError


def register(app: typer.Typer) -> None:
    @app.command("export")
    def export(
        file: Annotated[
            Path, typer.Argument(help="The file to write; its suffix sets the format: .csv, .json or .parquet.")
        ],
        thesis_headers: Annotated[
            bool,
            typer.Option("--thesis-headers", help='Name the columns as the thesis does, "Country" twice (CSV).'),
        ] = False,
        corrections: Annotated[
            str | None,
            typer.Option(
                "--corrections",
                metavar="ATTRIBUTE",
                help="Instead: what people set by ear (genre, danceability, valence or energy), as a manifest (CSV).",
            ),
        ] = None,
        home: HomeOption = None,
    ) -> None:
        """Export the enhanced dataset: one row per film, the thesis's 25 columns, then filmscore's."""
        if corrections is not None:
            _corrections(Home.at(home), corrections, file)
            return
        from db.catalogue.export import export as write_dataset
        from db.catalogue.snapshot import Snapshot

        with Snapshot.open(Home.at(home)) as snapshot:
            films = write_dataset(snapshot, file, thesis_headers=thesis_headers)
        output.print(f"{films} films written to {file}", markup=False, soft_wrap=True)


def _corrections(home: Home, attribute: str, file: Path) -> None:
    from service.library.corrections import write_corrections
    from service.rights.access import LOCAL

    if file.suffix.lower() != ".csv":
        raise ParameterError(f"{file}: a manifest of corrections is CSV. Name a file that ends in .csv.")
    found = write_corrections(home, LOCAL, attribute, file)
    for film in found.left_out:
        console.print(f"left out: {film}", style="yellow", markup=False)
    output.print(f"{found.runs} scenes of {found.films} films written to {file}", markup=False, soft_wrap=True)
