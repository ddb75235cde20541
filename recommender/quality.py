"""The quality prior: how well a film was received, independent of a user's taste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from db.catalogue.batches import FilmColumns

Float64 = npt.NDArray[np.float64]

EXPONENT = 6.0
"""Above 1: a step from good to excellent counts more than a step from bad to poor."""

METASCORE_WEIGHT = 0.1
"""Shift of a rating, in standard deviations of ratings, per standard deviation of the Metascore from its mean."""

TRUSTED_QUANTILE = 0.25
"""With this quantile of the catalogue's votes, a rating keeps half of its distance from the mean."""


@dataclass(frozen=True)
class Reception:
    """How some films were received: (n,) columns; NaN: unknown."""

    rating: Float64
    metascore: Float64
    votes: Float64

    @classmethod
    def of(cls, films: FilmColumns) -> Reception:
        return cls(*map(films.numbers, ("rating", "metascore", "votes")))

    @classmethod
    def joined(cls, parts: Sequence[Reception]) -> Reception:
        """The films of all parts, in their order."""
        names = ("rating", "metascore", "votes")
        return cls(*(np.concatenate([getattr(part, name) for part in parts] or [[]]) for name in names))

    def received(self) -> Float64:
        """(n,) rating 0-10, else Metascore / 10, else NaN."""
        return np.where(np.isfinite(self.rating), self.rating, self.metascore / 10)


def _estimate(about: dict[str, Any], films: Reception) -> Float64:
    """(n,) ratings, shrunk to the mean if there are few votes (unchanged if their number is unknown), and shifted
    slightly by the Metascore; NaN for unrated films."""
    votes = films.votes
    trust = np.where(np.isfinite(votes), votes / (votes + about["votes_at_half"]), 1.0)
    critics = np.where(np.isfinite(films.rating), films.metascore, np.nan)
    moved = about["metascore_step"] * np.nan_to_num(critics - about["metascore_mean"])
    estimate: Float64 = about["mean"] + trust * (films.received() - about["mean"]) + moved
    return estimate


def _rated(about: dict[str, Any], films: Reception) -> Float64:
    """(n,) the prior; NaN for unrated films."""
    span = about["high"] - about["low"]
    estimate = _estimate(about, films)
    place = (
        np.clip((estimate - about["low"]) / span, 0.0, 1.0)
        if span > 1e-9
        else np.where(np.isfinite(estimate), 0.5, np.nan)
    )
    prior: Float64 = place ** about["exponent"]
    return prior


def fit(films: Reception, exponent: float = EXPONENT, metascore_weight: float = METASCORE_WEIGHT) -> dict[str, Any]:
    """The catalogue statistics that the prior needs: mean, standard deviation and range of ratings and Metascores, a
    quantile of the votes, and the mean prior of the rated films."""
    rated, critics, votes = (values[np.isfinite(values)] for values in (films.received(), films.metascore, films.votes))
    spread = float(critics.std()) if len(critics) else 0.0
    about: dict[str, Any] = {
        "exponent": exponent,
        "mean": float(rated.mean()) if len(rated) else 6.0,
        "votes_at_half": 1.0 + (float(np.quantile(votes, TRUSTED_QUANTILE)) if len(votes) else 0.0),
        "metascore_mean": float(critics.mean()) if len(critics) else 0.0,
        "metascore_step": metascore_weight * float(rated.std()) / spread if spread > 1e-9 else 0.0,
    }
    estimate = _estimate(about, films)
    estimate = estimate[np.isfinite(estimate)]
    about["low"] = float(estimate.min()) if len(estimate) else 0.0
    about["high"] = float(estimate.max()) if len(estimate) else 10.0
    prior = _rated(about, films)
    prior = prior[np.isfinite(prior)]
    return about | {"mean_prior": float(prior.mean()) if len(prior) else 0.5}


def encode(about: dict[str, Any], films: FilmColumns) -> npt.NDArray[np.float32]:
    """(n,) float32 in [0, 1]; unrated films have the mean of the catalogue's rated films."""
    prior = _rated(about, Reception.of(films))
    return np.where(np.isfinite(prior), prior, about["mean_prior"]).astype(np.float32)
