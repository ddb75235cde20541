"""The demo catalogue: facts carried over, films marked as rendered, built once and resumed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from db.home import Home
from db.state.store import State
from errors import CatalogueError, ModelError
from film import Film
from service.figures.validity import load_validity, validity_path
from service.library import demo
from service.library.adding import ingest
from service.library.demo import DEMO, THESIS, build_demo, demo_films, is_complete, media_dir, thesis_films
from studio import HABITS
from studio import extra as studio_extra


def test_the_thesis_has_144_films():
    films = thesis_films()
    assert len(films) == 144
    assert {film.collection for film in films} == {THESIS}
    ids = [film.imdb_id for film in films if film.imdb_id]
    assert len(ids) == len(set(ids)) == 143


def test_the_ambiguous_film_stays_unresolved():
    [film] = [film for film in thesis_films() if film.title == "The Man Who Knew Too Much"]
    assert (film.imdb_id, film.year, film.rating, film.directors) == ("", None, None, ("Alfred Hitchcock",))


def test_i_confess_has_the_metadata_of_table_17():
    [film] = [film for film in thesis_films() if film.title == "I Confess"]
    assert (film.year, film.rating, film.metascore, film.countries) == (1953, 7.3, 73, ("USA",))
    assert film.genres == ("Crime", "Drama", "Thriller")
    assert film.cast == ("Montgomery Clift", "Anne Baxter", "Karl Malden")
    assert film.locations == ("Maison Hearn, Grande Allée Est, Quebec, Canada",)
    assert film.directors == ("Alfred Hitchcock",)


def test_demo_films_are_three_a_habit_and_say_what_they_are():
    films = demo_films()
    assert [film.directors for film in films] == [(habit.name,) for habit in HABITS for _ in range(3)]
    assert len({film.title for film in films}) == 36
    assert not {film.title.casefold() for film in films} & {film.title.casefold() for film in thesis_films()}
    for film in films:
        assert film.collection == DEMO
        assert film.plot.startswith("Rendered demo film")
        assert film.year and film.genres and film.countries and not film.imdb_id and not film.cast


@pytest.fixture
def three_films(monkeypatch):
    """The demo with only its first two films."""
    films = demo_films()
    chosen = [films[0], films[1]]
    monkeypatch.setattr(demo, "demo_films", lambda: chosen)
    return chosen


@pytest.mark.usefixtures("heard_here")
def test_the_demo_is_built_once_and_resumed_where_it_stopped(tmp_path, three_films):
    home = Home.at(tmp_path / "home")
    with State.open(home) as state:
        mine = state.add_film(Film("Vertigo", imdb_id="tt0052357", collection="mine"))
    told = []
    report = build_demo(home, workers=1, on_progress=lambda *event: told.append(event))
    assert (report.existed, report.thesis_films, report.rendered, report.heard) == (False, 143, 2, 2)
    assert report.failures == ()
    assert told[0] == ("render", 0, 2) and ("hear", 2, 2) in told and told[-1] == ("validity", 1, 1)
    assert load_validity(home) is not None  # the page has something to show on the first start
    assert is_complete(home)
    with State.open(home) as state:
        films = state.films()
        assert len(films) == 144 + 2
        assert state.get_film(mine).collection == "mine"
        heard = [film for film in films if film.media_sha256]
        assert [film.title for film in heard] == [film.title for film in three_films]
        assert all(film.collection == DEMO and film.plot for film in heard)
        by_action = {entry.action: entry.detail for entry in state.audit_log()}
        assert by_action["demo"] == {"films": 145} and "ingest" in by_action

    assert build_demo(home, workers=1).existed

    (media_dir(home) / "complete.json").unlink()
    lost = next(media_dir(home).glob("*/*.mkv"))
    bytes_before = lost.read_bytes()
    lost.unlink()
    (lost.parent / f".{lost.stem}.unfinished.mkv").write_bytes(b"cut off")
    again = build_demo(home, workers=1)
    assert (again.existed, again.thesis_films, again.rendered, again.heard) == (False, 0, 1, 0)
    assert lost.read_bytes() == bytes_before
    assert sorted(path.suffix for path in lost.parent.iterdir()) == [".mkv", ".mkv", ".srt"]
    with State.open(home) as state:
        assert len(state.films()) == 144 + 2
    assert is_complete(home)


@pytest.fixture
def older_demo(tmp_path, film_file, heard_here, monkeypatch):
    """A home with a complete demo of another version, of one film, and the path of its file."""
    [film] = chosen = demo_films()[1:2]
    monkeypatch.setattr(demo, "demo_films", lambda: chosen)
    monkeypatch.setattr(demo, "thesis_films", list)
    monkeypatch.setattr(demo, "run_validity", lambda home, architecture: validity_path(home).write_text("{}"))
    home = Home.at(tmp_path / "home")
    path = media_dir(home) / film.directors[0] / f"{film.title} ({film.year}).mkv"
    path.parent.mkdir(parents=True)
    shutil.copy(film_file, path)
    ingest(home, [media_dir(home)], collection=DEMO, workers=1)
    validity_path(home).write_text('{"of": "the other version"}')
    (media_dir(home) / "complete.json").write_text('{"version": "1", "films": 1}')
    return home, path


def test_a_demo_of_another_version_is_rendered_and_heard_again(older_demo):
    home, path = older_demo
    with State.open(home) as state:
        [before] = state.films()
    assert not is_complete(home)
    report = build_demo(home, workers=1)
    assert (report.replaced, report.rendered, report.heard, report.failures) == (True, 1, 1, ())
    with State.open(home) as state:
        [after] = state.films()
    assert (after.film_id, after.title, after.media_path) == (before.film_id, before.title, before.media_path)
    assert after.media_sha256 not in ("", before.media_sha256)
    assert validity_path(home).read_text() == "{}"
    assert is_complete(home) and build_demo(home).existed

    (media_dir(home) / "complete.json").unlink()  # as if it was interrupted now: what is rendered stays
    rendered = path.read_bytes()
    again = build_demo(home, workers=1)
    assert (again.replaced, again.rendered, path.read_bytes() == rendered) == (False, 0, True)


def test_a_demo_that_cannot_be_rendered_again_keeps_its_films(older_demo, monkeypatch):
    home, path = older_demo
    before = path.read_bytes()
    monkeypatch.setattr(studio_extra, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="filmscore"):
        build_demo(home)
    assert path.read_bytes() == before
    assert validity_path(home).exists()


def test_without_the_extra_nothing_is_added(tmp_path, monkeypatch):
    monkeypatch.setattr(studio_extra, "find_spec", lambda name: None)
    home = Home.at(tmp_path / "home")
    with pytest.raises(ModelError, match=r"pip install 'filmscore\[studio\]'"):
        build_demo(home)
    with State.open(home) as state:
        assert state.films() == []
    assert not is_complete(home)


def test_a_home_that_cannot_hold_films_is_named(tmp_path):
    home = Home.at(tmp_path / "home")
    (home.root / "media").write_text("in the way")
    with pytest.raises(CatalogueError, match="media/demo"):
        build_demo(home)


def test_a_broken_marker_means_that_the_demo_is_built_again(tmp_path):
    home = Home.at(tmp_path / "home")
    home.manifest_path.write_text("{}")
    media_dir(home).mkdir(parents=True)
    for text in ("", '{"version": "0"}'):
        (media_dir(home) / "complete.json").write_text(text)
        assert not is_complete(home)


@pytest.mark.stress
def test_a_demo_killed_again_and_again_ends_complete(tmp_path):
    """SIGKILL to the whole process group at random moments; the last run finds what is there and finishes it."""
    command = [sys.executable, "-m", "cli", "demo", "--home", str(tmp_path / "home")]
    moments = random.Random(5)
    for _ in range(4):
        process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(3, 25))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0
    home = Home.at(tmp_path / "home")
    assert is_complete(home)
    with State.open(home) as state:
        films = state.films()
    assert len(films) == 180
    assert len({film.title for film in films if film.media_sha256}) == 36 == sum(bool(f.media_sha256) for f in films)
    assert not list(media_dir(home).glob("*/.*"))
