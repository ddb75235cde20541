"""Collaborative rivals for the evaluation: item-kNN, EASE^R and ALS. They know other users' likes, filmscore does not.

The constants were chosen by `python -m bench.tune_rivals` on earlier cuts of the training likes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from recommender.protocol import Split

Float64 = npt.NDArray[np.float64]
Ranker = Callable[[Split], Float64]
"""Maps a user's training likes to (n_films,) scores."""

PLAIN_NEIGHBOURS = 50
"""Neighbours of each film in the plain item-kNN, which has no shrinkage."""
NEIGHBOURS = 400
SHRINKAGE = 5.0
EASE_PENALTY = 100.0
ALS_FACTORS = 64
ALS_CONFIDENCE = 1.0
ALS_PENALTY = 10.0
ALS_ROUNDS = 10
SEED = 5


def likes_matrix(splits: Sequence[Split], n_films: int) -> sp.csr_matrix:
    """(n_users, n_films): 1 where a film is among a user's training likes."""
    users = np.repeat(np.arange(len(splits)), [len(split.training) for split in splits])
    films = np.concatenate([np.array(split.training, np.intp) for split in splits])
    return sp.csr_matrix((np.ones(len(films)), (users, films)), shape=(len(splits), n_films))


def item_knn(
    splits: Sequence[Split], n_films: int, neighbours: int = NEIGHBOURS, shrinkage: float = SHRINKAGE
) -> Ranker:
    """Sum over the user's likes of the similarity to the film, if the film is among the like's nearest `neighbours`.

    The similarity of two films is the cosine over users, times n / (n + shrinkage) for the n users who like both.
    """
    likes = likes_matrix(splits, n_films)
    length = np.sqrt(np.maximum(np.asarray(likes.sum(axis=0)).ravel(), 1e-12))
    alike = sp.csr_matrix(likes.T @ likes)
    alike.setdiag(0.0)
    alike.eliminate_zeros()
    alike.data = alike.data**2 / (alike.data + shrinkage)
    alike = sp.csr_matrix(sp.diags(1.0 / length) @ alike @ sp.diags(1.0 / length))
    for row in range(n_films):
        start, stop = alike.indptr[row], alike.indptr[row + 1]
        if stop - start > neighbours:
            part = alike.data[start:stop]
            part[np.argsort(-part, kind="stable")[neighbours:]] = 0.0
    alike.eliminate_zeros()
    return lambda split: np.asarray(alike[list(split.training)].sum(axis=0)).ravel()


def ease(splits: Sequence[Split], n_films: int, penalty: float = EASE_PENALTY) -> Ranker:
    """EASE^R: the linear model with zero diagonal that best predicts each like from the user's other likes.

    With P = (X'X + penalty I)^-1 the weights are B = I - P / diag(P), column by column. There are fewer users than
    films, so P is expressed by a users x users matrix (Woodbury): P = (I - X' (penalty I + X X')^-1 X) / penalty.
    Source: Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019.
    """
    likes = likes_matrix(splits, n_films)
    gram = (likes @ likes.T).toarray() + penalty * np.eye(len(splits))
    solved: Float64 = np.linalg.solve(gram, likes.toarray())
    diagonal = (1.0 - np.asarray(likes.multiply(solved).sum(axis=0)).ravel()) / penalty

    def rank(split: Split) -> Float64:
        asked = np.zeros(n_films)
        asked[list(split.training)] = 1.0
        scores: Float64 = asked - (asked - (likes @ asked) @ solved) / penalty / diagonal
        return scores

    return rank


def als(
    splits: Sequence[Split],
    n_films: int,
    factors: int = ALS_FACTORS,
    confidence: float = ALS_CONFIDENCE,
    penalty: float = ALS_PENALTY,
) -> Ranker:
    """ALS for implicit feedback: products of user and film factors, fitted by least squares for each side in turn.

    A like has target 1 and weight 1 + confidence, any other film target 0 and weight 1.
    Source: Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008.
    """
    likes = likes_matrix(splits, n_films)
    by_film = sp.csr_matrix(likes.T)
    films: Float64 = np.random.default_rng(SEED).normal(0.0, 0.1, (n_films, factors))
    for _ in range(ALS_ROUNDS):
        users = solve_side(films, likes, confidence, penalty)
        films = solve_side(users, by_film, confidence, penalty)
    gram = films.T @ films + penalty * np.eye(factors)

    def rank(split: Split) -> Float64:
        scores: Float64 = films @ _solve_row(films[list(split.training)], gram, confidence)
        return scores

    return rank


def solve_side(others: Float64, likes: sp.csr_matrix, confidence: float, penalty: float) -> Float64:
    """(rows, factors): for each row of `likes` the factors that fit those of the other side best; zeros without likes.

    Args:
        others: (columns, factors) factors of the other side.
        likes: (rows, columns) 0/1.
    """
    gram = others.T @ others + penalty * np.eye(others.shape[1])
    found = np.zeros((likes.shape[0], others.shape[1]))
    for row in np.flatnonzero(np.diff(likes.indptr)):
        found[row] = _solve_row(others[likes.indices[likes.indptr[row] : likes.indptr[row + 1]]], gram, confidence)
    return found


def _solve_row(liked: Float64, gram: Float64, confidence: float) -> Float64:
    """(factors,) of one row, from the factors of what it likes and Y'Y + penalty I of the whole other side."""
    found: Float64 = np.linalg.solve(gram + confidence * liked.T @ liked, (1.0 + confidence) * liked.sum(axis=0))
    return found
