"""The map of a home: kept, updated by a publish, in the API; and what sets films apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient

from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from errors import ParameterError
from film import Film
from recommender import Recommender
from service.api.routes import create_app
from service.library.publishing import publish
from service.questions import mapping
from service.questions.apart import FILMS, LEVEL, Difference, difference_words, features, set_apart
from service.questions.mapping import BASES, film_path, map_document, open_map, refresh_maps
from tests.service.heard_home import make_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


def test_a_map_is_kept_and_a_publish_adds_new_films_to_it(home: Home) -> None:
    with Snapshot.open(home) as snapshot:
        before = open_map(home, snapshot, Recommender(snapshot), "about")
    kept = (home.maps / "about.npz").read_bytes()
    with Snapshot.open(home) as snapshot:
        again = open_map(home, snapshot, Recommender(snapshot), "about")
    assert (again.points == before.points).all() and (home.maps / "about.npz").read_bytes() == kept
    with State.open(home) as state:
        state.add_films([Film("A New One", directors=("Ida Holm",), year=1959, genres=("Drama",))])
    publish(home)
    assert (home.maps / "about.npz").read_bytes() != kept
    with Snapshot.open(home) as snapshot:
        added = open_map(home, snapshot, Recommender(snapshot), "about")
    assert len(added) == len(before) + 1 and set(before.film_ids) < set(added.film_ids)
    assert not (home.maps / "sound.npz").exists()


def test_a_publish_of_few_films_leaves_the_maps_to_who_asks_next(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with Snapshot.open(home) as snapshot:
        before = {basis: open_map(home, snapshot, Recommender(snapshot), basis) for basis in ("about", "scenes")}
        sequence = snapshot.manifest.sequence
    monkeypatch.setattr(mapping, "EVERY", sequence + 3)
    made: list[str] = []
    monkeypatch.setattr(mapping, "open_map", lambda home, snapshot, recommender, basis: made.append(basis))
    with State.open(home) as state:
        film_id = state.media()[0].film_id
        state.update_film(film_id, genres=("Western",), votes=7)
    publish(home)
    assert made == []
    with Snapshot.open(home) as snapshot:
        now = open_map(home, snapshot, Recommender(snapshot), "about")
    moved = (now.points != before["about"].points).any(axis=1)
    assert now.film_ids[moved].tolist() == [film_id]
    monkeypatch.setattr(mapping, "MOST_LEFT", 0)
    for title, expected in (("Another Title", 1), ("A Third Title", 2)):
        with State.open(home) as state:
            state.update_film(film_id, title=title)
        publish(home)
        assert made == ["about", "scenes"] * expected
        monkeypatch.setattr(mapping, "MOST_LEFT", 20)  # the second is the publish whose turn it is
    refresh_maps(home, "a snapshot that is gone")
    assert made == ["about", "scenes"] * 3


@pytest.mark.fault("A damaged map")
def test_a_damaged_map_is_made_again(home: Home) -> None:
    home.maps.mkdir()
    (home.maps / "sound.npz").write_bytes(b"not a map")
    with Snapshot.open(home) as snapshot:
        made = open_map(home, snapshot, Recommender(snapshot), "sound")
    assert len(made) == 4 and np.isfinite(made.points).all()


@pytest.mark.fault("A changed byte in the file of a map", times=400)
def test_a_map_with_a_changed_byte_is_read_or_made_again_and_costs_no_publish(home: Home) -> None:
    with Snapshot.open(home) as snapshot:
        recommender = Recommender(snapshot)
        open_map(home, snapshot, recommender, "sound")
        path, rng = home.maps / "sound.npz", np.random.default_rng(3)
        whole = path.read_bytes()
        for _ in range(400):
            changed = bytearray(whole)
            changed[rng.integers(len(whole))] ^= 1 << rng.integers(8)
            path.write_bytes(changed)
            made = open_map(home, snapshot, recommender, "sound")
            assert len(made) == 4 and np.isfinite(made.points).all()
    np.save(path.open("wb"), np.zeros(3))
    refresh_maps(home)
    assert path.read_bytes()[:2] == b"PK"


def test_every_basis_is_answered_and_an_unknown_one_is_refused(home: Home) -> None:
    with TestClient(create_app(home)) as client:
        for basis, count in zip(BASES, (4, 6, 0, 5), strict=True):
            body = client.get("/map", params={"of": basis}).json()
            assert (body["of"], len(body["points"])) == (basis, count)
        assert set(body["points"][0]) == {"film_id", "title", "x", "y", "run", "start_s", "end_s"}
        assert client.get("/map", params={"of": "taste"}).status_code == 422


@pytest.mark.parametrize(("count", "said"), [(0, "nothing to show"), (1, "Only one film"), (2, "Two films"), (3, "")])
def test_few_films_are_said(count: int, said: str, tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    with State.open(home) as state:
        state.add_films(
            [Film(f"Film {i}", genres=("Drama", "Crime")[: i + 1], year=1950 + 9 * i) for i in range(count)]
        )
    publish(home)
    with Snapshot.open(home) as snapshot:
        known = open_map(home, snapshot, Recommender(snapshot), "about")
        notices = map_document(snapshot, known, "about")["notices"]
    assert len(known) == count and [said in one for one in notices] == [True] * bool(said)


def test_a_path_names_films_and_refuses_a_film_that_is_not_on_the_map(home: Home) -> None:
    with Snapshot.open(home) as snapshot:
        vectors = Recommender(snapshot).map_vectors("sound")
    path = film_path(vectors, 1, 4)
    assert (path[0], path[-1]) == (1, 4) and sorted(path) == [1, 2, 3, 4]
    with pytest.raises(ParameterError, match="film 6: not on this map"):
        film_path(vectors, 1, 6)


def test_what_sets_films_apart_is_named_in_numbers_and_chance_is_not() -> None:
    rng = np.random.default_rng(5)
    west = np.arange(60) < 20
    table = pd.DataFrame(
        {
            (FILMS, "Western"): np.where(west, rng.random(60) < 0.9, rng.random(60) < 0.05).astype(float),
            (LEVEL, "energy"): np.where(west, 1.5, 0.7) + 0.2 * rng.standard_normal(60),
            (LEVEL, "valence"): rng.standard_normal(60),
        },
        index=np.arange(1, 61),
    )
    found = {one.name: one for one in set_apart(table, range(1, 21))}
    assert set(found) == {"Western", "energy"}
    assert found["energy"].inside == pytest.approx(1.5, abs=0.15) and found["Western"].inside > 80
    assert difference_words(Difference("Western", FILMS, 90.0, 4.6, 0.0)) == "Western 90 %, others 5 %"
    assert set_apart(table, []) == [] and set_apart(table, [1]) == [] and set_apart(table, range(1, 61)) == []


def test_features_are_numbers_of_the_films_as_they_are_known(home: Home) -> None:
    with Snapshot.open(home) as snapshot:
        films = snapshot.films().set_index("film_id", drop=False)
        table = features(films, snapshot.summaries())
    assert table.loc[1, (LEVEL, "energy")] == 0 and np.isnan(table.loc[5, (LEVEL, "energy")])
    assert table[FILMS, "Drama"].tolist() == [1, 0, 1, 0, 0, 1] and (FILMS, "Action") not in table
    assert table[FILMS, "by Ida Holm"].sum() == 3 and table[FILMS, "from the 1950s"].sum() == 3
