"""A Plex server's library, from a local server that answers as Plex's HTTP API does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from db.home import Home
from db.state.store import State
from errors import FilmscoreError, ParameterError
from ingest import media_server
from ingest.media_server import ServerFilm
from ingest.plex import Plex
from tests.service.library.local_server import LocalServer, serving

TOKEN = "xXx-0123456789abcdef"


def item(number: int, title: str, **more: Any) -> dict[str, Any]:
    """A film as /library/sections/1/all writes it."""
    genre = "Crime" if number % 2 else "Comedy"
    return {
        "ratingKey": str(number),
        "type": "movie",
        "title": title,
        "year": 1990 + number,
        "guid": f"plex://movie/{number:024x}",
        "Guid": [{"id": f"imdb://tt{number:07d}"}, {"id": f"tmdb://{number}"}],
        "summary": "Somebody does something.",
        "duration": 7_200_000,
        "rating": 7.5,
        "ratingImage": "imdb://image.rating",
        "audienceRating": 9.1,
        "audienceRatingImage": "rottentomatoes://image.rating.upright",
        "Genre": [{"tag": genre}],
        "Director": [{"tag": f"{genre} Director"}],
        "Writer": [{"tag": "A. Writer"}],
        "Role": [{"tag": "B. Actor", "role": "Herself"}],
        "Country": [{"tag": "France"}],
        "Media": [{"Part": [{"file": f"/data/{title}/{title}.mkv"}]}],
        **more,
    }


class Server(LocalServer):
    def __init__(self) -> None:
        super().__init__()
        self.films = [item(n, f"Film {n}") for n in range(1, 9)]
        self.films[0] |= {"viewCount": 2, "userRating": 10.0}
        self.films[1] |= {"viewCount": 1, "userRating": 2.0}
        self.films[2] |= {"viewCount": 1}
        self.playlists: dict[str, tuple[str, list[str]]] = {}

    def reply(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        container = self.container(method, path, query)
        return None if container is None else {"MediaContainer": container}

    def container(self, method: str, path: str, query: dict[str, str]) -> dict[str, Any] | None:
        uri = query.get("uri", "").removeprefix("server://abc/com.plexapp.plugins.library/library/metadata/").split(",")
        if path == "/identity":
            return {"machineIdentifier": "abc"}
        if path == "/library/sections":
            kinds = ("movie", "show", "artist")
            return {"Directory": [{"key": str(n), "type": kind} for n, kind in enumerate(kinds, 1)]}
        if path == "/library/sections/1/all":
            start, size = (int(query[f"X-Plex-Container-{name}"]) for name in ("Start", "Size"))
            return {"totalSize": len(self.films), "Metadata": self.films[start : start + size]}
        if path == "/playlists" and method == "GET":
            return {"Metadata": [{"ratingKey": key, "title": title} for key, (title, _) in self.playlists.items()]}
        if path == "/playlists":
            self.playlists["77"] = (query["title"], uri)
            return {"Metadata": [{"ratingKey": "77"}]}
        kept = self.playlists[path.split("/")[2]][1]
        if method == "GET":
            return {"Metadata": [{"ratingKey": one, "playlistItemID": int(one) + 100} for one in kept]}
        if method == "PUT":
            kept += uri
            return {}
        kept.remove(str(int(path.split("/")[4]) - 100))
        return None


@pytest.fixture
def server() -> Iterator[tuple[Server, str]]:
    """A server, and its address."""
    holds = Server()
    with serving(holds) as address:
        yield holds, address


def films_of(address: str) -> list[ServerFilm]:
    with Plex(address, TOKEN) as asked:
        return list(asked.films(asked.user_id()))


def test_the_round_trip(server: tuple[Server, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holds, address = server
    monkeypatch.setenv("FILMSCORE_PLEX_TOKEN", TOKEN)
    (tmp_path / "here" / "Film 1").mkdir(parents=True)
    (tmp_path / "here" / "Film 1" / "Film 1.mkv").touch()
    arguments = ["plex", address, "--map", f"/data={tmp_path / 'here'}", "--playlist", "Next", "-n", "3", "--json"]
    arguments += ["--home", str(tmp_path / "home")]
    first = json.loads(CliRunner().invoke(app, arguments, catch_exceptions=False).stdout)
    assert (first["films"], first["added"], first["missing"], first["rated"]) == (8, 8, 7, 3)
    assert first["here"] == [str(tmp_path / "here" / "Film 1" / "Film 1.mkv")]
    with State.open(Home.at(tmp_path / "home")) as state:
        film = state.find_imdb("tt0000001")[0]
        profile = state.get_profile("Plex")
        by_title = {one.title: str(one.film_id) for one in state.films()}
    assert (film.year, film.rating, film.runtime_minutes, film.plot) == (1991, 7.5, 120, "Somebody does something.")
    assert (film.genres, film.directors, film.countries) == (("Crime",), ("Crime Director",), ("France",))
    assert (film.writers, film.cast) == (("A. Writer",), ("B. Actor",))
    assert (profile["like"], profile["dislike"]) == (by_title["Film 1"], by_title["Film 2"])
    assert set(profile["seen"].split(",")) == {by_title[f"Film {n}"] for n in (1, 2, 3)}
    assert holds.playlists["77"][0] == "Next" and len(holds.playlists["77"][1]) == 3
    assert not {"1", "2", "3"} & set(holds.playlists["77"][1])
    again = json.loads(CliRunner().invoke(app, arguments, catch_exceptions=False).stdout)
    assert (again["added"], again["unchanged"]) == (0, 8)
    assert len(holds.playlists) == 1 and len(holds.playlists["77"][1]) == 3
    assert {asked["X-Plex-Token"] for asked in holds.headers} == {TOKEN}


def test_films_come_page_by_page(server: tuple[Server, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_server, "PAGE", 3)
    assert [one.film.title for one in films_of(server[1])] == [f"Film {n}" for n in range(1, 9)]


def test_ids_of_both_agents_and_ratings_of_users_only(server: tuple[Server, str]) -> None:
    holds, address = server
    old = {"Guid": None, "guid": "com.plexapp.agents.imdb://tt0000042?lang=en"}
    tomatoes = {"ratingImage": "rottentomatoes://image.rating.ripe", "rating": 9.9}
    tmdb = {"audienceRatingImage": "themoviedb://image.rating", "audienceRating": 6.5}
    holds.films = [item(1, "A", **old), item(2, "B", **tomatoes), item(3, "C", **tomatoes, **tmdb)]
    found = films_of(address)
    assert [one.film.imdb_id for one in found] == ["tt0000042", "tt0000002", "tt0000003"]
    assert [one.film.rating for one in found] == [7.5, None, 6.5]


def test_odd_items_are_passed_by_and_odd_values_left_out(server: tuple[Server, str]) -> None:
    holds, address = server
    odd = {"year": "1995", "Genre": [7, {"tag": "Crime"}, None, {"tag": 3}], "Role": "nobody", "Media": {}, "Guid": 1}
    holds.films = [item(1, "Film 1", **odd, viewCount=True), {"ratingKey": "2"}, {"title": "x"}, "text"]  # type: ignore[list-item]
    [only] = films_of(address)
    assert (only.film.year, only.film.genres, only.path, only.played) == (None, ("Crime",), "", False)
    assert only.film.imdb_id == ""


BAD = {
    "a redirect": ((302, {"Location": "http://127.0.0.1:9/x"}, b""), "leads to another address"),
    "a wrong token": ((401, {}, b""), "does not accept the key"),
    "XML": ((200, {}, b"<MediaContainer/>"), "no JSON"),
    "JSON of another program": ((200, {}, b"[]"), "no MediaContainer"),
}


@pytest.mark.fault("A server that is none or redirects", times=len(BAD))
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_answer_is_one_line_without_the_token(server: tuple[Server, str], kind: str) -> None:
    holds, address = server
    holds.answer, said = BAD[kind]
    with pytest.raises(FilmscoreError, match=said) as refused:
        films_of(address)
    assert TOKEN not in str(refused.value) and "\n" not in str(refused.value)


def test_a_user_cannot_be_chosen_with_a_token() -> None:
    with pytest.raises(ParameterError, match="a Plex token belongs to one account"):
        Plex("http://127.0.0.1:9", TOKEN).user_id("Ida")
