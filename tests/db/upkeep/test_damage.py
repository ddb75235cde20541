"""Whatever is damaged is named; the last good snapshot is served; the doctor mends what can be mended."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from db.catalogue.current import current_id
from db.catalogue.manifest import SCHEMA_VERSION, current_manifest
from db.catalogue.parts import find_part
from db.catalogue.publish import publish
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from db.upkeep.doctor import examine, repair
from errors import CatalogueError
from film import Film
from tests.db.sample import PlainEncoding, filled, sha_of


@pytest.fixture
def home(tmp_path):
    """Two snapshots: the older one has 12 films, the current one 13."""
    home = filled(tmp_path)
    publish(home, PlainEncoding())
    with State.open(home) as state:
        state.add_film(Film("The thirteenth"))
    publish(home, PlainEncoding())
    return home


def current(home):
    return home.snapshots / current_id(home)


def damage(path, kind):
    if kind == "missing":
        path.unlink()
    elif kind == "truncated":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif kind == "overwritten":
        path.write_bytes(b"\x13" * path.stat().st_size)
    else:
        path.write_bytes(b"")


KINDS = ["missing", "truncated", "overwritten", "empty"]


@pytest.mark.fault("catalogue.duckdb damaged", by_case=True)
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_catalogue_is_named_and_the_last_good_one_served(home, kind, caplog):
    damage(current(home) / "catalogue.duckdb", kind)
    with Snapshot.open(home) as snapshot:
        assert len(snapshot.films()) == 12
        assert len(snapshot.notices) == 1 and "catalogue.duckdb" in snapshot.notices[0]
        assert "catalogue.duckdb" in caplog.text
    mended(home)


@pytest.mark.fault("manifest.json damaged", by_case=True)
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_pointer_is_named_and_the_newest_snapshot_served(home, kind):
    damage(home.manifest_path, kind)
    assert current_id(home).startswith("000002")
    with Snapshot.open(home) as snapshot:
        assert len(snapshot.films()) == 13 and "manifest.json" in snapshot.notices[0]
    mended(home)


@pytest.mark.fault("encoders.npz damaged")
def test_a_damaged_encoder_is_named_and_fitted_anew(home):
    damage(current(home) / "encoders.npz", "overwritten")
    with Snapshot.open(home) as snapshot, pytest.raises(CatalogueError, match=r"encoders\.npz"):
        snapshot.fitted()
    with State.open(home) as state:
        state.add_film(Film("The fourteenth"))
    publish(home, PlainEncoding())
    mended(home, films=14)


@pytest.mark.fault("A segment of the catalogue damaged")
def test_a_damaged_segment_is_named(home):
    segments = sorted((current(home) / "segments").glob("*.runs.parquet"))
    damage(segments[0], "overwritten")
    with Snapshot.open(home) as snapshot:
        film = snapshot.find_titles("Heard 3")[0]
        with pytest.raises(CatalogueError, match="cannot be read"):
            snapshot.runs(film.film_id)
    mended(home)


@pytest.mark.fault("state.sqlite damaged", by_case=True)
@pytest.mark.parametrize("kind", ["truncated", "overwritten"])
def test_a_damaged_state_is_named_and_put_back_from_its_last_copy(home, kind):
    damage(home.state_path, kind)
    for suffix in ("-wal", "-shm"):
        home.state_path.with_name(f"state.sqlite{suffix}").unlink(missing_ok=True)
    wrong = [f for f in examine(home) if not f.ok]
    assert any(f.thing == "state.sqlite" for f in wrong)
    with Snapshot.open(home) as snapshot:
        assert len(snapshot.films()) == 13 and snapshot.notices == ()
    said = mended(home)
    assert "state.sqlite: damaged" in said
    with State.open(home) as state:
        assert len(state.films()) == 13


@pytest.mark.fault("A part of a film damaged")
def test_a_damaged_part_is_moved_aside(home):
    part = find_part(home, sha_of("Heard 3"), 0, "plain")
    damage(part, "truncated")
    assert any(part.name in f.said for f in examine(home) if not f.ok)
    assert part.name in "\n".join(repair(home, PlainEncoding()))
    assert find_part(home, sha_of("Heard 3"), 0, "plain") is None
    assert any("its part is missing" in f.said for f in examine(home) if not f.ok)
    with Snapshot.open(home) as snapshot:
        assert snapshot.manifest.films == 13 and snapshot.manifest.heard == 5


def mended(home, films=13):
    """That a repair leaves nothing to complain of; what it said."""
    said = "\n".join(repair(home, PlainEncoding()))
    wrong = [f for f in examine(home) if not f.ok and f.thing != "disk space"]
    assert wrong == []
    with Snapshot.open(home) as snapshot:
        assert len(snapshot.films()) == films and snapshot.notices == () and snapshot.manifest.heard == 6
    return said


def test_no_catalogue_yet_says_what_to_do(tmp_path):
    home = Home.at(tmp_path)
    for look in (Snapshot.open, current_id):
        with pytest.raises(CatalogueError, match=r"no catalogue there yet\. Add films"):
            look(home)
    assert all(f.ok or f.thing == "disk space" for f in examine(home))


def test_a_first_publish_that_was_killed_is_no_damage(tmp_path):
    home = filled(tmp_path)
    (home.snapshots / ".building-000001-0123abcd").mkdir()
    assert [finding for finding in examine(home) if not finding.ok] == []
    publish(home, PlainEncoding())
    assert [path.name for path in home.snapshots.iterdir()] == [current_id(home)]


def test_nothing_good_left_names_the_damage(home):
    for directory in home.snapshots.iterdir():
        damage(directory / "catalogue.duckdb", "truncated")
    with pytest.raises(CatalogueError, match=r"catalogue\.duckdb: damaged"):
        Snapshot.open(home)


@pytest.mark.fault("A catalogue of a newer filmscore")
def test_a_newer_schema_is_never_read(home):
    document = json.loads(home.manifest_path.read_text())
    document["schema_version"] = SCHEMA_VERSION + 1
    home.manifest_path.write_text(json.dumps(document))
    for use in (Snapshot.open, lambda home: publish(home, PlainEncoding())):
        with pytest.raises(CatalogueError, match="newer filmscore"):
            use(home)


@pytest.mark.fault("A state of a newer filmscore")
def test_a_newer_state_is_never_touched(home):
    with State.open(home) as state:
        state.write("PRAGMA user_version = 99")
    with pytest.raises(CatalogueError, match=r"state\.sqlite: written by a newer filmscore \(schema 99"):
        State.open(home)


def test_a_locked_catalogue_says_so(home, monkeypatch):
    path = current(home) / "catalogue.duckdb"
    with duckdb.connect(str(path)) as _, pytest.raises(CatalogueError, match=r"catalogue\.duckdb"):
        Snapshot(path.parent)


def test_an_unknown_film_is_named(home):
    with Snapshot.open(home) as snapshot:
        with pytest.raises(CatalogueError, match="film 999: not in the catalogue"):
            snapshot.film(999)
        assert snapshot.summary(999) is None and snapshot.activity(999) is None and snapshot.runs(999) == []


@pytest.mark.fault("The clock jumps back")
def test_the_clock_may_jump_back(home, monkeypatch):
    monkeypatch.setattr("db.catalogue.publish.now", lambda: "1999-01-01T00:00:00+00:00")
    monkeypatch.setattr("db.catalogue.pruning.time.time", lambda: 0.0)
    with State.open(home) as state:
        state.add_film(Film("Before its time"))
    publish(home, PlainEncoding())
    assert current_manifest(home).films == 14 and current_id(home).startswith("000003")


@pytest.mark.fault("The clock jumps ahead by thirty years, and back")
def test_the_clock_may_jump_ahead_and_back(home, monkeypatch):
    with Snapshot.open(home) as reader:
        with monkeypatch.context() as patched:
            patched.setattr("db.catalogue.publish.now", lambda: "2056-01-01T00:00:00+00:00")
            patched.setattr("db.catalogue.pruning.time.time", lambda: 2.7e9)
            with State.open(home) as state:
                state.add_film(Film("Ahead of its time"))
            publish(home, PlainEncoding())
        with State.open(home) as state:
            state.add_film(Film("Of today"))
        publish(home, PlainEncoding())
        assert len(reader.films()) == 13 and reader.runs(reader.find_titles("Heard 3")[0].film_id)
    assert current_manifest(home).films == 15 and current_id(home).startswith("000004")
    mended(home, films=15)


READ_ONLY = """
import sys
from pathlib import Path
from db.catalogue.publish import publish
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from errors import CatalogueError
from tests.db.sample import PlainEncoding
home = Home(Path(sys.argv[1]))
with Snapshot.open(home) as snapshot:
    print(len(snapshot.films()), "films")
for write in (lambda: publish(home, PlainEncoding(), full=True), lambda: State.open(home)):
    try:
        write()
    except CatalogueError as error:
        print(error)
"""


@pytest.mark.fault("A home on a file system that is mounted read-only")
def test_a_home_that_cannot_be_written_is_read_and_said_to_be(home):
    """Mounted this way for one process only, in a separate mount namespace."""
    at = shlex.quote(str(home.root))
    mount = f"mount --bind {at} {at} && mount -o remount,ro,bind {at}"
    try:
        possible = (
            subprocess.run(["unshare", "-rm", "sh", "-c", mount], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        possible = False
    if not possible:
        pytest.skip("this machine lets nobody mount a folder in a name space")
    child = shlex.join([sys.executable, "-c", READ_ONLY, str(home.root)])
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = ["unshare", "-rm", "sh", "-c", f"{mount} && {child}"]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()
    assert told[0] == "13 films" and len(told) == 3
    assert all("Give this user the right to write there" in line for line in told[1:])
    assert f"{home.root}: not writable (Read-only file system)" in told[1]
