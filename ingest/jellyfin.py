"""A Jellyfin server's library, by its documented HTTP API (api.jellyfin.org: /Users, /Items, /Playlists).

Asked with an API key, which goes into a header and nowhere else: no message and no log holds it. The server is the one
that was named; what redirects elsewhere is refused. Answers are read up to a size and a time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import urllib3

from errors import MetadataError, ParameterError
from film import BOUNDS, Film
from ingest.imdb_ids import imdb_id_of

LARGEST_ANSWER_BYTES = 50 * 1024**2
MOST_ITEMS = 200_000
PAGE = 500
"""Films that are asked for at once."""
CONNECT_S, SILENCE_S, ANSWER_S = 10.0, 60.0, 300.0
"""How long is waited for a connection, for the next bytes, and for a whole answer."""
_CHUNK = 1 << 16
_TICKS_A_MINUTE = 600_000_000
_LONGEST = 10_000
_FIELDS = "Path,ProviderIds,Genres,Overview,OriginalTitle,People,ProductionLocations,Tags"


@dataclass(frozen=True)
class ServerFilm:
    """A film of a server, and what one user did with it."""

    item_id: str
    film: Film
    path: str = ""
    """Where the server has it; "" = not said."""
    played: bool = False
    favourite: bool = False
    rating: float | None = None
    """0-10: the user's own, else 10 or 0 for a thumb up or down."""


