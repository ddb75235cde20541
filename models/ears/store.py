"""The shipped weights: a manifest that names each file with its sha256, checked whenever one is loaded.

`models/weights/manifest.json` holds {"version": 1, "weights": {name: {"file", "sha256", "version", "kind", "metrics",
"trained_at"}}}. `version` of an entry is the version of the reading code that the file needs: weights of a version that
this code does not know are refused rather than misread. Files are ONNX, .npz of plain arrays, or JSON;
never a pickle.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import durable
from errors import ModelError

WEIGHTS = Path(__file__).parents[1] / "weights"
MANIFEST = "manifest.json"
MANIFEST_VERSION = 1
SUFFIXES = (".onnx", ".npz", ".json")
MAX_TOTAL_BYTES = 60_000_000
"""All shipped weights together."""

REINSTALL = "Reinstall filmscore, or restore it with git checkout."


@dataclass(frozen=True)
class StoredWeights:
    """One entry of the manifest."""

    name: str
    file: str
    sha256: str
    version: int
    kind: str
    """What reads it: svm, cnn, network, head, ..."""
    metrics: dict[str, float] = field(default_factory=dict)
    """What its card says was measured of it, by name."""
    trained_at: str = ""
    """ISO date."""
    same_values_as: str = ""
    """sha256 of earlier weights that give the same values, bit by bit: an ear with either has the same version."""


def stored_weights(folder: Path = WEIGHTS, remedy: str = REINSTALL) -> dict[str, StoredWeights]:
    """The manifest's entries by name.

    Args:
        folder: holds the manifest.
        remedy: what an error advises.

    Raises:
        ModelError: the manifest is missing, not JSON, of another version or lacks a field.
    """
    path = folder / MANIFEST
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"{path}: missing, so no weights can be trusted. {remedy}") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: not readable as JSON ({error}). {remedy}") from error
    if not isinstance(document, dict) or document.get("version") != MANIFEST_VERSION:
        raise ModelError(f"{path}: not a manifest of version {MANIFEST_VERSION}. {remedy}")
    try:
        return {
            name: StoredWeights(
                name,
                str(row["file"]),
                str(row["sha256"]),
                int(row["version"]),
                str(row["kind"]),
                {str(key): float(value) for key, value in row.get("metrics", {}).items()},
                str(row.get("trained_at", "")),
                str(row.get("same_values_as", "")),
            )
            for name, row in document["weights"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"{path}: an entry is incomplete ({error!r}). {remedy}") from error


def load_weights(name: str, version: int = 1, folder: Path = WEIGHTS, remedy: str = REINSTALL) -> Path:
    """The path of named weights, after checking that the file is what the manifest says.

    Args:
        name: as in the manifest.
        version: the version of the weights that the caller can read.
        folder: holds the manifest and the files.
        remedy: what an error advises.

    Raises:
        ModelError: unknown name, another version, or the file is missing, truncated or altered.
    """
    entries = stored_weights(folder, remedy)
    if name not in entries:
        raise ModelError(f"{folder / MANIFEST}: knows no weights named {name}. {remedy}")
    entry = entries[name]
    path = folder / entry.file
    if path.parent != folder or path.suffix not in SUFFIXES:
        raise ModelError(f"{folder / MANIFEST}: {entry.file} is not a weights file beside it. {remedy}")
    if entry.version != version:
        raise ModelError(
            f"{path}: version {entry.version} of these weights, this filmscore reads version {version}. "
            "Install the filmscore they belong to, or train them again."
        )
    try:
        found = sha256_of(path)
    except FileNotFoundError as error:
        raise ModelError(f"{path}: weights file missing. {remedy}") from error
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}). {remedy}") from error
    if found != entry.sha256:
        raise ModelError(f"{path}: truncated or altered, its sha256 is not the manifest's. {remedy}")
    return path


def store_weights(
    name: str,
    source: Path,
    kind: str,
    version: int = 1,
    folder: Path = WEIGHTS,
    metrics: Mapping[str, float] | None = None,
    same_values_as: str = "",
) -> StoredWeights:
    """Copy a trained weights file into the store and enter it in the manifest, each replaced whole.

    An entry of that name is replaced. A reader between the two steps finds the old entry and a ModelError at worst,
    never wrong weights.

    Args:
        name: of the entry, and of the file with the suffix of `source`.
        source: .onnx, .npz or .json.
        kind: what reads it.
        version: of the format.
        folder: the store; made if absent.
        metrics: what its card says of it.
        same_values_as: sha256 of the first weights that gave exactly these values, or empty.

    Raises:
        ModelError: another suffix, or the store would pass 60 MB.
    """
    if source.suffix not in SUFFIXES:
        raise ModelError(f"{source.name}: not a kind of weights that is shipped. Take {', '.join(SUFFIXES)}.")
    folder.mkdir(parents=True, exist_ok=True)
    entries = stored_weights(folder) if (folder / MANIFEST).exists() else {}
    today = datetime.now(UTC).date().isoformat()
    file, digest = f"{name}{source.suffix}", sha256_of(source)
    entry = StoredWeights(name, file, digest, version, kind, dict(metrics or {}), today, same_values_as)
    others = sum((folder / row.file).stat().st_size for row in entries.values() if row.name != name)
    if others + source.stat().st_size > MAX_TOTAL_BYTES:
        raise ModelError(f"{source.name}: with it the weights pass 60 MB together. Ship a smaller model.")
    target = folder / entry.file
    with durable.whole(target) as beside:
        shutil.copyfile(source, beside)
    entries[name] = entry
    rows = {
        key: {k: v for k, v in asdict(entries[key]).items() if k != "name" and (v or k != "same_values_as")}
        for key in sorted(entries)
    }
    durable.write_text(folder / MANIFEST, json.dumps({"version": MANIFEST_VERSION, "weights": rows}, indent=2) + "\n")
    return entry


def version_of(architecture: str, number: int, names: Iterable[str], folder: Path = WEIGHTS) -> str:
    """A short, readable version of an ear: architecture, number, and 8 hex digits of its weights' hashes."""
    entries = stored_weights(folder)
    missing = [name for name in names if name not in entries]
    if missing:
        raise ModelError(f"{folder / MANIFEST}: knows no weights named {', '.join(missing)}. {REINSTALL}")
    joined = "".join(entries[name].same_values_as or entries[name].sha256 for name in sorted(names))
    return f"{architecture}-{number}-{hashlib.sha256(joined.encode()).hexdigest()[:8]}"


def sha256_of(path: Path) -> str:
    """Hexadecimal sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
