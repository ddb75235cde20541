"""Who may do what: the password, sessions, tokens, and every forbidden action tried without rights."""

from __future__ import annotations

import inspect
import io
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import argon2
import pytest

from db.home import Home
from db.state.store import State
from errors import AccessError, FilmscoreError, ParameterError
from ingest.spotify_tracks import Track
from service.admin import checkup
from service.jobs import jobs
from service.library import adding, backups, ears, editing, metadata, sources, tracks
from service.rights import access, media_roots
from service.rights.access import ANYBODY, LOCAL, Actor

PASSWORD = "a long enough password"
HASHER = access._HASHER
"""The product's own, before `cheap_passwords` puts another in its place."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


@pytest.mark.forbidden("A first password with a guessed link, and with a used one")
def test_the_first_password_takes_the_one_time_link_and_only_once(home: Home) -> None:
    token = access.setup_token(home)
    with pytest.raises(ParameterError, match="7 characters"):
        access.set_password(home, token, "1234567")
    with pytest.raises(AccessError, match="wrong or used"):
        access.set_password(home, "guessed", PASSWORD)
    session = access.set_password(home, token, PASSWORD)
    assert access.actor_of(home, session).is_admin
    with pytest.raises(AccessError, match="wrong or used"):
        access.set_password(home, token, "another password")
    with pytest.raises(AccessError, match="has an admin password"):
        access.setup_token(home)


@pytest.mark.forbidden("Six who use the one-time link at once", times=6)
def test_of_six_who_use_the_link_at_once_one_sets_the_password(home: Home) -> None:
    token = access.setup_token(home)
    together = threading.Barrier(6)
    won: list[tuple[int, str]] = []

    def race(number: int) -> None:
        together.wait()
        try:
            won.append((number, access.set_password(home, token, f"the password of {number}")))
        except AccessError as error:
            assert "wrong or used" in str(error)

    racers = [threading.Thread(target=race, args=(number,)) for number in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    ((number, session),) = won
    assert access.actor_of(home, session).is_admin
    assert access.actor_of(home, access.sign_in(home, f"the password of {number}", "here")).is_admin


def test_a_newer_link_ends_the_older(home: Home) -> None:
    older = access.setup_token(home)
    access.setup_token(home)
    with pytest.raises(AccessError):
        access.set_password(home, older, PASSWORD)


@pytest.mark.forbidden("Reading passwords and tokens from the disk")
def test_neither_password_nor_tokens_are_stored_as_they_are(home: Home) -> None:
    setup = access.setup_token(home)
    session = access.set_password(home, setup, PASSWORD)
    token = access.new_api_token(home, LOCAL, "media server")
    stored = b"".join(path.read_bytes() for path in home.root.glob("state.sqlite*"))
    assert stored
    for secret in (PASSWORD, setup, session, token):
        assert secret.encode() not in stored


@pytest.fixture
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> float:
    """The time at which everything happens, however long it takes here; attempts are stored with it."""
    now = time.time()
    monkeypatch.setattr("db.state.people.time.time", lambda: now)
    return now


def test_passwords_are_hashed_at_a_cost() -> None:
    """At least what OWASP's Password Storage Cheat Sheet asks of Argon2id: 19 MiB and two passes."""
    assert HASHER.type == argon2.Type.ID and HASHER.memory_cost >= 19 * 1024 and HASHER.time_cost >= 2


