"""A provider of accounts on this machine: discovery, authorize, token and keys, as OpenID Connect asks for.

It signs in whoever comes, as the person that a test chose, and can be told to give tokens that no provider should.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "filmscore-here", "canary-oidc-5f3c9b"


class AccountProvider:
    """What one test asks of the provider; `address` once it runs."""

    def __init__(self) -> None:
        self.address = ""
        self.person: dict[str, Any] = {}
        """The claims of who signs in; they replace the token's own where they have its names."""
        self.is_forged = False
        """Whether tokens are signed by a key that the provider does not have."""
        self.is_unsigned = False
        """Whether tokens say that they need no signature."""
        self.refuses = False
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self._strangers_key = RSAKey.generate_key(2048, {"kid": "one"})
        self._codes: dict[str, dict[str, str]] = {}

    def app(self) -> Starlette:
        ways = {"/.well-known/openid-configuration": self.discovery, "/authorize": self.authorize, "/keys": self.keys}
        routes = [Route(path, way) for path, way in ways.items()]
        return Starlette(routes=[*routes, Route("/token", self.token, methods=["POST"])])

    async def discovery(self, _request: Request) -> Response:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        document: dict[str, Any] = {name: f"{self.address}/{path}" for name, path in ends.items()}
        document |= {"issuer": self.address, "id_token_signing_alg_values_supported": ["RS256"]}
        return JSONResponse(document | {"code_challenge_methods_supported": ["S256"]})

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if self.refuses:
            said = {"error": "access_denied", "state": asked["state"]}
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(said)}")
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    async def token(self, request: Request) -> Response:
        sent = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = self._codes.pop(sent.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if asked is None or request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_grant"}, 400)
        if proof.decode() != asked["code_challenge"] or sent["redirect_uri"] != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        given = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": self._signed(asked)}
        return JSONResponse(given)

    async def keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    def _signed(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT_ID, "sub": "7", "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"]} | self.person
        if self.is_unsigned:
            parts = ('{"alg":"none"}', str(claims).replace("'", '"').replace("True", "true"), "")
            return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts)
        key = self._strangers_key if self.is_forged else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


@contextmanager
def running_provider() -> Iterator[AccountProvider]:
    """A provider that listens on this machine."""
    provider = AccountProvider()
    server = uvicorn.Server(uvicorn.Config(provider.app(), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.address = f"http://localhost:{port}"
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(timeout=30)
