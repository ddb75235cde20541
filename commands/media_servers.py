"""`filmscore jellyfin ADDRESS`, `filmscore plex ADDRESS`: a media server's library, and somebody's taste there; a
recommendation back as a playlist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import HomeOption, JsonOption, emit, output
from db.home import Home

if TYPE_CHECKING:
    from film import Film
    from service.library.servers import ServerReport

RulesOption = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="SERVER=LOCAL", help="The server's folder = where it is here; repeatable."),
]
IngestOption = Annotated[bool, typer.Option("--ingest", help="Add the films whose files are here.")]
ProfileOption = Annotated[str, typer.Option(help="The taste profile that ratings go into.")]
PlaylistOption = Annotated[str, typer.Option(metavar="NAME", help="Write the films to see next into this playlist.")]
CountOption = Annotated[int, typer.Option("-n", min=1, max=500, help="How many films the playlist gets.")]


def register(app: typer.Typer) -> None:
    @app.command("jellyfin")
    def jellyfin_command(
        address: Annotated[str, typer.Argument(help="Address of the server: http://192.168.1.2:8096.")],
        user: Annotated[str, typer.Option(help="Whose ratings and playlist; may be left out with one user.")] = "",
        rules: RulesOption = None,
        hear: IngestOption = False,
        profile: ProfileOption = "Jellyfin",
        playlist: PlaylistOption = "",
        n: CountOption = 20,
        home: HomeOption = None,
        as_document: JsonOption = False,
    ) -> None:
        """Read a Jellyfin server's library: films, metadata, ratings and what was played; write a playlist back.

        The API key is read from the environment: FILMSCORE_JELLYFIN_KEY, or FILMSCORE_JELLYFIN_KEY_FILE, a file of
        mode 600.
        """
        _read("jellyfin", address, user, rules or [], hear, profile, playlist, n, Home.at(home), as_document)

    @app.command("plex")
    def plex_command(
        address: Annotated[str, typer.Argument(help="Address of the server: http://192.168.1.2:32400.")],
        rules: RulesOption = None,
        hear: IngestOption = False,
        profile: ProfileOption = "Plex",
        playlist: PlaylistOption = "",
        n: CountOption = 20,
        home: HomeOption = None,
        as_document: JsonOption = False,
    ) -> None:
        """Read a Plex server's library: films, metadata, ratings and what was viewed; write a playlist back.

        The token is read from the environment: FILMSCORE_PLEX_TOKEN, or FILMSCORE_PLEX_TOKEN_FILE, a file of mode 600.
        """
        _read("plex", address, "", rules or [], hear, profile, playlist, n, Home.at(home), as_document)


def _read(
    kind: str,
    address: str,
    user: str,
    rules: Sequence[str],
    hear: bool,
    profile: str,
    playlist: str,
    n: int,
    home: Home,
    as_document: bool,
) -> None:
    from service.library.adding import ingest
    from service.library.servers import connect, read_library, read_rules, write_recommendation
    from service.rights.access import LOCAL

    ways = read_rules(rules)

    def add(paths: Sequence[Path]) -> object:
        return ingest(home, paths)

    with connect(kind, address) as server:
        user_id = server.user_id(user)
        films = list(server.films(user_id))
        report = read_library(home, LOCAL, films, ways, profile, add if hear else None, kind=kind)
        told = write_recommendation(home, server, user_id, report, profile, playlist, n) if playlist else []
    if as_document:
        document = asdict(report)
        del document["items"]
        emit(document | {"playlist": [{"film_id": one.film_id, "title": one.title} for one in told]})
    else:
        _print(report, told, profile, playlist, mapped=bool(ways))


def _print(report: ServerReport, told: Sequence[Film], profile: str, playlist: str, *, mapped: bool) -> None:
    output.print(f"{report.summary}, in the profile {profile}.", markup=False, soft_wrap=True)
    if report.unclear:
        output.print(f"Left out, because several films fit: {'; '.join(report.unclear)}.", markup=False)
    if report.missing and not mapped:
        output.print(f"{report.missing} files are not here under the server's path; --map says where they are.")
    if told:
        output.print(f"In the playlist {playlist}: {', '.join(film.title for film in told)}.", markup=False)
