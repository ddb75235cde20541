"""Tokens of programs that use the HTTP API: how far each reaches, and until when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from db import clock
from errors import ParameterError

READ, HEAR, ADMIN = "read", "hear", "admin"
SCOPES = (READ, HEAR, ADMIN)
"""Each includes those before it: read answers, have clips analysed, submit jobs."""
MOST_DAYS = 3650


@dataclass(frozen=True)
class ApiToken:
    """What is stored of a token."""

    sha256: str
    """Of the token itself, which is stored nowhere."""
    scope: str = ADMIN
    until: str = ""
    """The moment in UTC at which it ends, as ISO 8601; "" = it does not, as tokens of before."""

    def has_ended(self, at: datetime) -> bool:
        return bool(self.until) and clock.moment(self.until) <= at


def reaches(role: str, scope: str) -> bool:
    """Whether who holds a token of one scope may do what needs another."""
    return role in SCOPES and SCOPES.index(role) >= SCOPES.index(scope)


def checked(sha256: str, scope: str, days: int | None, at: datetime) -> ApiToken:
    """A new token's entry.

    Args:
        days: how long it lasts; None: without an end.

    Raises:
        ParameterError: no such scope, or no such length.
    """
    if scope not in SCOPES:
        raise ParameterError(f"--scope {scope}: no such scope. Choose {', '.join(SCOPES[:-1])} or {SCOPES[-1]}.")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise ParameterError(f"--days {days}: not between 1 and {MOST_DAYS}. Choose another.")
    until = "" if days is None else clock.stored(at + timedelta(days=days))
    return ApiToken(sha256, scope, until)


def read(stored: str | None) -> dict[str, ApiToken]:
    """Name -> token, from what is stored; tokens of before are admin's, without an end."""
    found = json.loads(stored or "{}")
    return {name: ApiToken(one) if isinstance(one, str) else ApiToken(**one) for name, one in found.items()}


def written(tokens: Mapping[str, ApiToken]) -> str:
    """What is stored of tokens."""
    return json.dumps({name: asdict(token) for name, token in tokens.items()})


def said(name: str, token: ApiToken, at: datetime) -> str:
    """A token in words."""
    if not token.until:
        return f"{name}: {token.scope}, without an end"
    return f"{name}: {token.scope}, {'ended' if token.has_ended(at) else 'until'} {token.until[:10]}"


def now() -> datetime:
    return datetime.now(UTC)
