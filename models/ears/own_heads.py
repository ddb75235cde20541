"""Heads that somebody trained on their own labels, kept in a home; one may be used per attribute for the shipped one.

`FOLDER/<version>/` holds the store of one head (models.ears.store: weights and a manifest with its sha256), its card
and metrics; `FOLDER/active.json` says which is used: {"energy": "energy-1a2b3c4d"}.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import durable
from errors import ModelError, ParameterError
from models.ears.default_features import WIDTHS, features_version
from models.ears.heads import Head, load_heads
from models.ears.store import StoredWeights, load_weights, sha256_of, store_weights, stored_weights
from models.kinds import KINDS, class_labels

HEADS = tuple(kind for kind in KINDS if kind != "detector")
ACTIVE = "active.json"
NAME = "head"
MEASURED = ("accuracy", "balanced_accuracy", "macro_f1")


@dataclass(frozen=True)
class OwnHead:
    """An installed head."""

    version: str
    kind: str
    sha256: str
    """Of its weights; empty if its manifest is damaged."""
    metrics: dict[str, float]
    """MEASURED over the clips of its training's test part; empty if not known."""
    installed_at: str
    """ISO date; empty if its manifest is damaged."""
    card: str
    active: bool
    fault: str
    """What is damaged and the way out; empty if it is whole."""


def install(folder: Path, trained: Path) -> str:
    """Copy what `filmscore train KIND --out TRAINED` wrote into the folder; its version. It is not used yet.

    A head that is installed but damaged is replaced.

    Raises:
        ParameterError: the directory holds no trained default head of an attribute.
        ModelError: the weights cannot be read, or cannot hear with these networks.
    """
    found = [path for kind in HEADS if (path := trained / f"default-{kind}.npz").is_file()]
    if len(found) != 1:
        raise ParameterError(
            f"{trained}: holds no default head of {', '.join(HEADS)}. Name a folder that `filmscore train` wrote."
        )
    kind = found[0].stem.removeprefix("default-")
    load_trained(found[0], kind)
    version = f"{kind}-{sha256_of(found[0])[:8]}"
    target = folder / version
    if not target.exists() or _fault(target, kind):
        beside = folder / f".{version}.{os.getpid()}"
        shutil.rmtree(beside, ignore_errors=True)
        store_weights(NAME, found[0], kind, folder=beside)
        for name in ("card.md", "metrics.json"):
            if (trained / name).is_file():
                shutil.copyfile(trained / name, beside / name)
                durable.fsync_file(beside / name)
        shutil.rmtree(target, ignore_errors=True)
        durable.replace(beside, target)
    return version


def load_trained(path: Path, kind: str) -> Head:
    """The head in `default-KIND.npz` as `filmscore train` wrote it.

    A head from before heads recorded what they learnt on is taken if its features are as many as the networks give.

    Raises:
        ModelError: not a head of this kind alone, or it learnt on other features than this filmscore computes.
    """
    heads = load_heads(path)
    if set(heads) != {kind}:
        raise ModelError(f"{path}: is not a head of {kind} alone, but of {', '.join(heads)}. {_way(kind)}")
    head = heads[kind]
    if head.labels != class_labels(kind):
        raise ModelError(f"{path}: tells {', '.join(head.labels)} apart, not {kind}'s classes. {_way(kind)}")
    widths = [WIDTHS.get(block, 0) for block in head.blocks]
    if not all(widths) or sum(widths) != head.mean.size:
        raise ModelError(
            f"{path}: takes {head.mean.size} features of {', '.join(head.blocks)}, which this filmscore does not "
            f"compute. {_way(kind)}"
        )
    if head.learnt_on and head.learnt_on != (here := features_version(head.blocks)):
        raise ModelError(f"{path}: learnt on {head.learnt_on}, this filmscore hears with {here}. {_way(kind)}")
    return head


