"""Keeping the data well: restoring a backup, the doctor's round, and its repairs."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from db import backup, doctor
from db.doctor import Finding
from db.home import Home
from db.state import AuditEntry, State
from recommender.vectors import FilmEncoding
from service.access import Actor
from service.publishing import publish

PACKAGES = ("filmscore", "av", "duckdb", "faiss-cpu", "numpy", "onnxruntime", "pyarrow", "scikit-learn", "streamlit")


def restore(home: Home, path: Path) -> tuple[backup.BackupContents, str]:
    """Restore a backup and publish it; what it held, and the id of the new snapshot. Raises as `db.backup.restore`."""
    held = backup.restore(home, path)
    return held, publish(home, full=True)


def disk_use(home: Home) -> dict[str, int]:
    """Bytes by what they are for; "free" is what the disk has left."""
    folders = {
        "heard films (parts)": home.parts,
        "published catalogues": home.snapshots,
        "copies of the state": home.asides,
        "uploads": home.root / "uploads",
        "backups": home.root / "backups",
        "own models": home.models,
    }
    use = {
        name: sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        for name, folder in folders.items()
    }
    use["state"] = sum(path.stat().st_size for path in home.root.glob("state.sqlite*"))
    use["IMDb's files"] = sum(path.stat().st_size for path in home.root.glob("imdb.duckdb*"))
    return use | {"free": shutil.disk_usage(home.root).free}


def audit_log(home: Home, actor: Actor, limit: int = 200) -> list[AuditEntry]:
    """What admins did, newest first."""
    actor.require_admin("see the audit log")
    with State.open(home) as state:
        return state.audit_log(limit)


def examine(home: Home) -> Iterator[Finding]:
    """The doctor's round: versions, then everything in the home. Changes nothing."""
    yield Finding("python", True, f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    for package in PACKAGES:
        try:
            yield Finding(package, True, version(package))
        except PackageNotFoundError:
            yield Finding(package, package == "filmscore", "not installed as a package")
    yield from doctor.examine(home)


def repair(home: Home) -> Iterator[str]:
    """Mend what can be mended, saying what was done. Raises as `db.doctor.repair`."""
    yield from doctor.repair(home, FilmEncoding())
