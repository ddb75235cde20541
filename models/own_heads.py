"""Heads that somebody trained on their own labels, kept in a home; one may be used per attribute for the shipped one.

`FOLDER/<version>/` holds the store of one head (models.store: weights and a manifest with its sha256), its card and
metrics; `FOLDER/active.json` says which is used: {"energy": "energy-1a2b3c4d"}.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import durable
from errors import ModelError, ParameterError
from models.heads import Head, load_heads
from models.kinds import KINDS
from models.store import load_weights, sha256_of, store_weights, stored_weights

HEADS = tuple(kind for kind in KINDS if kind != "detector")
ACTIVE = "active.json"
NAME = "head"
RETRAIN = "Use the shipped head again (`filmscore models use shipped KIND`), or train it again."


@dataclass(frozen=True)
class OwnHead:
    """An installed head."""

    version: str
    kind: str
    sha256: str
    metrics: dict[str, Any]
    """clip_metrics of its training's test part, and when it was installed."""
    card: str
    active: bool


def install(folder: Path, trained: Path) -> str:
    """Copy what `filmscore train KIND --out TRAINED` wrote into the folder; its version. It is not used yet.

    Raises:
        ParameterError: the directory holds no trained default head of an attribute.
        ModelError: the weights cannot be read.
    """
    found = [path for kind in HEADS if (path := trained / f"default-{kind}.npz").is_file()]
    if len(found) != 1:
        raise ParameterError(
            f"{trained}: holds no default head of {', '.join(HEADS)}. Name a folder that `filmscore train` wrote."
        )
    kind = found[0].stem.removeprefix("default-")
    if set(load_heads(found[0])) != {kind}:
        raise ModelError(f"{found[0]}: is not a head of {kind} alone. Train it again.")
    version = f"{kind}-{sha256_of(found[0])[:8]}"
    target = folder / version
    if not target.exists():
        beside = folder / f".{version}.{os.getpid()}"
        shutil.rmtree(beside, ignore_errors=True)
        store_weights(NAME, found[0], kind, folder=beside)
        for name in ("card.md", "metrics.json"):
            if (trained / name).is_file():
                shutil.copyfile(trained / name, beside / name)
                durable.fsync_file(beside / name)
        durable.replace(beside, target)
    return version


def installed(folder: Path) -> list[OwnHead]:
    """All installed heads, by version.

    Raises:
        ModelError: a manifest cannot be read.
    """
    used = active(folder)
    heads = []
    for path in sorted(folder.glob("*-????????")) if folder.is_dir() else []:
        entry = stored_weights(path)[NAME]
        metrics, card = path / "metrics.json", path / "card.md"
        heads.append(
            OwnHead(
                path.name,
                entry.kind,
                entry.sha256,
                json.loads(metrics.read_text(encoding="utf-8")) if metrics.is_file() else {},
                card.read_text(encoding="utf-8") if card.is_file() else "",
                used.get(entry.kind) == path.name,
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
        ModelError: its weights are missing, truncated or altered.
    """
    if kind not in HEADS:
        raise ParameterError(f"{kind}: no such attribute. Take one of {', '.join(HEADS)}.")
    chosen = active(folder)
    chosen.pop(kind, None)
    if version is not None:
        known = [head.version for head in installed(folder) if head.kind == kind]
        if version not in known:
            raise ParameterError(f"{version}: no installed head of {kind}. Known: {', '.join(known) or 'none'}.")
        load_weights(NAME, folder=folder / version)
        chosen[kind] = version
    durable.write_text(folder / ACTIVE, json.dumps(chosen, indent=2, sort_keys=True) + "\n")


def active_heads(folder: Path) -> tuple[dict[str, Head], str]:
    """The installed heads that are used, by attribute, and a suffix for the ear's version ("" without any).

    Raises:
        ModelError: weights are missing, truncated or altered, or of another version.
    """
    heads: dict[str, Head] = {}
    hashes = []
    for kind, version in sorted(active(folder).items()):
        if not (folder / version).is_dir():
            raise ModelError(f"{folder / version}: the head of {kind} is missing. {RETRAIN}")
        path = load_weights(NAME, folder=folder / version)
        heads[kind] = load_heads(path)[kind]
        hashes.append(stored_weights(folder / version)[NAME].sha256)
    return heads, f"+{hashlib.sha256(''.join(hashes).encode()).hexdigest()[:6]}" if hashes else ""
