"""More of and less of among scenes: the trait increases, the displayed similarity stays, unknown words are named."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from db.catalogue.snapshot import Snapshot
from db.home import Home
from errors import ParameterError
from recommender import Recommender, SceneMatch
from recommender.scene_steering import POOL
from tests.views.catalogue import build


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return build(tmp_path_factory.mktemp("scenes"))


@pytest.fixture(scope="module")
def recommender(home: Home) -> Iterator[Recommender]:
    with Snapshot.open(home) as snapshot:
        yield Recommender(snapshot)


@pytest.fixture(scope="module")
def pool(recommender: Recommender) -> list[SceneMatch]:
    return recommender.scenes_like(1, 0, POOL)


@pytest.mark.parametrize(
    ("more", "less"),
    [(["energy"], []), ([], ["energy"]), (["jazz"], []), (["energy", "jazz"], ["valence"]), (["1980s"], [])],
)
def test_the_mean_of_what_is_asked_for_moves_that_way(
    recommender: Recommender, pool: list[SceneMatch], more: list[str], less: list[str]
) -> None:
    found = recommender.steered_scenes(pool, 6, more, less, (1, 0))
    likeness = {(scene.film_id, scene.run): scene.score for scene in pool}
    assert len(found.scenes) == 6 and not found.notices
    assert all(likeness[scene.film_id, scene.run] == scene.score for scene in found.scenes), "the likeness as before"
    if len(more) + len(less) == 1:
        (effect,) = found.effects
        assert effect.before is not None and effect.after is not None
        moved = effect.after - effect.before
        assert moved >= 0 if effect.is_more else moved <= 0
        assert moved or effect.name != "energy", "of these scenes many differ in energy"


def test_without_a_wish_nothing_changes(recommender: Recommender, pool: list[SceneMatch]) -> None:
    found = recommender.steered_scenes(pool, 6)
    assert list(found.scenes) == pool[:6] and not found.effects and not found.notices
    assert recommender.steered_scenes([], 6, ["energy"]).scenes == ()


def test_scenes_by_the_same_director_come_last(recommender: Recommender, pool: list[SceneMatch], home: Home) -> None:
    found = recommender.steered_scenes(pool, 6, (), ["director"], (1, 0))
    with Snapshot.open(home) as snapshot:
        directors = {film.directors for film in snapshot.films_by_id([scene.film_id for scene in found.scenes])}
        assert snapshot.film(1).directors not in directors


def test_words_that_nothing_is_known_of_are_named(recommender: Recommender, pool: list[SceneMatch]) -> None:
    found = recommender.steered_scenes(pool, 6, ["theremin"], ["director"])
    assert "theremin" in found.notices[0] and len(found.notices) == 2, "a clip has no director"
    assert list(found.scenes) == pool[:6]
    with pytest.raises(ParameterError, match="keep one of the two"):
        recommender.steered_scenes(pool, 6, ["jazz"], ["jazz"])


def test_films_are_steered_as_well(recommender: Recommender, pool: list[SceneMatch]) -> None:
    films = [(film_id, 0.5) for film_id in range(1, 21)]
    first = [film_id for film_id, _ in recommender.steered_films(films, 5, ["energy"])]
    energy = recommender._traits.values("energy")
    assert energy is not None
    rows = recommender.matrix.rows_of(first)
    assert np.nanmean(energy[rows]) > np.nanmean(energy[recommender.matrix.rows_of(range(1, 21))])
