"""What a snapshot says of itself, and the pointer that says which snapshot is the current one."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path

import durable
from db.home import Home
from errors import CatalogueError

CATALOGUE, INDEX, ENCODERS = "catalogue.duckdb", "vectors.faiss", "encoders.npz"
"""Files of a snapshot, beside its segments."""

SCHEMA_VERSION = 4
"""Of catalogue.duckdb and the segments. Another version is built anew from state and parts: they are the source."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Manifest:
    """The contents of manifest.json."""

    snapshot: str
    sequence: int
    created_at: str
    state_id: str
    revision: int
    """The state's revision that this snapshot shows."""
    films: int
    heard: int
    """Films with an analysis."""
    with_music: int
    blocks: dict[str, int]
    """Block -> width, in the order of the vector."""
    feature_version: str
    fitted_films: int
    """Films that the encoder was fitted on, and how many of them had music."""
    fitted_with_music: int
    files: dict[str, tuple[int, str]]
    """Path within the snapshot -> (bytes, sha256)."""
    fitted_senses: dict[str, int] = field(default_factory=dict)
    """How many of the films that the encoder was fitted on had each further sense, by its table."""
    damaged_parts: dict[str, str] = field(default_factory=dict)
    """Film id -> why its part could not be read; the film is shown as not analysed."""
    schema_version: int = SCHEMA_VERSION

    @property
    def dimension(self) -> int:
        """Width of a film's vector."""
        return sum(self.blocks.values())


def _check(document: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write it durably, with a checksum of itself."""
    document = asdict(manifest)
    durable.write_text(path, json.dumps({**document, "check": _check(document)}, indent=1))


def read_manifest(path: Path) -> Manifest:
    """Read and check it.

    Raises:
        CatalogueError: missing, damaged, or of a newer filmscore.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        check = document.pop("check")
        version = int(document["schema_version"])
    except FileNotFoundError as error:
        raise CatalogueError(f"{path}: missing. Run `filmscore doctor --repair`.") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(f"{path}: damaged, not a manifest. Run `filmscore doctor --repair`.") from error
    if version > SCHEMA_VERSION:
        raise NewerSchemaError(
            f"{path}: written by a newer filmscore (schema {version}; this one knows {SCHEMA_VERSION}). "
            "Update filmscore."
        )
    if check != _check(document):
        raise CatalogueError(f"{path}: damaged, its checksum differs. Run `filmscore doctor --repair`.")
    try:
        document["files"] = {name: (int(size), str(digest)) for name, (size, digest) in document["files"].items()}
        return Manifest(**document)
    except (TypeError, ValueError, KeyError) as error:
        raise CatalogueError(f"{path}: not a manifest of this filmscore. Run `filmscore doctor --repair`.") from error


class NewerSchemaError(CatalogueError):
    """The catalogue was written by a newer filmscore: nothing older may stand in for it."""


def current_manifest(home: Home) -> Manifest:
    """The pointer: the manifest of the current snapshot. Raises as `read_manifest`."""
    return read_manifest(home.manifest_path)


def snapshot_directories(home: Home) -> list[Path]:
    """Whole snapshots, newest first."""
    found = [path for path in home.snapshots.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return sorted((path for path in found if (path / "manifest.json").exists()), reverse=True)


def sizes_fault(directory: Path, manifest: Manifest) -> str:
    """Which file of a snapshot is missing or has another size than the manifest says; "" if none."""
    for name, (size, _) in manifest.files.items():
        path = directory / name
        if not path.is_file():
            return f"{path}: missing"
        if path.stat().st_size != size:
            return f"{path}: damaged ({path.stat().st_size} bytes instead of {size})"
    return ""


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
