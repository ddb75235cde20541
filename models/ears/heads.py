"""The default attribute heads: linear models on a window's features, with calibrated probabilities, evaluated in NumPy.

A head is a logistic regression (classes weighted by their rarity) over standardised feature blocks; a three-level head
may be averaged with a ridge regression of the continuous value, read as a normal distribution over the levels. One
temperature, fitted on windows of clips that the head was not fitted on, calibrates the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, softmax

from errors import ModelError, ParameterError
from models.arrays import read_arrays

Features = Mapping[str, npt.NDArray[np.floating]]
Array = npt.NDArray[np.float64]
HEADS_VERSION = 1
LOWEST_P = 1e-4
FARTHEST = 6.0
"""Standard deviations from the mean beyond which a feature says no more: digital silence within a window takes some
far beyond all that a head learnt from."""


@dataclass(frozen=True)
class Ordinal:
    """The ridge half of a three-level head."""

    slope: Array
    """(d,)"""
    intercept: float
    sigma: float
    """Standard deviation of the continuous value around the prediction."""
    cuts: Array
    """(2,): where level 1 and level 2 begin."""

    def probabilities(self, standardised: Array) -> Array:
        """(n, 3)"""
        centre = standardised @ self.slope + self.intercept
        below = ndtr((self.cuts[None, :] - centre[:, None]) / self.sigma)
        return np.stack([below[:, 0], below[:, 1] - below[:, 0], 1 - below[:, 1]], axis=1)


@dataclass(frozen=True)
class Head:
    """One attribute."""

    attribute: str
    labels: tuple[str, ...]
    blocks: tuple[str, ...]
    """Names of the feature blocks side by side in `mean`."""
    mean: Array
    scale: Array
    weights: Array
    """(d, k)"""
    bias: Array
    """(k,); -1000 for a class that the training data lack"""
    temperature: float
    ordinal: Ordinal | None = None
    learnt_on: str = ""
    """models.ears.default_features.features_version of what it learnt on; empty in heads older than the record"""

    def probabilities(self, features: Features) -> npt.NDArray[np.float32]:
        """(n, k) probabilities of windows, rows sum to 1.

        Args:
            features: block name -> (n, d_block).

        Raises:
            ParameterError: a block is missing or has another width.
        """
        return calibrated(self.uncalibrated(features), self.temperature)

    def uncalibrated(self, features: Features) -> Array:
        """(n, k) before the temperature."""
        x = stack(features, self.blocks)
        if x.shape[1] != self.mean.size:
            raise ParameterError(
                f"{self.attribute}: {x.shape[1]} features per window, the head takes {self.mean.size}."
            )
        standardised = np.clip((x - self.mean) / self.scale, -FARTHEST, FARTHEST)
        p: Array = softmax(standardised @ self.weights + self.bias, axis=1)
        return p if self.ordinal is None else (p + self.ordinal.probabilities(standardised)) / 2


def stack(features: Features, blocks: tuple[str, ...]) -> Array:
    """(n, d): the named blocks side by side in float64."""
    missing = [name for name in blocks if name not in features]
    if missing:
        raise ParameterError(f"features: no block named {', '.join(missing)}. Have {', '.join(features)}.")
    return np.hstack([np.asarray(features[name], dtype=np.float64) for name in blocks])


def calibrated(p: Array, temperature: float) -> npt.NDArray[np.float32]:
    """p ** (1 / temperature), each row brought back to sum 1."""
    result: npt.NDArray[np.float32] = softmax(np.log(np.maximum(p, 1e-12)) / temperature, axis=1).astype(np.float32)
    return result


def tag_logits(tags: npt.NDArray[np.floating]) -> Array:
    """Logits of musicnn's tag probabilities, bounded at LOWEST_P."""
    bounded = np.clip(np.asarray(tags, dtype=np.float64), LOWEST_P, 1 - LOWEST_P)
    return np.log(bounded / (1 - bounded))


def save_heads(heads: Mapping[str, Head], path: Path) -> None:
    """Write heads as one .npz of plain arrays."""
    arrays: dict[str, npt.NDArray[np.generic]] = {"version": np.array(HEADS_VERSION)}
    for name, head in heads.items():
        arrays |= {
            f"{name}/labels": np.array(head.labels),
            f"{name}/blocks": np.array(head.blocks),
            f"{name}/mean": head.mean,
            f"{name}/scale": head.scale,
            f"{name}/weights": head.weights,
            f"{name}/bias": head.bias,
            f"{name}/temperature": np.array(head.temperature),
        }
        if head.learnt_on:
            arrays[f"{name}/learnt_on"] = np.array(head.learnt_on)
        if head.ordinal is not None:
            arrays |= {
                f"{name}/slope": head.ordinal.slope,
                f"{name}/line": np.array([head.ordinal.intercept, head.ordinal.sigma]),
                f"{name}/cuts": head.ordinal.cuts,
            }
    with path.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **arrays)


def load_heads(path: Path) -> dict[str, Head]:
    """Heads by attribute.

    Raises:
        ModelError: truncated, not a file of heads, of another version, or with numbers that cannot hear.
    """
    arrays = read_arrays(path, "Train it again.")
    try:
        if int(arrays["version"]) != HEADS_VERSION:
            raise ModelError(
                f"{path}: heads of version {arrays['version']}, this filmscore reads {HEADS_VERSION}. "
                "Train it again, or install the filmscore that wrote it."
            )
        heads = {name: _head(name, arrays) for name in sorted({key.split("/")[0] for key in arrays if "/" in key})}
        if not heads:
            raise ValueError("no head in it")
    except (KeyError, ValueError, TypeError) as fault:
        raise ModelError(f"{path}: not a file of attribute heads ({fault}). Train it again.") from fault
    for head in heads.values():
        if wrong := _wrong_numbers(head):
            raise ModelError(f"{path}: the head of {head.attribute} cannot hear, {wrong}. Train it again.")
    return heads


def _wrong_numbers(head: Head) -> str:
    """Why a head would fail, or say NaN, at work; empty if it would not."""
    d, k = head.mean.size, len(head.labels)
    found = [(head.mean, (d,)), (head.scale, (d,)), (head.weights, (d, k)), (head.bias, (k,))]
    positive = [head.temperature, *head.scale.flat]
    if half := head.ordinal:
        found += [(half.slope, (d,)), (half.cuts, (2,)), (head.bias, (3,)), (np.array(half.intercept), ())]
        positive.append(half.sigma)
    if any(array.shape != shape for array, shape in found):
        return "its arrays do not fit each other"
    if not all(np.isfinite(array).all() for array, _ in found):
        return "its weights hold NaN or infinity"
    if not all(0 < number < np.inf for number in positive):
        return "a scale or its temperature is not above 0"
    return ""


def _head(name: str, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Head:
    def array(key: str) -> Array:
        return np.asarray(arrays[f"{name}/{key}"], dtype=np.float64)

    ordinal = None
    if f"{name}/slope" in arrays:
        intercept, sigma = array("line")
        ordinal = Ordinal(array("slope"), float(intercept), float(sigma), array("cuts"))
    return Head(
        name,
        tuple(str(label) for label in arrays[f"{name}/labels"]),
        tuple(str(block) for block in arrays[f"{name}/blocks"]),
        array("mean"),
        array("scale"),
        array("weights"),
        array("bias"),
        float(array("temperature")),
        ordinal,
        str(arrays.get(f"{name}/learnt_on", "")),
    )
