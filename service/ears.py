"""Which models hear: the shipped ones and the heads that were trained and installed here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from db.home import Home
from db.records import ModelRecord
from db.state import State
from models import own_heads, thesis_ear
from models.default_ear import VERSION, WEIGHTS
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
        return version_of("thesis", thesis_ear.NUMBER, thesis_ear.WEIGHTS)
    return version_of("default", VERSION, WEIGHTS) + own_heads.active_heads(home.models)[1]


def model_records(home: Home) -> list[ModelRecord]:
    """The weights of both ears as they hear now, for the catalogue's table of models.

    Raises:
        ModelError: a manifest cannot be read.
    """
    weights = stored_weights()
    own = {head.kind: head for head in installed(home) if head.active}
    default = current_version(home)
    thesis = version_of("thesis", thesis_ear.NUMBER, thesis_ear.WEIGHTS)
    records = [
        ModelRecord(version, name, weights[name].metrics, weights[name].sha256, weights[name].trained_at)
        for version, names in ((default, WEIGHTS), (thesis, thesis_ear.WEIGHTS))
        for name in names
    ]
    for kind, head in own.items():
        measured = {name: float(value) for name, value in head.metrics.items() if isinstance(value, int | float)}
        records.append(ModelRecord(default, kind, measured, head.sha256, str(head.metrics.get("installed_at", ""))))
    return records


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
