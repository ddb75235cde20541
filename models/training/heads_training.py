"""Fit attribute heads with scikit-learn alone, without TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold

from models.ears.heads import Array, Features, Head, Ordinal, calibrated, stack

Ints = npt.NDArray[np.integer]
FOLDS = 5
FEWEST_GROUPS = 2 * FOLDS
"""The smallest number of groups from which a head is calibrated."""
SMALLEST_SCALE = 1e-3


@dataclass(frozen=True)
class HeadRecipe:
    """How one head is fitted."""

    attribute: str
    labels: tuple[str, ...]
    blocks: tuple[str, ...]
    inverse_regularisation: float
    """C of the logistic regression"""
    ridge: float = 0.0
    """Penalty of the ridge half; 0 = none"""


@dataclass(frozen=True)
class Material:
    """Labelled windows."""

    features: Features
    y: Ints
    """(n,) class numbers"""
    groups: npt.NDArray[np.str_]
    """(n,) clips"""
    values: Array | None = None
    """(n,) the continuous value, where known"""
    cuts: Array | None = None
    """(2,) thresholds between the classes of `values`"""
    trust: Array | None = None
    """(n,) weight of each value"""
    weight: Array | None = None
    """(n,) weight of each window in the logistic regression, in addition to its class weight; None: equal weights"""

    def part(self, rows: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> Material:
        """The material of some rows."""
        return Material(
            {name: block[rows] for name, block in self.features.items()},
            self.y[rows],
            self.groups[rows],
            None if self.values is None else self.values[rows],
            self.cuts,
            None if self.trust is None else self.trust[rows],
            None if self.weight is None else self.weight[rows],
        )


def fit_head(recipe: HeadRecipe, material: Material) -> Head:
    """Fit a head, and calibrate it if there is enough data.

    The temperature minimises the log loss of windows predicted by heads fitted without their clip (FOLDS folds); it
    uses no data beyond `material`. With fewer groups than FEWEST_GROUPS it is 1.
    """
    head = _fit(recipe, material)
    if not can_calibrate(material):
        return head
    out = out_of_fold(recipe, material)
    kept = np.isfinite(out).all(axis=1)
    return replace(head, temperature=_temperature(out[kept], material.y[kept]))


def out_of_fold(recipe: HeadRecipe, material: Material) -> Array:
    """(n, k) uncalibrated probabilities of windows by heads fitted without their group; NaN where no head could be
    fitted."""
    out = np.full((material.y.size, len(recipe.labels)), np.nan)
    for train, rest in folds(material.groups):
        if np.unique(material.y[train]).size > 1:
            out[rest] = _fit(recipe, material.part(train)).uncalibrated(material.part(rest).features)
    return out


def can_calibrate(material: Material) -> bool:
    """Whether there are enough groups to fit a temperature."""
    return np.unique(material.groups).size >= FEWEST_GROUPS


def folds(groups: npt.NDArray[np.str_], n: int = FOLDS) -> Iterator[tuple[Ints, Ints]]:
    """Rows of training and held-out data; no group is in both."""
    yield from GroupKFold(n, shuffle=True, random_state=0).split(groups, groups=groups)


def _fit(recipe: HeadRecipe, material: Material) -> Head:
    x = stack(material.features, recipe.blocks)
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), SMALLEST_SCALE)
    standardised = (x - mean) / scale
    model = LogisticRegression(C=recipe.inverse_regularisation, max_iter=500, class_weight="balanced")
    model.fit(standardised, material.y, material.weight)
    weights = np.zeros((x.shape[1], len(recipe.labels)))
    bias = np.full(len(recipe.labels), -1e3)
    if len(model.classes_) == 2:
        weights[:, model.classes_] = np.stack([-model.coef_[0] / 2, model.coef_[0] / 2], axis=1)
        bias[model.classes_] = [-model.intercept_[0] / 2, model.intercept_[0] / 2]
    else:
        weights[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
    ordinal = _ordinal(recipe, material, standardised) if recipe.ridge else None
    return Head(recipe.attribute, recipe.labels, recipe.blocks, mean, scale, weights, bias, 1.0, ordinal)


def _ordinal(recipe: HeadRecipe, material: Material, standardised: Array) -> Ordinal | None:
    if material.values is None or material.cuts is None:
        return None
    values = material.values
    out = np.empty_like(values)
    for train, rest in folds(material.groups):
        trust = None if material.trust is None else material.trust[train]
        out[rest] = Ridge(recipe.ridge).fit(standardised[train], values[train], trust).predict(standardised[rest])
    model = Ridge(recipe.ridge).fit(standardised, values, material.trust)
    return Ordinal(model.coef_, float(model.intercept_), float(np.std(values - out)), material.cuts)


def _temperature(p: Array, y: Ints) -> float:
    def loss(log_temperature: float) -> float:
        own = calibrated(p, float(np.exp(log_temperature)))[np.arange(y.size), y]
        return float(-np.log(np.maximum(own, 1e-9)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-1.5, 2.0), method="bounded").x))