@pytest.mark.forbidden("A session that ended")
def test_sessions_end(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    access.set_password(home, access.setup_token(home), PASSWORD)
    session = access.sign_in(home, PASSWORD, "here")
    assert access.actor_of(home, session).is_admin
    access.sign_out(home, session)
    assert access.actor_of(home, session) == ANYBODY
    monkeypatch.setattr(access, "SESSION_S", -1.0)
    assert access.actor_of(home, access.sign_in(home, PASSWORD, "here")) == ANYBODY
    assert access.actor_of(home, "no session") == access.actor_of(home, None) == ANYBODY


@pytest.mark.forbidden("Guessing the password")
def test_guessing_is_slowed_and_logged(home: Home, standing_clock: float) -> None:
    last = standing_clock
    access.set_password(home, access.setup_token(home), PASSWORD)
    for _ in range(access.FREE_ATTEMPTS):
        with pytest.raises(AccessError, match="wrong password"):
            access.sign_in(home, "a guess", "there", clock=lambda: last)
    for _ in range(5):
        with pytest.raises(AccessError, match="Wait"):
            access.sign_in(home, PASSWORD, "there", clock=lambda: last)  # even the right one waits now
    assert access.sign_in(home, PASSWORD, "elsewhere", clock=lambda: last)
    with State.open(home) as state:
        refused = [entry for entry in state.audit_log() if entry.action == "sign in refused"]
    assert len(refused) == access.FREE_ATTEMPTS and [entry.detail for entry in refused[:2]] == [
        {"source": "there", "while_waiting": 5},
        {"source": "there"},
    ]
    with pytest.raises(AccessError, match="wrong password"):
        access.sign_in(home, "a guess", "there", clock=lambda: last + 2.1)
    with pytest.raises(AccessError, match="Wait"):
        access.sign_in(home, PASSWORD, "there", clock=lambda: last + 2.1)  # four wrong ones: 4 s
    assert access.sign_in(home, PASSWORD, "there", clock=lambda: last + 10)


@pytest.mark.forbidden("Guessing the password, forty guesses at once")
def test_guessing_at_once_is_slowed_as_guessing_in_turn(home: Home, standing_clock: float) -> None:
    access.set_password(home, access.setup_token(home), PASSWORD)
    said: list[str] = []

    def guess(number: int) -> None:
        with pytest.raises(AccessError) as refused:
            access.sign_in(home, f"guess {number}", "there", clock=lambda: standing_clock)
        said.append(str(refused.value))

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read = sum("wrong password. Try again" in one for one in said)
    assert len(said) == 40 and read == access.FREE_ATTEMPTS


@pytest.mark.forbidden("Guessing the password, each time from another address")
def test_guessing_from_many_addresses_is_slowed_and_holds_up_no_known_one(home: Home, standing_clock: float) -> None:
    last = standing_clock
    access.set_password(home, access.setup_token(home), PASSWORD)
    for _ in range(access.FREE_TOGETHER):
        assert access.sign_in(home, PASSWORD, "known", clock=lambda: last)
    for number in range(access.FREE_TOGETHER):
        with pytest.raises(AccessError, match="wrong password"):
            access.sign_in(home, "a guess", f"address {number}", clock=lambda: last)
    with State.open(home) as state:
        assert state.failures(None, access.TOGETHER_S, last) == (access.FREE_TOGETHER, last)
    with pytest.raises(AccessError, match="20 wrong passwords from many addresses"):
        access.sign_in(home, PASSWORD, "another address", clock=lambda: last + 1.9)
    assert access.sign_in(home, PASSWORD, "known", clock=lambda: last + 1.9)
    with pytest.raises(AccessError, match="wrong password"):
        access.sign_in(home, "a guess", "another address", clock=lambda: last + 2.1)
    assert access.sign_in(home, PASSWORD, "a third address", clock=lambda: last + access.SLOWEST_TOGETHER_S + 1)
    assert access.sign_in(home, PASSWORD, "a fourth address", clock=lambda: last + access.TOGETHER_S + 1)


@pytest.mark.fault("The clock jumps: sessions and waits")
def test_a_clock_that_jumps_locks_nobody_out_and_keeps_nobody_in(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    session = access.set_password(home, access.setup_token(home), PASSWORD)
    now, year = time.time(), 366 * 86400.0
    monkeypatch.setattr("db.state.people.time.time", lambda: now + year)
    assert access.actor_of(home, session) == ANYBODY, "it is a year later"
    for _ in range(access.FREE_ATTEMPTS):
        with pytest.raises(AccessError, match="wrong password"):
            access.sign_in(home, "a guess", "there", clock=lambda: now + year)
    later = access.sign_in(home, PASSWORD, "there", clock=lambda: now + year + 10)
    monkeypatch.setattr("db.state.people.time.time", lambda: now)
    assert access.actor_of(home, later) == ANYBODY, "a session of the future"
    assert access.sign_in(home, PASSWORD, "there", clock=lambda: now), "attempts of the future hold nobody up"


def test_another_password_ends_all_sessions(home: Home) -> None:
    first = access.set_password(home, access.setup_token(home), PASSWORD)
    second = access.change_password(home, LOCAL, "another password")
    assert access.actor_of(home, first) == ANYBODY and access.actor_of(home, second).is_admin
    with pytest.raises(AccessError, match="wrong password"):
        access.sign_in(home, PASSWORD, "here")


def test_a_forgotten_password_can_be_chosen_anew_at_the_terminal(home: Home) -> None:
    session = access.set_password(home, access.setup_token(home), PASSWORD)
    access.forget_password(home, LOCAL)
    assert access.actor_of(home, session) == ANYBODY and not access.has_password(home)
    assert access.actor_of(home, access.set_password(home, access.setup_token(home), "another password")).is_admin


def test_api_tokens_are_named_and_revoked(home: Home) -> None:
    token = access.new_api_token(home, LOCAL, "media server")
    assert access.api_actor(home, token) == Actor(access.ADMIN, "API token media server")
    with pytest.raises(ParameterError, match="taken"):
        access.new_api_token(home, LOCAL, "media server")
    access.revoke_api_token(home, LOCAL, "media server")
    assert access.api_actor(home, token) == access.api_actor(home, None) == ANYBODY
    with pytest.raises(ParameterError, match="no such token"):
        access.revoke_api_token(home, LOCAL, "media server")


NOWHERE = Path("nowhere")
PLAN = editing.Plan(NOWHERE, (), (), True)
FORBIDDEN: dict[str, Callable[[Home, Actor], Any]] = {
    "change the password": lambda home, actor: access.change_password(home, actor, PASSWORD),
    "make an API token": lambda home, actor: access.new_api_token(home, actor, "mine"),
    "list API tokens": access.api_tokens,
    "revoke an API token": lambda home, actor: access.revoke_api_token(home, actor, "theirs"),
    "add a media root": lambda home, actor: media_roots.add_root(home, actor, Path("/")),
    "remove a media root": lambda home, actor: media_roots.remove_root(home, actor, Path("/")),
    "browse": lambda home, actor: media_roots.browse(home, actor, "/"),
    "upload": lambda home, actor: media_roots.accept_upload(home, actor, "a.mkv", io.BytesIO(b"x")),
    "plan an ingest": lambda home, actor: editing.plan_ingest(home, actor, "/"),
    "accept titles": lambda home, actor: editing.accept_titles(home, actor, PLAN, {}),
    "edit a film": lambda home, actor: editing.edit_film(home, actor, 1, title="Mine"),
    "delete a film": lambda home, actor: editing.delete_film(home, actor, 1),
    "correct a run": lambda home, actor: editing.correct_run(home, actor, 1, (0, 10), {"genre": "rock"}),
    "see duplicates": editing.duplicates,
    "make two films one": lambda home, actor: editing.succeed(home, actor, 1, 2),
    "see a film's sound tracks": lambda home, actor: tracks.sound_tracks(home, actor, 1),
    "choose a sound track": lambda home, actor: tracks.choose_track(home, actor, 1, 0),
    "see versions": tracks.other_versions,
    "see stale films": lambda home, actor: editing.stale(home, actor, "v"),
    "install a model": lambda home, actor: ears.install(home, actor, NOWHERE),
    "use a model": lambda home, actor: ears.use(home, actor, "energy", None),
    "forget the password": access.forget_password,
    "add films": lambda home, actor: adding.ingest(home, [NOWHERE], actor=actor),
    "keep a sheet": lambda home, actor: metadata.keep_sheet(home, actor, "a.csv", io.BytesIO(b"x")),
    "import metadata": lambda home, actor: metadata.import_metadata(home, actor, NOWHERE),
    "decide a title": lambda home, actor: metadata.decide(home, actor, "a", "tt0000001"),
    "apply matches": lambda home, actor: metadata.apply_matches(home, actor, NOWHERE, [], {}),
    "load IMDb's files": lambda home, actor: sources.load_imdb(home, actor, NOWHERE),
    "fetch IMDb's pages": lambda home, actor: sources.fetch_imdb_pages(home, actor, []),
    "keep tracks": lambda home, actor: sources.keep_tracks(home, actor, NOWHERE, [], ""),
    "accept sub-genres": lambda home, actor: sources.accept_genres(home, actor, NOWHERE),
    "back up": lambda home, actor: backups.back_up(home, actor, NOWHERE),
    "restore": lambda home, actor: backups.restore(home, actor, NOWHERE),
    "see the audit log": backups.audit_log,
    "repair": lambda home, actor: list(checkup.repair(home, actor)),
    "see jobs": jobs.job_list,
    "see a job": lambda home, actor: jobs.job(home, actor, 1),
    "cancel a job": lambda home, actor: jobs.cancel(home, actor, 1),
    "retry a job": lambda home, actor: jobs.retry(home, actor, 1),
    **{
        f"job {kind}": lambda home, actor, kind=kind: jobs.submit(home, actor, kind, {})  # type: ignore[misc]
        for kind in jobs.KINDS
    },
}


@pytest.mark.forbidden("As a visitor", by_case=True)
@pytest.mark.parametrize("action", FORBIDDEN)
def test_a_visitor_is_refused_in_the_function(home: Home, action: str) -> None:
    with State.open(home) as state:
        before = state.meta("revision"), state.audit_log(), state.jobs()
    with pytest.raises(AccessError, match="only an admin"):
        FORBIDDEN[action](home, ANYBODY)
    with State.open(home) as state:
        assert (state.meta("revision"), state.audit_log(), state.jobs()) == before


def test_every_function_that_asks_who_is_asking_was_tried() -> None:
    tried = {name for action in FORBIDDEN.values() for name in (*action.__code__.co_names, action.__name__)}
    for room in (access, adding, backups, checkup, ears, editing, jobs, media_roots, metadata, sources, tracks):
        for name, function in inspect.getmembers(room, inspect.isfunction):
            if function.__module__ == room.__name__ and "actor" in inspect.signature(function).parameters:
                assert name.startswith("_") or name in tried, f"{room.__name__}.{name}: try it as a visitor"


BASICS = (
    "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n"
    "tt0052357\tmovie\tVertigo\tVertigo\t0\t1958\t\\N\t128\tMystery\n"
)


def test_what_an_admin_does_is_in_the_audit_log(home: Home, tmp_path: Path) -> None:
    media_roots.add_root(home, LOCAL, tmp_path)
    access.new_api_token(home, LOCAL, "media server")
    jobs.submit(home, LOCAL, "backup", {})
    ears.use(home, LOCAL, "energy", None)
    backups.back_up(home, LOCAL, tmp_path / "b.tar")
    backups.restore(home, LOCAL, tmp_path / "b.tar")
    adding.ingest(home, [tmp_path / "none.mkv"])
    list(checkup.repair(home, LOCAL))
    (tmp_path / "title.basics.tsv").write_text(BASICS, encoding="utf-8")
    sources.load_imdb(home, LOCAL, tmp_path)
    sources.fetch_imdb_pages(home, LOCAL, ["no id"])
    sources.keep_tracks(home, LOCAL, tmp_path / "tracks.csv", [Track(artistName="Ana Berg")], "dump.csv")
    (tmp_path / "reviewed.csv").write_text("sub_genre,hyper_genre\nyodeling,country\n", encoding="utf-8")
    sources.accept_genres(home, LOCAL, tmp_path / "reviewed.csv")
    with State.open(home) as state:
        log = state.audit_log()
    assert [entry.action for entry in reversed(log)] == [
        "add media root", "new API token", "job backup", "use model", "backup", "restore", "ingest", "repair",
        "imdb load", "imdb fetch", "keep tracks", "accept genres",
    ]  # fmt: skip
    assert {entry.actor for entry in log} == {"terminal"}


@pytest.fixture
def inside(home: Home, tmp_path: Path) -> Path:
    """A media root with a film and two links that lead outside."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.mkv").touch()
    (inside / "film.mkv").touch()
    (inside / "link.mkv").symlink_to(outside / "secret.mkv")
    (inside / "way out").symlink_to(outside)
    media_roots.add_root(home, LOCAL, inside)
    return inside


def test_paths_below_a_media_root_are_allowed_while_it_is_one(home: Home, inside: Path) -> None:
    assert media_roots.checked(home, inside / "film.mkv") == inside / "film.mkv"
    assert media_roots.browse(home, LOCAL, inside).files == ("film.mkv", "link.mkv")
    media_roots.remove_root(home, LOCAL, inside)
    with pytest.raises(AccessError):
        media_roots.checked(home, inside / "film.mkv")


ESCAPES = (
    "/etc/passwd",
    "ROOT/../outside/secret.mkv",
    "ROOT/link.mkv",
    "ROOT/way out/secret.mkv",
    "ROOT-not",
    "film.mkv",
    "~",
    "file:///etc/passwd",
    "http://127.0.0.1/film.mkv",
    "ROOT/film.mkv\0.txt",
    "",
)


@pytest.mark.forbidden("A path outside of the media roots", by_case=True)
@pytest.mark.parametrize("path", ESCAPES, ids=[escape.replace("\0", "<NUL>") or "<empty>" for escape in ESCAPES])
def test_paths_outside_of_the_media_roots_are_refused(home: Home, inside: Path, path: str) -> None:
    path = path.replace("ROOT", str(inside))
    with pytest.raises((AccessError, ParameterError)):
        media_roots.checked(home, path)
    for kind, given in (
        ("ingest", {"paths": [path]}),
        ("metadata_import", {"path": path}),
        ("imdb_load", {"path": path}),
        ("train", {"manifest": path, "model": "energy"}),
    ):
        with pytest.raises(FilmscoreError):
            jobs.submit(home, LOCAL, kind, given)
    assert jobs.job_list(home, LOCAL) == []


@pytest.mark.forbidden("Uploads: a path for a name, no media, too large")
def test_uploads_are_films_of_a_bearable_size_under_a_harmless_name(home: Home, film_file: Path) -> None:
    kept = media_roots.accept_upload(home, LOCAL, "../../etc/Short\x00 Film\n.mkv", io.BytesIO(film_file.read_bytes()))
    assert kept.parent == media_roots.uploads(home) and kept.name == "Short Film.mkv"
    again = media_roots.accept_upload(home, LOCAL, "Short Film.mkv", io.BytesIO(film_file.read_bytes()))
    assert again.name == "Short Film (2).mkv"
    for name, content, why in (
        ("film.exe", b"MZ", "not a media file"),
        ("film.mkv", b"<html>not a film", "film.mkv"),
        ("film.mkv", b"", "film.mkv"),
    ):
        with pytest.raises(FilmscoreError, match=why):
            media_roots.accept_upload(home, LOCAL, name, io.BytesIO(content))
    with pytest.raises(FilmscoreError, match="larger than"):
        media_roots.accept_upload(home, LOCAL, "film.mkv", io.BytesIO(film_file.read_bytes()), limit_bytes=1000)
    assert sorted(path.name for path in media_roots.uploads(home).iterdir()) == ["Short Film (2).mkv", "Short Film.mkv"]


@pytest.mark.fault("An upload of the same name arrives while another is put in its place")
def test_uploads_of_one_name_at_once_are_all_kept(home: Home, film_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = film_file.read_bytes(), film_file.read_bytes() + b"TAG" + bytes(125)
    put = media_roots.durable.replace

    def another_arrives_first(arriving: Path, target: Path) -> None:
        monkeypatch.setattr(media_roots.durable, "replace", put)
        media_roots.accept_upload(home, LOCAL, "Short Film.mkv", io.BytesIO(second))
        put(arriving, target)

    monkeypatch.setattr(media_roots.durable, "replace", another_arrives_first)
    media_roots.accept_upload(home, LOCAL, "Short Film.mkv", io.BytesIO(first))
    kept = [path.read_bytes() for path in media_roots.uploads(home).iterdir()]
    assert sorted(kept, key=len) == [first, second]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        ".mkv",
        "/",
        "a" * 500 + ".mkv",
        "COM1:.mkv",
        "\u202evkm.exe.mkv",
        "\\\\host\\x.mkv",
        "映" * 120 + ".mkv",
        "clip",
    ],
)
def test_names_of_uploads_are_one_harmless_part(name: str) -> None:
    safe = media_roots.safe_name(name)
    assert safe and len(safe.encode()) <= 250 and not set(safe) & set('/\\:<>"|?*\0\n') and not safe.startswith(".")
