"""Keeping the data well: restoring a backup, the doctor's round, and its repairs."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from db import backup, doctor
from db.doctor import Finding
from db.home import Home
from recommender.vectors import FilmEncoding
from service.publishing import publish

PACKAGES = ("filmscore", "av", "duckdb", "faiss-cpu", "numpy", "onnxruntime", "pyarrow", "scikit-learn", "streamlit")


def restore(home: Home, path: Path) -> tuple[backup.BackupContents, str]:
    """Restore a backup and publish it; what it held, and the id of the new snapshot. Raises as `db.backup.restore`."""
    held = backup.restore(home, path)
    return held, publish(home, full=True)


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
