"""A backup that somebody else made: its films come, its maker does not."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import tarfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from db.catalogue.publish import publish
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state import ledger
from db.state.store import State
from db.upkeep.backup import CONTENTS, backup, restore
from errors import FilmscoreError
from film import Film
from tests.db.catalogue.test_publish import contents
from tests.db.sample import PlainEncoding, filled

SETTINGS = {"admin_password": "theirs", "api_tokens": '{"theirs": "00"}', "media_roots": '["/etc"]'}


@pytest.fixture
def theirs(tmp_path: Path) -> Home:
    """Somebody else's home."""
    home = filled(tmp_path / "theirs")
    with State.open(home) as state:
        for key, value in SETTINGS.items():
            state.set_setting(key, value)
        state.add_session("x" * 64, "admin", 3600)
        state.add_attempt("10.0.0.1", False)
        state.audit("sign in", "somebody")
        state.add_job("ingest", {"paths": ["/etc"]})
    return home


@pytest.fixture
def ours(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "ours")


def altered(home: Home, *statements: str) -> Path:
    """A backup of the home whose state went through these statements, with the hash that it then has."""
    path = home.root / "b.tar"
    backup(home, path)
    with tarfile.open(path) as archive:
        members = {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]
    state = home.scratch / "altered.sqlite"
    state.write_bytes(members["state.sqlite"])
    with closing(sqlite3.connect(state, isolation_level=None)) as con:
        for statement in statements:
            con.execute(statement)
    members["state.sqlite"] = state.read_bytes()
    about = json.loads(members[CONTENTS])
    about["sha256"]["state.sqlite"] = hashlib.sha256(members["state.sqlite"]).hexdigest()
    members[CONTENTS] = json.dumps(about).encode()
    return packed(path, members)


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def house(home: Home) -> list[list[tuple[object, ...]]]:
    tables = ("settings", "sessions", "attempts", "audit", "jobs")
    with State.open(home) as state:
        return [[tuple(row) for row in state.rows(f"SELECT * FROM {table}")] for table in tables]


@pytest.mark.forbidden("A password, tokens, roots, sessions, jobs and a log from somebody else's backup")
def test_a_backup_brings_films_and_nobody_who_may_do_things(theirs: Home, ours: Home) -> None:
    restored = restore(ours, altered(theirs))
    assert house(ours) == [[], [], [], [], []]
    with State.open(ours) as state:
        assert len(state.films()) == 12
    assert restored.left == (
        "3 rows of settings ('admin_password', 'api_tokens', 'media_roots')",
        "1 rows of jobs",
        "1 rows of attempts",
        "1 rows of audit",
        "1 rows of sessions",
    )


@pytest.mark.forbidden("Somebody else's settings in a home that has its own")
def test_the_present_home_keeps_its_own_house(theirs: Home, ours: Home) -> None:
    with State.open(ours) as state:
        state.set_setting("admin_password", "ours")
        state.audit("set password", "admin")
        state.add_job("backup", {})
        state.add_attempt("10.0.0.2", True)
    before = house(ours)
    restore(ours, altered(theirs))
    assert house(ours) == before


def test_with_access_the_settings_and_the_log_of_an_own_backup_come_too(theirs: Home, ours: Home) -> None:
    restored = restore(ours, altered(theirs), with_access=True)
    settings, sessions, attempts, audit, jobs = house(ours)
    assert dict(settings) == SETTINGS and len(audit) == 1  # type: ignore[arg-type]
    assert sessions == attempts == jobs == []
    assert restored.taken["settings"] == 3 and not any("settings" in thing for thing in restored.left)


FOREIGN: dict[str, Sequence[str]] = {
    "trigger 'keep'": (
        "CREATE TRIGGER keep AFTER DELETE ON settings BEGIN INSERT INTO settings VALUES ('admin_password', 'x'); END",
    ),
    "view 'everything'": ("CREATE VIEW everything AS SELECT * FROM films",),
    "table 'more'": ("CREATE TABLE more (a)",),
    "index 'theirs'": ("CREATE INDEX theirs ON films (upper(title))",),
    "column films.'more'": ("ALTER TABLE films ADD COLUMN more TEXT",),
    "view 'profiles'": ("DROP TABLE profiles", "CREATE VIEW profiles AS SELECT title AS name FROM films"),
}


@pytest.mark.forbidden("SQL in a backup's state", by_case=True)
@pytest.mark.parametrize("left", FOREIGN)
def test_nothing_of_a_foreign_schema_is_taken_over(theirs: Home, ours: Home, left: str) -> None:
    restored = restore(ours, altered(theirs, *FOREIGN[left]))
    assert left in restored.left
    schema = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
    with State.open(ours) as state, State(ours.scratch / "new.sqlite") as new:
        assert [tuple(row) for row in state.rows(schema)] == [tuple(row) for row in new.rows(schema)]
        assert len(state.films()) == 12 and state.integrity() == "ok"


