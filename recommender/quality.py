"""The quality prior: how well a film is received and how well known it is, whatever somebody likes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from film import Film

Float64 = npt.NDArray[np.float64]

EXPONENT = 2.5
"""Above 1: the step from good to excellent says more than that from bad to poor."""

RENOWN = 0.15
"""Weight of being known beside that of being well received."""

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


def _appearances(films: Sequence[Film], counts: dict[str, int]) -> Float64:
    """(n,) log of the further films of the catalogue that the cast plays in."""
    further = [float(sum(max(counts.get(name, 1) - 1, 0) for name in film.cast)) for film in films]
    logs: Float64 = np.log1p(np.array(further))
    return logs


def _renown(about: dict[str, Any], films: Sequence[Film]) -> Float64:
    """(n,) in [0, 1]: votes on a log scale; where they are unknown, how much the cast plays elsewhere."""
    counts = dict(zip(about["players"], about["films_of_player"], strict=True))
    by_cast = _appearances(films, counts) / max(about["most_appearances"], 1e-9)
    by_votes = np.log1p(numbers([film.votes for film in films])) / max(about["most_votes"], 1e-9)
    renown: Float64 = np.clip(np.where(np.isfinite(by_votes), by_votes, by_cast), 0.0, 1.0)
    return renown


def _rated(about: dict[str, Any], films: Sequence[Film]) -> Float64:
    """(n,) the prior; NaN for unrated films."""
    span = about["high"] - about["low"]
    shrunk = _shrunk(films, about["votes_at_half"], about["mean"])
    place = (
        np.clip((shrunk - about["low"]) / span, 0.0, 1.0) if span > 1e-9 else np.where(np.isfinite(shrunk), 0.5, np.nan)
    )
    prior: Float64 = (place**EXPONENT + RENOWN * _renown(about, films)) / (1.0 + RENOWN)
    return prior


def fit(films: Sequence[Film]) -> dict[str, Any]:
    """Mean and range of the catalogue's ratings, its players and votes, and the mean prior of its rated films."""
    rated = received(films)
    rated = rated[np.isfinite(rated)]
    mean = float(rated.mean()) if len(rated) else 6.0
    votes = numbers([film.votes for film in films])
    votes = votes[np.isfinite(votes)]
    votes_at_half = 1.0 + (float(np.quantile(votes, TRUSTED_QUANTILE)) if len(votes) else 0.0)
    shrunk = _shrunk(films, votes_at_half, mean)
    shrunk = shrunk[np.isfinite(shrunk)]
    counts = {name: n for name, n in Counter(name for film in films for name in set(film.cast)).items() if n > 1}
    about: dict[str, Any] = {
        "mean": mean,
        "votes_at_half": votes_at_half,
        "low": float(shrunk.min()) if len(shrunk) else 0.0,
        "high": float(shrunk.max()) if len(shrunk) else 10.0,
        "players": sorted(counts),
        "films_of_player": [counts[name] for name in sorted(counts)],
        "most_appearances": float(_appearances(films, counts).max()) if films else 0.0,
        "most_votes": float(np.log1p(votes.max())) if len(votes) else 0.0,
    }
    prior = _rated(about, films)
    prior = prior[np.isfinite(prior)]
    return about | {"mean_prior": float(prior.mean()) if len(prior) else 0.5}


def encode(about: dict[str, Any], films: Sequence[Film]) -> npt.NDArray[np.float32]:
    """(n,) float32 in [0, 1]; unrated films have the mean of the catalogue's rated films."""
    prior = _rated(about, films)
    return np.where(np.isfinite(prior), prior, about["mean_prior"]).astype(np.float32)
