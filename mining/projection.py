"""Films in a plane: principal components of the music, of the metadata, or one of each.

Source: thesis chapter 6, figures 31-33. The thesis does not say whether it standardised; without it the axis of widest
numbers (the year, the percentages) decides alone, so standardising is the default and "as is" the option.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from errors import ParameterError
from mining.preprocess import MUSIC_FEATURES, metadata_columns, sensed_columns
from told import Told

Floats = npt.NDArray[np.float64]
Plane = Literal["music", "metadata", "both", "senses"]
"""`both` has one component of the music and one of the metadata; `senses` is the plane of what is said and seen."""
KNOWN_SHARE = 0.75
"""A measure is used if this share of the films with any sense have it: sentiment, for example, exists only for
English."""


@dataclass(frozen=True)
class Components:
    """Principal components of a table."""

    scores: pd.DataFrame
    """(n_kept, k) in the order and with the index of the films kept; columns "1", "2", ..."""
    explained: Floats
    """(k,) share of the variance, 0 to 1"""
    loadings: pd.DataFrame
    """(n_features, k): unit vectors; rows are the features that vary"""
    left_out: int
    """Films without a value for some feature."""
    constant: tuple[str, ...]
    """Features that do not vary among the films kept, and so carry no information."""


@dataclass(frozen=True)
class Projected:
    """Films in a plane."""

    points: pd.DataFrame
    """(n_kept, 2): columns x and y, index of the films kept"""
    x_title: str
    y_title: str
    parts: dict[str, Components]
    """The components behind it: "music", "metadata", both, or "senses"."""
    left_out: int


def principal_components(table: pd.DataFrame, k: int = 2, *, standardise: bool = True) -> Components:
    """The first k principal components of the rows without missing values.

    Args:
        table: (n_films, n_features) numbers.
        k: how many.
        standardise: divide each feature by its standard deviation (population) after centring it.

    Returns:
        Components; the sign of each is chosen so that its largest loading is positive. When fewer than k features vary,
        the missing components have zero scores and explain nothing.

    Raises:
        ParameterError: fewer than two complete films, or no feature that varies.
    """
    complete = table.dropna()
    if len(complete) < 2:
        raise ParameterError(
            f"projection: it needs two films with every value, there {'is' if len(complete) == 1 else 'are'} "
            f"{len(complete)}. Analyse films, or add their metadata."
        )
    spread = complete.std(ddof=0)
    varying = [name for name in complete.columns if spread[name] > 0]
    if not varying:
        raise ParameterError("projection: all films have the same values. Add films that differ.")
    values = complete[varying].to_numpy(dtype=np.float64)
    centred = values - values.mean(axis=0)
    if standardise:
        centred = centred / spread[varying].to_numpy(dtype=np.float64)
    left, singular, right = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(right[np.arange(len(right)), np.abs(right).argmax(axis=1)])
    right = right * signs[:, None]
    scores = left * singular * signs
    share = singular**2 / (singular**2).sum()
    padded = max(0, k - len(singular))
    names = [str(i + 1) for i in range(k)]
    return Components(
        pd.DataFrame(np.pad(scores[:, :k], ((0, 0), (0, padded))), index=complete.index, columns=names),
        np.pad(share[:k], (0, padded)),
        pd.DataFrame(np.pad(right[:k].T, ((0, 0), (0, padded))), index=varying, columns=names),
        len(table) - len(complete),
        tuple(name for name in complete.columns if name not in varying),
    )


def _title(kind: str, part: Components, component: int) -> str:
    share = 100 * float(part.explained[component])
    return Told("{}, component {} ({:.0f} % of its variance)", Told(kind), component + 1, share)


def _well_known(encoded: pd.DataFrame) -> list[str]:
    """The measures of the senses that most films have. Raises ParameterError: no film has any."""
    columns = sensed_columns(encoded)
    if not columns:
        raise ParameterError(
            "projection: nothing is known here of what is said and seen. Choose the recommended encoding, and add "
            "files with a picture or with subtitles."
        )
    known = encoded[columns].notna()
    share = known[known.any(axis=1)].mean()
    return [name for name in columns if share[name] >= KNOWN_SHARE]


def project(encoded: pd.DataFrame, plane: Plane, *, standardise: bool = True) -> Projected:
    """Films on the plane of figure 31 (music), 32 (metadata), 33 (both: x metadata, y music), or of the other senses.

    Args:
        encoded: result of mining.preprocess.

    Raises:
        ParameterError: as `principal_components`; or no film has measures of what is said and seen.
    """
    columns: dict[str, Sequence[str]] = {"music": MUSIC_FEATURES, "metadata": metadata_columns(encoded)}
    if plane == "senses":
        columns["senses"] = _well_known(encoded)
    if plane != "both":
        part = principal_components(encoded[list(columns[plane])], 2, standardise=standardise)
        points = part.scores.set_axis(["x", "y"], axis=1)
        kind = "Said and seen" if plane == "senses" else plane.capitalize()
        return Projected(points, _title(kind, part, 0), _title(kind, part, 1), {plane: part}, part.left_out)
    complete = encoded[[*columns["metadata"], *columns["music"]]].dropna()
    parts = {
        kind: principal_components(complete[list(columns[kind])], 1, standardise=standardise)
        for kind in ("metadata", "music")
    }
    points = pd.DataFrame({"x": parts["metadata"].scores["1"], "y": parts["music"].scores["1"]})
    return Projected(
        points,
        _title("Metadata", parts["metadata"], 0),
        _title("Music", parts["music"], 0),
        parts,
        len(encoded) - len(complete),
    )
