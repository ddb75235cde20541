"""Evaluate filmscore with the offline protocol: beside rivals, without each block, at several prior weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender import baselines, collaborative, metrics
from recommender.batch import ManyUsers
from recommender.further_protocols import evaluate_further
from recommender.matrix import BlockMatrix
from recommender.names import SharedNames
from recommender.plots import KeptVectors
from recommender.protocol import RatedCatalogue, Split, read_catalogue, read_splits
from recommender.question import DEFAULT_VARIETY
from recommender.vectors import FilmEncoding
from recommender.weights import DEFAULT_WEIGHTS, LIKE_WEIGHTS, Weights

FRONTIER = (0.0, 0.05, 0.1, 0.2, 0.27, 0.32, 0.38, 0.44, 0.5, 0.6, 0.8, 1.2)
"""Weights of the prior for the trade-off of accuracy and coverage."""


def encode(catalogue: RatedCatalogue, kept: KeptVectors | None = None) -> BlockMatrix:
    """Fit filmscore's encoding on a catalogue and return its matrix. `kept`: store of the plots' vectors."""
    encoding = FilmEncoding(kept)
    fitted = encoding.fit(catalogue.records)
    blocks = encoding.encode(fitted, catalogue.records)
    people = SharedNames.of_films(record.film for record in catalogue.records)
    prior = encoding.prior(fitted, catalogue.records)
    return BlockMatrix.from_blocks(range(len(catalogue.records)), blocks, prior, people)


def recommend_lists(
    matrix: BlockMatrix,
    catalogue: RatedCatalogue,
    splits: Sequence[Split],
    weights: Weights = DEFAULT_WEIGHTS,
    variety: float = DEFAULT_VARIETY,
) -> list[npt.NDArray[np.intp]]:
    """For each user filmscore's `metrics.K` films, chosen exactly as by `recommend`, without other users' ratings."""
    users = ManyUsers(matrix, catalogue.candidates, [split.training for split in splits], weights)
    return users.lists(weights.prior, variety, metrics.K)


def without(weights: Weights, block: str) -> Weights:
    """The same weights with one block at zero."""
    return replace(weights, blocks={**weights.blocks, block: 0.0})


def genre_vectors(catalogue: RatedCatalogue) -> npt.NDArray[np.float64]:
    """(n_films, n_genres) 0/1."""
    names = sorted({genre for record in catalogue.records for genre in record.film.genres})
    column = {name: i for i, name in enumerate(names)}
    vectors = np.zeros((len(catalogue.records), len(names)))
    for row, record in enumerate(catalogue.records):
        vectors[row, [column[genre] for genre in record.film.genres]] = 1.0
    return vectors


def evaluate(catalogue_csv: Path, ratings_csv: Path) -> dict[str, Any]:
    """Run every model on the same split.

    Returns:
        protocol, models (random, popularity, rating, tfidf; item_knn, item_knn_shrunk, ease, als; filmscore), `without`
        (filmscore minus each block), `frontier` (filmscore at several weights of the prior) and `further` (three more
        protocols); figures with 95 % intervals over users.

    Raises:
        MetadataError: a CSV cannot be read, lacks a column, or nobody has 10 likes.
    """
    catalogue = read_catalogue(catalogue_csv)
    splits = read_splits(ratings_csv, catalogue)
    matrix = encode(catalogue)
    genres = genre_vectors(catalogue)
    n = len(catalogue.records)

    def figures(lists: list[npt.NDArray[np.intp]]) -> dict[str, Any]:
        return metrics.describe(lists, splits, catalogue.candidates, genres)

    rankers = {
        "random": baselines.chance(n),
        "popularity": baselines.popularity(splits, n),
        "rating": baselines.rating(catalogue),
        "tfidf": baselines.tfidf(catalogue),
        "item_knn": collaborative.item_knn(splits, n, collaborative.PLAIN_NEIGHBOURS, shrinkage=0.0),
        "item_knn_shrunk": collaborative.item_knn(splits, n),
        "ease": collaborative.ease(splits, n),
        "als": collaborative.als(splits, n),
    }
    models = {name: figures(baselines.lists_of(ranker, splits, catalogue)) for name, ranker in rankers.items()}
    users = ManyUsers(matrix, catalogue.candidates, [split.training for split in splits], DEFAULT_WEIGHTS)
    models["filmscore"] = figures(users.lists(DEFAULT_WEIGHTS.prior, DEFAULT_VARIETY, metrics.K))
    present = [name for name in matrix.slices if matrix.has[name].any()]
    ablations = {
        name: figures(recommend_lists(matrix, catalogue, splits, without(DEFAULT_WEIGHTS, name))) for name in present
    }
    frontier = []
    for prior in FRONTIER:
        row = figures(users.lists(prior, DEFAULT_VARIETY, metrics.K))
        frontier.append({"prior": prior, "ndcg": row["ndcg"], "coverage": row["coverage"]})
    further = evaluate_further(
        catalogue,
        splits,
        genres,
        {
            "filmscore": lambda part, asked: recommend_lists(matrix, part, asked),
            "filmscore_like": lambda part, asked: recommend_lists(matrix, part, asked, LIKE_WEIGHTS),
        },
    )
    return {
        "protocol": {
            "users": len(splits),
            "films": n,
            "candidates": int(catalogue.candidates.sum()),
            "likes": "rating >= 4; users with at least 10",
            "test": "the last max(1, floor(n / 5)) likes by timestamp, then movieId",
            "k": metrics.K,
            "bootstraps": metrics.BOOTSTRAPS,
            "seed": metrics.SEED,
            "weights": {
                "blocks": dict(DEFAULT_WEIGHTS.blocks),
                "prior": DEFAULT_WEIGHTS.prior,
                "nearest": DEFAULT_WEIGHTS.nearest,
                "variety": DEFAULT_VARIETY,
            },
        },
        "models": models,
        "without": ablations,
        "frontier": frontier,
        "further": further,
    }
