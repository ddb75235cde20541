"""Can a classifier identify the director? Decision surfaces to illustrate, and cross-validation to measure.

Source: thesis chapter 6, figures 34-37 (an SVM's regions on figure 33's plane), and its closing question, answered here
with films the classifier has not seen, against chance: shuffled directors (permutation test, Ojala and Garriga 2010).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from errors import ParameterError
from mining.preprocess import DIALOGUE_FEATURES, FACE_FEATURES, MUSIC_FEATURES, PICTURE_FEATURES, metadata_columns

Floats = npt.NDArray[np.float64]
Source = Literal["music", "metadata", "both", "dialogue", "picture", "faces", "all"]
"""`both` is the thesis's: music and metadata; `all` has what is said and seen besides."""

SEED = 20
INTERVAL_DRAWS = 2_000
MOST_FILMS = 600
FOLDS = 5
"""Of the cross-validation; fewer when a director has fewer films."""
PENALTY = 1.0
"""C of the SVMs."""
MARGIN = 0.08
"""How far the grid of a surface reaches past the outermost films, as a share of their range."""
"""Above this number, a seeded sample of the films is used, because the cost of an SVM grows with their square."""

PRESETS: dict[str, tuple[str, ...]] = {
    "All directors (figure 34)": (),
    "Hitchcock, Nolan, Burton, Allen (figure 35)": (
        "Alfred Hitchcock",
        "Christopher Nolan",
        "Tim Burton",
        "Woody Allen",
    ),
    "Hitchcock, Coen Brothers, Jackson, Polanski (figure 36)": (
        "Alfred Hitchcock",
        "Coen Brothers",
        "Peter Jackson",
        "Roman Polanski",
    ),
    "Nolan, Eastwood, Almodovar (figure 37)": ("Christopher Nolan", "Clint Eastwood", "Pedro Almodovar"),
}
"""The thesis's selections of directors; () selects all."""


@dataclass(frozen=True)
class Surface:
    """The director that an SVM predicts at each point of a grid."""

    x: Floats
    """(n,) columns of the grid"""
    y: Floats
    """(n,) rows of the grid"""
    winner: npt.NDArray[np.int64]
    """(n, n): row = y, column = x; index into `directors`"""
    directors: tuple[str, ...]
    training_accuracy: float
    """Share of the plotted films that are in their own director's region. This is training accuracy, not evidence."""
    films: int
    """Films that the SVM was trained on."""


