"""`filmscore listeners`: who may listen to excerpts of the films."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.common import HomeOption, output
from db.home import Home

Who = Annotated[str | None, typer.Argument(help="everybody, signed-in, admins or nobody.", metavar="[WHO]")]


def register(app: typer.Typer) -> None:
    @app.command("listeners")
    def listeners_(who: Who = None, home: HomeOption = None) -> None:
        """Set who may listen to excerpts of the films in the app and the API; without WHO: print the setting.

        If nothing is set: everybody while only this machine can reach the app, else those who are signed in.
        """
        from service.listening.listeners import said_listeners, set_listeners
        from service.rights.access import LOCAL

        where = Home.at(home)
        if who is not None:
            set_listeners(where, LOCAL, who)
        said = said_listeners(where) or "not set: everybody while only this machine can reach the app, else signed-in"
        output.print(said, markup=False, highlight=False, soft_wrap=True)