class Jellyfin:
    """A server, asked with a key. A context manager."""

    def __init__(self, address: str, key: str) -> None:
        """
        Args:
            address: http://host:8096 or https://host/base.
            key: an API key of the server's dashboard.

        Raises:
            ParameterError: the address or the key cannot be one.
        """
        parts = urlsplit(address.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise ParameterError(f"{_shown(address)}: not a server's address. Write it as http://192.168.1.2:8096.")
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise ParameterError("FILMSCORE_JELLYFIN_KEY: no key. Make one in Jellyfin's dashboard (API keys), set it.")
        self.name = parts.netloc.rpartition("@")[2]
        self._base = f"{parts.scheme}://{self.name}{parts.path.rstrip('/')}"
        self._headers = {"Authorization": f'MediaBrowser Token="{quote(key)}"', "Accept": "application/json"}
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=CONNECT_S, read=SILENCE_S), retries=False)

    def __enter__(self) -> Jellyfin:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.clear()

    def user_id(self, name: str = "") -> str:
        """The id of a user, of the only one without a name.

        Raises:
            MetadataError: as `_ask`.
            ParameterError: there is none of this name, or several and none is named.
        """
        users = {_text(user, "Name"): _text(user, "Id") for user in _list(self._ask("GET", "/Users"))}
        found = [one for user, one in users.items() if one and (not name or user.casefold() == name.casefold())]
        if len(found) != 1:
            said = f"no user {name}" if name else "several users" if users else "no users"
            raise ParameterError(f"{self.name}: {said}. Name one with --user: {', '.join(sorted(users)[:20])}.")
        return found[0]

    def films(self, user_id: str) -> Iterator[ServerFilm]:
        """All films that a user sees. Raises MetadataError as `_ask`."""
        asked = {
            "userId": user_id,
            "includeItemTypes": "Movie",
            "recursive": "true",
            "fields": _FIELDS,
            "enableUserData": "true",
            "sortBy": "SortName",
            "limit": PAGE,
        }
        seen: set[str] = set()
        while len(seen) < MOST_ITEMS:
            items = self._items("/Items", {**asked, "startIndex": len(seen)})
            new = [item for item in items if _text(item, "Id") and _text(item, "Id") not in seen]
            seen.update(_text(item, "Id") for item in new)
            yield from (film for item in new if (film := _film(item)) is not None)
            if len(new) < PAGE:
                return

    def write_playlist(self, user_id: str, name: str, item_ids: Sequence[str]) -> None:
        """Make a playlist of these films, or fill the one of this name with them. Raises MetadataError as `_ask`."""
        asked = {"userId": user_id, "includeItemTypes": "Playlist", "recursive": "true"}
        lists = self._items("/Items", asked)
        known = next((_text(one, "Id") for one in lists if _text(one, "Name") == name), "")
        if not known:
            wanted = {"Name": name, "Ids": list(item_ids), "UserId": user_id, "MediaType": "Video"}
            self._ask("POST", "/Playlists", body=wanted)
            return
        at = f"/Playlists/{quote(known, safe='')}/Items"
        before = self._items(at, {"userId": user_id})
        self._ask("POST", at, {"ids": ",".join(item_ids), "userId": user_id})
        if entries := [entry for one in before if (entry := _text(one, "PlaylistItemId"))]:
            self._ask("DELETE", at, {"entryIds": ",".join(entries)})

    def _items(self, path: str, query: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        answer = self._ask("GET", path, query)
        if not isinstance(answer, dict) or not isinstance(answer.get("Items"), list):
            raise MetadataError(f"{self.name}: answers {path} with no list of items. Is it a Jellyfin server?")
        return _list(answer["Items"])

    def _ask(
        self, method: str, path: str, query: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> Any:
        """The JSON of an answer; {} for an empty one.

        Raises:
            MetadataError: the server cannot be reached, refuses, redirects, or answers with something else than JSON.
        """
        url = self._base + path + (f"?{urlencode(query)}" if query else "")
        headers = self._headers | ({"Content-Type": "application/json"} if body is not None else {})
        sent = json.dumps(body).encode() if body is not None else None
        began = time.monotonic()
        try:
            answer = self._pool.request(method, url, headers=headers, body=sent, redirect=False, preload_content=False)
            try:
                data = self._whole(answer, began)
            finally:
                answer.close()
        except urllib3.exceptions.HTTPError as error:
            why = type(error).__name__
            raise MetadataError(f"{self.name}: does not answer ({why}). Check the address and the server.") from None
        self._check(answer.status, method, path)
        if not data.strip():
            return {}
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise MetadataError(f"{self.name}: answers {path} with no JSON. Is it a Jellyfin server?") from error

    def _whole(self, answer: urllib3.BaseHTTPResponse, began: float) -> bytes:
        data = bytearray()
        for piece in answer.stream(_CHUNK):
            data += piece
            if len(data) > LARGEST_ANSWER_BYTES:
                raise MetadataError(f"{self.name}: answers with more than {LARGEST_ANSWER_BYTES // 1024**2} MB.")
            if time.monotonic() - began > ANSWER_S:
                raise MetadataError(f"{self.name}: an answer takes longer than {ANSWER_S:.0f} s. Try again later.")
        return bytes(data)

    def _check(self, status: int, method: str, path: str) -> None:
        if 200 <= status < 300:
            return
        if status in (401, 403):
            raise MetadataError(f"{self.name}: does not accept the key. Make another in its dashboard (API keys).")
        if 300 <= status < 400:
            raise MetadataError(f"{self.name}: leads to another address ({status}), which is not followed. Name that.")
        raise MetadataError(f"{self.name}: refuses {method} {path} ({status}). Is it Jellyfin 10.9 or newer?")


def _film(item: Mapping[str, Any]) -> ServerFilm | None:
    title = _text(item, "Name")
    if not title:
        return None
    people = _list(item.get("People"))
    user = item.get("UserData")
    user = user if isinstance(user, dict) else {}
    ids = item.get("ProviderIds")
    imdb_id = _text(ids, "Imdb") if isinstance(ids, dict) else ""
    original = _text(item, "OriginalTitle")
    ticks = _number(item.get("RunTimeTicks"), 0, BOUNDS["runtime_minutes"][1] * _TICKS_A_MINUTE)
    year = _number(item.get("ProductionYear"), *BOUNDS["year"])

    def named(kind: str) -> tuple[str, ...]:
        return _words(_text(one, "Name") for one in people if _text(one, "Type") == kind)

    film = Film(
        title=title,
        other_title=original if original != title else "",
        directors=named("Director"),
        year=int(year) if year else None,
        imdb_id=imdb_id_of(imdb_id),
        rating=_number(item.get("CommunityRating"), *BOUNDS["rating"]) or None,
        runtime_minutes=round(ticks / _TICKS_A_MINUTE) or None if ticks else None,
        countries=_words(item.get("ProductionLocations")),
        genres=_words(item.get("Genres")),
        cast=named("Actor"),
        writers=named("Writer"),
        composers=named("Composer"),
        tags=_words(item.get("Tags")),
        plot=_text(item, "Overview"),
    )
    rating = _number(user.get("Rating"), 0, 10)
    if rating is None and isinstance(user.get("Likes"), bool):
        rating = 10.0 if user["Likes"] else 0.0
    return ServerFilm(
        _text(item, "Id"),
        film,
        path=_text(item, "Path"),
        played=user.get("Played") is True,
        favourite=user.get("IsFavorite") is True,
        rating=rating,
    )


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(item: object, name: str) -> str:
    value = item.get(name) if isinstance(item, dict) else None
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def _words(values: object) -> tuple[str, ...]:
    words = [one.strip() for one in values if isinstance(one, str)] if isinstance(values, list | Iterator) else []
    return tuple(dict.fromkeys(word for word in words if word))


def _number(value: object, low: float, high: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        return None
    return float(value)


def _shown(address: str) -> str:
    """An address as it may be printed: without a password in it."""
    return address.rpartition("@")[2][:200]
