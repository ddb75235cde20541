"""Which models hear: the shipped ones and the heads that were trained and installed here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from db.home import Home
from db.state import State
from models import own_heads
from models.default_ear import VERSION, WEIGHTS
from models.ear import load_ear
from models.own_heads import OwnHead
from models.store import StoredWeights, stored_weights, version_of
from service.access import Actor


def shipped() -> list[StoredWeights]:
    """The weights that came with filmscore.

    Raises:
        ModelError: their manifest cannot be read.
    """
    return list(stored_weights().values())


def installed(home: Home) -> list[OwnHead]:
    """The heads installed in this home. Raises ModelError as `models.own_heads.installed`."""
    return own_heads.installed(home.models)


def current_version(home: Home, architecture: str = "default") -> str:
    """The version of the ear that an ingest would use now.

    Raises:
        ModelError: a model is missing or altered.
    """
    if architecture == "thesis":
        return load_ear(architecture).model_version
    return version_of("default", VERSION, WEIGHTS) + own_heads.active_heads(home.models)[1]


def install(home: Home, actor: Actor, trained: Path) -> str:
    """Keep a trained head in this home; its version. `use` makes it heard.

    Raises:
        AccessError, ParameterError, ModelError: not an admin; as `models.own_heads.install`.
    """
    actor.require_admin("install a model")
    home.models.mkdir(exist_ok=True)
    version = own_heads.install(home.models, trained)
    _audit(home, actor, "install model", {"version": version})
    return version


def use(home: Home, actor: Actor, kind: str, version: str | None) -> None:
    """Hear an attribute with an installed head from now on, or with the shipped one (None).

    Films that were heard before keep their values until they are heard again.

    Raises:
        AccessError, ParameterError, ModelError: not an admin; as `models.own_heads.use`.
    """
    actor.require_admin("choose a model")
    own_heads.use(home.models, kind, version)
    _audit(home, actor, "use model", {"kind": kind, "version": version or "shipped"})


def _audit(home: Home, actor: Actor, action: str, detail: dict[str, Any]) -> None:
    with State.open(home) as state:
        state.audit(action, actor.name, detail)
