"""The two blocks of sound: `music` (from the summary) and `embedding` (from the runs' embeddings)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from db.catalogue.records import Heard
from film import GENRES, LABELS, LEVELS, FilmSummary
from recommender.terms import unit_rows

Float64 = npt.NDArray[np.float64]

MUSIC_DIMENSION = 28
FURTHER = ("acousticness", "instrumentalness", "tempo_bpm", "tempo_confidence")
"""The further attributes in the block."""

EMBEDDING_DIMENSION = 40
SPREAD_DIMENSION = 12

PRIOR_FILMS = 5.0
"""The centre of a block is the mean of the catalogue and this many neutral films, so that one film has a centre too."""

LEVEL_WEIGHT, LABEL_WEIGHT, FURTHER_WEIGHT, SPREAD_WEIGHT = 0.6, 0.4, 0.25, 0.5


def has_music(record: Heard) -> bool:
    """Whether the film has been analysed and has a run."""
    return record.summary is not None and record.summary.has_music


def _shares(summary: FilmSummary) -> list[float]:
    """The square roots of 22 shares, weighted by group; dot products of square roots compare distributions."""
    parts = [np.sqrt([max(summary.genres.get(name, 0.0), 0.0) / 100 for name in GENRES])]
    for attribute, levels in LEVELS.items():
        shares: dict[str, float] = getattr(summary, attribute)
        parts.append(LEVEL_WEIGHT * np.sqrt([max(shares.get(name, 0.0), 0.0) / 100 for name in levels]))
    heard = [summary.music, summary.speech, summary.other]
    parts.append(LABEL_WEIGHT * np.sqrt([max(share, 0.0) / 100 for share in heard]))
    return list(np.concatenate(parts))


def _neutral_shares() -> Float64:
    parts = [np.full(len(GENRES), np.sqrt(1 / len(GENRES)))]
    parts += [np.full(len(levels), LEVEL_WEIGHT * np.sqrt(1 / len(levels))) for levels in LEVELS.values()]
    parts.append(np.full(len(LABELS), LABEL_WEIGHT * np.sqrt(1 / len(LABELS))))
    return np.concatenate(parts)


def fit_music(records: Sequence[Heard]) -> dict[str, Any]:
    """Centre of the shares; mean and standard deviation of the FURTHER attributes that some film has."""
    summaries = [record.summary for record in records if record.summary is not None and record.summary.has_music]
    names = [name for name in FURTHER if any(name in summary.further for summary in summaries)]
    neutral = _neutral_shares()
    total = np.sum([_shares(summary) for summary in summaries], axis=0) if summaries else np.zeros_like(neutral)
    means, spreads = [], []
    for name in names:
        values = np.array([s.further[name] for s in summaries if np.isfinite(s.further.get(name, np.nan))])
        means.append(float(values.mean()) if len(values) else 0.0)
        spreads.append(max(float(values.std()), 1e-6) if len(values) else 1.0)
    return {
        "centre": (total + PRIOR_FILMS * neutral) / (len(summaries) + PRIOR_FILMS),
        "further": names,
        "means": np.array(means, float),
        "spreads": np.array(spreads, float),
    }


def encode_music(fitted: dict[str, Any], records: Sequence[Heard]) -> Float64:
    """(n, 28) unit rows: centred roots of shares, then standardised further attributes; zeros without runs."""
    rows = np.zeros((len(records), MUSIC_DIMENSION))
    names, n_shares = fitted["further"], len(fitted["centre"])
    for row, record in enumerate(records):
        summary = record.summary
        if summary is None or not summary.has_music:
            continue
        rows[row, :n_shares] = np.asarray(_shares(summary)) - fitted["centre"]
        for i, name in enumerate(names):
            value = summary.further.get(name, np.nan)
            if np.isfinite(value):
                deviation = (value - fitted["means"][i]) / fitted["spreads"][i]
                rows[row, n_shares + i] = FURTHER_WEIGHT * float(np.clip(deviation, -3, 3)) / 2
    return unit_rows(rows)


Principal = tuple[Float64, Float64, float, float]
"""Centre (d,), axes (d, dimension), the scale to a mean squared length of 1, and the share of the variance left out."""


class Moments:
    """Sums over rows from which their principal axes follow. The rows come in batches and are not kept."""

    def __init__(self, width: int) -> None:
        self.count = 0
        self._sum, self._products = np.zeros(width), np.zeros((width, width))

    def add(self, values: Float64) -> None:
        """Add (n, width) rows."""
        self.count += len(values)
        self._sum += values.sum(axis=0)
        self._products += values.T @ values

    def principal(self, dimension: int) -> Principal:
        """As `principal` of all rows at once, to rounding."""
        centre = self._sum / (self.count + PRIOR_FILMS)
        crossed = np.outer(self._sum, centre)
        power, axes = np.linalg.eigh(self._products - crossed - crossed.T + self.count * np.outer(centre, centre))
        return _strongest(self.count, centre, power, axes, dimension)


def principal(values: Float64, dimension: int) -> Principal:
    """PCA of (n, d) values."""
    centre = values.sum(axis=0) / (len(values) + PRIOR_FILMS)
    centred = values - centre
    if dimension <= len(values) < values.shape[1]:  # few films of long vectors: cheaper by their singular values
        _, singular, rows = np.linalg.svd(centred, full_matrices=False)
        power, axes = singular**2, rows.T
    else:
        power, axes = np.linalg.eigh(centred.T @ centred)
    return _strongest(len(values), centre, power, axes, dimension)


def _strongest(count: int, centre: Float64, power: Float64, axes: Float64, dimension: int) -> Principal:
    order = np.argsort(-power, kind="stable")[:dimension]
    chosen = axes[:, order]
    largest = np.abs(chosen).argmax(axis=0)
    chosen = chosen * np.where(chosen[largest, np.arange(chosen.shape[1])] < 0, -1.0, 1.0)
    total = float(np.clip(power, 0, None).sum())
    kept = float(np.clip(power[order], 0, None).sum())
    scale = float(np.sqrt(count / total)) if total > 1e-12 else 1.0
    return centre, chosen, scale, (1.0 - kept / total if total > 1e-12 else 0.0)


def fit_embedding(records: Sequence[Heard]) -> dict[str, Any]:
    """PCA of the films' mean embeddings and of their spread, over the films of the commonest model version."""
    usable = [r for r in records if has_music(r) and r.embedding_mean is not None and len(r.embedding_mean)]
    if not usable:
        return {"model_version": "", "dimension": 0}
    counts = Counter((r.model_version, len(r.embedding_mean)) for r in usable if r.embedding_mean is not None)
    (version, dimension), _ = min(counts.items(), key=lambda item: (-item[1], item[0]))
    fitted: dict[str, Any] = {"model_version": version, "dimension": dimension}
    means, spreads = _embeddings(fitted, usable)
    finite = np.isfinite(means).all(axis=1) & np.isfinite(spreads).all(axis=1)
    if not finite.any():
        return {"model_version": "", "dimension": 0}
    width = EMBEDDING_DIMENSION - SPREAD_DIMENSION
    for name, values, columns in (("mean", means, width), ("spread", spreads, SPREAD_DIMENSION)):
        centre, axes, scale, loss = principal(values[finite], min(columns, dimension))
        fitted |= {f"{name}_centre": centre, f"{name}_axes": axes, f"{name}_scale": scale, f"{name}_loss": loss}
    return fitted


