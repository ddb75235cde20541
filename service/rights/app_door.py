"""Middleware in front of Streamlit's server: cookies, the owner of a Streamlit session, and uploads."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.home import Home
from service.rights.access import sign_out
from service.rights.browsers import (
    BROWSER_COOKIE,
    BROWSER_S,
    SESSION_COOKIE,
    StreamlitSessions,
    Tickets,
    browser_of,
    holder,
    new_browser,
    session_cookie,
    set_cookie,
)
from service.rights.upload_door import UPLOAD_PATH, UploadDoor
from service.rights.uploads import Uploads

SESSION_PATH = "/session"
"""Path at which a page fetches and ends the session cookie."""
METRICS_PATH = "/_stcore/metrics"
TICKET_HEADER = "x-filmscore-ticket"
_PROTOCOL = "sec-websocket-protocol"
MOST_PAGES = 100
"""Most open pages of one address; those of admins are not counted."""


class Door:
    """Gives each browser its cookie, lets a session go on in the browser that began it only, and receives files."""

    def __init__(self, app: ASGIApp, home: Home, key: bytes, sessions: StreamlitSessions, uploads: Uploads) -> None:
        """Wrap an app.

        Args:
            app: Streamlit's.
            home: says who is signed in.
            key: signs browsers' cookies.
            sessions: what the pages record about Streamlit's sessions.
            uploads: the room for files.
        """
        sessions.guarded = True
        self.app, self.key, self.sessions = app, key, sessions
        self.files = UploadDoor(app, home, sessions, uploads)
        self._pages: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._page(scope, receive, send)
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"].rstrip("/").endswith(METRICS_PATH):
            # The framework's metrics reveal its caches' contents. Ours belong to the API, which can be closed.
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
        elif UPLOAD_PATH in scope["path"] and scope["method"] != "OPTIONS":
            await self.files(scope, receive, send)
        else:
            await self.app(scope, receive, self._with_cookie(scope, send))

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Accept a page's connection, unless its visitor has too many open pages."""
        address = str((scope.get("client") or ("",))[0])
        if self._pages[address] >= MOST_PAGES:
            token = HTTPConnection(scope).cookies.get(SESSION_COOKIE)
            if not await run_in_threadpool(self.files.is_admin, token):
                await send({"type": "websocket.close", "code": 1013})  # the handshake gets a 403
                return
        self._pages[address] += 1
        try:
            await self.app(self._begun_here(scope), receive, send)
        finally:
            self._pages[address] -= 1
            self._pages += Counter()  # removes addresses without a page

    def _begun_here(self, scope: Scope) -> Scope:
        """A handshake without the session that it would go on with, unless that is this browser's."""
        asked = Headers(scope=scope).get(_PROTOCOL, "").split(",")
        if len(asked) < 3 or self.sessions.is_held(asked[2].strip(), holder(HTTPConnection(scope).cookies)):
            return scope
        headers = MutableHeaders(raw=list(scope["headers"]))
        headers[_PROTOCOL] = ",".join(asked[:2])
        return {**scope, "headers": headers.raw}

    def _with_cookie(self, scope: Scope, send: Send) -> Send:
        """`send`, with a cookie on the page of a browser that has none."""
        connection = HTTPConnection(scope)
        if browser_of(connection.cookies, self.key):
            return send

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", self._browser_cookie(secure=is_secure(connection)))
                    headers["cache-control"] = "no-store"  # so that no proxy gives one browser's cookie to another
            await send(message)

        return sending

    def _browser_cookie(self, *, secure: bool) -> str:
        # Lax: visitors who follow a link from another site keep it. It grants no rights.
        return set_cookie(BROWSER_COOKIE, new_browser(self.key), age_s=BROWSER_S, same_site="Lax", secure=secure)


def is_secure(connection: HTTPConnection) -> bool:
    """Whether the browser speaks HTTPS: to us, or to a proxy that passed on what page is asking."""
    origin = connection.headers.get("origin", "")
    return connection.url.scheme in ("https", "wss") or urlsplit(origin).scheme == "https"


def session_route(home: Home, tickets: Tickets, base: str = "") -> Route:
    """POST fetches a ticket's session as a cookie, DELETE ends the session and the cookie.

    Pages of other origins are refused before (`service.rights.hosts`).
    """

    async def answer(request: Request) -> Response:
        token = ""
        if request.method == "POST":
            token = tickets.redeem(request.headers.get(TICKET_HEADER, "")) or ""
            if not token:
                return PlainTextResponse("session: the ticket is unknown, used or too old. Sign in again.", 403)
        else:
            await run_in_threadpool(sign_out, home, request.cookies.get(SESSION_COOKIE, ""))
        cookie = session_cookie(token, secure=is_secure(request))
        return Response(status_code=204, headers={"set-cookie": cookie, "cache-control": "no-store"})

    return Route(f"{base}{SESSION_PATH}", answer, methods=["POST", "DELETE"])
