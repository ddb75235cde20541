"""The index of scenes beside a large segment: written once, shared by snapshots, and never needed."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from db.catalogue import scenes as scenes_module
from db.catalogue.current import current_id
from db.catalogue.publish import publish
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from db.upkeep.doctor import examine
from film import Film
from recommender.scenes import SceneIndex, SceneMatch
from tests.db import sample
from tests.db.sample import D, PlainEncoding, add_heard

ASKED = np.random.default_rng(8).standard_normal((3, D))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Thirty films of four runs each, of which a segment counts as large."""
    monkeypatch.setattr(scenes_module, "INDEXED_FROM", 50)
    home = Home.at(tmp_path / "home")
    with State.open(home) as state:
        for i in range(30):
            add_heard(home, state, f"Heard {i}", runs=4, seed=i)
    publish(home, PlainEncoding())
    return home


def indexes(home: Home) -> list[Path]:
    return sorted((home.snapshots / current_id(home) / "segments").glob("*.scenes.*"))


def answers(home: Home) -> tuple[list[SceneMatch], list[tuple[int, float]]]:
    with Snapshot.open(home) as snapshot:
        assert snapshot.notices == ()
        return SceneIndex(snapshot.scenes()).nearest(ASKED, n=12)


def without_indexes(home: Home, monkeypatch: pytest.MonkeyPatch) -> tuple[list[SceneMatch], list[tuple[int, float]]]:
    with monkeypatch.context() as changed:
        changed.setattr(scenes_module, "INDEXED_FROM", 10**9)
        return answers(home)


def test_a_small_catalogue_has_no_index_on_the_disk(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "small")
    with State.open(home) as state:
        add_heard(home, state, "Heard", runs=4, seed=1)
    publish(home, PlainEncoding())
    assert not indexes(home) and len(answers(home)[0]) == 4


def test_later_films_leave_the_index_as_it_is_and_count_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [path.suffix for path in indexes(home)] == [".faiss", ".npz"]
    before = {path.name: path.stat().st_ino for path in indexes(home)}
    assert answers(home) == without_indexes(home, monkeypatch)
    with State.open(home) as state:
        added = add_heard(home, state, "Added", runs=4, seed=77)
        gone = {scene.film_id for scene in answers(home)[0][:1]}
        for film_id in gone:
            state.delete_film(film_id)
    publish(home, PlainEncoding())
    assert {path.name: path.stat().st_ino for path in indexes(home)} == before
    scenes, films = answers(home)
    assert (scenes, films) == without_indexes(home, monkeypatch)
    assert gone.isdisjoint(scene.film_id for scene in scenes) and gone.isdisjoint(film for film, _ in films)
    with Snapshot.open(home) as snapshot:
        found = snapshot.scenes()
        row = int(np.flatnonzero(found.film_ids == added)[2])
        again = SceneIndex(found).nearest(found.embeddings(np.array([row])), n=1)[0][0]
        assert (again.film_id, again.run, again.score) == (added, 2, 1.0)


def test_scenes_of_two_widths_are_those_of_the_commoner_one(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    right = answers(home)
    with monkeypatch.context() as changed, State.open(home) as state:
        changed.setattr(sample, "D", D + 3)
        for i in range(20):
            add_heard(home, state, f"Wide {i}", runs=4, seed=100 + i)
    publish(home, PlainEncoding())
    assert len(indexes(home)) == 4, "two large segments"
    assert answers(home) == right


@pytest.mark.fault("The index of scenes damaged", by_case=True)
@pytest.mark.parametrize("kind", ["missing", "truncated", "overwritten", "without its lengths"])
def test_a_damaged_index_of_scenes_changes_no_answer(home: Home, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    right = answers(home)
    index, lengths = indexes(home)
    if kind == "truncated":
        index.write_bytes(index.read_bytes()[:-40])
    elif kind == "overwritten":
        index.write_bytes(bytes(index.stat().st_size))
    else:
        (index if kind == "missing" else lengths).unlink()
    with caplog.at_level(logging.WARNING):
        assert answers(home) == right
    assert "the index of scenes is missing or damaged" in caplog.text and "doctor --repair" in caplog.text
    assert any(index.name.split(".")[0] in finding.said for finding in examine(home) if not finding.ok)
    with State.open(home) as state:
        state.add_film(Film("One more"))
    publish(home, PlainEncoding(), full=kind == "overwritten")
    caplog.clear()
    assert answers(home) == right and not caplog.records and len(indexes(home)) == 2