@dataclass(frozen=True)
class Separation:
    """How well a classifier distinguishes the directors of held-out films."""

    source: Source
    directors: tuple[str, ...]
    films: int
    folds: int
    accuracy: float
    balanced_accuracy: float
    majority: float
    """Accuracy of always predicting the director with the most films."""
    chance: float
    """Mean balanced accuracy with shuffled directors; without shuffles, 1 / number of directors."""
    p_value: float
    """Share of the shuffles (including the unshuffled data) with at least this accuracy."""
    shuffles: int
    confusion: npt.NDArray[np.int64]
    """(k, k): rows are the true director"""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % percentile bootstrap interval of the balanced accuracy: each director's films are drawn with
        replacement, with SEED; the classifiers stay as they are."""
        rng = np.random.default_rng(SEED)
        totals = self.confusion.sum(axis=1)
        right = rng.binomial(totals, np.diag(self.confusion) / totals, (INTERVAL_DRAWS, len(totals)))
        low, high = np.quantile((right / totals).mean(axis=1), [0.025, 0.975])
        return float(low), float(high)


def _need_two(directors: pd.Series, what: str, films: str = "films") -> tuple[str, ...]:
    names = tuple(sorted(set(directors)))
    if len(names) < 2:
        raise ParameterError(
            f"{what}: it needs {films} by two directors, there {'is one' if names else 'are none'}. "
            "Choose more directors, or add films by another."
        )
    return names


def _classifier() -> object:
    from sklearn.pipeline import make_pipeline  # scikit-learn is slow to import, and most pages need none of it
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    return make_pipeline(StandardScaler(), SVC(C=PENALTY, kernel="rbf", gamma="scale", class_weight="balanced"))


def decision_surface(points: pd.DataFrame, directors: pd.Series, *, resolution: int = 120) -> Surface:
    """Train an RBF SVM on the plane and ask it for every point of a grid over it.

    Args:
        points: (n_films, 2), columns x and y (mining.projection.project).
        directors: (n_films,) names, same index; films with "" are left out.
        resolution: points of the grid along each axis.

    Raises:
        ParameterError: fewer than two directors.
    """
    named = directors.loc[points.index]
    named = named[named != ""]
    names = _need_two(named, "decision surfaces")
    if len(named) > MOST_FILMS:
        named = named.sample(MOST_FILMS, random_state=SEED)
    xy = points.loc[named.index, ["x", "y"]].to_numpy(dtype=np.float64)
    classes = np.array([names.index(name) for name in named], dtype=np.int64)
    model = _classifier().fit(xy, classes)  # type: ignore[attr-defined]
    low, high = xy.min(axis=0), xy.max(axis=0)
    room = np.maximum((high - low) * MARGIN, 1e-6)
    x, y = (np.linspace(low[i] - room[i], high[i] + room[i], resolution) for i in (0, 1))
    grid = np.stack([axis.ravel() for axis in np.meshgrid(x, y)], axis=1)
    winner = model.predict(grid).reshape(resolution, resolution)
    return Surface(x, y, winner.astype(np.int64), names, float((model.predict(xy) == classes).mean()), len(named))


def _balanced(truth: npt.NDArray[np.int64], said: npt.NDArray[np.int64], k: int) -> float:
    right = np.bincount(truth[truth == said], minlength=k)
    return float(np.mean(right / np.bincount(truth, minlength=k)))


def _held_out(
    X: Floats,
    classes: npt.NDArray[np.int64],
    splits: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]],
) -> npt.NDArray[np.int64]:
    """The class that an SVM trained on the other folds predicts for each film.

    Equal to `_classifier` on each fold. For tables this small scikit-learn's checks of its input take longer than the
    SVM, and shuffles ask for hundreds of SVMs; so the checks are off, and scaling and weights are computed here.
    """
    from sklearn import config_context
    from sklearn.svm import SVC

    said = np.empty_like(classes)
    k = int(classes.max()) + 1
    with config_context(assume_finite=True, skip_parameter_validation=True):
        for train, test in splits:
            known, counts = classes[train], np.bincount(classes[train], minlength=k)
            spread = X[train].std(axis=0)
            scaled = (X - X[train].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
            weights = len(known) / (np.count_nonzero(counts) * counts[known])
            model = SVC(C=PENALTY, kernel="rbf", gamma="scale").fit(scaled[train], known, sample_weight=weights)
            said[test] = model.predict(scaled[test])
    return said


def feature_columns(encoded: pd.DataFrame, source: Source) -> list[str]:
    """The columns of a source; never the director."""
    metadata, music = metadata_columns(encoded), list(MUSIC_FEATURES)
    said = [name for name in DIALOGUE_FEATURES if name in encoded.columns]
    seen = [name for name in PICTURE_FEATURES if name in encoded.columns]
    faces = [name for name in FACE_FEATURES if name in encoded.columns]
    columns: dict[Source, list[str]] = {"music": music, "metadata": metadata, "both": [*metadata, *music]}
    return (
        columns | {"dialogue": said, "picture": seen, "faces": faces, "all": [*metadata, *music, *said, *seen, *faces]}
    )[source]


def sources_of(encoded: pd.DataFrame) -> tuple[Source, ...]:
    """The features that can separate directors: the thesis's three; then dialogue, picture, faces, and all together,
    if there are any."""
    senses: tuple[Source, ...] = ("dialogue", "picture", "faces")
    known = tuple(sense for sense in senses if feature_columns(encoded, sense))
    return ("music", "metadata", "both", *known, *(("all",) if known else ()))


def separate(
    encoded: pd.DataFrame,
    directors: pd.Series,
    source: Source,
    *,
    shuffles: int = 100,
    advance: Callable[[int], None] = lambda done: None,
) -> Separation:
    """Classify the directors of held-out films with an SVM, and compare with the accuracy for shuffled directors.

    Only films that have music take part, whatever the source, so that the three sources are compared on the same films.
    Directors with fewer than two such films cannot be held out and are left out. A missing number takes its column's
    median.

    Args:
        encoded: (n_films, k), mining.preprocess.
        directors: (n_films,) names, same index; "" = not known.
        shuffles: permutations for the test.
        advance: called with the number of shuffles done, after each.

    Raises:
        ParameterError: fewer than two directors with two films each.
    """
    usable = directors[(directors != "") & encoded[list(MUSIC_FEATURES)].notna().all(axis=1)]
    counts = usable.value_counts()
    usable = usable[usable.isin(counts[counts >= 2].index)]
    names = _need_two(usable, "telling directors apart", "two films with music each")
    if len(usable) > MOST_FILMS:
        usable = usable.sample(MOST_FILMS, random_state=SEED)
        counts = usable.value_counts()
        usable = usable[usable.isin(counts[counts >= 2].index)]
        names = _need_two(usable, "telling directors apart", "two films with music each")
    table = encoded.loc[usable.index, feature_columns(encoded, source)]
    X = table.fillna(table.median()).fillna(0.0).to_numpy(dtype=np.float64)
    classes = np.array([names.index(name) for name in usable], dtype=np.int64)
    k = len(names)
    n_folds = int(min(FOLDS, np.bincount(classes).min()))
    from sklearn.model_selection import StratifiedKFold

    splitter = StratifiedKFold(n_folds, shuffle=True, random_state=SEED)

    def run(truth: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], float]:
        said = _held_out(X, truth, list(splitter.split(X, truth)))
        return said, _balanced(truth, said, k)

    said, balanced = run(classes)
    random = np.random.default_rng(SEED)
    shuffled = np.empty(shuffles)
    for place in range(shuffles):
        shuffled[place] = run(random.permutation(classes))[1]
        advance(place + 1)
    confusion = np.zeros((k, k), dtype=np.int64)
    np.add.at(confusion, (classes, said), 1)
    return Separation(
        source,
        names,
        len(classes),
        n_folds,
        float((said == classes).mean()),
        balanced,
        float(np.bincount(classes).max() / len(classes)),
        float(shuffled.mean()) if shuffles else 1.0 / k,
        float((1 + (shuffled >= balanced - 1e-12).sum()) / (1 + shuffles)),
        shuffles,
        confusion,
    )
