"""A snapshot that takes over from an earlier one holds what it would read itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from db.catalogue.parts import part_path, write_part
from db.catalogue.publish import publish
from db.catalogue.snapshot import Snapshot
from db.catalogue.vectors import file_of
from db.home import Home
from db.state.store import State
from errors import CatalogueError
from film import Film
from tests.db.sample import PlainEncoding, add_heard, analysis_of, filled, sha_of


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = filled(tmp_path)
    publish(home, PlainEncoding())
    return home


def read(home: Home) -> Snapshot:
    """The current snapshot with all that another can take over."""
    snapshot = Snapshot.open(home)
    snapshot.films(), snapshot.matrix(), snapshot.title_keys
    return snapshot


def assert_same(followed: Snapshot, whole: Snapshot) -> None:
    assert {"_films", "_matrix", "title_keys"} <= followed.__dict__.keys()
    pd.testing.assert_frame_equal(followed.films(), whole.films())
    assert followed.title_keys.tolist() == whole.title_keys.tolist()
    one, other = followed.matrix(), whole.matrix()
    for name in ("film_ids", "vectors", "prior"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.slices == other.slices and one.has.keys() == other.has.keys()
    assert all((one.has[name] == other.has[name]).all() for name in one.has)


def test_films_that_changed_came_or_went_between_two_publishes_are_all_that_differs(home: Home) -> None:
    with State.open(home) as state:
        first, second, third, *_ = (film.film_id or 0 for film in state.films())
    before = read(home)
    with State.open(home) as state:
        state.update_film(first, title="The Other", year=None)
    publish(home, PlainEncoding())
    with State.open(home) as state:
        state.delete_film(second)
        add_heard(home, state, "New", seed=9, year=1999)
        write_part(home, analysis := analysis_of("Again", 2, seed=11))
        state.attach_media(third, sha_of("Again"), 0, analysis.media, analysis.model_version)
    publish(home, PlainEncoding())
    followed = Snapshot.open(home)
    same = followed.follow(before)
    assert same is not None and len(same.changed) == 3
    assert_same(followed, read(home))


def test_a_year_that_becomes_known_gives_whole_numbers_as_a_reading_does(home: Home) -> None:
    with State.open(home) as state:
        film_id = state.add_film(Film("Undated"))
    publish(home, PlainEncoding())
    before = read(home)
    with State.open(home) as state:
        state.update_film(film_id, year=1950)
    publish(home, PlainEncoding())
    followed = Snapshot.open(home)
    assert followed.follow(before) is not None
    assert before.films()["year"].dtype.kind == "f" and followed.films()["year"].dtype.kind == "i"
    assert_same(followed, read(home))


def test_only_what_was_read_is_taken_over(home: Home) -> None:
    before = Snapshot.open(home)
    followed = Snapshot.open(home)
    assert followed.follow(before) is not None
    assert not {"_films", "_matrix", "title_keys"} & followed.__dict__.keys()


def test_a_film_whose_part_is_lost_loses_its_sound_there_too(home: Home) -> None:
    before = read(home)
    with State.open(home) as state:
        media = state.media()[-1]
        part_path(home, media.media_sha256, media.audio_track, media.model_version).unlink()
        state.attach_media(media.film_id, media.media_sha256, media.audio_track, media.path, media.model_version)
    publish(home, PlainEncoding())
    followed = Snapshot.open(home)
    assert followed.follow(before) is not None
    assert_same(followed, read(home))


def test_a_catalogue_that_is_encoded_anew_or_belongs_to_another_home_is_read_whole(
    home: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = read(home)
    with State.open(home) as state:
        state.add_films(Film(f"Many {i}") for i in range(6))
    publish(home, PlainEncoding())  # half as many again: the encoder is refitted
    with Snapshot.open(home) as grown:
        assert grown.follow(before) is None and "_films" not in grown.__dict__
    other = filled(tmp_path_factory.mktemp("other"), heard=1, known=0)
    with State.open(other) as state:
        add_heard(other, state, "Elsewhere")
    publish(other, PlainEncoding())
    with Snapshot.open(other) as elsewhere:
        assert elsewhere.follow(before) is None
    with Snapshot.open(home) as later:
        assert before.follow(read(home)) is None, "an earlier one does not follow a later one"
        assert later.manifest.films == 18


def test_a_damaged_new_segment_is_named(home: Home) -> None:
    before = read(home)
    with State.open(home) as state:
        state.update_film(state.films()[0].film_id or 0, year=1901)
    publish(home, PlainEncoding())
    followed = Snapshot.open(home)
    path = file_of(followed.directory, followed.id, "vectors")
    size = path.stat().st_size
    path.unlink()
    path.write_bytes(b"x" * size)
    with pytest.raises(CatalogueError, match=r"cannot be read .* doctor --repair"):
        followed.follow(before)


def test_runs_are_shared_until_a_film_has_others(home: Home) -> None:
    before = read(home)
    before.scenes(), before.run_facts()
    with State.open(home) as state:
        media = state.media()[-1]
        state.update_film(media.film_id, votes=77)
    publish(home, PlainEncoding())
    edited = Snapshot.open(home)
    assert edited.follow(before) is not None
    assert edited.scenes() is before.scenes() and edited.run_facts() is before.run_facts()
    with State.open(home) as state:
        run = edited.runs(media.film_id)[0]
        state.correct_run(media.film_id, (run.start_s, run.end_s), "genre", "rock")
    publish(home, PlainEncoding())
    corrected = Snapshot.open(home)
    assert corrected.follow(edited) is not None
    assert {"_scenes", "_run_facts"} <= corrected.__dict__.keys()
    facts = corrected.run_facts()
    here = (facts.film_ids == media.film_id) & (facts.start_s == run.start_s)
    assert facts.values["genre"][here].tolist() == ["rock"] != edited.run_facts().values["genre"][here].tolist()
    assert corrected.scenes() is not edited.scenes()
