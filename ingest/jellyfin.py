"""A Jellyfin server's library, by its documented HTTP API (api.jellyfin.org: /Users, /Items, /Playlists)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from errors import MetadataError, ParameterError
from film import BOUNDS, Film
from ingest import media_server
from ingest.imdb_ids import imdb_id_of
from ingest.media_server import MediaServer, ServerFilm, dicts_of, number_of, text_of, words_of

_TICKS_A_MINUTE = 600_000_000
_FIELDS = "Path,ProviderIds,Genres,Overview,OriginalTitle,People,ProductionLocations,Tags"


class Jellyfin(MediaServer):
    """A Jellyfin server."""

    product = "Jellyfin"
    key_name = "FILMSCORE_JELLYFIN_KEY"
    address_name = "FILMSCORE_JELLYFIN_ADDRESS"
    key_from = "Make one in Jellyfin's dashboard (API keys)."
    oldest = "10.9 or newer"
    port = 8096

    def user_id(self, name: str = "") -> str:
        users = {text_of(user, "Name"): text_of(user, "Id") for user in dicts_of(self._ask("GET", "/Users"))}
        found = [one for user, one in users.items() if one and (not name or user.casefold() == name.casefold())]
        if len(found) != 1:
            said = f"no user {name}" if name else "several users" if users else "no users"
            raise ParameterError(f"{self.name}: {said}. Name one with --user: {', '.join(sorted(users)[:20])}.")
        return found[0]

    def films(self, user_id: str) -> Iterator[ServerFilm]:
        asked = {
            "userId": user_id,
            "includeItemTypes": "Movie",
            "recursive": "true",
            "fields": _FIELDS,
            "enableUserData": "true",
            "sortBy": "SortName",
            "limit": media_server.PAGE,
        }
        seen: set[str] = set()
        while len(seen) < media_server.MOST_ITEMS:
            items = self._items("/Items", {**asked, "startIndex": len(seen)})
            new = [item for item in items if text_of(item, "Id") and text_of(item, "Id") not in seen]
            seen.update(text_of(item, "Id") for item in new)
            yield from (film for item in new if (film := _film(item)) is not None)
            if len(new) < media_server.PAGE:
                return

    def write_playlist(self, user_id: str, name: str, item_ids: Sequence[str]) -> None:
        asked = {"userId": user_id, "includeItemTypes": "Playlist", "recursive": "true"}
        lists = self._items("/Items", asked)
        known = next((text_of(one, "Id") for one in lists if text_of(one, "Name") == name), "")
        if not known:
            wanted = {"Name": name, "Ids": list(item_ids), "UserId": user_id, "MediaType": "Video"}
            self._ask("POST", "/Playlists", body=wanted)
            return
        at = f"/Playlists/{quote(known, safe='')}/Items"
        before = self._items(at, {"userId": user_id})
        self._ask("POST", at, {"ids": ",".join(item_ids), "userId": user_id})
        if entries := [entry for one in before if (entry := text_of(one, "PlaylistItemId"))]:
            self._ask("DELETE", at, {"entryIds": ",".join(entries)})

    def _key_header(self, key: str) -> dict[str, str]:
        return {"Authorization": f'MediaBrowser Token="{quote(key)}"'}

    def _items(self, path: str, query: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        answer = self._ask("GET", path, query)
        if not isinstance(answer, dict) or not isinstance(answer.get("Items"), list):
            raise MetadataError(f"{self.name}: answers {path} with no list of items. Is it a Jellyfin server?")
        return dicts_of(answer["Items"])


def _film(item: Mapping[str, Any]) -> ServerFilm | None:
    title = text_of(item, "Name")
    if not title:
        return None
    people = dicts_of(item.get("People"))
    user = item.get("UserData")
    user = user if isinstance(user, dict) else {}
    original = text_of(item, "OriginalTitle")
    ticks = number_of(item.get("RunTimeTicks"), 0, BOUNDS["runtime_minutes"][1] * _TICKS_A_MINUTE)
    year = number_of(item.get("ProductionYear"), *BOUNDS["year"])

    def named(kind: str) -> tuple[str, ...]:
        return words_of(text_of(one, "Name") for one in people if text_of(one, "Type") == kind)

    film = Film(
        title=title,
        other_title=original if original != title else "",
        directors=named("Director"),
        year=int(year) if year else None,
        imdb_id=imdb_id_of(text_of(item.get("ProviderIds"), "Imdb")),
        rating=number_of(item.get("CommunityRating"), *BOUNDS["rating"]) or None,
        runtime_minutes=round(ticks / _TICKS_A_MINUTE) or None if ticks else None,
        countries=words_of(item.get("ProductionLocations")),
        genres=words_of(item.get("Genres")),
        cast=named("Actor"),
        writers=named("Writer"),
        composers=named("Composer"),
        tags=words_of(item.get("Tags")),
        plot=text_of(item, "Overview"),
    )
    rating = number_of(user.get("Rating"), 0, 10)
    if rating is None and isinstance(user.get("Likes"), bool):
        rating = 10.0 if user["Likes"] else 0.0
    return ServerFilm(
        text_of(item, "Id"),
        film,
        path=text_of(item, "Path"),
        played=user.get("Played") is True,
        favourite=user.get("IsFavorite") is True,
        rating=rating,
    )
