"""Sign-in by a provider of accounts (OpenID Connect): which provider, and who of its people has which role.

Streamlit's `st.login` does the protocol, with Authlib: it checks the state, the token's signature, issuer, audience,
nonce and end. What the token says of a person becomes a role here, and then a session as the password gives it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from db.home import Home
from db.secret_files import secret
from db.state.store import State
from errors import ParameterError
from service.rights.access import ADMIN, ANYBODY, REFUSED, VIEWER, VISITOR, new_session

URL, ADDRESS = "FILMSCORE_OIDC_URL", "FILMSCORE_OIDC_ADDRESS"
CLIENT_ID, CLIENT_SECRET = "FILMSCORE_OIDC_CLIENT_ID", "FILMSCORE_OIDC_CLIENT_SECRET"
ADMINS, VIEWERS = "FILMSCORE_OIDC_ADMINS", "FILMSCORE_OIDC_VIEWERS"
WELL_KNOWN = "/.well-known/openid-configuration"
CALLBACK = "/oauth2callback"
"""Where Streamlit expects who comes back from the provider."""
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Rule:
    """Somebody: an e-mail address, all addresses of a domain, or who has a value among a claim's."""

    kind: str
    """"email", "domain", or the name of a claim."""
    value: str
    is_claim: bool = False

    @classmethod
    def read(cls, text: str) -> Rule:
        """A rule as it is written: `ada@club.example`, `@club.example`, or `groups=film-club`.

        Raises:
            ParameterError: none of the three.
        """
        claim, equals, value = (part.strip() for part in text.partition("="))
        if equals and claim and value:
            return cls(claim, value, is_claim=True)
        name, at, domain = (part.strip().lower() for part in text.partition("@"))
        if equals or not at or not domain or "@" in domain:
            raise ParameterError(f"{text.strip()!r}: not an address, a @domain or CLAIM=VALUE. Write one of the three.")
        return cls("email", f"{name}@{domain}") if name else cls("domain", domain)

    def fits(self, claims: Mapping[str, Any]) -> bool:
        """Whether claims are such a person's. An address counts only where the provider says that it is verified."""
        if self.is_claim:
            said = _claim(claims, self.kind)
            return self.value in ([str(one) for one in said] if isinstance(said, list | tuple) else [str(said)])
        address = verified_email(claims)
        return address == self.value if self.kind == "email" else address.rpartition("@")[2] == self.value


def verified_email(claims: Mapping[str, Any]) -> str:
    """The e-mail address that the provider vouches for, in small letters; "" without one."""
    address = claims.get("email")
    return address.strip().lower() if isinstance(address, str) and claims.get("email_verified") is True else ""


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name, or within others by a way of dots: `realm_access.roles`."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for step in name.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


@dataclass(frozen=True)
class Provider:
    """A provider of accounts, and the roles of its people."""

    metadata_url: str
    client_id: str
    client_secret: str = field(repr=False)
    address: str
    """Of this app, as people's browsers see it."""
    admins: tuple[Rule, ...] = ()
    viewers: tuple[Rule, ...] = ()

    def role_of(self, claims: Mapping[str, Any]) -> str:
        """The role of a person whom the provider named; VISITOR for one whom no rule fits."""
        if any(rule.fits(claims) for rule in self.admins):
            return ADMIN
        return VIEWER if any(rule.fits(claims) for rule in self.viewers) else VISITOR

    def streamlit_secrets(self) -> dict[str, Any]:
        """What `st.login` asks for. What it signs is read by this process only, so its key lasts as long."""
        auth = {
            "redirect_uri": self.address + CALLBACK,
            "cookie_secret": secrets.token_hex(32),
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "server_metadata_url": self.metadata_url,
        }
        return {"auth": auth}


def is_offered() -> bool:
    """Whether a provider is named."""
    return bool(os.environ.get(URL, "").strip())


def provider_from_environment() -> Provider | None:
    """The provider that the environment names; None without one.

    Raises:
        ParameterError: a part is missing or malformed.
    """
    if not is_offered():
        return None
    values = {name: os.environ.get(name, "").strip() for name in (URL, CLIENT_ID, ADDRESS, ADMINS, VIEWERS)}
    values[CLIENT_SECRET] = secret(CLIENT_SECRET)
    lacking = [name for name in (CLIENT_ID, CLIENT_SECRET, ADDRESS) if not values[name]]
    if lacking:
        raise ParameterError(f"{' and '.join(lacking)}: not set, but {URL} is. See docs/proxies.md, sign-in.")
    admins, viewers = (_rules(name, values[name]) for name in (ADMINS, VIEWERS))
    if not admins and not viewers:
        raise ParameterError(f"{ADMINS} and {VIEWERS}: neither is set, so nobody could sign in. Set one of them.")
    issuer = _address(URL, values[URL]).removesuffix(WELL_KNOWN)
    address = _address(ADDRESS, values[ADDRESS])
    return Provider(issuer + WELL_KNOWN, values[CLIENT_ID], values[CLIENT_SECRET], address, admins, viewers)


def _rules(name: str, text: str) -> tuple[Rule, ...]:
    try:
        return tuple(Rule.read(one) for one in text.split(",") if one.strip())
    except ParameterError as error:
        raise ParameterError(f"{name}: {error}") from error


def _address(name: str, text: str) -> str:
    """An address without its last slash: HTTPS, or HTTP on this machine, where nobody reads along."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    local = host in ("localhost", "127.0.0.1", "::1")
    if not host or parts.query or parts.fragment or parts.scheme not in (("https", "http") if local else ("https",)):
        raise ParameterError(f"{name}: {text!r} is not an address that begins with https://. Write one.")
    return text.rstrip("/")


def begin_session(home: Home, provider: Provider, claims: Mapping[str, Any]) -> str:
    """The token of a session for a person whom the provider named; "" for one whom no rule fits.

    Args:
        claims: of a token that was checked.
    """
    role = provider.role_of(claims)
    name = (verified_email(claims) or f"subject {claims.get('sub', '')}")[:_LONGEST_NAME]
    with State.open(home) as state:
        if role == VISITOR:
            state.audit(REFUSED, ANYBODY.name, {"account": name})
        else:
            state.audit("sign in", name, {"role": role})
    return "" if role == VISITOR else new_session(home, role, name)


def end_sessions(home: Home) -> None:
    """End the sessions that a provider's people have: the rules may be others since."""
    with State.open(home) as state:
        state.end_sessions(named=True)
