"""A Jellyfin server's library, from a local server that answers as Jellyfin's documented API does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from commands import serve
from db.home import Home
from db.state.store import State
from errors import AccessError, FilmscoreError, MetadataError, ParameterError
from film import Film
from ingest import media_server
from ingest.jellyfin import Jellyfin, ServerFilm
from service.jobs import jobs
from service.jobs.worker import run_worker
from service.library.servers import local_path, read_library, read_rules
from service.rights.access import LOCAL
from tests.service.library.local_server import LocalServer, serving

KEY = "0123456789abcdef0123456789abcdef"
ME = "11111111111111111111111111111111"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def item(number: int, name: str, **more: Any) -> dict[str, Any]:
    """A film as /Items writes it."""
    genre = "Crime" if number % 2 else "Comedy"
    return {
        "Id": f"{number:032x}",
        "Name": name,
        "ProductionYear": 1990 + number,
        "ProviderIds": {"Imdb": f"tt{number:07d}", "Tmdb": str(number)},
        "Path": f"/media/films/{name}/{name}.mkv",
        "Genres": [genre],
        "People": [{"Name": f"{genre} Director", "Type": "Director"}, {"Name": "A. Composer", "Type": "Composer"}],
        "RunTimeTicks": 72_000_000_000,
        "CommunityRating": 7.5,
        "UserData": {"Played": False, "IsFavorite": False},
        "Type": "Movie",
        **more,
    }


class Server(LocalServer):
    """What the server holds, and what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.films = [item(n, f"Film {n}") for n in range(1, 9)]
        self.films[0]["UserData"] = {"Played": True, "IsFavorite": True}
        self.films[1]["UserData"] = {"Played": True, "IsFavorite": False, "Rating": 2.0}
        self.films[2]["UserData"] = {"Played": True}
        self.playlists: dict[str, tuple[str, list[str]]] = {}

    def reply(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        if path == "/Users":
            return [{"Name": "Ida", "Id": ME}]
        if path == "/Items" and query["includeItemTypes"] == "Movie":
            start, limit = int(query["startIndex"]), int(query["limit"])
            return {"Items": self.films[start : start + limit], "TotalRecordCount": len(self.films)}
        if path == "/Items":
            found = [{"Id": one, "Name": name} for one, (name, _) in self.playlists.items()]
            return {"Items": found, "TotalRecordCount": len(found)}
        if path == "/Playlists":
            self.playlists["77"] = (body["Name"], list(body["Ids"]))
            return {"Id": "77"}
        kept = self.playlists[path.split("/")[2]][1]
        if method == "GET":
            return {"Items": [{"Id": one, "PlaylistItemId": f"entry {one}"} for one in kept]}
        if method == "POST":
            kept += query["ids"].split(",")
        else:
            for entry in query["entryIds"].split(","):
                kept.remove(entry.removeprefix("entry "))
        return None


@pytest.fixture
def server() -> Iterator[tuple[Server, str]]:
    """A server, and its address."""
    holds = Server()
    with serving(holds) as address:
        yield holds, address


def films_of(address: str) -> list[ServerFilm]:
    with Jellyfin(address, KEY) as asked:
        return list(asked.films(asked.user_id()))


def test_the_round_trip(server: tuple[Server, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holds, address = server
    monkeypatch.setenv("FILMSCORE_JELLYFIN_KEY", KEY)
    (tmp_path / "here" / "Film 1").mkdir(parents=True)
    (tmp_path / "here" / "Film 1" / "Film 1.mkv").touch()
    rule = f"/media/films={tmp_path / 'here'}"
    arguments = ["jellyfin", address, "--map", rule, "--playlist", "Next", "-n", "3", "--json"]
    arguments += ["--home", str(tmp_path / "home")]
    first = json.loads(CliRunner().invoke(app, arguments, catch_exceptions=False).stdout)
    assert (first["films"], first["added"], first["missing"], first["rated"]) == (8, 8, 7, 3)
    assert first["here"] == [str(tmp_path / "here" / "Film 1" / "Film 1.mkv")]
    with State.open(Home.at(tmp_path / "home")) as state:
        film = state.find_imdb("tt0000001")[0]
        profile = state.get_profile("Jellyfin")
        by_title = {one.title: str(one.film_id) for one in state.films()}
    assert (film.genres, film.composers, film.runtime_minutes) == (("Crime",), ("A. Composer",), 120)
    assert (profile["like"], profile["dislike"]) == (by_title["Film 1"], by_title["Film 2"])
    assert set(profile["seen"].split(",")) == {by_title[f"Film {n}"] for n in (1, 2, 3)}
    assert holds.playlists["77"][0] == "Next" and len(holds.playlists["77"][1]) == 3
    seen = {f"{n:032x}" for n in (1, 2, 3)}
    assert not seen & set(holds.playlists["77"][1])
    assert holds.playlists["77"][1][0] in {f"{n:032x}" for n in (5, 7)}  # as the one that is liked
    again = json.loads(CliRunner().invoke(app, arguments, catch_exceptions=False).stdout)
    assert (again["added"], again["unchanged"]) == (0, 8)
    assert [one["title"] for one in again["playlist"]] == [one["title"] for one in first["playlist"]]
    assert len(holds.playlists) == 1 and len(holds.playlists["77"][1]) == 3
    assert {asked["Authorization"] for asked in holds.headers} == {f'MediaBrowser Token="{KEY}"'}


def test_films_come_page_by_page(server: tuple[Server, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_server, "PAGE", 3)
    assert [one.film.title for one in films_of(server[1])] == [f"Film {n}" for n in range(1, 9)]


def test_a_film_that_is_heard_is_known_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "x.mkv"
    path.touch()
    home = Home.at(tmp_path / "home")
    with State.open(home) as state:
        film_id = state.add_film(Film("0001"))
        state.attach_media(film_id, "ab" * 32, 0, str(path), "m")
        state.update_film(film_id, year=1999)
    told = ServerFilm("7", Film("Heat", year=1995, imdb_id="tt0113277"), path=str(path))
    report = read_library(home, LOCAL, [told])
    assert (report.updated, report.items) == (1, {film_id: "7"})
    with State.open(home) as state:
        assert (state.get_film(film_id).title, state.get_film(film_id).year) == ("Heat", 1999)


@pytest.mark.parametrize(
    ("path", "rules", "expected"),
    [
        ("/media/films/a/b.mkv", [("/media/films", "/mnt")], "/mnt/a/b.mkv"),
        ("/media/films2/b.mkv", [("/media/films", "/mnt")], None),
        ("D:\\Films\\a\\b.mkv", [("D:\\Films\\", "/mnt")], "/mnt/a/b.mkv"),
        ("\\\\nas\\films\\b.mkv", [("//nas/films", "/mnt")], "/mnt/b.mkv"),
        ("/media/b.mkv", [("/other", "/x"), ("/media", "/mnt")], "/mnt/b.mkv"),
        ("/media/../etc/passwd", [("/media", "/mnt")], None),
        ("/media/b.mkv", [], "/media/b.mkv"),
        ("", [], None),
    ],
)
def test_paths_are_mapped_by_rule(path: str, rules: list[tuple[str, str]], expected: str | None) -> None:
    assert local_path(path, rules) == (Path(expected) if expected else None)


@pytest.mark.parametrize("rule", ["/media", "=/mnt", "/=/", "/media=", "/media=/no/such/folder"])
def test_a_rule_that_is_none_is_refused(rule: str) -> None:
    with pytest.raises(ParameterError, match=r"^--map "):
        read_rules([rule])


ELSEWHERE = (302, {"Location": "http://127.0.0.1:9/x"}, b"")
BAD = {
    "a redirect": (ELSEWHERE, "leads to another address"),
    "a wrong key": ((401, {}, b""), "does not accept the key"),
    "no such path": ((404, {}, b"<html>"), "refuses GET"),
    "a page of another program": ((200, {}, b"<html>Plex</html>"), "no JSON"),
    "JSON of another kind": ((200, {}, b'{"a": 1}'), "no users"),
    "a number": ((200, {}, b"7"), "no users"),
    "deep JSON": ((200, {}, b"[" * 200_000), "no JSON"),
    "too much": ((200, {}, b" " * 2_000), "more than"),
}


@pytest.mark.fault("A server that is none, redirects, or answers too much", times=len(BAD))
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_answer_is_one_line_without_the_key(
    server: tuple[Server, str], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds, address = server
    holds.answer, said = BAD[kind]
    if kind == "too much":
        monkeypatch.setattr(media_server, "LARGEST_ANSWER_BYTES", 1_000)
    with pytest.raises(FilmscoreError, match=said) as refused:
        films_of(address)
    assert KEY not in str(refused.value) and "\n" not in str(refused.value)


def test_odd_items_are_passed_by_and_odd_values_left_out(server: tuple[Server, str]) -> None:
    holds, address = server
    odd = {"ProductionYear": "1995", "Genres": [7, "Crime", None], "People": "nobody", "UserData": [], "Path": 3}
    holds.films = [item(1, "Film 1", **odd), {"Id": "2"}, {"Name": "no id"}, "text", None]  # type: ignore[list-item]
    [only] = films_of(address)
    assert (only.film.year, only.film.genres, only.path, only.played) == (None, ("Crime",), "", False)


@pytest.mark.parametrize(
    "address",
    ["ftp://x", "jellyfin:8096", "http://", "http://host:port", "http://[::1", "http://me:secret@host", "file:///etc"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ParameterError, match="not a server's address") as refused:
        Jellyfin(address, KEY)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("key", ["", "a b", "a\nX-Other: 1", "ключ"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ParameterError, match=r"^FILMSCORE_JELLYFIN_KEY"):
        Jellyfin("http://127.0.0.1:9", key)


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(MetadataError, match=r"^127\.0\.0\.1:9: does not answer"):
        films_of("http://127.0.0.1:9")


@pytest.mark.forbidden("An admin who has a server's key sent to an address of their own", by_case=True)
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/",
        "http://localhost@evil.example",
        "http://films.example.evil.example",
        "https://films.example",
        "http://films.example:8097",
        "http://films.example/elsewhere",
        "http://[::ffff:7f00:1]",
        "http://2130706433",
        "file:///etc/passwd",
        "gopher://films.example",
        "//films.example",
    ],
)
def test_a_job_asks_the_named_server_only(home: Home, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(Jellyfin.key_name, KEY)
    wanted = {"server": "jellyfin", "address": address}
    with pytest.raises(AccessError, match="FILMSCORE_JELLYFIN_ADDRESS is not set"):
        jobs.submit(home, LOCAL, "server", wanted)
    monkeypatch.setenv(Jellyfin.address_name, "http://films.example")
    with pytest.raises(AccessError, match="only the server of FILMSCORE_JELLYFIN_ADDRESS") as refused:
        jobs.submit(home, LOCAL, "server", wanted)
    assert KEY not in str(refused.value) and address not in str(refused.value)
    jobs.submit(home, LOCAL, "server", wanted | {"address": "HTTP://Films.Example/"})


@pytest.mark.forbidden("A job of a server that is no longer the named one")
def test_the_worker_asks_the_server_that_is_named_when_it_works(
    home: Home, server: tuple[Server, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    holds, address = server
    monkeypatch.setenv(Jellyfin.key_name, KEY)
    monkeypatch.setenv(Jellyfin.address_name, address)
    number = jobs.submit(home, LOCAL, "server", {"server": "jellyfin"})
    with State.open(home) as state:
        state.add_job("server", {"server": "jellyfin", "address": address, "user": "", "rules": [], "profile": "",
                                 "ingest": False}, "terminal")  # fmt: skip
    monkeypatch.setenv(Jellyfin.address_name, "http://films.example")
    run_worker(home, once=True)
    with State.open(home) as state:
        found = [job for job in state.jobs() if job.job_id != number]
    assert holds.headers == [] and {job.status for job in found} == {"failed"}


def test_the_worker_that_serve_starts_has_the_servers_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[Any] = []
    monkeypatch.setattr(serve.subprocess, "Popen", lambda *_, env, **__: started.append(env))
    monkeypatch.setattr(serve.os, "execve", lambda *_: None)
    monkeypatch.setattr(serve.os, "dup2", lambda *_: None)
    monkeypatch.setattr(serve, "_check_free", lambda _: None)
    monkeypatch.chdir(tmp_path)
    for name in ("FILMSCORE_PLEX_TOKEN", "FILMSCORE_JELLYFIN_KEY_FILE", "SPOTIPY_CLIENT_SECRET"):
        monkeypatch.setenv(name, KEY)
    assert CliRunner().invoke(app, ["serve", "--home", str(tmp_path / "home")]).exit_code == 0
    (environment,) = started
    assert {"FILMSCORE_PLEX_TOKEN", "FILMSCORE_JELLYFIN_KEY_FILE"} <= environment.keys()
    assert "SPOTIPY_CLIENT_SECRET" not in environment
