"""Backup and restore of a home: the state, the parts, the posters, locally trained heads and the reviewed sub-genres.

A backup leaves out what can be built or downloaded again (snapshots, IMDb's files, Spotify's tracks) and the media
files. Uploaded films are stored in `uploads/` of the home; copy that folder to keep them.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import secrets
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import durable
from db.catalogue.parts import part_paths
from db.clock import now
from db.faults import disk_faults
from db.home import Home
from db.lock import writer_lock
from db.state.ledger import BUSY_S
from db.state.rows import state_of_backup
from db.state.store import State
from errors import CatalogueError, ParameterError

BACKUP_VERSION = 1
CONTENTS = "contents.json"
LARGEST_CONTENTS = 1 << 28
"""Bytes. A million parts take 150 MB of names."""
_STATE = "state.sqlite"
_ACTIVE = "models/active.json"
_MEMBER = re.compile(
    r"parts/[0-9a-f]{2}/[0-9a-f]{8,128}\.\d+\.[A-Za-z0-9._-]+\.parquet"
    r"|models/(?:active\.json|[a-z]+-[0-9a-f]{8}/(?:head\.npz|manifest\.json|card\.md|metrics\.json))"
    r"|hyper_genres\.csv"
    r"|posters/[0-9a-f]{2}/[0-9a-f]{8,128}\.jpg"
)
"""File names that a backup may contain, besides the state and the table of contents."""


@dataclass(frozen=True)
class BackupContents:
    """The contents of a backup."""

    films: int
    parts: int
    heads: int
    made_at: str


@dataclass(frozen=True)
class Restored(BackupContents):
    """The contents of a backup, and which rows of its state were restored."""

    taken: dict[str, int]
    """Table -> number of rows restored."""
    left: tuple[str, ...]
    """Descriptions of what was not restored."""


class _Hashed:
    """A file object that computes a hash while tar reads it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.digest.update(data)
        return data


def backup(home: Home, path: Path) -> BackupContents:
    """Write a backup of a home into one tar file while other processes read and write. The file appears whole or not at
    all.

    Raises:
        ParameterError: the directory of `path` does not exist, or `path` is inside the data that is backed up.
        CatalogueError: the disk is full or not writable, or the state is damaged.
    """
    path = path.absolute()
    if not path.parent.is_dir():
        raise ParameterError(f"{path.parent}: no such directory. Create it first.")
    if {home.parts, home.snapshots, home.models} & set(path.parents):
        raise ParameterError(f"{path}: is inside the data that is backed up. Choose another place.")
    hashes: dict[str, str] = {}
    copy = home.scratch / f"backup-{secrets.token_hex(4)}.sqlite"
    with disk_faults(f"{path}: the backup cannot be written"), State.open(home) as state:
        try:
            state.copy_to(copy)
            films = len(state.rows("SELECT film_id FROM films"))
            with durable.whole(path, private=True) as temporary, tarfile.open(temporary, "w") as archive:
                _add(archive, copy, _STATE, hashes)
                for kept in (
                    *part_paths(home),
                    *sorted(home.models.rglob("*")),
                    home.hyper_genres,
                    *sorted(home.posters.rglob("*.jpg")),
                ):
                    name = kept.relative_to(home.root).as_posix()
                    if _MEMBER.fullmatch(name):
                        _add(archive, kept, name, hashes)
                if _ACTIVE not in hashes:
                    _add_bytes(archive, b"{}\n", _ACTIVE, hashes)
                parts = sum(name.startswith("parts/") for name in hashes)
                heads = sum(name.endswith("/manifest.json") for name in hashes)
                contents = BackupContents(films, parts, heads, now())
                about = {"backup_version": BACKUP_VERSION, **asdict(contents), "sha256": hashes}
                _add_bytes(archive, json.dumps(about).encode(), CONTENTS, {})
        finally:
            copy.unlink(missing_ok=True)
    return contents


def _add(archive: tarfile.TarFile, path: Path, name: str, hashes: dict[str, str]) -> None:
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        return  # the file never existed, or its film was deleted while the backup ran
    with stream:
        _add_stream(archive, stream, os.fstat(stream.fileno()).st_size, name, hashes)


def _add_bytes(archive: tarfile.TarFile, data: bytes, name: str, hashes: dict[str, str]) -> None:
    _add_stream(archive, io.BytesIO(data), len(data), name, hashes)


