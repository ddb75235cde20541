"""Killed, starved of disk, or two at once: the last snapshot stays and the next publish goes through."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from db.catalogue.current import current_id
from db.catalogue.manifest import current_manifest, sha256_of
from db.catalogue.publish import publish
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.lock import writer_lock
from db.state.store import State
from errors import CatalogueError
from film import Film
from tests.db.sample import PlainEncoding, add_heard, filled

ROOT = Path(__file__).parents[2]
CHILD = """
import sys
from pathlib import Path
from db.home import Home
from db.catalogue.publish import publish
from db.state.store import State
from tests.db.sample import PlainEncoding, add_heard
home = Home.at(Path(sys.argv[1]))
print("ready", flush=True)
number = int(sys.argv[2])
while True:
    with State.open(home) as state:
        add_heard(home, state, f"Killed {number}", runs=2, seed=number)
    publish(home, PlainEncoding(), full=number % 5 == 0)
    number += 1
"""


def check(home: Home) -> int:
    """That the current snapshot is whole; its number of films."""
    manifest = current_manifest(home)
    directory = home.snapshots / manifest.snapshot
    for name, (size, digest) in manifest.files.items():
        assert (directory / name).stat().st_size == size and sha256_of(directory / name) == digest, name
    with Snapshot.open(home) as snapshot:
        assert snapshot.notices == ()
        assert len(snapshot.films()) == len(snapshot.matrix().film_ids) == manifest.films
        for film in snapshot.films().itertuples():
            if film.title.startswith("Killed"):
                assert len(snapshot.runs(film.film_id)) == (2 if film.media_sha256 else 0)
    return manifest.films


def kill_publishes(home: Home, times: int, seed: int) -> None:
    draw = random.Random(seed)
    films = check(home)
    for number in range(times):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(home.root), str(1000 * number)],
            cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert child.stdout and child.stdout.readline()
        time.sleep(draw.uniform(0.0, 1.2))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        now = check(home)
        assert now >= films
        films = now
    with State.open(home) as state:
        assert state.integrity() == "ok"
        known = len(state.films())
        state.add_film(Film("After it all"))
    publish(home, PlainEncoding())
    assert check(home) == known + 1, "every film that was stored is published in the end"
    assert not list(home.snapshots.glob(".building-*"))


@pytest.mark.fault("SIGKILL while films are stored and published, at random moments", times=3)
def test_killed_publish_leaves_the_last_snapshot(tmp_path):
    home = filled(tmp_path)
    publish(home, PlainEncoding())
    kill_publishes(home, 3, seed=1)


@pytest.mark.fault("SIGKILL while films are stored and published, at random moments", times=50)
@pytest.mark.stress
def test_fifty_killed_publishes_leave_the_last_snapshot(tmp_path):
    home = filled(tmp_path)
    publish(home, PlainEncoding())
    kill_publishes(home, 50, seed=2)


FULL_DISK = """
import resource, sys
from pathlib import Path
from db.home import Home
from db.catalogue.publish import publish
from errors import CatalogueError
from tests.db.sample import PlainEncoding
home = Home.at(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    publish(home, PlainEncoding(), full=True)
except CatalogueError as error:
    print(error)
    sys.exit(3)
"""


@pytest.mark.fault("Disk full while publishing, after this many bytes of a file", by_case=True)
@pytest.mark.parametrize("limit", [100, 1_000, 50_000, 100_000, 300_000])
def test_a_full_disk_leaves_the_last_snapshot_and_says_so(tmp_path, limit):
    home = filled(tmp_path)
    before = publish(home, PlainEncoding())
    with State.open(home) as state:
        add_heard(home, state, "One too many", runs=3)
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(home.root), str(limit)],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert child.returncode == 3, child.stderr
    assert str(home.root) in child.stdout and len(child.stdout.strip().splitlines()) == 1
    assert current_id(home) == before
    assert [p.name for p in home.snapshots.iterdir()] == [before]
    assert check(home) == 12
    publish(home, PlainEncoding())
    assert check(home) == 13


def test_the_limit_on_files_is_not_ours():
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


@pytest.mark.fault("A second writer while the first goes on for too long")
def test_the_second_writer_is_refused_by_name_when_the_first_takes_too_long(tmp_path):
    home = filled(tmp_path, 1, 1)
    refused = pytest.raises(CatalogueError, match=rf"ingest of everything, process {os.getpid()}")
    with writer_lock(home, "ingest of everything"), refused:
        publish(home, PlainEncoding(), wait_s=0.2)
    publish(home, PlainEncoding(), wait_s=0.2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.fault("The lock file lies on a full disk")
def test_a_full_disk_does_not_keep_a_writer_from_the_lock(tmp_path):
    home = filled(tmp_path, 1, 1)
    home.lock_path.symlink_to("/dev/full")
    assert publish(home, PlainEncoding(), wait_s=0.2) == current_id(home)


@pytest.mark.fault("Two writers at once", times=4)
def test_two_writers_at_once_both_publish_everything(tmp_path):
    home = filled(tmp_path, 1, 1)
    code = CHILD.replace("while True:", "for _ in range(4):")
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(home.root), str(1 + 100 * i)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for i in range(2)
    ]
    for child in children:
        assert child.wait() == 0
        assert child.stdout
        child.stdout.close()
    publish(home, PlainEncoding())
    assert check(home) == 2 + 8


@pytest.mark.fault("A home that may not be written, as an unprivileged user")
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_a_home_that_may_not_be_written_is_read_and_says_so(tmp_path):
    home = filled(tmp_path)
    publish(home, PlainEncoding())
    for parent in [tmp_path, *tmp_path.parents]:
        if parent.name.startswith(("pytest-", "popen-", "test_")):
            parent.chmod(0o711)
    for path in (home.root, *home.root.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = sorted(home.root.rglob("*"))
    os.seteuid(65534)
    try:
        assert check(home) == 12
        refused = pytest.raises(CatalogueError, match="Give this user the right to write there")
        with refused:
            State.open(home)
        with refused:
            publish(home, PlainEncoding())
    finally:
        os.seteuid(0)
    assert sorted(home.root.rglob("*")) == before


@pytest.mark.fault("A home that cannot be one")
def test_a_home_that_cannot_be_written_is_named(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(CatalogueError, match="file"):
        Home.at(file / "home")


FULL_DISK_STATE = """
import resource, sys
from pathlib import Path
from db.home import Home
from db.state.store import State
from errors import CatalogueError
from film import Film
from tests.db.sample import add_heard
home = Home.at(Path(sys.argv[1]))
with State.open(home) as state:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    try:
        for number in range(2_000):
            if sys.argv[3] == "part":
                add_heard(home, state, f"Killed {number}", runs=2)
            state.add_film(Film("x" * 500))
    except CatalogueError as error:
        print(error)
        sys.exit(3)
"""


@pytest.mark.fault("Disk full while this is written", by_case=True)
@pytest.mark.parametrize("what", ["part", "state"])
def test_a_full_disk_loses_nothing_that_was_stored_and_says_so(tmp_path, what):
    home = filled(tmp_path)
    publish(home, PlainEncoding())
    limit = "5000" if what == "part" else str(home.state_path.stat().st_size + 200_000)
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK_STATE, str(home.root), limit, what],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert child.returncode == 3, child.stderr
    assert "Check free space" in child.stdout and len(child.stdout.strip().splitlines()) == 1
    assert not list(home.parts.glob("*/.*"))
    with State.open(home) as state:
        assert state.integrity() == "ok"
        known = len(state.films())
        assert known >= 12
    publish(home, PlainEncoding())
    assert check(home) == known
