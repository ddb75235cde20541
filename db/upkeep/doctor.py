"""Check a home for missing, damaged or inconsistent data, and repair what the intact data allow."""

from __future__ import annotations

import secrets
import shutil
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db.catalogue.manifest import current_manifest, sha256_of, snapshot_directories
from db.catalogue.parts import part_path, part_paths, read_part
from db.catalogue.publish import publish
from db.catalogue.records import Encoding, ModelRecord
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.lock import writer_lock
from db.rights import close_to_others, open_to_others
from db.state.store import State
from db.upkeep.backup import put_state
from errors import CatalogueError

LOW_SPACE_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    thing: str
    ok: bool
    said: str


def examine(home: Home) -> Iterator[Finding]:
    """Run all checks of a home, yielding one finding after the other. Nothing is changed."""
    free = shutil.disk_usage(home.root).free
    yield Finding("disk space", free > LOW_SPACE_BYTES, f"{free / 1e9:.1f} GB free at {home.root}")
    yield _rights(home)
    yield _state(home)
    yield from _snapshot(home)
    yield from _parts(home)


def _rights(home: Home) -> Finding:
    found = list(open_to_others(home))
    if not found:
        return Finding("file modes", True, "no other user may read the home")
    first = found[0]
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    said = f"{first} (mode {stat.S_IMODE(first.stat().st_mode):o}){more}: open to other users of this machine"
    return Finding("file modes", False, said)


def _state(home: Home) -> Finding:
    if not home.state_path.exists():
        return Finding("state.sqlite", True, "none yet")
    try:
        with State.open(home) as state:
            said = state.integrity()
            films = len(state.rows("SELECT film_id FROM films"))
    except CatalogueError as error:
        return Finding("state.sqlite", False, str(error))
    return Finding("state.sqlite", said == "ok", f"{films} films" if said == "ok" else f"damaged: {said}")


def _snapshot(home: Home) -> Iterator[Finding]:
    try:
        manifest = current_manifest(home)
        yield Finding("manifest.json", True, f"snapshot {manifest.snapshot} of {manifest.created_at}")
    except CatalogueError as error:
        nothing = not home.manifest_path.exists() and not snapshot_directories(home)
        yield Finding("manifest.json", nothing, "nothing published yet" if nothing else str(error))
        return
    directory = home.snapshots / manifest.snapshot
    wrong = [
        name
        for name, (_, digest) in manifest.files.items()
        if not (directory / name).is_file() or sha256_of(directory / name) != digest
    ]
    yield Finding(
        "snapshot files",
        not wrong,
        ", ".join(wrong) + " missing or altered" if wrong else f"{len(manifest.files)} files unchanged",
    )
    try:
        with Snapshot(directory) as snapshot:
            yield Finding("catalogue.duckdb", True, f"{manifest.films} films, {manifest.with_music} with music")
            matrix = snapshot.matrix()
            yield Finding("vectors", True, f"{len(matrix.film_ids)} vectors of {matrix.vectors.shape[1]}")
            snapshot.fitted()
            yield Finding("encoders.npz", True, manifest.feature_version)
    except CatalogueError as error:
        yield Finding("snapshot", False, str(error))
    for film_id, reason in manifest.damaged_parts.items():
        yield Finding(f"film {film_id}", False, f"shown without its sound. {reason}")


def _parts(home: Home) -> Iterator[Finding]:
    damaged = 0
    count = 0
    for path in part_paths(home):
        count += 1
        try:
            read_part(path)
        except CatalogueError as error:
            damaged += 1
            yield Finding("part", False, str(error))
    yield Finding("parts", not damaged, f"{count} parts, {damaged} damaged")
    try:
        with State.open(home) as state:
            missing = [
                media
                for media in state.media()
                if not part_path(home, media.media_sha256, media.audio_track, media.model_version).exists()
            ]
    except CatalogueError:
        return
    for media in missing:
        yield Finding("part", False, f"{media.path}: its part is missing. Ingest the film again.")


def repair(home: Home, encoding: Encoding, models: Sequence[ModelRecord] = ()) -> Iterator[str]:
    """Repair what can be repaired, and describe each step: restore the state from its last copy, move damaged parts
    aside, and rebuild the catalogue from the state and the parts.

    Raises:
        CatalogueError: the state is damaged and so is every copy of it.
    """
    with writer_lock(home, "doctor --repair"):
        if home.state_path.exists() and not _state(home).ok:
            yield _repair_state(home)
        if closed := close_to_others(home):
            yield f"file modes: {closed} files and directories are now accessible to this user only"
        for path in part_paths(home):
            try:
                read_part(path)
            except CatalogueError:
                aside = home.root / "damaged" / f"{path.name}.{secrets.token_hex(4)}"
                aside.parent.mkdir(exist_ok=True)
                path.replace(aside)
                yield f"{path.name}: damaged, moved to {aside.parent}. Ingest its film again to hear it."
    yield f"snapshot {publish(home, encoding, full=True, models=models)} built from state and parts"


def _repair_state(home: Home) -> str:
    for copy in sorted(home.asides.glob("state-*.sqlite"), reverse=True):
        try:
            with State(copy, readonly=True) as kept:
                whole = kept.integrity() == "ok"
        except CatalogueError:
            continue
        if whole:
            damaged = home.state_path.with_name(f"state.sqlite.damaged-{secrets.token_hex(4)}")
            home.state_path.replace(damaged)
            for suffix in ("-wal", "-shm"):
                home.state_path.with_name(f"state.sqlite{suffix}").unlink(missing_ok=True)
            put_state(home, copy)
            return (
                f"state.sqlite: damaged, kept as {damaged.name}; restored from the copy made at publish "
                f"{copy.stem.removeprefix('state-')}. Later changes are lost."
            )
    raise CatalogueError(f"{home.state_path}: damaged, and no intact copy of it is left. Restore a backup.")