def _add_stream(archive: tarfile.TarFile, stream: IO[bytes], size: int, name: str, hashes: dict[str, str]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o600
    hashed = _Hashed(stream)
    archive.addfile(entry, hashed)
    hashes[name] = hashed.digest.hexdigest()


def restore(home: Home, path: Path, *, with_access: bool = False) -> Restored:
    """Restore a backup into a home. Publish in full afterwards.

    The backup is unpacked and checked completely before anything changes; a bad backup changes nothing. Readers keep
    their snapshot. Parts and heads that the backup lacks stay. The backup also decides which heads are active; a backup
    from before heads were backed up leaves the active heads as they are. A backup is untrusted input: its rows are
    copied into a new file with our own schema. The present jobs, settings (including the admin password) and audit log
    stay; all sessions end.

    Args:
        home: where to restore.
        path: a file that `backup` wrote.
        with_access: let the backup's settings replace those of the same name, and take its audit log if there is none.
            Use it when a home moves to another machine.

    Raises:
        ParameterError: no such file, or not a backup of filmscore.
        CatalogueError: the backup is damaged or from a newer filmscore, or the disk is full.
    """
    unpacked = home.scratch / f"restore-{secrets.token_hex(4)}"
    with writer_lock(home, "restore"), disk_faults(f"{home.root}: cannot restore {path.name}"):
        try:
            contents = _unpack(path, unpacked)
            rebuilt = unpacked / "taken.sqlite"
            with _naming(path):
                rows = state_of_backup(unpacked / _STATE, rebuilt, _present(home), with_access=with_access)
            _put_heads(home, unpacked)
            for kept in sorted(unpacked.rglob("*")):
                name = kept.relative_to(unpacked).as_posix()
                if _MEMBER.fullmatch(name):
                    final = home.root / name
                    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    durable.replace(kept, final)
            put_state(home, rebuilt)
        finally:
            shutil.rmtree(unpacked, ignore_errors=True)
    return Restored(**asdict(contents), taken=rows.taken, left=rows.left)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Begin messages about a backup's state with the backup's name."""
    try:
        yield
    except ParameterError as error:
        raise ParameterError(f"{path.name}: {error} Nothing was restored.") from error
    except CatalogueError as error:
        raise CatalogueError(f"{path.name}: {error} Nothing was restored.") from error


def _present(home: Home) -> Path | None:
    """Path of the present state, or None if it is damaged and holds nothing that can be kept."""
    try:
        State.open(home).close()
    except CatalogueError:
        return None
    return home.state_path


def _put_heads(home: Home, unpacked: Path) -> None:
    """Install the backup's heads that are missing here, each one atomically. Heads that exist are updated file by file
    later."""
    for head in sorted(unpacked.glob("models/*/")):
        final = home.models / head.name
        if not final.exists():
            for file in head.iterdir():
                durable.fsync_file(file)
            final.parent.mkdir(mode=0o700, exist_ok=True)
            durable.replace(head, final)


def _unpack(path: Path, directory: Path) -> BackupContents:
    """Unpack the members that a backup may have, and check every hash."""
    if not path.is_file():
        raise ParameterError(f"{path}: no such file. Give the backup that `filmscore backup` wrote.")
    hashes: dict[str, str] = {}
    about = None
    try:
        with tarfile.open(path, "r:") as archive:
            for member in archive:
                stream = archive.extractfile(member) if member.isreg() else None
                if (
                    stream is None
                    or member.issparse()
                    or not (member.name in (_STATE, CONTENTS) or _MEMBER.fullmatch(member.name))
                ):
                    raise ParameterError(
                        f"{path.name}: holds {member.name!r}, which no backup of filmscore has. Nothing was restored."
                    )
                if member.name == CONTENTS:
                    about = json.loads(stream.read(LARGEST_CONTENTS))
                    continue
                target = directory / member.name
                for folder in (directory, *(p for p in reversed(target.parents) if p.is_relative_to(directory))):
                    folder.mkdir(mode=0o700, exist_ok=True)
                hashed = _Hashed(stream)
                with durable.open_private(target) as written:
                    shutil.copyfileobj(hashed, written, 1 << 20)
                hashes[member.name] = hashed.digest.hexdigest()
    except (tarfile.TarError, ValueError, EOFError, RecursionError) as error:
        raise ParameterError(
            f"{path.name}: not a backup of filmscore, or truncated ({error}). Give another."
        ) from error
    if not isinstance(about, dict) or _STATE not in hashes:
        raise CatalogueError(
            f"{path.name}: truncated or not a backup of filmscore. Nothing was restored; give another."
        )
    version, films, parts, heads = (about.get(name, 0) for name in ("backup_version", "films", "parts", "heads"))
    if not all(isinstance(number, int) for number in (version, films, parts, heads)):
        raise CatalogueError(f"{path.name}: damaged, its contents hold no counts. Nothing was restored; give another.")
    if version > BACKUP_VERSION:
        raise CatalogueError(f"{path.name}: written by a newer filmscore. Update filmscore.")
    if about.get("sha256") != hashes:
        raise CatalogueError(f"{path.name}: damaged, a checksum differs. Nothing was restored; give another.")
    return BackupContents(films, parts, heads, str(about.get("made_at", ""))[:40])


def put_state(home: Home, source: Path) -> None:
    """Replace the contents of the state with those of `source`, in place, so that processes with the file open see them
    too.

    A present state that cannot be opened is renamed to `state.sqlite.damaged-...`.
    """
    try:
        State.open(home).close()
    except CatalogueError:
        stamp = secrets.token_hex(4)
        for suffix in ("", "-wal", "-shm"):
            damaged = Path(f"{home.state_path}{suffix}")
            if damaged.exists():
                damaged.replace(f"{home.state_path}.damaged-{stamp}{suffix}")
        durable.fsync_directory(home.root)
    good = sqlite3.connect(source.absolute().as_uri() + "?mode=ro", uri=True)
    live = sqlite3.connect(home.state_path, timeout=BUSY_S)
    try:
        good.backup(live)
        live.execute("PRAGMA journal_mode = WAL")
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        live.close()
        good.close()
    durable.fsync_file(home.state_path)
