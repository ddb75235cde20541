"""The files of the first release (version 0.1.0, as `filmscore` wrote them) stay readable, whatever comes after.

`first_release.tar.xz` holds a home of three films (two were heard, one run is corrected) and a backup of it.
"""

from __future__ import annotations

import shutil
import tarfile
import threading
from pathlib import Path

import pytest

from db.catalogue.current import current_id
from db.catalogue.manifest import SCHEMA_VERSION
from db.catalogue.parts import part_paths, read_part
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state import ledger
from db.state.ledger import migrations
from db.state.store import State
from db.upkeep.backup import restore
from db.upkeep.doctor import examine, repair
from errors import CatalogueError
from recommender import Question, Recommender
from recommender.vectors import FilmEncoding
from service.library.publishing import publish
from service.rights import access

FILES = Path(__file__).parent / "first_release.tar.xz"
TITLES = ["The Quiet Sea", "Red Harbour", "Never Heard"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """The first release's home."""
    with tarfile.open(FILES) as archive:
        archive.extractall(tmp_path)
    return Home.at(tmp_path / "home")


def check_state(home: Home) -> None:
    with State.open(home) as state:
        assert [film.title for film in state.films()] == TITLES
        assert int(state.rows("PRAGMA user_version")[0][0]) == ledger.migrations()[-1][0]
        assert state.get_film(1).cast == ("Ana Berg", "Tom Lund") and state.get_film(1).collection == ""
        assert len(state.media()) == 2 and len(state.corrections()) == 1
        assert state.get_profile("mine") == {"likes": [1]}
        assert state.decision("Never Heard").film_id == 3  # type: ignore[union-attr]
        assert state.integrity() == "ok"


def check_catalogue(home: Home) -> None:
    with Snapshot.open(home) as snapshot:
        assert snapshot.notices == () and sorted(snapshot.films()["title"]) == sorted(TITLES)
        corrected = [run for film_id in (1, 2) for run in snapshot.runs(film_id) if run.corrections]
        assert len(corrected) == 1 and corrected[0].value("genre") != corrected[0].genre
        found = Recommender(snapshot).recommend(Question(likes=(1,)))
        assert {result.film.film_id for result in found.results} == {2, 3}


@pytest.mark.fault("The state.sqlite of the first release")
def test_its_state_opens_with_all_that_it_held(home: Home) -> None:
    check_state(home)
    with State.open(home) as state:
        assert [(job.kind, job.status) for job in state.jobs()] == [("backup", "queued")]
        assert {entry.action for entry in state.audit_log()} >= {"ingest", "metadata import", "set password"}
    assert access.sign_in(home, "a long enough password", "here")


@pytest.mark.fault("The catalogue and the parts of the first release")
def test_its_catalogue_is_read_goes_on_and_can_be_built_anew_from_its_parts(home: Home) -> None:
    check_catalogue(home)
    assert [[run.tags for run in read_part(path).runs] for path in part_paths(home)] == [[{}], [{}]]
    first = current_id(home)
    with State.open(home) as state:
        state.update_film(3, year=1971)
    assert publish(home) > first
    check_catalogue(home)
    publish(home, full=True)
    check_catalogue(home)
    with Snapshot.open(home) as snapshot:
        heard = snapshot.activity(1)
        summary = snapshot.summary(1)
        assert heard is not None and summary is not None
        assert summary.presence == heard.presence(), "made from the seconds, which its parts always had"
        assert snapshot.enhanced_dataset()["Music Present"].notna().sum() == 2
    wrong = {finding.thing for finding in examine(home) if not finding.ok}
    assert wrong <= {"disk space", "file modes"}


@pytest.mark.fault("The backup of the first release")
def test_its_backup_is_restored_into_another_home(home: Home, tmp_path: Path) -> None:
    other = Home.at(tmp_path / "other")
    other.models.mkdir()
    (other.models / "active.json").write_text("{}")
    held = restore(other, tmp_path / "backup.tar")
    assert (held.films, held.parts, held.heads) == (3, 2, 0)
    assert (other.models / "active.json").read_text() == "{}", "it holds no heads, so the present ones stay"
    publish(other, full=True)
    check_state(other)
    check_catalogue(other)


NEXT = (
    migrations()[-1][0] + 1,
    "ALTER TABLE films ADD COLUMN tagline TEXT NOT NULL DEFAULT 'none';\nCREATE INDEX taglines ON films (tagline);",
)


@pytest.mark.fault("A migration of the first release's state, by eight at once")
def test_the_next_migration_keeps_everything(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "migrations", lambda: [*migrations(), NEXT])
    faults: list[BaseException] = []

    def open_it() -> None:
        try:
            State.open(home).close()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    check_state(home)
    with State.open(home) as state:
        assert {row[0] for row in state.rows("SELECT tagline FROM films")} == {"none"}
    check_catalogue(home)


@pytest.mark.fault("A migration that fails half way")
def test_a_migration_that_fails_changes_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(
            ledger, "migrations", lambda: [*migrations(), (NEXT[0], NEXT[1] + "\nINSERT INTO nowhere VALUES (1);")]
        )
        with pytest.raises(CatalogueError, match=r"state\.sqlite: "):
            State.open(home)
    check_state(home)


@pytest.mark.fault("A state that is damaged after an update, its copies of before")
def test_a_state_is_repaired_from_a_copy_of_the_first_release(home: Home) -> None:
    shutil.copy(home.state_path, home.asides / "state-000003-65a0b549.sqlite")
    home.state_path.write_bytes(b"damaged" * 1000)
    for suffix in ("-wal", "-shm"):
        Path(f"{home.state_path}{suffix}").unlink(missing_ok=True)
    assert "restored from the copy" in "\n".join(repair(home, FilmEncoding()))
    with State.open(home) as state:
        assert [film.title for film in state.films()] == TITLES and state.copies() == {}


@pytest.mark.fault("A catalogue of an older schema")
def test_a_catalogue_of_an_older_schema_is_built_anew(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first = current_id(home)
    monkeypatch.setattr("db.catalogue.publish.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    publish(home)
    segments = {path.name.split(".")[0] for path in (home.snapshots / current_id(home) / "segments").iterdir()}
    assert segments == {current_id(home)} and current_id(home) > first, "nothing is taken over"
    check_catalogue(home)
