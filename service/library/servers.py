"""Use a media server's library: analyse its films here, import its metadata and a user's taste, write a playlist."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.secret_files import secret
from db.state.store import State
from errors import AccessError, ParameterError
from film import Film
from ingest.jellyfin import Jellyfin
from ingest.media_server import MediaServer, ServerFilm, is_same_server
from ingest.plex import Plex
from recommender import Recommender
from service.library.metadata import complete, likeness
from service.library.publishing import publish
from service.questions.profiles import add_taste, profile_question
from service.rights.access import Actor
from told import Told

SERVERS: dict[str, type[MediaServer]] = {"jellyfin": Jellyfin, "plex": Plex}


@dataclass(frozen=True)
class PlannedServerFilm:
    """The plan for one film of a server."""

    title: str
    year: int | None
    path: Path | None
    """Its file on this machine; None: not here."""
    server_path: str
    known: bool
    """The library has it."""
    taste: str
    """What the user did with it: "rated 8", "favourite", "played"; empty for nothing."""


@dataclass(frozen=True)
class ServerReport:
    """The result of reading a server."""

    films: int
    """That the server has."""
    here: tuple[str, ...]
    """Their files that are on this machine, by the rules of paths."""
    missing: int
    """Films whose file is not here."""
    added: int
    updated: int
    unchanged: int
    unclear: tuple[str, ...]
    """Titles that several films of the library have; left out."""
    rated: int
    """Films whose rating, thumb, heart or playing went into the profile."""
    snapshot: str
    items: Mapping[int, str] = field(default_factory=dict)
    """film_id -> the server's id."""

    @property
    def summary(self) -> str:
        """The result in one line."""
        return (
            f"{self.films} films on the server, {len(self.here)} of their files here; {self.added} films added, "
            f"{self.updated} completed, {self.unchanged} unchanged; {self.rated} of them rated or played"
        )


def local_path(path: str, rules: Sequence[tuple[str, str]]) -> Path | None:
    """A server's path as one of this machine: the first rule whose beginning it has; without a rule as it is.

    Args:
        path: of the server; backslashes are Windows's.
        rules: (beginning of the server's paths, folder here).
    """
    plain = path.replace("\\", "/")
    for theirs, ours in rules:
        start = theirs.replace("\\", "/").rstrip("/")
        if plain == start or plain.startswith(start + "/"):
            inner = plain[len(start) :].lstrip("/")
            return None if ".." in inner.split("/") else Path(ours, inner)
    return Path(path) if path and not rules else None


