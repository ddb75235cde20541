"""Hyper-genres for names that Table 5 lacks: a K-means proposal that a person reviews in a file (thesis 2.3)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

import durable
from db.formulas import neutral
from errors import MetadataError
from film import GENRES
from ingest.spotify_tracks import Track

FINE_CLUSTERS = 120
"""Clusters of a proposal; each takes the hyper-genre of most of its mapped names."""
FOLDS = 5
_AUDIO = ("acousticness", "danceability", "energy", "instrumentalness", "liveness", "speechiness", "valence")
_AUDIO_WEIGHT = 0.5
_RESTARTS = 4


@dataclass(frozen=True)
class Proposal:
    """A hyper-genre proposed for a name."""

    sub_genre: str
    hyper_genre: str
    """Empty: its cluster holds no mapped name."""
    share: float
    """Share of the cluster's mapped names that have it."""
    alike: tuple[str, ...]
    """Mapped names of the cluster, at most three."""


@dataclass(frozen=True)
class Agreement:
    """How K-means agrees with Table 5."""

    names: int
    thesis_procedure: float
    """Share of names whose one of ten clusters is their hyper-genre's, clusters and hyper-genres paired at best."""
    thesis_rand: float
    """Adjusted Rand index of the ten clusters."""
    majority: float
    """Share of names that have the hyper-genre of most of their one of ten clusters."""
    held_out: float
    """Share of the names with a proposal whose proposal is right when a fifth of the table is hidden at a time."""
    held_out_proposed: float
    """Share of the hidden names that get a proposal."""


def propose(
    names: Sequence[str], mapping: Mapping[str, str], averages: Sequence[Track] = (), *, seed: int
) -> list[Proposal]:
    """Propose hyper-genres for the names that `mapping` lacks.

    Args:
        averages: audio means per sub-genre (data_by_genres.csv), used where given.
    """
    known = sorted(mapping)
    unmapped = sorted({name.strip().lower() for name in names if name.strip()} - set(known))
    if not unmapped:
        return []
    everything = [*known, *unmapped]
    clusters = _clusters(everything, averages, FINE_CLUSTERS, seed)
    return [
        _proposal(name, clusters[len(known) + place], known, clusters, mapping) for place, name in enumerate(unmapped)
    ]


def agreement(mapping: Mapping[str, str], averages: Sequence[Track] = (), *, seed: int) -> Agreement:
    """Run the thesis's procedure (ten clusters) on the mapped names, and the proposal on hidden fifths of them."""
    from scipy.optimize import linear_sum_assignment  # slow to import, and this module is imported for its tables, too
    from sklearn.metrics import adjusted_rand_score

    names = sorted(mapping)
    truth = np.array([GENRES.index(mapping[name]) for name in names])
    ten = _clusters(names, averages, len(GENRES), seed)
    table = np.zeros((len(GENRES), len(GENRES)), dtype=int)
    np.add.at(table, (ten, truth), 1)
    rows, columns = linear_sum_assignment(-table)
    fine = _clusters(names, averages, FINE_CLUSTERS, seed)
    fold_of = np.random.default_rng(seed).permutation(len(names)) % FOLDS
    right = proposed = 0
    for fold in range(FOLDS):
        shown = [name for place, name in enumerate(names) if fold_of[place] != fold]
        shown_clusters = [int(fine[place]) for place in range(len(names)) if fold_of[place] != fold]
        for place in np.flatnonzero(fold_of == fold):
            one = _proposal(names[place], int(fine[place]), shown, shown_clusters, mapping)
            proposed += bool(one.hyper_genre)
            right += one.hyper_genre == mapping[names[place]]
    return Agreement(
        names=len(names),
        thesis_procedure=float(table[rows, columns].sum() / len(names)),
        thesis_rand=float(adjusted_rand_score(truth, ten)),
        majority=float(table.max(axis=1).sum() / len(names)),
        held_out=right / max(proposed, 1),
        held_out_proposed=proposed / len(names),
    )


def write_review(proposals: Sequence[Proposal], path: Path) -> None:
    """Write proposals for review, the least sure first. What is left in the column hyper_genre counts when accepted.

    Raises:
        MetadataError: the file cannot be written.
    """
    rows = sorted(proposals, key=lambda one: (one.share, one.sub_genre))
    _write(
        ["sub_genre", "hyper_genre", "share", "alike"],
        [[one.sub_genre, one.hyper_genre, f"{one.share:.2f}", "; ".join(one.alike)] for one in rows],
        path,
    )


def write_mapping(mapping: Mapping[str, str], path: Path) -> None:
    """Write a mapping as `hyper_genres.read_mapping` reads it.

    Raises:
        MetadataError: the file cannot be written.
    """
    _write(["sub_genre", "hyper_genre"], sorted(mapping.items()), path)


def _write(header: Sequence[str], rows: Iterable[Sequence[str]], path: Path) -> None:
    with durable.asked_for(path, MetadataError) as beside, beside.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(map(neutral, row) for row in rows)


def _proposal(
    name: str,
    cluster: int,
    known: Sequence[str],
    clusters: Sequence[int] | npt.NDArray[np.int64],
    mapping: Mapping[str, str],
) -> Proposal:
    alike = [other for other, its in zip(known, clusters, strict=False) if its == cluster]
    counts = Counter(mapping[other] for other in alike)
    if not counts:
        return Proposal(name, "", 0.0, ())
    hyper, votes = counts.most_common(1)[0]
    return Proposal(name, hyper, votes / len(alike), tuple(o for o in alike if mapping[o] == hyper)[:3])


def _clusters(names: Sequence[str], averages: Sequence[Track], k: int, seed: int) -> npt.NDArray[np.int64]:
    """(n,) cluster of each name: K-means on TF-IDF of its words, beside standardised audio means where known."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import StandardScaler, normalize

    words = TfidfVectorizer(analyzer=str.split, sublinear_tf=True).fit_transform(names)
    features = csr_matrix(words)
    if averages:
        means = {track.genres[0]: [getattr(track, column) for column in _AUDIO] for track in averages if track.genres}
        known = [place for place, name in enumerate(names) if name in means and None not in means[name]]
        audio = np.zeros((len(names), len(_AUDIO)))
        if known:
            audio[known] = StandardScaler().fit_transform(
                np.array([means[names[place]] for place in known], dtype=float)
            )
            features = hstack([features, _AUDIO_WEIGHT * csr_matrix(normalize(audio))]).tocsr()
    labels = KMeans(n_clusters=min(k, len(names)), n_init=_RESTARTS, random_state=seed).fit_predict(features)
    return np.asarray(labels, dtype=np.int64)
