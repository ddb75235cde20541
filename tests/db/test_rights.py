"""Nobody else on the machine reads a home: what is made has modes 700 and 600, and the doctor finds what has not."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.catalogue.publish import publish
from db.home import Home
from db.rights import open_to_others
from db.state.store import State
from db.upkeep.backup import backup, restore
from db.upkeep.doctor import examine, repair
from film import Film
from service.jobs import jobs, worker
from service.rights import media_roots
from service.rights.access import LOCAL
from tests.db.sample import PlainEncoding, filled


@pytest.fixture(autouse=True)
def everybody_may_read() -> Iterator[None]:
    """The usual umask."""
    former = os.umask(0o022)
    yield
    os.umask(former)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.forbidden("Another user of the machine reads the home")
def test_a_home_its_state_parts_copies_and_uploads_are_for_this_user_only(tmp_path: Path, film_file: Path) -> None:
    home = filled(tmp_path / "home")
    publish(home, PlainEncoding())
    media_roots.accept_upload(home, LOCAL, "Short Film.mkv", io.BytesIO(film_file.read_bytes()))
    jobs.submit(home, LOCAL, "backup", {})
    worker.run_worker(home, once=True)
    with State.open(home) as state:
        state.add_film(Film("Another"))
        assert {mode(path) for path in home.root.glob("state.sqlite*")} == {0o600}
    assert mode(home.root) == 0o700
    for folder in (home.parts, home.asides, home.uploads, home.backups):
        found = list(folder.rglob("*"))
        assert {mode(path) for path in (folder, *found) if path.is_dir()} == {0o700}
        assert {mode(path) for path in found if path.is_file()} == {0o600}, folder
    assert list(open_to_others(home)) == []


@pytest.mark.forbidden("Another user of the machine reads a backup, and what was restored from it")
def test_a_backup_and_what_is_restored_from_it_are_for_this_user_only(tmp_path: Path) -> None:
    backup(filled(tmp_path / "home"), tmp_path / "b.tar")
    assert mode(tmp_path / "b.tar") == 0o600
    other = Home.at(tmp_path / "other")
    restore(other, tmp_path / "b.tar")
    assert list(open_to_others(other)) == [] and len(list(other.parts.rglob("*.parquet"))) == 6


def test_an_empty_directory_that_becomes_a_home_is_closed_and_one_with_other_things_stays(tmp_path: Path) -> None:
    for name in ("empty", "used"):
        (tmp_path / name).mkdir(mode=0o755)
    (tmp_path / "used" / "letter.txt").touch()
    assert mode(Home.at(tmp_path / "empty").root) == 0o700
    assert mode(Home.at(tmp_path / "used").root) == 0o755


@pytest.mark.fault("Files of a home that everybody may read", by_case=True)
@pytest.mark.parametrize("name", [".", "state.sqlite", "parts", "asides", "backups/b.tar", "uploads/film.mkv"])
def test_the_doctor_names_what_others_may_read_and_closes_it(tmp_path: Path, name: str) -> None:
    home = filled(tmp_path / "home")
    publish(home, PlainEncoding())
    path = home.root / name
    if not path.exists():
        path.parent.mkdir(mode=0o700)
        path.touch(mode=0o600)
    path.chmod(0o755 if path.is_dir() else 0o644)
    (found,) = [finding for finding in examine(home) if finding.thing == "file modes"]
    assert not found.ok and str(path) in found.said and oct(mode(path))[2:] in found.said
    assert "file modes: 1 files and directories are now accessible to this user only" in list(
        repair(home, PlainEncoding())
    )
    assert all(finding.ok for finding in examine(home) if finding.thing == "file modes")
