"""The common parts of media servers: films, what one user did with them, and requests to a server.

Requests carry a key in a header and nowhere else: no message and no log contains it. Only the named server is
contacted; redirects are refused. Responses are limited in size and time.
"""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from urllib.parse import urlencode, urlsplit

import urllib3

from errors import MetadataError, ParameterError
from film import Film
from told import Told

LARGEST_ANSWER_BYTES = 50 * 1024**2
MOST_ITEMS = 200_000
PAGE = 500
"""Number of films per request."""
CONNECT_S, SILENCE_S, ANSWER_S = 10.0, 60.0, 300.0
"""How long is waited for a connection, for the next bytes, and for a whole answer."""
_CHUNK = 1 << 16
_LONGEST = 10_000


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


class MediaServer(ABC):
    """A server and its key. A context manager."""

    product: ClassVar[str]
    key_name: ClassVar[str]
    """The environment variable of the key."""
    address_name: ClassVar[str]
    """The environment variable with the only address that the app and the API connect to."""
    key_from: ClassVar[str]
    """Where the server shows a key, as a sentence."""
    oldest: ClassVar[str]
    """The oldest version that answers as expected."""
    port: ClassVar[int]

    def __init__(self, address: str, key: str) -> None:
        """
        Args:
            address: http://host:port or https://host/base.
            key: an API key or token of the server.

        Raises:
            ParameterError: the address or the key cannot be one.
        """
        parts = _split(address)
        if parts is None:
            example = f"http://192.168.1.2:{self.port}"
            raise ParameterError(Told("{}: not a server's address. Write it as {}.", _shown(address), example))
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise ParameterError(Told("{}: no key. {} Then set this variable.", self.key_name, Told(self.key_from)))
        scheme, self.name, base = parts
        self._base = f"{scheme}://{self.name}{base}"
        self._headers = self._key_header(key) | {"Accept": "application/json"}
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=CONNECT_S, read=SILENCE_S), retries=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.clear()

    @abstractmethod
    def user_id(self, name: str = "") -> str:
        """The id of a user; without a name, that of the only user.

        Raises:
            MetadataError: as `_ask`.
            ParameterError: no user has this name, or there are several users and no name is given.
        """

    @abstractmethod
    def films(self, user_id: str) -> Iterator[ServerFilm]:
        """All films that a user sees. Raises MetadataError as `_ask`."""

    @abstractmethod
    def write_playlist(self, user_id: str, name: str, item_ids: Sequence[str]) -> None:
        """Make a playlist of these films, or replace the content of the one of this name. Raises MetadataError."""

    @abstractmethod
    def _key_header(self, key: str) -> dict[str, str]: ...

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
            raise MetadataError(
                Told("{}: does not answer ({}). Check the address and the server.", self.name, why)
            ) from None
        self._check(answer.status, method, path)
        if not data.strip():
            return {}
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            said = Told("{}: answers {} with no JSON. Is it a {} server?", self.name, path, self.product)
            raise MetadataError(said) from error

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
            raise MetadataError(Told("{}: does not accept the key. {}", self.name, Told(self.key_from)))
        if 300 <= status < 400:
            raise MetadataError(f"{self.name}: leads to another address ({status}), which is not followed. Name that.")
        raise MetadataError(f"{self.name}: refuses {method} {path} ({status}). Is it {self.product} {self.oldest}?")


def dicts_of(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list in an answer; none for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text_of(item: object, name: str) -> str:
    """A text field of an object in a response; "" if it is not text."""
    value = item.get(name) if isinstance(item, dict) else None
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def words_of(values: object) -> tuple[str, ...]:
    """The texts of a list in an answer, each once."""
    words = [one.strip() for one in values if isinstance(one, str)] if isinstance(values, list | Iterator) else []
    return tuple(dict.fromkeys(word for word in words if word))


def number_of(value: object, low: float, high: float) -> float | None:
    """A number in a response; None if it is not a number or not between low and high."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        return None
    return float(value)


def is_same_server(one: str, other: str) -> bool:
    """Whether two addresses denote the same server: scheme, host, port and path, without regard to case."""
    parts = _split(one.lower())
    return parts is not None and parts == _split(other.lower())


def _split(address: str) -> tuple[str, str, str] | None:
    """Scheme, host with port, and base path; None if it is not the address of a server."""
    try:
        parts = urlsplit(address.strip())
        named = parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:  # an invalid port or IPv6 address
        return None
    if parts.scheme not in ("http", "https") or not named or parts.query or parts.username:
        return None
    return parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/")


def _shown(address: str) -> str:
    """An address as it may be printed: without a password in it."""
    return address.rpartition("@")[2][:200]
