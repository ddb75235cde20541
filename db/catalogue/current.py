"""Which snapshot is the current one."""

from __future__ import annotations

from pathlib import Path

from db.catalogue.manifest import NewerSchemaError, current_manifest, snapshot_directories
from db.home import Home
from errors import CatalogueError

_current: dict[Path, tuple[tuple[int, int, int], str]] = {}


def current_id(home: Home) -> str:
    """The id of the current snapshot. Costs one `stat` call while the snapshot stays the same.

    Raises:
        CatalogueError: nothing has been published yet.
    """
    try:
        status = home.manifest_path.stat()
    except OSError:
        directories = snapshot_directories(home)
        if not directories:
            raise nothing_published(home) from None
        return directories[0].name
    key = (status.st_mtime_ns, status.st_size, status.st_ino)
    known = _current.get(home.root)
    if known is None or known[0] != key:
        try:
            known = (key, current_manifest(home).snapshot)
        except NewerSchemaError:
            raise
        except CatalogueError:
            known = (key, next((path.name for path in snapshot_directories(home)), ""))
        _current[home.root] = known
    return known[1]


def published(home: Home) -> bool:
    """Whether a catalogue has been published, even if it is damaged."""
    return home.manifest_path.exists() or bool(snapshot_directories(home))


def nothing_published(home: Home) -> CatalogueError:
    """The error for a home without a catalogue."""
    return CatalogueError(
        f"{home.root}: no catalogue there yet. Add films with `filmscore ingest PATH`, or try `filmscore demo`."
    )
