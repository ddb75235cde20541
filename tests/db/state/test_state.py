"""state.sqlite: what people and several processes change."""

import sqlite3
import threading
import time

import pytest

from db.home import Home
from db.state.ledger import migrations
from db.state.people import LOG_CHARACTERS
from db.state.store import State
from errors import ParameterError
from film import Film
from tests.db.sample import sha_of


@pytest.fixture
def state(tmp_path):
    with State.open(Home.at(tmp_path)) as state:
        yield state


FULL = Film(
    "Amélie", other_title="Le Fabuleux Destin d'Amélie Poulain", directors=("Jean-Pierre Jeunet",), year=2001,
    imdb_id="tt0211915", rating=8.3, votes=800_000, metascore=70, runtime_minutes=122, countries=("France", "Germany"),
    languages=("French",), locations=("Café des 2 Moulins, Paris, France",), genres=("Comedy", "Romance"),
    cast=("Audrey Tautou",), writers=("Guillaume Laurant",), composers=("Yann Tiersen",), tags=("paris",),
    film_set="None", plot="A waitress.", collection="liked", added_at="2026-01-01T00:00:00+00:00",
)  # fmt: skip


def test_a_film_comes_back_as_it_was_given(state):
    film_id = state.add_film(FULL)
    found = state.get_film(film_id)
    assert found == Film(**{**FULL.__dict__, "film_id": film_id})


@pytest.mark.parametrize(
    "title", ["amelie", "AMÉLIE", "Amélie!", "le fabuleux destin d’Amélie Poulain", "Fabuleux destin d Amelie Poulain"]
)
def test_a_title_is_found_however_it_is_spelled(state, title):
    state.add_film(FULL)
    expected = 0 if title == "Fabuleux destin d Amelie Poulain" else 1
    assert len(state.find(title)) == expected
    assert state.find(title, "Somebody Else") == [] and state.find(title, year=1950) == []


@pytest.mark.parametrize("title", ['O\'Brien "x"; DROP TABLE films; --', "a/b\\c", "🎬", "x" * 300, "8½", "七人の侍"])
def test_any_title_is_a_title(state, title):
    film_id = state.add_film(Film(title))
    assert [f.film_id for f in state.find(title)] == [film_id]


def test_a_film_id_is_never_given_twice(state):
    first = state.add_film(Film("A"))
    state.delete_film(first)
    assert state.add_film(Film("B")) == first + 1
    with pytest.raises(ParameterError, match="film 1: not in the library"):
        state.get_film(first)


def test_what_belongs_to_a_film_goes_with_it(state):
    film_id = state.add_film(Film("A"))
    state.attach_media(film_id, sha_of("a"), 0, "/a.mkv", "m")
    state.correct_run(film_id, (0, 10), "energy", "low")
    state.decide("a.mkv", film_id=film_id)
    state.delete_film(film_id)
    assert state.media() == [] and state.corrections() == [] and state.media_of(sha_of("a")) is None
    assert state.decision("a.mkv").film_id is None
    assert state.deletions() == [(film_id, sha_of("a"))]


def test_only_what_changed_is_listed_as_changed(state):
    a, b, c = state.add_films([Film("A"), Film("B"), Film("C")])
    revision = int(state.meta("revision"))
    state.update_film(a, year=1950)
    state.attach_media(b, sha_of("b"), 0, "/b", "m")
    assert state.changed(revision) == ({a}, {b})
    revision = int(state.meta("revision"))
    state.attach_media(b, sha_of("b"), 0, "/b", "m")
    assert state.changed(revision) == (set(), set()), "nothing new was said"
    assert c


@pytest.mark.parametrize(
    ("attribute", "value"), [("genre", "low"), ("energy", "jazz"), ("mood", "low"), ("valence", "high")]
)
def test_a_correction_is_one_of_the_values(state, attribute, value):
    film_id = state.add_film(Film("A"))
    with pytest.raises(ParameterError):
        state.correct_run(film_id, (0, 10), attribute, value)


