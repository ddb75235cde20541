"""What stands before Streamlit's sign-in routes: its signed claims become a session of ours and never a cookie.

Streamlit would keep a person's claims in a cookie for thirty days, which nothing on the server can end. So they are
taken out of its answer, and the browser gets the cookie that the password gives, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.home import Home
from service.rights.app_door import is_secure
from service.rights.browsers import session_cookie
from service.rights.oidc import CALLBACK, Provider, begin_session

ACCOUNT = "account"
UNLISTED, FAILED = "unlisted", "failed"
"""What the page Sign in is told of who came back without a session."""
_SIGN_IN = ("/auth/login", CALLBACK)


class OidcDoor:
    """Gives who comes back from the provider a session, and the page where they go on."""

    def __init__(self, app: ASGIApp, home: Home, provider: Provider, base: str, cookie_secret: str) -> None:
        """Stand before an app.

        Args:
            app: Streamlit's.
            home: keeps the sessions.
            provider: says who has which role.
            base: the path before all of ours.
            cookie_secret: what Streamlit signs with.
        """
        self.app, self.home, self.provider, self.base, self.key = app, home, provider, base, cookie_secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").removeprefix(self.base)
        if scope["type"] != "http" or path not in _SIGN_IN:
            await self.app(scope, receive, send)
            return
        secure = is_secure(HTTPConnection(scope))

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                cookies = headers.getlist("set-cookie")
                kept = [one for one in cookies if not one.startswith("_streamlit_user")]
                del headers["set-cookie"]
                for one in kept:
                    headers.append("set-cookie", one + "; Secure" * (secure and "; secure" not in one.lower()))
                headers["cache-control"] = "no-store"
                if path == CALLBACK:
                    await self._come_back(headers, cookies, secure=secure)
            await send(message)

        await self.app(scope, receive, sending)

    async def _come_back(self, headers: MutableHeaders, cookies: list[str], *, secure: bool) -> None:
        claims = signed_claims(cookies, self.key)
        token = await run_in_threadpool(begin_session, self.home, self.provider, claims) if claims else ""
        if token:
            headers.append("set-cookie", session_cookie(token, secure=secure))
            headers["location"] = f"{self.base}/"
        else:
            headers["location"] = f"{self.base}/sign_in?{ACCOUNT}={UNLISTED if claims else FAILED}"


def signed_claims(cookies: list[str], key: str) -> Mapping[str, Any]:
    """The claims that Streamlit's answer would keep in cookies; empty where it signed nobody in."""
    from streamlit.auth_util import get_cookie_with_chunks
    from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

    given: dict[str, str] = {}
    for one in cookies:
        try:
            given |= {name: morsel.value for name, morsel in SimpleCookie(one).items() if morsel.value}
        except CookieError:
            continue

    def opened(name: str) -> bytes | None:
        return decode_signed_value(key, name, given[name]) if name in given else None

    content = get_cookie_with_chunks(opened, USER_COOKIE_NAME)
    claims = json.loads(content) if content else {}
    return claims if isinstance(claims, dict) else {}
