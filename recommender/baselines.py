"""Baselines of the evaluation that learn nothing from likes: random, popularity, rating and plain TF-IDF."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from recommender import terms
from recommender.collaborative import Ranker
from recommender.metrics import K, training_counts
from recommender.protocol import RatedCatalogue, Split

SEED = 5


def top(scores: npt.NDArray[np.float64], allowed: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Rows of the K best allowed films; ties in order of row."""
    rows = np.flatnonzero(allowed)
    return rows[np.lexsort((rows, -scores[rows]))[:K]]


def lists_of(ranker: Ranker, splits: Sequence[Split], catalogue: RatedCatalogue) -> list[npt.NDArray[np.intp]]:
    """For each user, the ten best candidates outside the training likes."""
    lists = []
    for split in splits:
        allowed = catalogue.candidates.copy()
        allowed[list(split.training)] = False
        lists.append(top(ranker(split), allowed))
    return lists


def chance(n_films: int) -> Ranker:
    """Random scores from one random stream per user."""
    return lambda split: np.random.default_rng([SEED, split.user]).random(n_films)


def popularity(splits: Sequence[Split], n_films: int) -> Ranker:
    """Number of training likes; this uses other people's interactions."""
    counts = training_counts(splits, n_films).astype(np.float64)
    return lambda split: counts


def rating(catalogue: RatedCatalogue) -> Ranker:
    """IMDb's rating; unrated films come last."""
    values = np.array([-1.0 if r.film.rating is None else r.film.rating for r in catalogue.records])
    return lambda split: values


def tfidf(catalogue: RatedCatalogue) -> Ranker:
    """Cosine to the mean TF-IDF vector of the likes, over genres, directors, cast and countries in one vector."""
    rows, columns = [], []
    vocabulary: dict[str, int] = {}
    for row, record in enumerate(catalogue.records):
        film = record.film
        fields = (("genre:", film.genres), ("director:", film.directors), ("cast:", film.cast))
        words = [w for prefix, values in fields for w, _ in terms.as_words(values, 1.0, prefix)]
        for word in words + [w for w, _ in terms.as_words(film.countries, 1.0, "country:")]:
            rows.append(row)
            columns.append(vocabulary.setdefault(word, len(vocabulary)))
    shape = (len(catalogue.records), len(vocabulary))
    counts = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    frequency = np.asarray(counts.sum(axis=0)).ravel()
    weighted = counts @ sp.diags(terms.inverse_document_frequency(frequency, shape[0]))
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    unit = sp.csr_matrix(sp.diags(1.0 / np.maximum(length, 1e-12)) @ weighted)

    def rank(split: Split) -> npt.NDArray[np.float64]:
        profile = np.asarray(unit[list(split.training)].mean(axis=0)).ravel()
        return np.asarray(unit @ (profile / max(float(np.linalg.norm(profile)), 1e-12))).ravel()

    return rank
