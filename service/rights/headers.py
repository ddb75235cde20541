"""The headers of every answer of the app and the API that tell a browser what it may do with it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}
OVER_HTTPS = {"strict-transport-security": "max-age=31536000"}

APP = (
    "default-src 'self'; "
    # Streamlit's own pages have scripts in them, and Plotly compiles some; nothing comes from elsewhere.
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; "
    "frame-src 'self' blob: data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
API = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
API_DOCS = (
    # FastAPI's page fetches its viewer from there; the API itself fetches nothing.
    "default-src 'none'; script-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    "style-src 'unsafe-inline' https://cdn.jsdelivr.net; img-src data: https://fastapi.tiangolo.com; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


class SecurityHeaders:
    """Puts the headers on every answer that does not have them."""

    def __init__(self, app: ASGIApp, policy: str, by_path: Mapping[str, str] | None = None) -> None:
        """Stand before an app.

        Args:
            app: what answers.
            policy: its Content-Security-Policy.
            by_path: those of some paths.
        """
        self.app, self.policy, self.by_path = app, policy, by_path or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = self.by_path.get(scope["path"], self.policy)
        wanted = {"content-security-policy": policy, **EVERYWHERE}
        if scope["scheme"] == "https":
            wanted |= OVER_HTTPS

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                has_own_policy = "content-security-policy" in headers
                for name, value in wanted.items():
                    if name != "x-frame-options" or not has_own_policy:  # its own policy says who may frame it
                        headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, sending)