def read_rules(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Rules written as SERVER=LOCAL.

    Raises:
        ParameterError: a rule is malformed, or its local folder does not exist.
    """
    rules = []
    for text in texts:
        theirs, equals, ours = text.partition("=")
        if not (equals and theirs.strip("/\\") and ours):
            raise ParameterError(Told("--map {}: not a rule. Write it as /media/films=/mnt/films.", text))
        if not Path(ours).is_dir():
            raise ParameterError(Told("--map {}: {} is no folder of this machine. Check the path.", text, ours))
        rules.append((theirs, ours))
    return rules


def connect(kind: str, address: str) -> MediaServer:
    """A server of a kind of SERVERS; its key is read from the environment, or from the file that a variable names.

    Raises:
        ParameterError: no such kind, no address, or no key.
        AccessError: the file of the key can be read by others.
    """
    server = _kind(kind)
    return server(address, secret(server.key_name))


def _kind(kind: str) -> type[MediaServer]:
    if kind not in SERVERS:
        raise ParameterError(f"{kind}: no such kind of media server. Use one of {', '.join(SERVERS)}.")
    return SERVERS[kind]


def named_address(kind: str) -> str:
    """The address of a server, set by the person who runs filmscore; "" if none is set."""
    return os.environ.get(_kind(kind).address_name, "").strip()


def connect_named(kind: str, address: str = "") -> MediaServer:
    """As `connect`, for requests from the app and the API: connects only to the server named in the environment.

    Anybody who knows the password can be an admin there. A server of their choice would receive the key, and its
    responses would reveal the local network.

    Args:
        kind: one of SERVERS.
        address: must be the named one; "" means the named one.

    Raises:
        AccessError: no server is named, or `address` is another one.
        ParameterError: as `connect`.
    """
    server, named = _kind(kind), named_address(kind)
    if not named:
        raise AccessError(
            Told(
                "{}: {} is not set, so the app and the API ask no such server. Whoever runs filmscore can set it, or "
                "read the server at the terminal: filmscore {} ADDRESS",
                server.product,
                server.address_name,
                kind,
            )
        )
    if address and not is_same_server(address, named):
        raise AccessError(
            f"{server.product}: only the server of {server.address_name} is asked. Leave the address out."
        )
    return connect(kind, named)


def files_here(
    films: Sequence[ServerFilm], rules: Sequence[tuple[str, str]], allowed: Callable[[Path], bool] = lambda _: True
) -> dict[str, Path]:
    """The server's id -> the file, of the films whose file is on this machine and allowed."""
    paths = {one.item_id: path for one in films if (path := local_path(one.path, rules))}
    return {item_id: path for item_id, path in paths.items() if allowed(path) and path.exists()}


def plan_reading(
    home: Home,
    actor: Actor,
    films: Sequence[ServerFilm],
    rules: Sequence[tuple[str, str]],
    allowed: Callable[[Path], bool],
) -> list[PlannedServerFilm]:
    """What `read_library` would do with each film; nothing changes.

    Args:
        allowed: whether a file may be opened.

    Raises:
        AccessError: not an admin.
    """
    actor.require_admin("read a server's library")
    paths = files_here(films, rules, allowed)
    with State.open(home) as state:
        heard = {film.media_path for film in state.films() if film.media_path}

        def known(one: ServerFilm) -> bool:
            path = paths.get(one.item_id)
            return bool((path and str(path.resolve()) in heard) or likeness(state, one.film))

        return [
            PlannedServerFilm(one.film.title, one.film.year, paths.get(one.item_id), one.path, known(one), _taste(one))
            for one in films
        ]


def _taste(one: ServerFilm) -> str:
    if one.rating is not None:
        return Told("rated {:g}", one.rating)
    return Told("favourite") if one.favourite else Told("played") if one.played else ""


def read_library(
    home: Home,
    actor: Actor,
    films: Sequence[ServerFilm],
    rules: Sequence[tuple[str, str]] = (),
    profile: str = "",
    hear: Callable[[Sequence[Path]], object] | None = None,
    *,
    kind: str = "jellyfin",
    allowed: Callable[[Path], bool] = lambda _: True,
) -> ServerReport:
    """Import what a server knows, and publish.

    Args:
        films: of the server.
        rules: translate its paths to local paths.
        profile: receives ratings, favourites and played films; "" = none.
        hear: adds the films of these files first; None: only metadata is imported.
        kind: of the server, for the record of changes.
        allowed: whether a file may be opened.

    Raises:
        AccessError: not an admin.
    """
    actor.require_admin("read a server's library")
    paths = files_here(films, rules, allowed)
    if hear and paths:
        hear(list(paths.values()))
    counts = {"added": 0, "updated": 0, "unchanged": 0}
    unclear: list[str] = []
    items: dict[int, str] = {}
    ratings: dict[int, float | None] = {}
    """None: only played."""
    with State.open(home) as state, state.transaction():
        by_path = {film.media_path: film for film in state.films() if film.media_path}
        for one in films:
            path = paths.get(one.item_id)
            heard = by_path.get(str(path.resolve())) if path else None
            found = [heard] if heard else likeness(state, one.film)
            if len(found) > 1:
                unclear.append(f"{one.film.title} ({one.film.year})" if one.film.year else one.film.title)
                continue
            film_id = found[0].film_id if found else None
            if film_id is None:
                film_id = state.add_film(replace(one.film, film_id=None), "table")
                counts["added"] += 1
            else:
                counts["updated" if complete(state, found[0], one.film) else "unchanged"] += 1
            items[film_id] = one.item_id
            if one.rating is not None or one.favourite or one.played:
                ratings[film_id] = 10.0 if one.rating is None and one.favourite else one.rating
        if profile and ratings:
            add_taste(state, profile, ratings)
        state.audit(f"read {kind}", actor.name, {"films": len(films), "rated": len(ratings), **counts})
    return ServerReport(
        films=len(films),
        here=tuple(str(path) for path in paths.values()),
        missing=len(films) - len(paths),
        **counts,
        unclear=tuple(unclear),
        rated=len(ratings) if profile else 0,
        snapshot=publish(home),
        items=items,
    )


def write_recommendation(
    home: Home, server: MediaServer, user_id: str, report: ServerReport, profile: str, name: str, n: int = 20
) -> list[Film]:
    """Write recommended films that the server has to one of its playlists. Returns the films in order.

    Raises:
        ParameterError: there is no such profile, or the server has none of the recommended films.
        MetadataError: the server refuses.
    """
    with Snapshot.open(home) as snapshot:
        question = replace(profile_question(home, snapshot, profile), n=max(n, len(report.items)))
        answer = Recommender(snapshot).recommend(question)
    films = [one.film for one in answer.results if one.film.film_id in report.items][:n]
    if not films:
        raise ParameterError(f"{name}: the server has no film to recommend that was not seen. Add films, or likes.")
    server.write_playlist(user_id, name, [report.items[film.film_id] for film in films if film.film_id is not None])
    return films
