"""Metrics of recommendation lists: accuracy per user, and coverage, novelty and diversity of all lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.protocol import Split

Float64 = npt.NDArray[np.float64]
Lists = Sequence[npt.NDArray[np.intp]]

K = 10
BOOTSTRAPS = 1000
COVERAGE_BOOTSTRAPS = 200
SEED = 5
FAMOUS = 50
SMOOTHING = 0.01


def ndcg(found: npt.NDArray[np.bool_], n_relevant: int, k: int = K) -> float:
    """Binary gains, discount 1 / log2(rank + 1), ideal over min(k, n_relevant)."""
    discount = 1.0 / np.log2(np.arange(2, k + 2))
    return float(discount[: len(found)][found[:k]].sum() / discount[: min(k, n_relevant)].sum())


def per_user(lists: Lists, splits: Sequence[Split]) -> dict[str, Float64]:
    """ndcg, recall (hits / test likes) and hit_rate (a hit or none), (n_users,) each."""
    values: dict[str, list[float]] = {"ndcg": [], "recall": [], "hit_rate": []}
    for recommended, split in zip(lists, splits, strict=True):
        found = np.isin(recommended[:K], split.test)
        values["ndcg"].append(ndcg(found, len(split.test)))
        values["recall"].append(float(found.sum()) / len(split.test))
        values["hit_rate"].append(float(found.any()))
    return {name: np.array(column) for name, column in values.items()}


def training_counts(splits: Sequence[Split], n_films: int) -> npt.NDArray[np.int64]:
    """(n_films,): number of users with the film among their training likes."""
    rows = np.concatenate([np.array(split.training, np.int64) for split in splits])
    counts: npt.NDArray[np.int64] = np.bincount(rows, minlength=n_films).astype(np.int64)
    return counts


def most_famous(splits: Sequence[Split], candidates: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """(FAMOUS,) rows of the candidates that most users like in training; ties in order of row."""
    counts = np.where(candidates, training_counts(splits, len(candidates)), -1)
    return np.lexsort((np.arange(len(counts)), -counts))[:FAMOUS]


def beyond_accuracy(
    lists: Lists,
    splits: Sequence[Split],
    candidates: npt.NDArray[np.bool_],
    genres: Float64,
    famous: npt.NDArray[np.intp] | None = None,
) -> dict[str, Float64 | float]:
    """coverage (one number), novelty, diversity, calibration and famous (per user).

    Args:
        candidates: (n_films,) which films may be recommended.
        genres: (n_films, n_genres) 0/1 vectors.
        famous: rows of the famous films; None: the most liked of these candidates.

    Coverage: distinct recommended films / candidates. Novelty: mean -log2 of a film's share of the training likes, one
    added to each count. Diversity: mean 1 - cosine of the genre vectors over the pairs of a list. Calibration: see
    `miscalibration`; 0 is best. Famous: share of the list that is among the `FAMOUS` films that most users
    like in training.
    """
    counts = training_counts(splits, len(candidates)).astype(np.float64) + 1.0
    information = -np.log2(counts / counts[candidates].sum())
    length = np.linalg.norm(genres, axis=1, keepdims=True)
    unit = np.divide(genres, length, out=np.zeros_like(genres), where=length > 0)
    shares = genres / np.maximum(genres.sum(axis=1, keepdims=True), 1.0)
    famous = most_famous(splits, candidates) if famous is None else famous
    novelty, diversity, calibration, fame = [], [], [], []
    for recommended, split in zip(lists, splits, strict=True):
        calibration.append(miscalibration(shares[list(split.training)].mean(axis=0), shares[recommended]))
        fame.append(float(np.isin(recommended, famous).mean()) if len(recommended) else 0.0)
        novelty.append(float(information[recommended].mean()) if len(recommended) else 0.0)
        alike = unit[recommended] @ unit[recommended].T
        pairs = np.triu_indices(len(recommended), 1)
        diversity.append(float((1.0 - alike[pairs]).mean()) if len(recommended) > 1 else 0.0)
    distinct = len(np.unique(np.concatenate([np.asarray(rows) for rows in lists])))
    return {
        "coverage": distinct / int(candidates.sum()),
        "novelty": np.array(novelty),
        "diversity": np.array(diversity),
        "calibration": np.array(calibration),
        "famous": np.array(fame),
    }


def miscalibration(taste: Float64, listed: Float64) -> float:
    """How far a list's genres are from those of the likes: the Kullback-Leibler divergence in bits; 0: equal shares.

    The list's shares are mixed with `SMOOTHING` of the likes', so that a genre that the list lacks counts finitely.
    Source: Steck, "Calibrated recommendations", RecSys 2018.

    Args:
        taste: (n_genres,) mean of the liked films' genre shares.
        listed: (n, n_genres) genre shares of the list's films.
    """
    mean = listed.mean(axis=0) if len(listed) else np.zeros_like(taste)
    smooth = (1.0 - SMOOTHING) * mean + SMOOTHING * taste
    held = taste > 0
    return float((taste[held] * np.log2(taste[held] / smooth[held])).sum())


def bootstrap_interval(values: Float64) -> list[float]:
    """95 % bootstrap interval of the mean over users."""
    drawn = np.random.default_rng(SEED).integers(0, len(values), (BOOTSTRAPS, len(values)))
    means = values[drawn].mean(axis=1)
    return [float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))]


def _coverage_interval(lists: Lists, n_candidates: int) -> list[float]:
    rng = np.random.default_rng(SEED)
    stacked = [np.asarray(rows) for rows in lists]
    values = []
    for _ in range(COVERAGE_BOOTSTRAPS):
        drawn = rng.integers(0, len(stacked), len(stacked))
        values.append(len(np.unique(np.concatenate([stacked[i] for i in drawn]))) / n_candidates)
    return [float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))]


def describe(
    lists: Lists,
    splits: Sequence[Split],
    candidates: npt.NDArray[np.bool_],
    genres: Float64,
    famous: npt.NDArray[np.intp] | None = None,
) -> dict[str, Any]:
    """The figures of a model and, under `interval_95`, their bootstrap intervals over users."""
    columns = {**per_user(lists, splits), **beyond_accuracy(lists, splits, candidates, genres, famous)}
    figures: dict[str, Any] = {name: float(np.mean(value)) for name, value in columns.items()}
    intervals = {name: bootstrap_interval(value) for name, value in columns.items() if isinstance(value, np.ndarray)}
    # A bootstrap sample has fewer distinct users, so this interval lies below the figure.
    intervals["coverage"] = _coverage_interval(lists, int(candidates.sum()))
    return figures | {"interval_95": intervals}
