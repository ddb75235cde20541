"""`filmscore profiles`: saved taste profiles, and their export and import as JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands.common import HomeOption, JsonOption, console, emit, output
from db.home import Home

NameArgument = Annotated[str, typer.Argument(help="Name of the profile; `profiles list` prints them.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Manage saved taste profiles (recommend --save-profile, or in the app).", no_args_is_help=True
    )

    @group.command("list")
    def list_profiles(home: HomeOption = None, as_json: JsonOption = False) -> None:
        """List all profiles."""
        from db.state.store import State

        with State.open(Home.at(home)) as state:
            names = state.list_profiles()
        if as_json:
            emit({"profiles": names})
        else:
            output.print("\n".join(names) or "None yet.", markup=False)

    @group.command("export")
    def export(
        name: NameArgument,
        file: Annotated[Path | None, typer.Argument(help="The file to write; standard output by default.")] = None,
        home: HomeOption = None,
    ) -> None:
        """Write a profile as JSON, its films by title, year and IMDb id."""
        import durable
        from db.catalogue.snapshot import Snapshot
        from service.questions.profiles import export_profile

        place = Home.at(home)
        with Snapshot.open(place) as snapshot:
            document = export_profile(place, snapshot, name)
        if file is None:
            sys.stdout.write(document + "\n")
        else:
            with durable.asked_for(file) as beside:
                beside.write_text(document + "\n", "utf-8")

    @group.command("import")
    def import_(
        file: Annotated[Path, typer.Argument(help="A file that `profiles export` wrote.")], home: HomeOption = None
    ) -> None:
        """Import a profile from JSON; films that this catalogue lacks are listed and left out."""
        from db.catalogue.snapshot import Snapshot
        from service.questions.profiles import import_profile

        place = Home.at(home)
        with Snapshot.open(place) as snapshot:
            name, missing = import_profile(place, snapshot, file)
        for title in missing:
            console.print(f"{title}: not in this catalogue; left out.", markup=False)
        output.print(f"Kept as {name}.", markup=False)

    @group.command("delete")
    def delete(name: NameArgument, home: HomeOption = None) -> None:
        """Delete a profile."""
        from db.state.store import State

        with State.open(Home.at(home)) as state:
            state.get_profile(name)
            state.delete_profile(name)

    app.add_typer(group, name="profiles")
