"""`filmscore roots add|remove|list`: from which folders the app's admins may add films."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.common import HomeOption, output
from db.home import Home

Folder = Annotated[Path, typer.Argument(help="A folder of films.")]


def register(app: typer.Typer) -> None:
    roots = typer.Typer(no_args_is_help=True, help="Manage the folders from which the app may add films.")
    app.add_typer(roots, name="roots")

    @roots.command("add")
    def add(folder: Folder, home: HomeOption = None) -> None:
        """Allow films from a folder and all below it."""
        from service.rights.access import LOCAL
        from service.rights.media_roots import add_root

        output.print(f"films may come from {add_root(Home.at(home), LOCAL, folder)}", markup=False, soft_wrap=True)

    @roots.command("remove")
    def remove(folder: Folder, home: HomeOption = None) -> None:
        """Remove a folder from the allowed ones; films already added stay."""
        from service.rights.access import LOCAL
        from service.rights.media_roots import remove_root

        remove_root(Home.at(home), LOCAL, folder)

    @roots.command("watch")
    def watch(
        folder: Folder,
        collection: Annotated[str, typer.Option(help="The collection that new films belong to.")] = "",
        home: HomeOption = None,
    ) -> None:
        """Add what is new in a folder below a root: a worker looks every three minutes."""
        from service.jobs import watching
        from service.rights.access import LOCAL

        output.print(
            f"watched: {watching.watch(Home.at(home), LOCAL, folder, collection)}", markup=False, soft_wrap=True
        )

    @roots.command("unwatch")
    def unwatch(folder: Folder, home: HomeOption = None) -> None:
        """Stop watching a folder; its films stay."""
        from service.jobs import watching
        from service.rights.access import LOCAL

        watching.unwatch(Home.at(home), LOCAL, folder)

    @roots.command("list")
    def list_(home: HomeOption = None) -> None:
        """List all media roots, and the folders that are watched."""
        from service.jobs.watching import watched
        from service.rights.media_roots import media_roots

        place = Home.at(home)
        for root in media_roots(place):
            output.print(str(root), markup=False, soft_wrap=True)
        for one in watched(place):
            output.print(f"watched: {one.folder}", markup=False, soft_wrap=True)
