"""Delete old snapshots that nobody reads, and thin out old copies of the state."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from db.catalogue.lease import unread
from db.catalogue.manifest import MANIFEST, snapshot_directories
from db.home import Home

KEPT = 3
"""This many of the newest snapshots and copies of the state always stay, as a fallback if the newest is damaged."""
LEASE_S = 600.0
"""How long a reader can keep a replaced snapshot on disk. Readers open the newest snapshot before they answer, so a
reader past this age is idle, or on a file system whose locks do not work."""
LEFTOVER_S = 600.0
"""A temporary file older than this is no longer in use."""
SMALL_STATE = 16_000_000
"""Bytes. A larger state takes a noticeable part of the time of a publish to copy."""
COPY_EVERY_S = 600.0
"""Between the copies of a state that is not small."""
HOUR_S, DAY_S = 3_600, 86_400
COPIES_S = 30 * DAY_S
SHARE_OF_DISK = 0.02
"""Largest share of the disk for all copies of the state together; the newest copy always stays."""


def sweep(home: Home) -> None:
    """Delete what killed publishes left behind. Call this only while holding the writer's lock."""
    for path in home.snapshots.glob(".building-*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in home.asides.glob(".*"):
        path.unlink(missing_ok=True)
    for path in [*home.root.glob(".manifest.json.*.tmp"), *home.parts.glob("*/.*.tmp")]:
        if time.time() - path.stat().st_mtime > LEFTOVER_S:
            path.unlink(missing_ok=True)


def prune_snapshots(home: Home, current: str) -> None:
    """Delete snapshots that nobody reads, and snapshots that were replaced more than LEASE_S ago.

    A reader that still has such a snapshot open can go on using its films, but no longer the runs and activity of a
    film.
    """
    newest_first = [home.snapshots / current, *(path for path in snapshot_directories(home) if path.name != current)]
    made = [(path / MANIFEST).stat().st_mtime for path in newest_first]
    for path, follower_made in list(zip(newest_first[1:], made, strict=False))[KEPT - 1 :]:
        with unread(path) as alone:
            if alone or time.time() - follower_made > LEASE_S:
                doomed = path.with_name(f".building-{path.name}")  # if the removal is interrupted, `sweep` finishes it
                path.replace(doomed)
                shutil.rmtree(doomed, ignore_errors=True)


def copy_is_due(home: Home) -> bool:
    """Whether a publish copies the state: always while the state is small, else COPY_EVERY_S after the last copy."""
    if home.state_path.stat().st_size <= SMALL_STATE:
        return True
    ages = [time.time() - path.stat().st_mtime for path in home.asides.glob("state-*.sqlite")]
    return not any(0 <= age < COPY_EVERY_S for age in ages)


def thin_copies(home: Home) -> None:
    """Keep the newest copies of the state, one copy per hour for a day and one per day for a month, within
    SHARE_OF_DISK."""
    copies = sorted(home.asides.glob("state-*.sqlite"), reverse=True)
    kept = set(_chosen(copies))
    room = SHARE_OF_DISK * shutil.disk_usage(home.asides).total
    for place, path in enumerate(copies):
        room -= path.stat().st_size if path in kept else 0
        if path not in kept or (room < 0 and place):
            path.unlink(missing_ok=True)


def _chosen(copies: list[Path]) -> Iterator[Path]:
    """The copies to keep by age, from a list ordered newest first: the newest one of each hour or day."""
    taken: set[tuple[int, int]] = set()
    for place, path in enumerate(copies):
        made = path.stat().st_mtime
        age_s = time.time() - made
        period_s = HOUR_S if age_s < DAY_S else DAY_S
        period = (period_s, int(made // period_s))
        if place < KEPT or (age_s < COPIES_S and period not in taken):
            yield path
        taken.add(period)
