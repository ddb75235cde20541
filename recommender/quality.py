"""The quality prior: how well a film is received, whatever somebody likes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from film import Film

Float64 = npt.NDArray[np.float64]

EXPONENT = 2.5
"""Above 1: the step from good to excellent says more than that from bad to poor."""

TRUSTED_QUANTILE = 0.25
"""A film with as many votes as this quantile of the catalogue has half its rating's distance from the mean."""


def numbers(values: Sequence[float | int | None]) -> Float64:
    """(n,) float64; NaN = not known."""
    return np.array([np.nan if value is None else float(value) for value in values])


def received(films: Sequence[Film]) -> Float64:
    """(n,) rating 0-10, else Metascore / 10, else NaN."""
    rating = numbers([film.rating for film in films])
    return np.where(np.isfinite(rating), rating, numbers([film.metascore for film in films]) / 10)


def _shrunk(films: Sequence[Film], votes_at_half: float, mean: float) -> Float64:
    """Ratings drawn to the mean where the votes are few; where votes are unknown, as they are."""
    votes = numbers([film.votes for film in films])
    trust = np.where(np.isfinite(votes), votes / (votes + votes_at_half), 1.0)
    shrunk: Float64 = mean + trust * (received(films) - mean)
    return shrunk


def _rated(about: dict[str, Any], films: Sequence[Film]) -> Float64:
    """(n,) the prior; NaN for unrated films."""
    span = about["high"] - about["low"]
    shrunk = _shrunk(films, about["votes_at_half"], about["mean"])
    place = (
        np.clip((shrunk - about["low"]) / span, 0.0, 1.0) if span > 1e-9 else np.where(np.isfinite(shrunk), 0.5, np.nan)
    )
    prior: Float64 = place**EXPONENT
    return prior


def fit(films: Sequence[Film]) -> dict[str, Any]:
    """Mean and range of the catalogue's ratings, a quantile of its votes, and the mean prior of its rated films."""
    rated = received(films)
    rated = rated[np.isfinite(rated)]
    mean = float(rated.mean()) if len(rated) else 6.0
    votes = numbers([film.votes for film in films])
    votes = votes[np.isfinite(votes)]
    votes_at_half = 1.0 + (float(np.quantile(votes, TRUSTED_QUANTILE)) if len(votes) else 0.0)
    shrunk = _shrunk(films, votes_at_half, mean)
    shrunk = shrunk[np.isfinite(shrunk)]
    about: dict[str, Any] = {
        "mean": mean,
        "votes_at_half": votes_at_half,
        "low": float(shrunk.min()) if len(shrunk) else 0.0,
        "high": float(shrunk.max()) if len(shrunk) else 10.0,
    }
    prior = _rated(about, films)
    prior = prior[np.isfinite(prior)]
    return about | {"mean_prior": float(prior.mean()) if len(prior) else 0.5}


def encode(about: dict[str, Any], films: Sequence[Film]) -> npt.NDArray[np.float32]:
    """(n,) float32 in [0, 1]; unrated films have the mean of the catalogue's rated films."""
    prior = _rated(about, films)
    return np.where(np.isfinite(prior), prior, about["mean_prior"]).astype(np.float32)
