"""Backup and restore: a round trip while others read, and files that nobody should trust."""

import io
import json
import tarfile
import threading
from dataclasses import astuple

import pytest

from db.catalogue.publish import publish
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from db.upkeep.backup import CONTENTS, backup, restore
from errors import CatalogueError, FilmscoreError, ParameterError
from film import Film
from tests.db.catalogue.test_publish import contents
from tests.db.sample import PlainEncoding, filled


@pytest.fixture
def home(tmp_path):
    home = filled(tmp_path / "home")
    with State.open(home) as state:
        state.save_profile("mine", {"likes": [1]})
        state.add_session("x" * 64, "admin", 3600)
        state.correct_run(3, (0, 20), "genre", "blues")
    publish(home, PlainEncoding())
    return home


def test_a_backup_restores_into_an_empty_home(home, tmp_path):
    held = backup(home, tmp_path / "b.tar")
    assert (held.films, held.parts) == (12, 6)
    other = Home.at(tmp_path / "other")
    restored = restore(other, tmp_path / "b.tar")
    assert (restored.films, restored.parts, restored.heads, restored.made_at) == astuple(held)
    assert restored.taken["films"] == 12 and restored.left == ("1 rows of sessions",)
    publish(other, PlainEncoding(), full=True)
    assert contents(other) == contents(home)
    with State.open(other) as state:
        assert state.get_profile("mine") == {"likes": [1]}
        assert state.session_of("x" * 64) is None, "sessions end"


@pytest.mark.fault("Restore while others read and write")
def test_a_restore_undoes_what_was_done_since_while_others_read_and_write(home, tmp_path):
    before = contents(home)
    backup(home, tmp_path / "b.tar")
    faults: list[BaseException] = []
    stop = threading.Event()

    def read():
        while not stop.is_set():
            try:
                with Snapshot.open(home) as snapshot:
                    assert len(snapshot.films()) == snapshot.manifest.films
            except BaseException as error:
                faults.append(error)

    with State.open(home) as open_elsewhere:
        reader = threading.Thread(target=read)
        reader.start()
        open_elsewhere.delete_film(2)
        open_elsewhere.add_film(Film("Added since"))
        publish(home, PlainEncoding())
        restore(home, tmp_path / "b.tar")
        publish(home, PlainEncoding())
        stop.set()
        reader.join()
        with State.open(home) as opened_anew:
            assert open_elsewhere.films() == opened_anew.films()
        assert len(open_elsewhere.films()) == 12
    assert faults == []
    assert contents(home) == before


def install_head(home, version="energy-1a2b3c4d", weights=b"weights"):
    """What `filmscore models install` and `models use` leave; a backup does not look inside."""
    folder = home.models / version
    folder.mkdir(parents=True)
    (folder / "head.npz").write_bytes(weights)
    for name in ("manifest.json", "card.md", "metrics.json"):
        (folder / name).write_text(f"{name} of {version}")
    (home.models / "active.json").write_text(f'{{"energy": "{version}"}}')


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_own_heads_and_reviewed_sub_genres_come_back(home, tmp_path):
    install_head(home)
    (home.models / ".energy-1a2b3c4d.77").mkdir()
    home.hyper_genres.write_text("sub_genre,hyper_genre\nshoegaze,rock\n")
    kept = files_of(home.models)
    assert backup(home, tmp_path / "b.tar").heads == 1
    other = Home.at(tmp_path / "other")
    assert restore(other, tmp_path / "b.tar").heads == 1
    assert files_of(other.models) == kept
    assert other.hyper_genres.read_bytes() == home.hyper_genres.read_bytes()
    assert sorted(path.name for path in other.root.glob("state.sqlite*")) == ["state.sqlite"]


def test_a_restore_mends_a_head_keeps_others_and_uses_those_of_the_backup(home, tmp_path):
    install_head(home)
    backup(home, tmp_path / "b.tar")
    (home.models / "energy-1a2b3c4d" / "head.npz").write_bytes(b"altered")
    install_head(home, "energy-5e6f7a8b")
    restore(home, tmp_path / "b.tar")
    assert (home.models / "energy-1a2b3c4d" / "head.npz").read_bytes() == b"weights"
    assert (home.models / "energy-5e6f7a8b" / "head.npz").exists()
    assert "energy-1a2b3c4d" in (home.models / "active.json").read_text()


