"""The files of older publishes stay within bounds, with any readers and any clock."""

from __future__ import annotations

import errno
import fcntl
import os
import random
import subprocess
import sys
import threading
import time
from collections import namedtuple
from itertools import pairwise
from pathlib import Path

import pytest

from db.catalogue.current import current_id
from db.catalogue.lease import RemovedError, hold, unread
from db.catalogue.pruning import COPY_EVERY_S, DAY_S, HOUR_S, KEPT, thin_copies
from db.catalogue.publish import publish
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from film import Film
from tests.db.sample import PlainEncoding, filled

Usage = namedtuple("Usage", "total used free")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = filled(tmp_path)
    publish(home, PlainEncoding())
    return home


def add(home: Home, title: str) -> str:
    with State.open(home) as state:
        state.add_film(Film(title))
    return publish(home, PlainEncoding())


def names(home: Home) -> list[str]:
    return sorted(path.name for path in home.snapshots.iterdir())


READER = """
import sys
from db.home import Home
from db.catalogue.snapshot import Snapshot
from pathlib import Path
snapshot = Snapshot.open(Home(Path(sys.argv[1])))
print(snapshot.id, flush=True)
sys.stdin.readline()
"""


@pytest.mark.fault("A reader is killed while it holds a snapshot")
def test_a_killed_reader_holds_nothing(home: Home) -> None:
    command = [sys.executable, "-c", READER, str(home.root)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        held = child.stdout.readline().strip()
        for number in range(KEPT + 1):
            add(home, f"While it reads, {number}")
        assert held in names(home) and len(names(home)) == KEPT + 1
        child.kill()
    add(home, "After it was killed")
    assert held not in names(home) and len(names(home)) == KEPT


def test_a_reader_that_has_gone_on_to_a_newer_one_holds_no_older(home: Home) -> None:
    for number in range(6):
        with Snapshot.open(home) as snapshot:
            assert len(snapshot.films()) == 12 + number
        add(home, f"Added {number}")
        assert len(names(home)) <= KEPT


def test_nobody_begins_to_read_what_is_being_removed(home: Home) -> None:
    directory = home.snapshots / current_id(home)
    with unread(directory) as alone:
        assert alone
        with pytest.raises(RemovedError, match="Open the catalogue again"):
            hold(directory)
    with Snapshot.open(home), unread(directory) as alone:
        assert not alone


def test_a_snapshot_that_is_removed_as_it_is_opened_is_no_damage(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pointer is read, and then three publishes come before the snapshot is opened."""
    first = home.snapshots / current_id(home)

    def late(directory: Path) -> object:
        if directory == first and directory.exists():
            for number in range(KEPT):
                add(home, f"Meanwhile {number}")
            assert not directory.exists()
            raise RemovedError("gone")
        return hold(directory)

    monkeypatch.setattr("db.catalogue.snapshot.hold", late)
    with Snapshot.open(home) as snapshot:
        assert snapshot.notices == () and snapshot.id == current_id(home)


@pytest.mark.fault("A file system without locks")
def test_without_locks_a_snapshot_stays_for_a_lease(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("db.catalogue.lease.fcntl.flock", no_locks)
    monkeypatch.setattr("db.catalogue.publish.writer_lock", lambda *_: threading.Lock())
    with Snapshot.open(home) as snapshot:
        made = [snapshot.id, *(add(home, f"Added {number}") for number in range(KEPT + 2))]
        assert names(home) == sorted(made)
        monkeypatch.setattr("db.catalogue.pruning.LEASE_S", -1.0)
        add(home, "Longer than a lease after")
        assert len(names(home)) == KEPT
    assert fcntl.flock is no_locks


def copies_of(home: Home, ages_s: list[float], now: float) -> None:
    """Copies of the state of these ages, the first the newest."""
    for number, age_s in enumerate(ages_s):
        path = home.asides / f"state-{len(ages_s) - number:06d}-0.sqlite"
        path.write_bytes(bytes(1000))
        os.utime(path, (now - age_s, now - age_s))


def ages(home: Home, now: float) -> list[float]:
    return sorted(now - path.stat().st_mtime for path in home.asides.glob("state-*.sqlite"))


def test_copies_of_the_state_thin_out_to_hours_and_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, now = Home.at(tmp_path), 20_000 * DAY_S + 0.5 * HOUR_S
    monkeypatch.setattr("db.catalogue.pruning.time.time", lambda: now)
    monkeypatch.setattr("db.catalogue.pruning.shutil.disk_usage", lambda _: Usage(10**9, 0, 10**9))
    copies_of(home, [600.0 * number for number in range(40 * 24 * 6)], now)
    thin_copies(home)
    left = ages(home, now)
    assert left[:KEPT] == [0, 600, 1200]
    assert [age for age in left if age < DAY_S][KEPT:] == [HOUR_S * (hour + 0.5) + 600 for hour in range(24)]
    assert len([age for age in left if age >= DAY_S]) in (29, 30) and left[-1] < 30 * DAY_S
    thin_copies(home)
    assert ages(home, now) == left, "thinning again takes no more"


def test_the_copies_stay_bounded_and_reach_back_a_month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty days of publishes at random times, thinned after each as a publish does."""
    home, rng = Home.at(tmp_path), random.Random(4)
    clock = [20_000.0 * DAY_S]
    monkeypatch.setattr("db.catalogue.pruning.time.time", lambda: clock[0])
    monkeypatch.setattr("db.catalogue.pruning.shutil.disk_usage", lambda _: Usage(10**9, 0, 10**9))
    for number in range(1_000):
        clock[0] += rng.expovariate(1_000 / (60 * DAY_S))
        path = home.asides / f"state-{number:06d}-0.sqlite"
        path.write_bytes(b"")
        os.utime(path, (clock[0], clock[0]))
        thin_copies(home)
        assert len(list(home.asides.iterdir())) <= KEPT + 25 + 31
    left = ages(home, clock[0])
    assert left[0] == 0 and left[-1] > 28 * DAY_S
    assert max(b - a for a, b in pairwise(left)) < 2 * DAY_S


def test_copies_take_a_share_of_the_disk_at_most_and_the_newest_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, now = Home.at(tmp_path), 20_000.0 * DAY_S
    monkeypatch.setattr("db.catalogue.pruning.time.time", lambda: now)
    copies_of(home, [HOUR_S * number for number in range(10)], now)
    monkeypatch.setattr(
        "db.catalogue.pruning.shutil.disk_usage", lambda _: Usage(200_000, 0, 10**9)
    )  # 2 %: four of 1,000 bytes
    thin_copies(home)
    assert ages(home, now) == [0, HOUR_S, 2 * HOUR_S, 3 * HOUR_S]
    monkeypatch.setattr("db.catalogue.pruning.shutil.disk_usage", lambda _: Usage(10_000, 0, 10**9))
    thin_copies(home)
    assert ages(home, now) == [0]


def test_a_large_state_is_copied_every_ten_minutes_not_at_each_publish(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copied() -> bool:
        before = set(home.asides.iterdir())
        snapshot = add(home, f"Of {len(names(home))}")
        added = {path.name for path in set(home.asides.iterdir()) - before}
        assert added <= {f"state-{snapshot}.sqlite"}
        return bool(added)

    assert copied(), "a small state is copied at each publish"
    monkeypatch.setattr("db.catalogue.pruning.SMALL_STATE", 0)
    assert not copied()
    for after_s, due in ((COPY_EVERY_S - 60, False), (COPY_EVERY_S + 60, True), (-HOUR_S, True)):
        with monkeypatch.context() as patched:
            now = time.time() + after_s
            patched.setattr("db.catalogue.pruning.time.time", lambda now=now: now)
            assert copied() is due, after_s


@pytest.mark.fault("The clock jumps between publishes")
def test_copies_from_the_future_and_the_past_are_bounded_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, year in enumerate((1970, 2056, 2001, 2030, 1999, 2040, 2026)):
        with monkeypatch.context() as patched:
            patched.setattr("db.catalogue.pruning.time.time", lambda year=year: (year - 1970) * 365.25 * DAY_S)
            add(home, f"Of {year}")
        assert len(names(home)) == min(KEPT, number + 2)
        assert f"state-{current_id(home)}.sqlite" in {path.name for path in home.asides.iterdir()}


SOAK = """
import sys, time
from pathlib import Path
from db.home import Home
from db.catalogue.current import current_id
from db.catalogue.snapshot import Snapshot
home, opened = Home(Path(sys.argv[1])), None
print("ready", flush=True)
while True:
    if opened is None or opened.id != current_id(home):
        if opened is not None:
            opened.close()
        opened = Snapshot.open(home)
        assert not opened.notices, opened.notices
    film = opened.find_titles("heard 3")[0].film_id
    assert len(opened.films()) >= 12 and opened.runs(film) and opened.activity(film)
    time.sleep(0.01)
"""


def bytes_of(folder: Path) -> int:
    """On the disk: a file that several snapshots link counts once."""
    files = {status.st_ino: status.st_size for path in folder.rglob("*") for status in [path.stat()]}
    return sum(files.values())


@pytest.mark.stress
def test_two_hundred_publishes_with_two_readers_grow_nothing(home: Home) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SOAK, str(home.root)]
    readers = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        for reader in readers:
            assert reader.stdout is not None and reader.stdout.readline() == "ready\n"
        for number in range(200):
            with State.open(home) as state:
                state.update_film(1, collection=f"collection {number}")
            publish(home, PlainEncoding())
            if number == 10:
                early = bytes_of(home.snapshots), bytes_of(home.asides)
        assert [reader.poll() for reader in readers] == [None, None]
    finally:
        for reader in readers:
            reader.kill()
            _, said = reader.communicate()
            assert said == ""
    assert bytes_of(home.snapshots) < 1.5 * early[0]
    assert bytes_of(home.asides) < 1.5 * early[1]
