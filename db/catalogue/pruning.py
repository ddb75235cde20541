"""What older publishes leave, within bounds: snapshots that somebody reads, and copies of the state by their age."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from db.catalogue.lease import unread
from db.catalogue.manifest import snapshot_directories
from db.home import Home

KEPT = 3
"""So many of the newest snapshots and copies of the state stay: if one is damaged, the one before it serves."""
LEASE_S = 600.0
"""A reader keeps a snapshot on the disk for so long after it was replaced. Readers open a newer one before they answer;
one that has not is idle, or on a file system whose locks say nothing."""
LEFTOVER_S = 600.0
"""A temporary file of this age belongs to nobody any more."""
HOUR_S, DAY_S = 3_600, 86_400
COPIES_S = 30 * DAY_S
SHARE_OF_DISK = 0.02
"""All copies of the state together take no more, except for the newest."""


def sweep(home: Home) -> None:
    """Remove what killed publishes left behind. Only the holder of the writer's lock may do it."""
    for path in home.snapshots.glob(".building-*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in home.asides.glob(".*"):
        path.unlink(missing_ok=True)
    for path in [*home.root.glob(".manifest.json.*.tmp"), *home.parts.glob("*/.*.tmp")]:
        if time.time() - path.stat().st_mtime > LEFTOVER_S:
            path.unlink(missing_ok=True)


def prune_snapshots(home: Home, current: str) -> None:
    """Remove the snapshots that nobody reads, and those that were replaced longer than a lease ago.

    A reader that still has such a one open goes on with its films; films' runs and activities it cannot read any more.
    """
    newest_first = [home.snapshots / current, *(path for path in snapshot_directories(home) if path.name != current)]
    made = [(path / "manifest.json").stat().st_mtime for path in newest_first]
    for path, follower_made in list(zip(newest_first[1:], made, strict=False))[KEPT - 1 :]:
        with unread(path) as alone:
            if alone or time.time() - follower_made > LEASE_S:
                doomed = path.with_name(f".building-{path.name}")  # a killed removal is swept later
                path.replace(doomed)
                shutil.rmtree(doomed, ignore_errors=True)


def thin_copies(home: Home) -> None:
    """Keep the newest copies of the state, beside them one an hour for a day and one a day for a month, and of these no
    more than a share of the disk."""
    copies = sorted(home.asides.glob("state-*.sqlite"), reverse=True)
    kept = set(_chosen(copies))
    room = SHARE_OF_DISK * shutil.disk_usage(home.asides).total
    for place, path in enumerate(copies):
        room -= path.stat().st_size if path in kept else 0
        if path not in kept or (room < 0 and place):
            path.unlink(missing_ok=True)


def _chosen(copies: list[Path]) -> Iterator[Path]:
    """By age, of copies from the newest to the oldest: the newest of its hour or day stands for it."""
    taken: set[tuple[int, int]] = set()
    for place, path in enumerate(copies):
        made = path.stat().st_mtime
        age_s = time.time() - made
        period_s = HOUR_S if age_s < DAY_S else DAY_S
        period = (period_s, int(made // period_s))
        if place < KEPT or (age_s < COPIES_S and period not in taken):
            yield path
        taken.add(period)
