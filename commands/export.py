"""`filmscore export FILE`: the enhanced dataset as CSV, JSON or Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.common import HomeOption, output
from db.home import Home


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
        home: HomeOption = None,
    ) -> None:
        """Export the enhanced dataset: one row per film, the thesis's 25 columns, then filmscore's."""
        from db.catalogue.export import export as write_dataset
        from db.catalogue.snapshot import Snapshot

        with Snapshot.open(Home.at(home)) as snapshot:
            films = write_dataset(snapshot, file, thesis_headers=thesis_headers)
        output.print(f"{films} films written to {file}", markup=False, soft_wrap=True)
