"""Backups, disk use, and the audit log."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from db.home import Home
from db.state.store import AuditEntry, State
from db.upkeep import backup
from service.library.publishing import publish
from service.rights.access import Actor

LISTED = 200
"""Entries of the audit log that are shown."""


def back_up(home: Home, actor: Actor, path: Path) -> backup.BackupContents:
    """Write a backup and return what it contains.

    Raises:
        AccessError, ParameterError, CatalogueError: not an admin; as `db.upkeep.backup.backup`.
    """
    actor.require_admin("back up")
    held = backup.backup(home, path)
    _note(home, actor, "backup", path, held)
    return held


def restore(home: Home, actor: Actor, path: Path, *, with_access: bool = False) -> tuple[backup.Restored, str]:
    """Restore a backup and publish it. Returns what was restored and the id of the new snapshot.

    Args:
        with_access: also restore the admin password, API tokens, media roots and audit log. Only the command line
            offers
            this, because it gives access to the person who made the backup.

    Raises:
        AccessError, ParameterError, CatalogueError: not an admin; as `db.upkeep.backup.restore`.
    """
    actor.require_admin("restore")
    held = backup.restore(home, path, with_access=with_access)
    _note(home, actor, "restore", path, held, with_access=with_access, left=list(held.left))
    return held, publish(home, full=True)


def _note(home: Home, actor: Actor, action: str, path: Path, held: backup.BackupContents, **further: Any) -> None:
    counts = {"films": held.films, "parts": held.parts, "heads": held.heads}
    with State.open(home) as state:
        state.audit(action, actor.name, {"file": path.name, **counts, **further})


def disk_use(home: Home) -> dict[str, int]:
    """Bytes by purpose; "free" is the free space on the disk."""
    folders = {
        "analysed films (parts)": home.parts,
        "published catalogues": home.snapshots,
        "copies of the state": home.asides,
        "uploads": home.uploads,
        "backups": home.backups,
        "own models": home.models,
        "trainings": home.trained,
    }
    use = {
        name: sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        for name, folder in folders.items()
    }
    use["state"] = sum(path.stat().st_size for path in home.root.glob("state.sqlite*"))
    use["IMDb's files"] = sum(path.stat().st_size for path in home.root.glob("imdb.duckdb*"))
    return use | {"free": shutil.disk_usage(home.root).free}


def audit_log(home: Home, actor: Actor) -> list[AuditEntry]:
    """The last LISTED actions of admins, newest first."""
    actor.require_admin("see the audit log")
    with State.open(home) as state:
        return state.audit_log(LISTED)
