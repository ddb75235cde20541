"""`filmscore backup FILE` and `filmscore restore FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import HomeOption, output
from db.home import Home

if TYPE_CHECKING:
    from db.backup import BackupContents


def register(app: typer.Typer) -> None:
    @app.command("backup")
    def backup(
        file: Annotated[Path, typer.Argument(help="The tar file to write; one of that name is replaced.")],
        home: HomeOption = None,
    ) -> None:
        """Write films, metadata, analyses and your own heads into one file, while others go on working.

        Media files are not in it, uploaded ones neither: copy the folder `uploads` of the home yourself.
        """
        from service.library.backups import back_up
        from service.rights.access import LOCAL

        held = back_up(Home.at(home), LOCAL, file)
        output.print(f"{_words(held)} backed up to {file}; media files are not", markup=False, soft_wrap=True)

    @app.command("restore")
    def restore(
        file: Annotated[Path, typer.Argument(help="What `filmscore backup` wrote.")],
        with_access: Annotated[
            bool,
            typer.Option(
                "--with-access", help="Take its password, API tokens, media roots and audit log: your own only."
            ),
        ] = False,
        home: HomeOption = None,
    ) -> None:
        """Put a backup in the place of the present state, and publish it.

        Who may do what stays as it is in this home: password, API tokens and media roots of the backup are left.
        """
        from service.library.backups import restore as put_back
        from service.rights.access import LOCAL

        held, snapshot = put_back(Home.at(home), LOCAL, file, with_access=with_access)
        output.print(f"{_words(held)} of {held.made_at} restored; snapshot {snapshot}", markup=False, soft_wrap=True)
        for table, rows in held.taken.items():
            output.print(f"taken: {rows} rows of {table}", markup=False, soft_wrap=True)
        for thing in held.left:
            output.print(f"left: {thing}", markup=False, soft_wrap=True)
        if not with_access:
            output.print("Who may do what stays as it was here; --with-access takes it from a backup of your own.")


def _words(held: BackupContents) -> str:
    return f"{held.films} films, {held.parts} parts and {held.heads} own heads"
