"""Who is asking: visitors and admins, the admin's password, sessions, API tokens.

Every function of the service that changes something takes an `Actor` and begins with `require_admin`: pages and routes
that hide a button are a courtesy, the refusal is here.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from db.home import Home
from db.state.store import State
from errors import AccessError, ParameterError
from service.rights import api_tokens as api_token
from service.rights.api_tokens import ApiToken
from told import Told

VISITOR, VIEWER, ADMIN = "visitor", "viewer", "admin"
"""Anybody; who is signed in; who may change things."""
SESSION_S = 12 * 3600.0
"""How long a session lasts."""
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1000
FREE_ATTEMPTS = 3
"""Wrong passwords before the slowing begins."""
SLOWEST_S = 900.0
ATTEMPT_MEMORY_S = 24 * 3600.0
FREE_TOGETHER = 20
"""Wrong passwords within TOGETHER_S, from wherever, before addresses that are not known are slowed together."""
TOGETHER_S = 3600.0
SLOWEST_TOGETHER_S = 60.0
KNOWN_S = 30 * 24 * 3600.0
"""An address is known that gave the right password so lately: guesses of others do not hold it up."""

REFUSED = "sign in refused"

_PASSWORD, _SETUP, _TOKENS = "admin_password", "setup_token_sha256", "api_tokens"
_HASHER = PasswordHasher()


@dataclass(frozen=True)
class Actor:
    """Somebody who asks for something."""

    role: str
    name: str

    @property
    def is_admin(self) -> bool:
        return self.role == ADMIN

    @property
    def is_signed_in(self) -> bool:
        return self.role != VISITOR

    def require_admin(self, what: str) -> None:
        """Go on only for an admin.

        Raises:
            AccessError: somebody else.
        """
        if not self.is_admin:
            raise AccessError(f"{what}: only an admin may do this. Sign in first.")


ANYBODY = Actor(VISITOR, "visitor")
LOCAL = Actor(ADMIN, "terminal")
"""The command line: run by who owns the files."""


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def has_password(home: Home) -> bool:
    """Whether an admin password was set."""
    with State.open(home) as state:
        return state.setting(_PASSWORD) is not None


def setup_token(home: Home) -> str:
    """A new one-time token to set the first password with; older ones end. For the terminal of who starts the app.

    Raises:
        AccessError: there is a password already.
    """
    if has_password(home):
        raise AccessError(Told("set-up link: this home has an admin password. Sign in with it."))
    token = secrets.token_urlsafe(24)
    with State.open(home) as state:
        state.set_setting(_SETUP, _digest(token))
    return token


def set_password(home: Home, token: str, password: str) -> str:
    """Set the first admin password with the one-time token; a new session's token.

    Raises:
        AccessError: the token is wrong or used.
        ParameterError: the password is too short or too long.
    """
    _check_password(password)
    with State.open(home) as state, state.transaction():
        expected = state.setting(_SETUP)
        if not expected or state.setting(_PASSWORD) is not None or not hmac.compare_digest(expected, _digest(token)):
            state.audit("set password refused", "visitor")
            refused = True
        else:
            refused = False
            state.set_setting(_SETUP, "")
            state.set_setting(_PASSWORD, _HASHER.hash(password))
            state.audit("set password", ADMIN)
    if refused:
        raise AccessError(Told("set-up link: wrong or used. Start `filmscore serve` again for a new one."))
    return new_session(home)


def change_password(home: Home, actor: Actor, password: str) -> str:
    """Another admin password; all sessions end. The token of a new one, for who changed it.

    Raises:
        AccessError, ParameterError: as `set_password`.
    """
    actor.require_admin("change the password")
    _check_password(password)
    with State.open(home) as state, state.transaction():
        state.set_setting(_PASSWORD, _HASHER.hash(password))
        state.end_sessions()
        state.audit("change password", actor.name)
    return new_session(home)


def forget_password(home: Home, actor: Actor) -> None:
    """For an admin who forgot it: no password and no session is left, and `setup_token` gives a new link.

    Raises:
        AccessError: not an admin.
    """
    actor.require_admin("forget the password")
    with State.open(home) as state, state.transaction():
        state.delete_setting(_PASSWORD)
        state.end_sessions()
        state.audit("forget password", actor.name)


def _check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ParameterError(Told("the password has {} characters. Take {} or more.", len(password), SHORTEST_PASSWORD))


def sign_in(home: Home, password: str, source: str, clock: Callable[[], float] = time.time) -> str:
    """A session's token for the right password.

    Args:
        source: where the attempt comes from (an address); after FREE_ATTEMPTS wrong ones its next must wait 2, 4, 8 ...
            seconds, up to SLOWEST_S; after FREE_TOGETHER from wherever all that are not known wait together, up to
            SLOWEST_TOGETHER_S. Waiting attempts are refused unread, so the right password waits, too.
        clock: seconds since the epoch.

    Raises:
        AccessError: wrong, or too soon.
    """
    with State.open(home) as state:
        stored = state.setting(_PASSWORD)
        if stored is None:
            raise AccessError("sign in: no admin password was set. Open the link that `filmscore serve` printed.")
        with state.transaction():
            wait = _wait(state, source, clock())
            if wait:
                state.audit_waiting(REFUSED, ANYBODY.name, source)
            else:
                state.add_attempt(source, False)  # before it is read: a hundred at once are slowed as one after another
        if wait:
            raise AccessError(wait)
        try:
            _HASHER.verify(stored, password[: LONGEST_PASSWORD + 1])
        except (VerifyMismatchError, InvalidHashError) as error:
            state.audit(REFUSED, ANYBODY.name, {"source": source})
            raise AccessError(Told("sign in: wrong password. Try again.")) from error
        state.add_attempt(source, True)
        state.audit("sign in", ADMIN, {"source": source})
    return new_session(home)


def _wait(state: State, source: str, now_s: float) -> str:
    """Why the next attempt of a source is too soon, or ""."""
    failures, last = state.failures(source, ATTEMPT_MEMORY_S, now_s)
    remaining = last + _pause(failures, FREE_ATTEMPTS, SLOWEST_S) - now_s
    if remaining > 0:
        return f"sign in: {failures} wrong passwords. Wait {remaining:.0f} s, then try again."
    if not state.succeeded(source, KNOWN_S, now_s):
        failures, last = state.failures(None, TOGETHER_S, now_s)
        remaining = last + _pause(failures, FREE_TOGETHER, SLOWEST_TOGETHER_S) - now_s
        if remaining > 0:
            return f"sign in: {failures} wrong passwords from many addresses. Wait {remaining:.0f} s, then try again."
    return ""


def _pause(failures: int, free: int, slowest_s: float) -> float:
    """How long the next attempt waits after the last failure, in s: 2, 4, 8 ..."""
    return min(slowest_s, 2.0 ** min(failures - free + 1, 20)) if failures >= free else 0.0


def new_session(home: Home, role: str = ADMIN, name: str = "") -> str:
    """The token of a new session, for who proved to have a role.

    Args:
        name: as the provider of accounts says it; "" for who gave the admin's password.
    """
    token = secrets.token_urlsafe(32)
    with State.open(home) as state:
        state.add_session(_digest(token), role, SESSION_S, name)
    return token


def sign_out(home: Home, token: str) -> None:
    """End a session."""
    with State.open(home) as state:
        state.end_session(_digest(token))


def actor_of(home: Home, token: str | None) -> Actor:
    """Who holds a session's token; a visitor without one, or when it expired."""
    if not token:
        return ANYBODY
    with State.open(home) as state:
        found = state.session_of(_digest(token))
    return Actor(found[0], found[1] or found[0]) if found else ANYBODY


