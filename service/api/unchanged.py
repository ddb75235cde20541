"""Add an ETag to responses that depend only on the catalogue, and do not send them again to clients that have them."""

from __future__ import annotations

import hashlib

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.catalogue.current import current_id
from db.home import Home
from errors import FilmscoreError
from service.api.gate import EXCERPT_END

FROM_CATALOGUE = ("films", "find", "map", "embed")
"""First parts of the paths whose answers change only when another snapshot is published."""
FORMAT = "1"
"""To be raised when the same catalogue gives another answer."""


class Unchanged:
    """Puts the ETag on answers, and answers 304 where the client names it."""

    def __init__(self, app: ASGIApp, home: Home) -> None:
        """Wrap the routes, inside the gate, so that refused clients learn nothing."""
        self.app, self.home = app, home

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        # Excerpts are files, which have ETags of their own.
        asks = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and not path.endswith(EXCERPT_END)
        tag = ""
        if asks and path.strip("/").partition("/")[0] in FROM_CATALOGUE:
            tag = await run_in_threadpool(self._tag, path, scope["query_string"])
        if not tag:
            await self.app(scope, receive, send)
            return
        named = {one.strip() for one in Headers(scope=scope).get("if-none-match", "").split(",")}
        if tag in named:
            await Response(status_code=304, headers={"etag": tag})(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = MutableHeaders(scope=message)
                headers.setdefault("etag", tag)
                headers.setdefault("cache-control", "no-cache")  # may be cached, but must be revalidated
            await send(message)

        await self.app(scope, receive, sending)

    def _tag(self, path: str, query: bytes) -> str:
        """The ETag of an address now; "" where the catalogue cannot be read."""
        try:
            snapshot = current_id(self.home)
        except FilmscoreError:
            return ""
        digest = hashlib.sha256(b"\0".join([FORMAT.encode(), snapshot.encode(), path.encode(), query]))
        return f'W/"{digest.hexdigest()[:20]}"'
