"""Splits by group: windows and seconds of one recording are never in both parts.

Every function draws from a seeded generator only, so that a split can be repeated from its seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from errors import ModelError

BoolArray = npt.NDArray[np.bool_]
TEST_PART = 0.3
VALIDATION_PART = 0.15
BALANCED_TRAIN = 700
BALANCED_TEST = 300


def held_out(groups: Sequence[str], labels: npt.NDArray[np.integer], part: float, seed: int) -> BoolArray:
    """Choose about `part` of each class's groups to hold out; a group counts for its most frequent class.

    Args:
        groups: (n,) name of the recording (or larger unit) that each row belongs to.
        labels: (n,) class numbers.
        part: share of the groups of each class to hold out, in (0, 1).
        seed: of the draw.

    Returns:
        (n,) true where the row is held out. A class with two groups or more has one on each side; with a single
        group it stays on the training side.
    """
    names, inverse = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    group_class = np.array([np.bincount(labels[inverse == g]).argmax() for g in range(len(names))], dtype=int)
    rng = np.random.default_rng(seed)
    out = np.zeros(len(names), dtype=bool)
    for value in np.unique(group_class):
        members = rng.permutation(np.flatnonzero(group_class == value))
        if len(members) > 1:
            out[members[: min(len(members) - 1, max(1, round(part * len(members))))]] = True
    return np.asarray(out[inverse], dtype=bool)


def halves_then_balance(
    groups: Sequence[str], labels: npt.NDArray[np.integer], seed: int
) -> tuple[BoolArray, BoolArray]:
    """The thesis's procedure (2.3.2): shuffle, halve, then sample both parts with balanced classes.

    At most 700 rows for training come from one half and 300 for testing from the other; a class with too few rows in
    a half lowers the number drawn from every class there.

    Returns:
        (train, test): (n,) each, disjoint; rows in neither are not used.

    Raises:
        ModelError: a class lacks rows in a half.
    """
    second_half = held_out(groups, labels, 0.5, seed)
    rng = np.random.default_rng(seed + 1)
    classes = np.unique(labels)
    parts = []
    for half, wanted in ((~second_half, BALANCED_TRAIN), (second_half, BALANCED_TEST)):
        members = [np.flatnonzero(half & (labels == value)) for value in classes]
        size = min(wanted // len(classes), *(len(rows) for rows in members)) if len(classes) > 1 else 0
        if size == 0:
            raise ModelError(
                "the manifest: too few recordings to balance; each class needs at least two groups or files. "
                "Add some, or train without --balance."
            )
        chosen = np.zeros(len(labels), dtype=bool)
        for rows in members:
            chosen[rng.permutation(rows)[:size]] = True
        parts.append(chosen)
    return parts[0], parts[1]


def folds(
    groups: Sequence[str], labels: npt.NDArray[np.integer], n_folds: int, seed: int
) -> Iterator[tuple[BoolArray, BoolArray]]:
    """Grouped, stratified folds of cross-validation.

    Yields:
        (train, test) masks, (n,) each; every row is tested once. Fewer folds than asked for when a class has fewer
        groups, but at least 2.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    names = np.asarray(groups, dtype=str)
    fewest = min(len(np.unique(names[labels == value])) for value in np.unique(labels))
    splitter = StratifiedGroupKFold(n_splits=max(2, min(n_folds, fewest)), shuffle=True, random_state=seed)
    for train_rows, test_rows in splitter.split(np.zeros(len(labels)), labels, names):
        train = np.zeros(len(labels), dtype=bool)
        train[train_rows] = True
        test = np.zeros(len(labels), dtype=bool)
        test[test_rows] = True
        yield train, test
