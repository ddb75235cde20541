"""What is put in place is on the disk before: in every room, and for all that an admin does."""

from __future__ import annotations

import ast
import io
import os
import re
from collections import Counter
from pathlib import Path

import pytest

import durable
from db.catalogue.export import export
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from errors import MetadataError, ParameterError
from film import Film
from ingest.metadata_export import write_films
from service.library import adding, backups, metadata
from service.rights import media_roots
from service.rights.access import LOCAL
from tests.db.catalogue.test_parts import assert_durable, recorded

ROOT = Path(__file__).parents[2]
ROOMS = ("commands", "db", "ingest", "media", "models", "recommender", "mining", "service", "views")
WITHOUT = {
    "durable.py": 1,  # the one that syncs
    "db/catalogue/pruning.py": 1,  # a snapshot that is removed gets another name first
    "db/upkeep/backup.py": 1,  # a damaged state is moved aside
    "db/upkeep/doctor.py": 2,  # a damaged part or state is moved aside
    "media/confined.py": 2,  # scratch
    "service/logs.py": 2,  # full logs are moved aside
}
"""Replaces without fsync, by file."""


def test_every_replace_of_a_file_is_the_one_that_syncs() -> None:
    found: Counter[str] = Counter()
    for path in [ROOT / "durable.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                of_a_path = node.func.attr == "replace" and len(node.args) == 1 and not node.keywords
                if of_a_path or ast.unparse(node.func) in ("os.rename", "os.replace", "shutil.move"):
                    found[path.relative_to(ROOT).as_posix()] += 1
    assert dict(found) == WITHOUT, "use durable.replace or durable.whole"


def test_syncing_a_file_asks_the_system_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    durable.fsync_file(tmp_path)
    assert synced == [tmp_path.stat().st_ino]


def test_a_file_that_somebody_asked_for_is_whole_or_refused_by_its_path(tmp_path: Path) -> None:
    with durable.asked_for(tmp_path / "new" / "a.txt") as beside:
        beside.write_text("told")
    assert (tmp_path / "new" / "a.txt").read_text() == "told"
    for wrong in (tmp_path / "new" / "a.txt" / "b.txt", tmp_path / "new"):  # below a file; a folder
        said = f"{re.escape(str(wrong))}: cannot be written .*Choose another place"
        with pytest.raises(MetadataError, match=said), durable.asked_for(wrong, MetadataError) as beside:
            beside.write_text("lost")
    with pytest.raises(ParameterError), durable.asked_for(tmp_path / "new" / "a.txt") as beside:
        beside.write_text("ha")
        raise OSError(28, "No space left on device")
    assert [path.name for path in tmp_path.rglob("*")] == ["new", "a.txt"]
    assert (tmp_path / "new" / "a.txt").read_text() == "told"


def test_a_file_that_somebody_asked_for_may_be_a_pipe() -> None:
    read, write = os.pipe()
    with durable.asked_for(Path(f"/dev/fd/{write}")) as place:
        place.write_text("told")
    os.close(write)
    with os.fdopen(read) as stream:
        assert stream.read() == "told"


@pytest.mark.fault("Power cut after an upload, an import, an ingest, a backup, an export, a restore")
@pytest.mark.usefixtures("heard_here")
def test_what_an_admin_does_is_synced_before_it_is_put_in_place(
    tmp_path: Path, film_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.at(tmp_path / "home")
    said = recorded(monkeypatch)
    kept = media_roots.accept_upload(home, LOCAL, "Uploaded.mkv", io.BytesIO(film_file.read_bytes()))
    write_films([Film("Told", year=1950)], tmp_path / "films.csv")
    sheet = metadata.keep_sheet(home, LOCAL, "films.csv", io.BytesIO((tmp_path / "films.csv").read_bytes()))
    metadata.import_metadata(home, LOCAL, sheet)
    adding.ingest(home, [kept], workers=1)
    backups.back_up(home, LOCAL, tmp_path / "b.tar")
    with Snapshot.open(home) as snapshot:
        export(snapshot, tmp_path / "films.json")
    backups.restore(home, LOCAL, tmp_path / "b.tar")
    lasting = [event for event in said if event[0] == "fsync" or not event[1].endswith(".s16")]  # sound is scratch
    assert_durable(lasting)
    targets = {Path(event[2]).name for event in said if event[0] == "replace"}
    assert {"Uploaded.mkv", "films.csv", "b.tar", "films.json", "manifest.json"} <= targets
    with State.open(home) as state:
        assert sorted(film.title for film in state.films()) == ["Told", "Uploaded"]