def fits_embedding(fitted: dict[str, Any], record: Heard) -> bool:
    """Whether a film's embedding is of the model version and length that the block was fitted on."""
    mean = record.embedding_mean
    known = mean is not None and len(mean) == fitted["dimension"] > 0
    return known and has_music(record) and record.model_version == fitted["model_version"]


def _embeddings(fitted: dict[str, Any], records: Sequence[Heard]) -> tuple[Float64, Float64]:
    """(n, d) means and spreads; a film whose embedding does not fit has NaN."""
    means = np.full((len(records), fitted["dimension"]), np.nan)
    spreads = np.zeros_like(means)
    for row, record in enumerate(records):
        if fits_embedding(fitted, record):
            means[row] = record.embedding_mean
            if record.embedding_spread is not None and len(record.embedding_spread) == fitted["dimension"]:
                spreads[row] = record.embedding_spread
    return means, spreads


def encode_embedding(fitted: dict[str, Any], records: Sequence[Heard]) -> Float64:
    """(n, 40) unit rows: 28 axes of the mean, 12 of the spread; zeros without a fitting embedding."""
    rows = np.zeros((len(records), EMBEDDING_DIMENSION))
    if not fitted["dimension"]:
        return rows
    means, spreads = _embeddings(fitted, records)
    width = EMBEDDING_DIMENSION - SPREAD_DIMENSION
    parts = (("mean", means, 0, 1.0), ("spread", spreads, width, SPREAD_WEIGHT))
    for name, values, start, weight in parts:
        axes = fitted[f"{name}_axes"]
        projected = (values - fitted[f"{name}_centre"]) @ axes * fitted[f"{name}_scale"] * weight
        rows[:, start : start + axes.shape[1]] = projected
    return unit_rows(rows)
