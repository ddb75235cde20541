"""Three further protocols of the evaluation: unrated films, users with few likes, and films that are not popular.

The collaborative rival is EASE^R, where it can answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender import baselines, metrics
from recommender.collaborative import ease
from recommender.protocol import RatedCatalogue, Split

SEED = 5
HIDDEN_PART = 5
"""One in five films has no rating in training."""
FEWEST, MOST = 3, 5
"""Likes of a user with few likes."""
FOLDS = 5
POPULAR_PART = 10
"""The most popular tenth of the films is left out."""

Lists = list[npt.NDArray[np.intp]]
Recommend = Callable[[RatedCatalogue, Sequence[Split]], Lists]
"""filmscore's lists for some users of a catalogue."""


@dataclass(frozen=True)
class Protocol:
    """Candidates and users of a protocol."""

    what: str
    catalogue: RatedCatalogue
    splits: list[Split]


def cold(catalogue: RatedCatalogue, splits: Sequence[Split]) -> Protocol:
    """A fifth of the films, drawn at random, has no rating in training. Only these are ranked.

    A user's likes among the other films are the question, those among the hidden films are to be found.
    """
    candidates = np.flatnonzero(catalogue.candidates)
    hidden = np.zeros(len(catalogue.candidates), bool)
    drawn = np.random.default_rng(SEED).permutation(len(candidates))[: len(candidates) // HIDDEN_PART]
    hidden[candidates[drawn]] = True
    cut = []
    for split in splits:
        likes = (*split.training, *split.test)
        known, sought = tuple(r for r in likes if not hidden[r]), tuple(r for r in likes if hidden[r])
        if known and sought:
            cut.append(Split(split.user, known, sought))
    return Protocol(
        "a fifth of the films has no rating in training, and only these are ranked; all other likes are known",
        replace(catalogue, candidates=hidden),
        cut,
    )


def few(catalogue: RatedCatalogue, splits: Sequence[Split]) -> Protocol:
    """Of each user only the first three, four or five likes are known (in turn over users); the test likes stay."""
    counts = [FEWEST + i % (MOST - FEWEST + 1) for i in range(len(splits))]
    cut = [replace(split, training=split.training[:n]) for split, n in zip(splits, counts, strict=True)]
    return Protocol("only the first 3 to 5 training likes of each user are known", catalogue, cut)


def tail(catalogue: RatedCatalogue, splits: Sequence[Split]) -> Protocol:
    """Only films outside the most popular tenth are ranked, and only test likes among them count."""
    candidates = np.flatnonzero(catalogue.candidates)
    counts = metrics.training_counts(splits, len(catalogue.candidates))[candidates]
    order = np.lexsort((candidates, -counts))
    ranked = catalogue.candidates.copy()
    ranked[candidates[order[: len(candidates) // POPULAR_PART]]] = False
    cut = [replace(split, test=tuple(row for row in split.test if ranked[row])) for split in splits]
    return Protocol(
        "films outside the most popular tenth (by training likes)",
        replace(catalogue, candidates=ranked),
        [split for split in cut if split.test],
    )


def ease_of_other_users(splits: Sequence[Split], asked: Sequence[Split], catalogue: RatedCatalogue) -> Lists:
    """EASE^R's lists for `asked`, each from a model that was fitted on the training likes of the other folds of users.

    Args:
        splits: what the models learn from.
        asked: the same users in the same order, with the likes that are known of them.
    """
    lists: Lists = [np.zeros(0, np.intp)] * len(asked)
    for fold in range(FOLDS):
        others = [split for i, split in enumerate(splits) if i % FOLDS != fold]
        ranker = ease(others, len(catalogue.records))
        mine = range(fold, len(asked), FOLDS)
        for i, rows in zip(mine, baselines.lists_of(ranker, [asked[i] for i in mine], catalogue), strict=True):
            lists[i] = rows
    return lists


def evaluate_further(
    catalogue: RatedCatalogue,
    splits: Sequence[Split],
    genres: npt.NDArray[np.float64],
    filmscore: dict[str, Recommend],
) -> dict[str, Any]:
    """Figures by protocol: `users`, `films`, `what` and `models`.

    Args:
        genres: (n_films, n_genres) 0/1.
        filmscore: by name, what answers for filmscore.
    """
    document = {}
    famous = metrics.most_famous(splits, catalogue.candidates)
    for name, protocol in (
        ("cold", cold(catalogue, splits)),
        ("few", few(catalogue, splits)),
        ("tail", tail(catalogue, splits)),
    ):
        part, asked = protocol.catalogue, protocol.splits
        rankers = {
            "random": baselines.chance(len(part.records)),
            "rating": baselines.rating(part),
            "tfidf": baselines.tfidf(part),
        }
        lists = {rival: baselines.lists_of(ranker, asked, part) for rival, ranker in rankers.items()}
        if name == "few":
            lists["ease"] = ease_of_other_users(splits, asked, part)
        elif name == "tail":
            lists["ease"] = baselines.lists_of(ease(splits, len(part.records)), asked, part)
        lists |= {model: recommend(part, asked) for model, recommend in filmscore.items()}
        document[name] = {
            "what": protocol.what,
            "users": len(asked),
            "films": int(part.candidates.sum()),
            "models": {
                model: metrics.describe(found, asked, part.candidates, genres, famous) for model, found in lists.items()
            },
        }
    return document
