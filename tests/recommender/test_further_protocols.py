from __future__ import annotations

import math

import numpy as np
import pytest

from db.catalogue.records import FilmRecord
from film import Film
from recommender import metrics
from recommender.further_protocols import cold, ease_of_other_users, few, tail
from recommender.protocol import RatedCatalogue, Split

N = 60


@pytest.fixture
def rated() -> tuple[RatedCatalogue, list[Split]]:
    rng = np.random.default_rng(2)
    catalogue = RatedCatalogue(
        tuple(FilmRecord(Film(f"Film {i}", genres=("Drama",)), None, None, None, "") for i in range(N)),
        np.arange(N) % 6 != 0,
        {},
    )
    splits = []
    for user in range(12):
        likes = [int(row) for row in rng.permutation(np.flatnonzero(catalogue.candidates))[:20]]
        splits.append(Split(user, tuple(likes[:16]), tuple(likes[16:])))
    return catalogue, splits


def test_hidden_films_are_in_no_question_and_only_they_are_sought(rated: tuple[RatedCatalogue, list[Split]]) -> None:
    catalogue, splits = rated
    protocol = cold(catalogue, splits)
    hidden = set(np.flatnonzero(protocol.catalogue.candidates).tolist())
    assert len(hidden) == 10 and hidden <= set(np.flatnonzero(catalogue.candidates).tolist())
    for split in protocol.splits:
        whole = next(one for one in splits if one.user == split.user)
        assert not hidden & set(split.training) and set(split.test) <= hidden
        assert sorted(split.training + split.test) == sorted(whole.training + whole.test)


def test_users_with_few_likes_have_three_to_five(rated: tuple[RatedCatalogue, list[Split]]) -> None:
    catalogue, splits = rated
    protocol = few(catalogue, splits)
    assert {len(split.training) for split in protocol.splits} == {3, 4, 5}
    assert [split.test for split in protocol.splits] == [split.test for split in splits]


def test_what_ease_learns_of_few_likes_leaves_the_user_out(rated: tuple[RatedCatalogue, list[Split]]) -> None:
    catalogue, splits = rated
    asked = few(catalogue, splits).splits
    before = ease_of_other_users(splits, asked, catalogue)
    other = tuple(int(row) for row in np.flatnonzero(catalogue.candidates)[:16])
    splits[0] = Split(0, other, splits[0].test)
    after = ease_of_other_users(splits, asked, catalogue)
    assert after[0].tolist() == before[0].tolist()
    assert any(a.tolist() != b.tolist() for a, b in zip(after, before, strict=True)), "others learn from that user"


def test_the_most_popular_tenth_is_neither_ranked_nor_sought(rated: tuple[RatedCatalogue, list[Split]]) -> None:
    catalogue, splits = rated
    counts = metrics.training_counts(splits, N)
    protocol = tail(catalogue, splits)
    left_out = catalogue.candidates & ~protocol.catalogue.candidates
    assert left_out.sum() == 5
    assert counts[left_out].min() >= counts[protocol.catalogue.candidates].max()
    assert all(split.test and not left_out[list(split.test)].any() for split in protocol.splits)


def test_genres_of_a_list_are_held_against_those_of_the_likes() -> None:
    taste = np.array([0.75, 0.25, 0.0])
    same, other = np.array([[0.75, 0.25, 0.0]] * 2), np.array([[0.0, 0.0, 1.0]])
    assert metrics.miscalibration(taste, same) == pytest.approx(0.0, abs=1e-12)
    assert metrics.miscalibration(taste, other) == pytest.approx(math.log2(100)), "only the smoothing has its genres"
    half = metrics.miscalibration(taste, np.array([[1.0, 0.0, 0.0]]))
    assert 0 < half < math.log2(100)


def test_the_share_of_famous_films_counts_those_liked_most() -> None:
    n = 80
    likes = [Split(user, tuple(range(n - user - 1, n)), ()) for user in range(n)]  # film 79 is liked by all
    listed = [np.array([0, 10, 29, 30, 79])] * n
    famous = metrics.beyond_accuracy(listed, likes, np.ones(n, bool), np.ones((n, 1)))["famous"]
    assert np.asarray(famous).tolist() == pytest.approx([2 / 5] * n), "the fifty most liked are 30 to 79"
