"""`filmscore backup FILE` and `filmscore restore FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import HomeOption, output
from db.home import Home

if TYPE_CHECKING:
    from db.upkeep.backup import BackupContents


def register(app: typer.Typer) -> None:
    @app.command("backup")
    def backup(
        file: Annotated[Path, typer.Argument(help="The tar file to write; an existing file is replaced.")],
        home: HomeOption = None,
    ) -> None:
        """Back up films, metadata, analyses and your own heads to one file, while others keep working.

        Media files are not included, not even uploaded ones: copy the folder `uploads` of the home yourself.
        """
        from service.library.backups import back_up
        from service.rights.access import LOCAL

        held = back_up(Home.at(home), LOCAL, file)
        output.print(f"{_words(held)} backed up to {file}; media files are not", markup=False, soft_wrap=True)

    @app.command("restore")
    def restore(
        file: Annotated[Path, typer.Argument(help="A file that `filmscore backup` wrote.")],
        with_access: Annotated[
            bool,
            typer.Option(
                "--with-access",
                help="Also restore its password, API tokens, media roots and audit log; only for your own backup.",
            ),
        ] = False,
        home: HomeOption = None,
    ) -> None:
        """Restore a backup in place of the present state, and publish it.

        Access stays as it is in this home: the backup's password, API tokens and media roots are ignored.
        """
        from service.library.backups import restore as put_back
        from service.rights.access import LOCAL

        held, snapshot = put_back(Home.at(home), LOCAL, file, with_access=with_access)
        output.print(f"{_words(held)} of {held.made_at} restored; snapshot {snapshot}", markup=False, soft_wrap=True)
        for table, rows in held.taken.items():
            output.print(f"restored: {rows} rows of {table}", markup=False, soft_wrap=True)
        for thing in held.left:
            output.print(f"left: {thing}", markup=False, soft_wrap=True)
        if not with_access:
            output.print("Access stays as it was here; --with-access restores it from a backup you made yourself.")


def _words(held: BackupContents) -> str:
    return f"{held.films} films, {held.parts} parts and {held.heads} own heads"
