"""`filmscore backup FILE` and `filmscore restore FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.common import HomeOption, output
from db.home import Home
from service.access import LOCAL
from service.keeping import back_up
from service.keeping import restore as put_back


def register(app: typer.Typer) -> None:
    @app.command("backup")
    def backup(
        file: Annotated[Path, typer.Argument(help="The tar file to write; one of that name is replaced.")],
        home: HomeOption = None,
    ) -> None:
        """Write everything that cannot be made again into one file, while others go on working."""
        held = back_up(Home.at(home), LOCAL, file)
        output.print(f"{held.films} films and {held.parts} parts backed up to {file}", markup=False, soft_wrap=True)

    @app.command("restore")
    def restore(
        file: Annotated[Path, typer.Argument(help="What `filmscore backup` wrote.")],
        home: HomeOption = None,
    ) -> None:
        """Put a backup in the place of the present state, and publish it."""
        held, snapshot = put_back(Home.at(home), LOCAL, file)
        output.print(
            f"{held.films} films and {held.parts} parts of {held.made_at} restored; snapshot {snapshot}", soft_wrap=True
        )
