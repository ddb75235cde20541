"""Middleware that decides to which host names, and to pages of which origins, the app and the API answer.

If the name of another page is made to resolve to this machine (DNS rebinding), its requests carry that name as Host. So
a request is accepted only with this machine's own name, an IP address, or an allowed name.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

ANY = "*"
_READING = ("GET", "HEAD", "OPTIONS")


class Hosts:
    """Refuses foreign names, and what foreign pages ask for beyond reading."""

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        """Wrap an app.

        Args:
            app: answers the requests that pass.
            allowed: names besides this machine's own; ANY allows all.
        """
        self.app = app
        self.allowed = {name.strip().lower().rstrip(".") for name in allowed}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        if not self._is_allowed(host):
            name = (_name_of(host) or "no name")[:100]
            said = f"{name}: not a name of this filmscore. Start it with --allowed-host NAME."
            await _refuse(said, scope, receive, send)
            return
        kept = [(name, value) for name, value in scope["headers"] if name != b"origin"]
        if origin is not None:
            if self._is_own(origin, host):
                # The server behind this compares it with the Host, which a proxy may have changed.
                kept.append((b"origin", f"{urlsplit(origin).scheme}://{host}".encode("latin-1")))
            elif scope["type"] == "websocket" or scope["method"] not in _READING:
                await _refuse("asked for by a page of another origin.", scope, receive, send)
                return
        await self.app({**scope, "headers": kept}, receive, send)

    def _is_allowed(self, host: str) -> bool:
        if ANY in self.allowed:
            return True
        name = _name_of(host)
        return name in ("localhost", *self.allowed) or name.endswith(".localhost") or _is_number(name)

    def _is_own(self, origin: str, host: str) -> bool:
        """Whether the origin of a page is the host that it requests, or an allowed name."""
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https"):
            return False
        return parts.netloc.lower() == host.lower() or _name_of(parts.netloc) in self.allowed - {ANY}


def _name_of(host: str) -> str:
    """The name or number of a Host header, without its port; "" if it is none."""
    try:
        parts = urlsplit(f"//{host}")
        bracketed = host.startswith("[") and not re.fullmatch(r"\[[^\]]*\](:\d*)?", host)
        if parts.netloc != host or parts.username is not None or parts.port == 0 or bracketed:
            return ""
        return (parts.hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


async def _refuse(text: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        closing: dict[str, Any] = {"type": "websocket.close", "code": 1008}  # the handshake gets a 403
        await send(closing)
    else:
        await JSONResponse({"error": text}, status_code=403)(scope, receive, send)