def _tokens(state: State) -> dict[str, ApiToken]:
    return api_token.read(state.setting(_TOKENS))


def new_api_token(home: Home, actor: Actor, name: str, scope: str = ADMIN, days: int | None = None) -> str:
    """A token for a program that uses the HTTP API; shown once, stored as its hash.

    Args:
        scope: one of `api_tokens.SCOPES`.
        days: how long it lasts; None: without an end.

    Raises:
        AccessError: not an admin.
        ParameterError: no name, or one that is taken; as `api_tokens.checked`.
    """
    actor.require_admin("new API token")
    token = secrets.token_urlsafe(32)
    entry = api_token.checked(_digest(token), scope, days, api_token.now())
    with State.open(home) as state, state.transaction():
        tokens = _tokens(state)
        if not name.strip() or name in tokens:
            raise ParameterError(f"API token {name!r}: the name is empty or taken. Choose another.")
        state.set_setting(_TOKENS, api_token.written(tokens | {name: entry}))
        state.audit("new API token", actor.name, {"name": name, "scope": scope, "until": entry.until})
    return token


def api_tokens(home: Home, actor: Actor) -> dict[str, ApiToken]:
    """The API tokens by name."""
    actor.require_admin("list API tokens")
    with State.open(home) as state:
        return dict(sorted(_tokens(state).items()))


def revoke_api_token(home: Home, actor: Actor, name: str) -> None:
    """End an API token.

    Raises:
        AccessError, ParameterError: not an admin, no such token.
    """
    actor.require_admin("revoke API token")
    with State.open(home) as state, state.transaction():
        tokens = _tokens(state)
        if name not in tokens:
            way_out = f"Name one of: {', '.join(sorted(tokens))}" if tokens else "This home has no tokens"
            raise ParameterError(f"API token {name!r}: no such token. {way_out}.")
        del tokens[name]
        state.set_setting(_TOKENS, api_token.written(tokens))
        state.audit("revoke API token", actor.name, {"name": name})


def api_actor(home: Home, token: str | None) -> Actor:
    """Who holds an API token, their role being its scope; a visitor without a valid one."""
    if not token:
        return ANYBODY
    digest = _digest(token)
    with State.open(home) as state:
        for name, known in _tokens(state).items():
            if hmac.compare_digest(known.sha256, digest) and not known.has_ended(api_token.now()):
                return Actor(known.scope, f"API token {name}")
    return ANYBODY