def test_a_backup_without_heads_in_use_goes_back_to_the_shipped_ones(home, tmp_path):
    backup(home, tmp_path / "b.tar")
    install_head(home)
    restore(home, tmp_path / "b.tar")
    assert json.loads((home.models / "active.json").read_text()) == {}
    assert (home.models / "energy-1a2b3c4d" / "head.npz").exists(), "nothing is lost"


@pytest.mark.fault("A damaged head in a backup")
def test_a_damaged_head_in_a_backup_is_refused(home, tmp_path):
    install_head(home)
    backup(home, tmp_path / "b.tar")
    rewritten(tmp_path / "b.tar", lambda name, d: (member(name), b"other") if name.endswith("head.npz") else None)
    other = Home.at(tmp_path / "other")
    with pytest.raises(CatalogueError, match="a checksum differs"):
        restore(other, tmp_path / "b.tar")
    assert not other.models.exists()


def rewritten(path, change):
    """The backup with its members changed: `change(name, data)` gives the new (TarInfo, data) or None."""
    entries = []
    with tarfile.open(path) as archive:
        for member in archive:
            data = archive.extractfile(member).read()
            entries.append(change(member.name, data) or (member, data))
    with tarfile.open(path, "w") as archive:
        for member, data in entries:
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def member(name, kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@pytest.mark.fault("A hostile backup", by_case=True)
@pytest.mark.parametrize(
    "hostile",
    [
        member("../../escaped"),
        member("/tmp/escaped"),
        member("parts/../../../escaped.parquet"),
        member("parts/ab/x.sh"),
        member("state.sqlite", tarfile.SYMTYPE, "/etc/passwd"),
        member("parts/ab/" + "ab" * 32 + ".0.x.parquet", tarfile.LNKTYPE, "/etc/passwd"),
        member("manifest.json"),
        member("parts", tarfile.FIFOTYPE),
        member("models/../../escaped/head.npz"),
        member("models/energy-1a2b3c4d/head.py"),
        member("models/active.json", tarfile.SYMTYPE, "/etc/passwd"),
    ],
    ids=lambda m: m.name.replace("/", "_")[:30],
)
def test_a_hostile_member_is_refused_and_nothing_restored(home, tmp_path, hostile):
    path = tmp_path / "b.tar"
    backup(home, path)
    with tarfile.open(path, "a") as archive:
        archive.addfile(hostile, io.BytesIO(b"") if hostile.isreg() else None)
    other = Home.at(tmp_path / "other")
    with pytest.raises(ParameterError, match="Nothing was restored"):
        restore(other, path)
    assert not other.state_path.exists() and not list(other.parts.iterdir()) and not list(other.scratch.iterdir())


@pytest.mark.fault("A damaged backup", by_case=True)
@pytest.mark.parametrize("damage", ["flipped", "truncated", "no contents", "not a tar", "missing"])
def test_a_damaged_backup_changes_nothing(home, tmp_path, damage):
    path = tmp_path / "b.tar"
    backup(home, path)
    data = path.read_bytes()
    if damage == "flipped":
        rewritten(path, lambda name, d: (member(name), d[:-1] + b"?") if name.endswith(".parquet") else None)
    elif damage == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "no contents":
        rewritten(path, lambda name, d: (member("state.sqlite"), d) if name == CONTENTS else None)
    elif damage == "not a tar":
        path.write_bytes(b"hello" * 1000)
    else:
        path.unlink()
    before = contents(home)
    with pytest.raises(FilmscoreError, match=r"b\.tar"):
        restore(home, path)
    with State.open(home) as state:
        assert len(state.films()) == 12
    assert contents(home) == before


def test_a_backup_of_a_newer_filmscore_is_refused(home, tmp_path):
    path = tmp_path / "b.tar"
    backup(home, path)
    newer = b'{"backup_version": 99, "films": 1, "parts": 0, "made_at": "", "sha256": {}}'
    rewritten(path, lambda name, d: (member(name), newer) if name == CONTENTS else None)
    with pytest.raises(CatalogueError, match="newer filmscore"):
        restore(home, path)


def test_a_backup_does_not_go_among_the_data_or_nowhere(home, tmp_path):
    for path in (home.parts / "b.tar", tmp_path / "nowhere" / "b.tar"):
        with pytest.raises(ParameterError):
            backup(home, path)