def test_fields_that_do_not_exist_cannot_be_edited(state):
    film_id = state.add_film(Film("A"))
    for values in ({"media_sha256": "x"}, {"film_id": 3}, {"title": " "}, {"nonsense": 1}):
        with pytest.raises(ParameterError):
            state.update_film(film_id, **values)
    with pytest.raises(ParameterError, match="has no title"):
        state.add_film(Film(" "))


def test_a_job_is_taken_once(state):
    job = state.add_job("ingest", {"paths": ["/x"]}, "admin")
    assert state.start_job(job) and not state.start_job(job)
    state.update_job(job, stage="decode", progress=0.5, log="one\n")
    state.update_job(job, log="two\n")
    state.cancel_job(job)
    now = state.get_job(job)
    assert (now.status, now.stage, now.progress, now.log, now.cancel_wanted) == (
        "running",
        "decode",
        0.5,
        "one\ntwo\n",
        True,
    )
    state.end_job(job, "failed", reason="no sound", result={"a": 1})
    assert [one.job_id for one in state.jobs("failed")] == [job] and state.get_job(job).result == {"a": 1}
    state.requeue_job(job, 1)
    assert state.get_job(job).result is None and state.start_job(job) and state.get_job(job).tries == 2
    other = state.add_job("train", {})
    state.cancel_job(other)
    assert not state.start_job(other)


def test_the_end_of_a_jobs_log_is_kept_in_whole_lines(state):
    job = state.add_job("ingest", {})
    lines = [f"film {k}: analysed" for k in range(4_000)]
    state.update_job(job, log="".join(f"{line}\n" for line in lines[:-1]))
    state.update_job(job, log=f"{lines[-1]}\n")
    told = state.get_job(job).log
    first, *kept = told.splitlines()
    assert "earlier lines were left out" in first and len(told) < LOG_CHARACTERS + 100
    assert len(kept) > 500 and kept == lines[-len(kept) :]


def test_the_list_of_jobs_reads_neither_results_nor_logs(state):
    job = state.add_job("ingest", {})
    state.write("UPDATE jobs SET result = 'no JSON' WHERE job_id = ?", (job,))
    assert [one.job_id for one in state.jobs()] == [job]


def test_profiles_sessions_and_the_audit_log(state):
    state.save_profile("mine", {"likes": [1, 2]})
    assert state.get_profile("mine") == {"likes": [1, 2]} and state.list_profiles() == ["mine"]
    state.delete_profile("mine")
    with pytest.raises(ParameterError, match="mine: no taste profile"):
        state.get_profile("mine")
    state.audit("delete film", "admin", {"film_id": 3})
    assert state.audit_log()[0].detail == {"film_id": 3}
    state.add_session("t", "admin", 60)
    assert state.session_of("t") == ("admin", "")
    state.end_session("t")
    state.add_session("u", "admin", -1)
    assert state.session_of("t") is None and state.session_of("u") is None
    for succeeded in (False, True, False, False):
        state.add_attempt("here", succeeded)
    assert state.failures("here", 60, time.time())[0] == 2 and state.failures("there", 60, time.time()) == (0, 0.0)


def test_a_change_that_fails_changes_nothing(state):
    with pytest.raises(ParameterError):
        state.add_films([Film("A"), Film("")])
    assert state.films() == []


def test_threads_and_connections_take_turns(tmp_path):
    home = Home.at(tmp_path)
    State.open(home).close()

    def add():
        with State.open(home) as state:
            for i in range(20):
                state.add_film(Film(f"{threading.get_ident()} {i}"))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with State.open(home) as state:
        assert len(state.films()) == 80 and int(state.meta("revision")) == 80


def test_every_migration_is_numbered_and_applied(tmp_path):
    numbers = [number for number, _ in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))
    home = Home.at(tmp_path)
    State.open(home).close()
    with sqlite3.connect(home.state_path) as con:
        assert con.execute("PRAGMA user_version").fetchone()[0] == numbers[-1]
        assert con.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
