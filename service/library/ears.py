"""The models in use: shipped weights and locally trained heads."""

from __future__ import annotations

from pathlib import Path

from db.catalogue.records import ModelRecord
from db.home import Home
from db.state.store import State
from errors import ModelError
from models.ears import own_heads, thesis_ear
from models.ears.default_ear import VERSION, WEIGHTS
from models.ears.own_heads import OwnHead
from models.ears.store import StoredWeights, stored_weights, version_of
from service.rights.access import Actor


def shipped() -> list[StoredWeights]:
    """The weights shipped with filmscore.

    Raises:
        ModelError: their manifest cannot be read.
    """
    return list(stored_weights().values())


def installed(home: Home) -> list[OwnHead]:
    """The heads installed in this home. Raises ModelError as `models.ears.own_heads.installed` does."""
    return own_heads.installed(home.models)


def current_version(home: Home, architecture: str = "default") -> str:
    """The version of the ear that an ingest would use now. Does not read the weights themselves.

    Raises:
        ModelError: a manifest, or a head in use, is missing or damaged.
    """
    if architecture == "thesis":
        return version_of("thesis", thesis_ear.NUMBER, thesis_ear.WEIGHTS)
    return version_of("default", VERSION, WEIGHTS) + own_heads.active_suffix(home.models)


def model_records(home: Home) -> list[ModelRecord]:
    """The weights of both ears as they are now in use, for the catalogue's table of models.

    A damaged head does not prevent publishing; `doctor` reports it. If its manifest is lost too, so that the version of
    the ear is unknown, only the shipped ear is recorded.

    Raises:
        ModelError: the manifest of the shipped weights cannot be read.
    """
    weights = stored_weights()
    try:
        own = [head for head in installed(home) if head.active]
        default = current_version(home)
    except ModelError:
        own, default = [], version_of("default", VERSION, WEIGHTS)
    thesis = version_of("thesis", thesis_ear.NUMBER, thesis_ear.WEIGHTS)
    records = [
        ModelRecord(version, name, weights[name].metrics, weights[name].sha256, weights[name].trained_at)
        for version, names in ((default, WEIGHTS), (thesis, thesis_ear.WEIGHTS))
        for name in names
    ]
    return records + [ModelRecord(default, head.kind, head.metrics, head.sha256, head.installed_at) for head in own]


def install(home: Home, actor: Actor, trained: Path) -> str:
    """Install a trained head in this home and return its version. Call `use` to activate it.

    Raises:
        AccessError, ParameterError, ModelError: not an admin; as `models.ears.own_heads.install`.
    """
    actor.require_admin("install a model")
    home.models.mkdir(exist_ok=True)
    version = own_heads.install(home.models, trained)
    with State.open(home) as state:
        state.audit("install model", actor.name, {"version": version})
    return version


def use(home: Home, actor: Actor, kind: str, version: str | None) -> None:
    """Classify an attribute with an installed head from now on, or with the shipped one (None).

    Films analysed earlier keep their values until they are analysed again.

    Raises:
        AccessError, ParameterError, ModelError: not an admin; as `models.ears.own_heads.use`.
    """
    actor.require_admin("choose a model")
    with State.open(home) as state, state.transaction():  # one at a time, or the later choice loses the earlier one
        own_heads.use(home.models, kind, version)
        state.audit("use model", actor.name, {"kind": kind, "version": version or "shipped"})
