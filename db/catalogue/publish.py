"""Publish: build a new snapshot from the state and the parts, and make it current with a single `os.replace`.

If anything fails before that replace, readers keep the last snapshot, and the next publish deletes the unfinished one.
"""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import durable
from db.catalogue.build import Build, build
from db.catalogue.manifest import (
    MANIFEST,
    SCHEMA_VERSION,
    Manifest,
    NewerSchemaError,
    current_manifest,
    sizes_fault,
    write_manifest,
)
from db.catalogue.pruning import copy_is_due, prune_snapshots, sweep, thin_copies
from db.catalogue.records import Encoding, ModelRecord
from db.clock import now
from db.faults import disk_faults
from db.home import Home
from db.lock import WAIT_S, writer_lock
from db.state.store import State
from errors import CatalogueError

log = logging.getLogger(__name__)

KEPT = "The catalogue stays as it was; what was stored before this is published next time"


def publish(
    home: Home,
    encoding: Encoding,
    *,
    full: bool = False,
    wait_s: float = WAIT_S,
    models: Sequence[ModelRecord] = (),
) -> str:
    """Publish the current contents of the state and the parts.

    Only what changed since the last snapshot is read and encoded. The encoder is refitted when the number of films (or
    of films with music) has changed by more than a tenth since the last fit, or when its version changes.

    Args:
        home: the catalogue's home.
        encoding: how films become vectors.
        full: rebuild everything from the state and the parts, without reusing a snapshot.
        wait_s: how long to wait for another writer.
        models: the weights in use, for the table `models`.

    Returns:
        The id of the current snapshot; the previous id if nothing changed.

    Raises:
        CatalogueError: another writer holds the lock, the disk is full or the state is damaged. The last snapshot stays
            current.
    """
    with writer_lock(home, "publish", wait_s), disk_faults(f"{home.root}: cannot publish", KEPT):
        sweep(home)
        previous = None if full else _previous(home)
        sequence = _next_sequence(home)
        snapshot = f"{sequence:06d}-{secrets.token_hex(4)}"
        building, aside = home.snapshots / f".building-{snapshot}", home.asides / f"state-{snapshot}.sqlite"
        try:
            with State.open(home) as state, state.reading():
                asked = state.meta("state_id"), int(state.meta("revision")), encoding.version
                if previous and (previous.state_id, previous.revision, previous.feature_version) == asked:
                    return previous.snapshot
                if previous is None or previous.state_id != asked[0] or copy_is_due(home):
                    state.copy_to(aside)
                (building / "segments").mkdir(parents=True)
                made = build(_build(home, building, snapshot, previous, encoding, models), state)
            manifest = replace(made, snapshot=snapshot, sequence=sequence, created_at=now())
            write_manifest(building / MANIFEST, manifest)
            final = home.snapshots / snapshot
            durable.replace(building, final)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            aside.unlink(missing_ok=True)
            raise
        write_manifest(home.manifest_path, manifest)
        log.info("published %s: %d films", snapshot, manifest.films)
        prune_snapshots(home, snapshot)
        thin_copies(home)
        _forget_deleted(home)
        return snapshot


def _build(
    home: Home,
    building: Path,
    snapshot: str,
    previous: Manifest | None,
    encoding: Encoding,
    models: Sequence[ModelRecord],
) -> Build:
    return Build(
        home=home,
        directory=building,
        snapshot=snapshot,
        previous=previous,
        previous_directory=home.snapshots / previous.snapshot if previous else None,
        encoding=encoding,
        models=models,
    )


def _previous(home: Home) -> Manifest | None:
    """The current snapshot if the next one can be built on it, else None."""
    try:
        manifest = current_manifest(home)
    except NewerSchemaError:
        raise
    except CatalogueError as error:
        if home.manifest_path.exists():
            log.warning("%s Rebuilding everything.", error)
        return None
    fault = sizes_fault(home.snapshots / manifest.snapshot, manifest)
    if fault:
        log.warning("%s. Rebuilding everything.", fault)
        return None
    return manifest if manifest.schema_version == SCHEMA_VERSION else None


def _next_sequence(home: Home) -> int:
    """The next sequence number. It increases even if the clock is set back."""
    names = [path.name.removeprefix(".building-") for path in home.snapshots.iterdir()]
    numbers = [int(name[:6]) for name in names if name[:6].isdigit()]
    return max(numbers, default=0) + 1


def _forget_deleted(home: Home) -> None:
    """Delete the parts of deleted films, unless another film now uses the same media."""
    with State.open(home) as state:
        for _, media_sha256 in state.deletions():
            if media_sha256 and state.media_of(media_sha256) is None:
                for path in home.parts.glob(f"{media_sha256[:2]}/{media_sha256}.*.parquet"):
                    path.unlink(missing_ok=True)
