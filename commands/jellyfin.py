"""`filmscore jellyfin ADDRESS`: a server's library, and somebody's taste there; a recommendation back as a playlist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from commands.common import HomeOption, JsonOption, emit, output
from db.home import Home

KEY = "FILMSCORE_JELLYFIN_KEY"


def register(app: typer.Typer) -> None:
    @app.command("jellyfin")
    def jellyfin_command(
        address: Annotated[str, typer.Argument(help="Of the server: http://192.168.1.2:8096.")],
        user: Annotated[str, typer.Option(help="Whose ratings and playlist; may be left out with one user.")] = "",
        rules: Annotated[
            list[str] | None,
            typer.Option("--map", metavar="SERVER=LOCAL", help="The server's folder = where it is here; repeatable."),
        ] = None,
        hear: Annotated[bool, typer.Option("--ingest", help="Add the films whose files are here.")] = False,
        profile: Annotated[str, typer.Option(help="The taste profile that ratings go into.")] = "Jellyfin",
        playlist: Annotated[
            str, typer.Option(metavar="NAME", help="Write the films to see next into this playlist.")
        ] = "",
        n: Annotated[int, typer.Option("-n", min=1, max=500, help="How many.")] = 20,
        home: HomeOption = None,
        as_document: JsonOption = False,
    ) -> None:
        """Read a Jellyfin server's library: films, metadata, ratings and what was played; write a playlist back.

        The API key is read from the environment: FILMSCORE_JELLYFIN_KEY, or FILMSCORE_JELLYFIN_KEY_FILE, a file of
        mode 600.
        """
        from db.secret_files import secret
        from ingest.jellyfin import Jellyfin
        from service.library.adding import ingest
        from service.library.jellyfin import read_library, read_rules, write_recommendation
        from service.rights.access import LOCAL

        place, ways = Home.at(home), read_rules(rules or [])

        def add(paths: Sequence[Path]) -> object:
            return ingest(place, paths)

        with Jellyfin(address, secret(KEY)) as server:
            user_id = server.user_id(user)
            films = list(server.films(user_id))
            report = read_library(place, LOCAL, films, ways, profile, add if hear else None)
            told = write_recommendation(place, server, user_id, report, profile, playlist, n) if playlist else []
        if as_document:
            document = asdict(report)
            del document["items"]
            emit(document | {"playlist": [{"film_id": one.film_id, "title": one.title} for one in told]})
            return
        output.print(
            f"{report.films} films on the server, {len(report.here)} of their files here; {report.added} films added, "
            f"{report.updated} completed, {report.unchanged} unchanged; {report.rated} of them rated or played, in the "
            f"profile {profile}.",
            markup=False,
            soft_wrap=True,
        )
        if report.unclear:
            output.print(f"Left out, because several films fit: {'; '.join(report.unclear)}.", markup=False)
        if report.missing and not ways:
            output.print(f"{report.missing} files are not here under the server's path; --map says where they are.")
        if told:
            output.print(f"In the playlist {playlist}: {', '.join(film.title for film in told)}.", markup=False)
