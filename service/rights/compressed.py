"""The app's scripts and styles, compressed once: Streamlit sends them as they are, which are megabytes by a radio."""

from __future__ import annotations

import asyncio
import gzip
import re
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILES = re.compile(r"/static/(js|css)/[\w.-]+\.(js|css)")
LEAST_BYTES = 2_000
"""Smaller files stay as they are."""


class Compressed:
    """Answers requests for a script or a style with gzip where the browser takes it; each file is kept compressed."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        """Stand before an app.

        Args:
            app: what answers; its files do not change while it runs.
            base: the path before all of its own.
        """
        self.app, self.base = app, base
        self._kept: dict[str, tuple[Message, bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._takes(scope):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self._kept:
            start: dict[str, Any] = {}
            parts: list[bytes] = []

            async def keep(message: Message) -> None:
                if message["type"] == "http.response.start":
                    start.update(message)
                elif message["type"] == "http.response.body":
                    parts.append(message.get("body", b""))

            await self.app(scope, receive, keep)
            body = b"".join(parts)
            if (
                start.get("status") != 200
                or "content-encoding" in Headers(raw=start["headers"])
                or len(body) < LEAST_BYTES
            ):
                await send(start)
                await send({"type": "http.response.body", "body": body})
                return
            packed = await asyncio.to_thread(gzip.compress, body, 6)
            headers = MutableHeaders(raw=list(start["headers"]))
            headers["content-encoding"], headers["content-length"] = "gzip", str(len(packed))
            headers["vary"] = "Accept-Encoding"
            for name in ("etag", "accept-ranges"):  # they are of the plain file
                del headers[name]
            self._kept[path] = {**start, "headers": headers.raw}, packed
        begin, packed = self._kept[path]
        await send({**begin, "headers": list(begin["headers"])})  # the doors before it add theirs
        await send({"type": "http.response.body", "body": packed})

    def _takes(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        headers = Headers(scope=scope)
        plain = "range" in headers or "gzip" not in headers.get("accept-encoding", "")
        return not plain and FILES.fullmatch(scope["path"].removeprefix(self.base)) is not None