def installed(folder: Path) -> list[OwnHead]:
    """All installed heads, by version, the damaged ones among them.

    Raises:
        ModelError: the file that says which are used is damaged.
    """
    used = active(folder)
    heads = []
    for path in sorted(folder.glob("*-????????")) if folder.is_dir() else []:
        kind = path.name.rpartition("-")[0]
        if kind not in HEADS:
            continue
        try:
            entry = _entry(path, kind)
        except ModelError:
            entry = StoredWeights(NAME, "", "", 1, kind)
        card = path / "card.md"
        heads.append(
            OwnHead(
                path.name,
                kind,
                entry.sha256,
                _metrics(path)[0],
                entry.trained_at,
                card.read_text(encoding="utf-8", errors="replace") if card.is_file() else "",
                used.get(kind) == path.name,
                _fault(path, kind),
            )
        )
    return heads


def active(folder: Path) -> dict[str, str]:
    """Attribute -> version of the installed head that is used instead of the shipped one.

    Raises:
        ModelError: the file that says so is damaged.
    """
    path = folder / ACTIVE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: not readable ({error}). Remove it to use the shipped heads.") from error
    if not isinstance(document, dict) or not set(document) <= set(HEADS):
        raise ModelError(f"{path}: does not name heads. Remove it to use the shipped ones.")
    return {str(kind): str(version) for kind, version in document.items()}


def use(folder: Path, kind: str, version: str | None) -> None:
    """Use an installed head for an attribute from now on; None: the shipped one.

    Raises:
        ParameterError: no such attribute, or no such head of it.
        ModelError: its weights are missing, truncated or altered, or cannot hear with these networks.
    """
    if kind not in HEADS:
        raise ParameterError(f"{kind}: no such attribute. Take one of {', '.join(HEADS)}.")
    chosen = active(folder)
    chosen.pop(kind, None)
    if version is not None:
        known = [head.version for head in installed(folder) if head.kind == kind]
        if version not in known:
            raise ParameterError(f"{version}: no installed head of {kind}. Known: {', '.join(known) or 'none'}.")
        _load(folder / version, kind)
        chosen[kind] = version
    durable.write_text(folder / ACTIVE, json.dumps(chosen, indent=2, sort_keys=True) + "\n")


def active_heads(folder: Path) -> dict[str, Head]:
    """The installed heads that are used, by attribute.

    Raises:
        ModelError: weights are missing, truncated, altered, of another version, or cannot hear with these networks.
    """
    return {kind: _load(folder / version, kind) for kind, version in sorted(active(folder).items())}


def active_suffix(folder: Path) -> str:
    """What the heads that are used add to the ear's version; "" without any. Their weights are not looked at.

    Raises:
        ModelError: a head or its manifest is missing or damaged.
    """
    return suffix(_entry(folder / version, kind).sha256 for kind, version in sorted(active(folder).items()))


def suffix(hashes: Iterable[str]) -> str:
    """What heads with these hashes of their weights, in the order of their kinds, add to the ear's version."""
    joined = "".join(hashes)
    return f"+{hashlib.sha256(joined.encode()).hexdigest()[:6]}" if joined else ""


def _way(kind: str) -> str:
    if kind == "detector":
        return "Train it again."
    return f"Train it again and install that, or use the shipped head (`filmscore models use shipped {kind}`)."


def _entry(path: Path, kind: str) -> StoredWeights:
    """The manifest's entry of the head installed at `path`. Raises ModelError without one."""
    if not path.is_dir():
        raise ModelError(f"{path}: the head of {kind} is missing. {_way(kind)}")
    entries = stored_weights(path, _way(kind))
    if NAME not in entries:
        raise ModelError(f"{path}: its manifest names no head. {_way(kind)}")
    return entries[NAME]


def _load(path: Path, kind: str) -> Head:
    _entry(path, kind)
    return load_trained(load_weights(NAME, folder=path, remedy=_way(kind)), kind)


def _metrics(path: Path) -> tuple[dict[str, float], str]:
    """MEASURED of the head installed at `path`, and what is wrong with the file of them."""
    file = path / "metrics.json"
    try:
        clips = json.loads(file.read_text(encoding="utf-8"))["clips"]
        return {name: float(clips[name]) for name in MEASURED}, ""
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError, KeyError, TypeError) as error:
        return {}, (
            f"{file}: not what `filmscore train` wrote ({error!r}). The head hears without it; install it again to "
            "have its figures back."
        )


def _fault(path: Path, kind: str) -> str:
    try:
        _load(path, kind)
    except ModelError as error:
        return str(error)
    return _metrics(path)[1]
