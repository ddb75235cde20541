from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from recommender.collaborative import ease, item_knn, likes_matrix, solve_side
from recommender.protocol import Split

N_FILMS = 7
users = st.lists(st.sets(st.integers(0, N_FILMS - 1), min_size=1, max_size=6), min_size=2, max_size=6)


def splits_of(liked: list[set[int]]) -> list[Split]:
    return [Split(user, tuple(sorted(films)), ()) for user, films in enumerate(liked)]


@given(users, st.floats(0.5, 50))
@settings(max_examples=40, deadline=None)
def test_ease_is_the_ridge_regression_of_each_film_on_the_others(liked: list[set[int]], penalty: float) -> None:
    splits = splits_of(liked)
    likes = likes_matrix(splits, N_FILMS).toarray()
    weights = np.zeros((N_FILMS, N_FILMS))
    for film in range(N_FILMS):
        others = [row for row in range(N_FILMS) if row != film]
        x = likes[:, others]
        weights[others, film] = np.linalg.inv(x.T @ x + penalty * np.eye(len(others))) @ x.T @ likes[:, film]
    rank = ease(splits, N_FILMS, penalty)
    for split, row in zip(splits, likes, strict=True):
        np.testing.assert_allclose(rank(split), row @ weights, atol=1e-9)


@given(users, st.integers(1, 6), st.sampled_from([0.0, 3.0]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_item_knn_sums_the_shrunk_cosines_of_the_nearest_films(
    liked: list[set[int]], neighbours: int, shrinkage: float
) -> None:
    fans = [{user for user, films in enumerate(liked) if film in films} for film in range(N_FILMS)]

    def alike(one: int, other: int) -> float:
        both = len(fans[one] & fans[other])
        if one == other or not both:
            return 0.0
        return both / np.sqrt(len(fans[one]) * len(fans[other])) * both / (both + shrinkage)

    kept = np.zeros((N_FILMS, N_FILMS))
    for like in range(N_FILMS):
        row = [alike(like, other) for other in range(N_FILMS)]
        own = sorted(row, reverse=True)
        assume(own[neighbours] == 0 or own[neighbours - 1] > own[neighbours] + 1e-9)  # which of a tie stay is open
        kept[like] = [value if value > own[neighbours] else 0.0 for value in row]
    splits = splits_of(liked)
    rank = item_knn(splits, N_FILMS, neighbours, shrinkage)
    for split in splits:
        np.testing.assert_allclose(rank(split), kept[list(split.training)].sum(axis=0), atol=1e-9)


@given(users, st.floats(0.5, 20), st.floats(0.5, 20))
@settings(max_examples=30, deadline=None)
def test_als_solves_the_weighted_least_squares_of_each_row(
    liked: list[set[int]], confidence: float, penalty: float
) -> None:
    likes = likes_matrix(splits_of(liked), N_FILMS)
    films = np.random.default_rng(1).normal(size=(N_FILMS, 3))
    found = solve_side(films, likes, confidence, penalty)
    for row, solved in zip(likes.toarray(), found, strict=True):
        root = np.sqrt(1.0 + confidence * row)
        stacked = np.vstack([films * root[:, None], np.sqrt(penalty) * np.eye(3)])
        expected = np.linalg.lstsq(stacked, np.concatenate([row * root, np.zeros(3)]), rcond=None)[0]
        np.testing.assert_allclose(solved, expected, atol=1e-8)
