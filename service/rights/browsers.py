"""Browsers: their cookies, and the Streamlit sessions that belong to each.

A browser has a signed cookie from its first page on, and a second one while somebody is signed in. Streamlit's own
session id appears in the addresses of uploads, and therefore in the logs of proxies: it is useless without the cookies
that the session was started with.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from db.home import Home
from db.state.store import State
from service.rights.access import SESSION_S

SESSION_COOKIE = "filmscore_session"
"""Holds the token of who is signed in."""
BROWSER_COOKIE = "filmscore_browser"
"""Holds a number of the browser's own, signed."""
BROWSER_S = 365 * 24 * 3600
TICKET_S = 60.0
MOST_TICKETS = 1000
MOST_SESSIONS = 10_000

_KEY = "browser_key"


def browser_key(home: Home) -> bytes:
    """What this home signs browsers' cookies with; made when it is first asked for."""
    with State.open(home) as state, state.transaction():
        kept = state.setting(_KEY)
        if not kept:
            kept = secrets.token_hex(32)
            state.set_setting(_KEY, kept)
    return bytes.fromhex(kept)


def new_browser(key: bytes) -> str:
    """A browser cookie that nobody has yet."""
    name = secrets.token_urlsafe(18)
    return f"{name}.{_signature(name, key)}"


def browser_of(cookies: Mapping[str, str], key: bytes) -> str | None:
    """The browser that signed cookies name; None without one, or with a forged one."""
    name, _, signature = cookies.get(BROWSER_COOKIE, "").partition(".")
    if name and hmac.compare_digest(signature.encode(), _signature(name, key).encode()):
        return name
    return None


def _signature(name: str, key: bytes) -> str:
    return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()


def holder(cookies: Mapping[str, str]) -> str:
    """Stands for the browser and for who is signed in there; says neither."""
    both = "\n".join(cookies.get(name, "") for name in (BROWSER_COOKIE, SESSION_COOKIE))
    return hashlib.sha256(both.encode()).hexdigest()


def set_cookie(name: str, value: str, *, age_s: float, same_site: str, secure: bool) -> str:
    """A Set-Cookie header that scripts cannot read; an age of 0 ends the cookie."""
    return f"{name}={value}; Path=/; Max-Age={age_s:.0f}; HttpOnly; SameSite={same_site}" + "; Secure" * secure


def session_cookie(token: str, *, secure: bool) -> str:
    """The Set-Cookie header of who signed in; an empty token signs out."""
    age_s = SESSION_S if token else 0.0
    return set_cookie(SESSION_COOKIE, token, age_s=age_s, same_site="Strict", secure=secure)


class Tickets:
    """Tokens of sessions that wait for their browser to fetch them as a cookie: once, and soon."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._waiting: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._clock = clock
        self._lock = threading.Lock()

    def issue(self, token: str) -> str:
        """A ticket for a session's token."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._waiting[ticket] = (token, self._clock() + TICKET_S)
            while len(self._waiting) > MOST_TICKETS:
                self._waiting.popitem(last=False)
        return ticket

    def redeem(self, ticket: str) -> str | None:
        """The token that a ticket was issued for; None if it is unknown, used or too old."""
        with self._lock:
            token, until = self._waiting.pop(ticket, ("", 0.0))
        return token if token and self._clock() < until else None


@dataclass(frozen=True)
class _Held:
    by: str
    takes_files: bool


class StreamlitSessions:
    """Who holds each of Streamlit's sessions, and whether its page takes files of anybody."""

    def __init__(self) -> None:
        self.guarded = False
        """Whether a door stands before the app that gives browsers their cookies; else all are one person."""
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._lock = threading.Lock()

    def bind(self, session_id: str, by: str, *, takes_files: bool) -> None:
        """Note whose page runs in a session.

        Args:
            by: from `holder`.
            takes_files: whether this page takes files of anybody.
        """
        with self._lock:
            self._held[session_id] = _Held(by, takes_files)
            self._held.move_to_end(session_id)
            while len(self._held) > MOST_SESSIONS:
                self._held.popitem(last=False)

    def is_held(self, session_id: str, by: str) -> bool:
        """Whether a session is this browser's, with the same person signed in."""
        held = self._held.get(session_id)
        return held is not None and hmac.compare_digest(held.by, by)

    def takes_files(self, session_id: str) -> bool:
        """Whether the page that a session shows takes files of anybody."""
        held = self._held.get(session_id)
        return held is not None and held.takes_files


TICKETS = Tickets()
SESSIONS = StreamlitSessions()
"""Of this process: pages and the door before them share them."""
