"""The manifest that describes a snapshot, and the pointer to the current snapshot."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path

import durable
from db.home import Home
from errors import CatalogueError

MANIFEST, CATALOGUE, ENCODERS = "manifest.json", "catalogue.duckdb", "encoders.npz"
"""Files of a snapshot, beside its segments."""

INDEX_MARK = ".scenes."
"""In the names of files that only speed a snapshot up; it is read without them, too."""

SCHEMA_VERSION = 9
"""Of catalogue.duckdb and the segments. A snapshot with another version is rebuilt from the state and the parts."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Manifest:
    """The contents of manifest.json."""

    snapshot: str
    sequence: int
    created_at: str
    state_id: str
    revision: int
    """The revision of the state from which this snapshot was built."""
    films: int
    heard: int
    """Films with an analysis."""
    with_music: int
    blocks: dict[str, int]
    """Block -> width, in the order of the vector."""
    feature_version: str
    fitted_films: int
    """Number of films on which the encoder was fitted; `fitted_with_music` counts those with music."""
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
    """Write a manifest durably, with a checksum of its own content."""
    document = asdict(manifest)
    durable.write_text(path, json.dumps({**document, "check": _check(document)}, indent=1))


def read_manifest(path: Path) -> Manifest:
    """Read a manifest and verify its checksum.

    Raises:
        CatalogueError: the manifest is missing, damaged, or from a newer filmscore.
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
    """The catalogue was written by a newer filmscore. No older snapshot may be used in its place."""


def current_manifest(home: Home) -> Manifest:
    """The manifest of the current snapshot. Raises the errors of `read_manifest`."""
    return read_manifest(home.manifest_path)


def snapshot_directories(home: Home) -> list[Path]:
    """Complete snapshots, newest first."""
    found = [path for path in home.snapshots.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return sorted((path for path in found if (path / MANIFEST).exists()), reverse=True)


def sizes_fault(directory: Path, manifest: Manifest) -> str:
    """A message about the first file that a snapshot needs and that is missing or has the wrong size, or ""."""
    for name, (size, _) in manifest.files.items():
        if INDEX_MARK in name:
            continue
        path = directory / name
        if not path.is_file():
            return f"{path}: missing"
        if path.stat().st_size != size:
            return f"{path}: damaged ({path.stat().st_size} bytes instead of {size})"
    return ""


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
