"""A Plex Media Server's library, by its HTTP API (developer.plex.tv: /library/sections, /playlists, /identity).

Ratings and views are those of the account that the token belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from errors import MetadataError, ParameterError
from film import BOUNDS, Film
from ingest import media_server
from ingest.imdb_ids import imdb_id_of
from ingest.media_server import MediaServer, ServerFilm, dicts_of, number_of, text_of, words_of

_MS_A_MINUTE = 60_000
_FILM = 1
"""The number of the type "movie"."""
_COMPARABLE_RATINGS = ("imdb://", "themoviedb://")
"""Whose ratings are means of users' ratings of 10; those of Rotten Tomatoes are shares of critics."""
_IMDB_GUID = re.compile(r"(?:com\.plexapp\.agents\.)?imdb://(tt\d+)(?:\?.*)?")
"""Of today's agent, and of the one before 2020."""


class Plex(MediaServer):
    """A Plex Media Server."""

    product = "Plex"
    key_name = "FILMSCORE_PLEX_TOKEN"
    address_name = "FILMSCORE_PLEX_ADDRESS"
    key_from = "support.plex.tv says how to find one (Finding an authentication token)."
    oldest = "Media Server 1.20 or newer"
    port = 32400

    def user_id(self, name: str = "") -> str:
        if name:
            raise ParameterError(
                f"{self.name}: --user {name}: a Plex token belongs to one account. Use that account's."
            )
        return ""

    def films(self, user_id: str) -> Iterator[ServerFilm]:
        sections = self._container("/library/sections").get("Directory")
        for section in dicts_of(sections):
            if section.get("type") == "movie" and (key := str(section.get("key", ""))):
                yield from self._films_of(f"/library/sections/{quote(key, safe='')}/all")

    def write_playlist(self, user_id: str, name: str, item_ids: Sequence[str]) -> None:
        machine = text_of(self._container("/identity"), "machineIdentifier")
        items = f"server://{machine}/com.plexapp.plugins.library/library/metadata/{','.join(item_ids)}"
        lists = dicts_of(self._container("/playlists", {"playlistType": "video", "smart": 0}).get("Metadata"))
        known = next((str(one.get("ratingKey", "")) for one in lists if text_of(one, "title") == name), "")
        if not known:
            self._ask("POST", "/playlists", {"type": "video", "title": name, "smart": 0, "uri": items})
            return
        at = f"/playlists/{quote(known, safe='')}/items"
        before = dicts_of(self._container(at).get("Metadata"))
        self._ask("PUT", at, {"uri": items})
        for entry in (str(one.get("playlistItemID", "")) for one in before):
            if entry:
                self._ask("DELETE", f"{at}/{quote(entry, safe='')}")

    def _films_of(self, path: str) -> Iterator[ServerFilm]:
        seen: set[str] = set()
        while len(seen) < media_server.MOST_ITEMS:
            place = {"X-Plex-Container-Start": len(seen), "X-Plex-Container-Size": media_server.PAGE}
            found = self._container(path, {"type": _FILM, "includeGuids": 1, **place})
            items = [(str(item.get("ratingKey", "")), item) for item in dicts_of(found.get("Metadata"))]
            new = [(key, item) for key, item in items if key and key not in seen]
            seen.update(key for key, _ in new)
            yield from (film for key, item in new if (film := _film(key, item)) is not None)
            if len(new) < media_server.PAGE:
                return

    def _key_header(self, key: str) -> dict[str, str]:
        return {"X-Plex-Token": key, "X-Plex-Client-Identifier": "filmscore", "X-Plex-Product": "filmscore"}

    def _container(self, path: str, query: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        answer = self._ask("GET", path, query)
        container = answer.get("MediaContainer") if isinstance(answer, dict) else None
        if not isinstance(container, dict):
            raise MetadataError(f"{self.name}: answers {path} with no MediaContainer. Is it a Plex server?")
        return container


def _film(key: str, item: Mapping[str, Any]) -> ServerFilm | None:
    title = text_of(item, "title")
    if not title:
        return None
    original = text_of(item, "originalTitle")
    length = number_of(item.get("duration"), 0, BOUNDS["runtime_minutes"][1] * _MS_A_MINUTE)
    year = number_of(item.get("year"), *BOUNDS["year"])

    def tagged(name: str) -> tuple[str, ...]:
        return words_of(text_of(one, "tag") for one in dicts_of(item.get(name)))

    film = Film(
        title=title,
        other_title=original if original != title else "",
        directors=tagged("Director"),
        year=int(year) if year else None,
        imdb_id=_imdb_id(item),
        rating=_rating(item),
        runtime_minutes=round(length / _MS_A_MINUTE) or None if length else None,
        countries=tagged("Country"),
        genres=tagged("Genre"),
        cast=tagged("Role"),
        writers=tagged("Writer"),
        plot=text_of(item, "summary"),
    )
    parts = [part for media in dicts_of(item.get("Media")) for part in dicts_of(media.get("Part"))]
    return ServerFilm(
        key,
        film,
        path=next((file for part in parts if (file := text_of(part, "file"))), ""),
        played=(number_of(item.get("viewCount"), 1, 1e9) or 0) > 0,
        rating=number_of(item.get("userRating"), 0, 10),
    )


def _imdb_id(item: Mapping[str, Any]) -> str:
    guids = [text_of(one, "id") for one in dicts_of(item.get("Guid"))] + [text_of(item, "guid")]
    found = (match for guid in guids if (match := _IMDB_GUID.fullmatch(guid)))
    return next((imdb_id for match in found if (imdb_id := imdb_id_of(match[1]))), "")


def _rating(item: Mapping[str, Any]) -> float | None:
    for name in ("rating", "audienceRating"):
        if text_of(item, f"{name}Image").startswith(_COMPARABLE_RATINGS):
            return number_of(item.get(name), *BOUNDS["rating"]) or None
    return None