WRONG = {
    "a part outside": "UPDATE media SET media_sha256 = '../../../etc/passwd'",
    "a deletion outside": "INSERT INTO deletions VALUES (99, 'x', '../../manifest', '2026', 1)",
    "a model outside": "UPDATE media SET model_version = '../x'",
    "bytes for a title": "UPDATE films SET title = x'00ff'",
    "words for a year": "UPDATE films SET year = 'soon'",
    "a year of 40 bits": "UPDATE films SET year = 1099511627776",
    "an endless rating": "UPDATE films SET rating = 9e999",
    "the last film_id": "UPDATE films SET film_id = 9223372036854775807 WHERE film_id = 12",
    "a film_id below one": "UPDATE films SET film_id = -5 WHERE film_id = 12",
    "genres that are no list": "UPDATE films SET genres = '{}'",
    "genres that are no JSON": "UPDATE films SET genres = '['",
    "deep JSON": f"UPDATE films SET \"cast\" = '{'[' * 100_000}'",
    "a profile that is no document": "UPDATE profiles SET document = '7'",
    "a list of no films": "UPDATE lists SET films = '[1, \"x\"]'",
    "a correction to nothing": "UPDATE corrections SET value = 'polka'",
    "text that is not UTF-8": "UPDATE films SET title = CAST(x'ff' AS TEXT)",
    "films that are a view": "ALTER TABLE films RENAME TO hidden",
    "films without a title": "DROP INDEX films_title; ALTER TABLE films DROP COLUMN title",
    "media of no film": "UPDATE media SET film_id = 500 WHERE film_id = (SELECT max(film_id) FROM media)",
    "another application": "PRAGMA user_version = 0",
    "a newer filmscore": "PRAGMA user_version = 9999",
}


@pytest.mark.forbidden("A backup whose rows filmscore never writes", by_case=True)
@pytest.mark.parametrize("wrong", WRONG)
def test_rows_that_filmscore_never_writes_are_refused_by_name(theirs: Home, ours: Home, wrong: str) -> None:
    with State.open(theirs) as state:
        state.save_profile("mine", {"likes": [1]})
        state.save_list("somebody", "watch", [1])
        state.correct_run(3, (0, 20), "genre", "blues")
    publish(ours, PlainEncoding())
    before = contents(ours), sorted(ours.parts.rglob("*"))
    path = altered(theirs, *WRONG[wrong].split("; "))
    with pytest.raises(FilmscoreError, match=r"b\.tar: .*Nothing was restored"):
        restore(ours, path)
    assert (contents(ours), sorted(ours.parts.rglob("*"))) == before
    assert not list(ours.scratch.iterdir())


ABOUT = {
    "no counts": {"films": "many"},
    "a version in words": {"backup_version": "newest"},
    "a list of hashes": {"sha256": []},
}


@pytest.mark.fault("A backup whose contents are not what filmscore writes", by_case=True)
@pytest.mark.parametrize("wrong", [*ABOUT, "deep JSON", "a member with holes"])
def test_contents_that_filmscore_never_writes_are_refused_by_name(theirs: Home, ours: Home, wrong: str) -> None:
    path = altered(theirs)
    with tarfile.open(path) as archive:
        members = {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]
    if wrong == "deep JSON":
        members[CONTENTS] = b"[" * 200_000
    else:
        members[CONTENTS] = json.dumps(json.loads(members[CONTENTS]) | ABOUT.get(wrong, {})).encode()
    packed(path, members)
    if wrong == "a member with holes":
        hole = tarfile.TarInfo("hyper_genres.csv")
        hole.type = tarfile.GNUTYPE_SPARSE
        with tarfile.open(path, "a", format=tarfile.GNU_FORMAT) as archive:
            archive.addfile(hole)
    with pytest.raises(FilmscoreError, match=r"b\.tar: "):
        restore(ours, path)
    assert not ours.state_path.exists() and not list(ours.scratch.iterdir())


def test_a_backup_of_an_older_schema_is_taken_as_it_was_and_then_migrated(
    theirs: Home, ours: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = altered(theirs)
    number = ledger.migrations()[-1][0] + 1
    doubled = (
        "UPDATE films SET plot = title || '!';\nALTER TABLE films ADD COLUMN tagline TEXT NOT NULL DEFAULT 'none';"
    )
    newest = [*ledger.migrations(), (number, doubled)]
    monkeypatch.setattr(ledger, "migrations", lambda: newest)
    restore(ours, path)
    with State.open(ours) as state:
        assert all(film.plot == f"{film.title}!" for film in state.films())
        assert state.rows("SELECT DISTINCT tagline FROM films")[0][0] == "none"


def test_the_id_of_a_deleted_film_is_not_given_again_after_a_restore(theirs: Home, ours: Home) -> None:
    with State.open(theirs) as state:
        state.delete_film(12)
        changes = int(state.meta("revision"))
    restore(ours, altered(theirs))
    with State.open(ours) as state:
        assert int(state.meta("revision")) == changes
        assert state.add_film(Film("New")) == 13
    publish(ours, PlainEncoding(), full=True)
    with Snapshot.open(ours) as snapshot:
        assert len(snapshot.films()) == 12


def test_the_command_line_lists_what_was_taken_and_what_was_left(theirs: Home, ours: Home) -> None:
    path = altered(theirs, *FOREIGN["trigger 'keep'"])
    said = CliRunner().invoke(app, ["restore", str(path), "--home", str(ours.root)])
    assert said.exit_code == 0
    assert "restored: 12 rows of films" in said.output
    assert "left: 3 rows of settings" in said.output and "left: trigger 'keep'" in said.output
    assert "--with-access" in said.output
