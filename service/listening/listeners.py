"""Who may listen to excerpts of films. They are other people's work; the operator is responsible for serving them."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence

from db.home import Home
from db.state.store import State
from errors import AccessError, ParameterError
from service.rights.access import ADMIN, VISITOR, Actor

EVERYBODY, SIGNED_IN, ADMINS, NOBODY = "everybody", "signed-in", "admins", "nobody"
WHO = (EVERYBODY, SIGNED_IN, ADMINS, NOBODY)

LOCAL_VARIABLE = "FILMSCORE_LOCAL_ONLY"
"""Set to 1 by `serve` and `api` where only this machine can reach them."""

_SETTING = "listeners"


def is_local_only(address: str, allowed_hosts: Sequence[str], proxies: Sequence[str]) -> bool:
    """Whether a server at an address is for this machine only: a loopback address, and no name or proxy before it."""
    if allowed_hosts or proxies:
        return False
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address.lower() == "localhost"


def listeners(home: Home) -> str:
    """Who may listen: one of WHO; while nobody said, everybody on this machine, or who is signed in where others come.

    Raises:
        CatalogueError: the state cannot be read.
    """
    return said_listeners(home) or (EVERYBODY if os.environ.get(LOCAL_VARIABLE) == "1" else SIGNED_IN)


def said_listeners(home: Home) -> str:
    """Who may listen as an admin said; "" while nobody said."""
    with State.open(home) as state:
        said = state.setting(_SETTING)
    return said if said in WHO else ""


def set_listeners(home: Home, actor: Actor, who: str) -> None:
    """Say who may listen.

    Raises:
        AccessError: not an admin.
        ParameterError: not one of WHO.
    """
    actor.require_admin("say who may listen")
    if who not in WHO:
        raise ParameterError(f"listeners {who!r}: not one of {', '.join(WHO)}. Choose one of these.")
    with State.open(home) as state, state.transaction():
        state.set_setting(_SETTING, who)
        state.audit("listeners", actor.name, {"who": who})


def require_listener(home: Home, actor: Actor) -> None:
    """Go on only for who may listen.

    Raises:
        AccessError: somebody else.
        CatalogueError: the state cannot be read.
    """
    who = listeners(home)
    allowed = {EVERYBODY: True, SIGNED_IN: actor.role != VISITOR, ADMINS: actor.role == ADMIN, NOBODY: False}[who]
    if not allowed:
        way = {SIGNED_IN: "Sign in first.", ADMINS: "Sign in as an admin.", NOBODY: "An admin can change that."}[who]
        shown = {SIGNED_IN: "who is signed in may listen", ADMINS: "admins may listen", NOBODY: "listening is off"}[who]
        raise AccessError(f"excerpt: {shown} here. {way}")
