"""From windows to runs to the movie layer: votes and percentages (thesis 5.1, Tables 14-16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from errors import ParameterError
from film import (
    ATTRIBUTES,
    GENRES,
    LABELS,
    LEVELS,
    LOUDNESS,
    Activity,
    FilmSummary,
    FloatArray,
    MusicRun,
    WindowAttributes,
)
from media.loudness import STEPS_PER_SECOND, integrated


def vote(probabilities: FloatArray) -> tuple[int, float]:
    """The value of a run by majority over its windows.

    Args:
        probabilities: (n_windows, n_classes), one row a window.

    Returns:
        The class that most windows find likeliest (a tie goes to the higher summed probability, then to the lower
        class), and its mean probability over all windows.

    Raises:
        ParameterError: no window, or a probability that is not finite.
    """
    if probabilities.ndim != 2 or 0 in probabilities.shape or not np.isfinite(probabilities).all():
        raise ParameterError(f"vote: needs finite (n_windows, n_classes), got shape {probabilities.shape}.")
    votes = np.bincount(probabilities.argmax(axis=1), minlength=probabilities.shape[1])
    summed = probabilities.sum(axis=0, dtype=np.float64)
    tied = np.flatnonzero(votes == votes.max())
    winner = int(tied[summed[tied].argmax()])
    return winner, float(summed[winner] / len(probabilities))


def summarise_run(start_s: int, end_s: int, windows: WindowAttributes) -> MusicRun:
    """One run from its windows: a value per attribute by `vote`; embeddings and further attributes by mean; their
    tags."""
    genre, genre_p = vote(windows.genre)
    levels = {attribute: vote(getattr(windows, attribute)) for attribute in ATTRIBUTES}
    named = {attribute: (LEVELS[attribute][value], p) for attribute, (value, p) in levels.items()}
    return MusicRun(
        start_s=start_s,
        end_s=end_s,
        genre=GENRES[genre],
        genre_p=genre_p,
        danceability=named["danceability"][0],
        danceability_p=named["danceability"][1],
        valence=named["valence"][0],
        valence_p=named["valence"][1],
        energy=named["energy"][0],
        energy_p=named["energy"][1],
        embedding=tuple(float(value) for value in windows.embedding.mean(axis=0)),
        further={name: float(values.mean()) for name, values in windows.further.items()},
        tags=windows.tags,
    )


def shares(values: Iterable[tuple[str, int]], names: Sequence[str]) -> dict[str, float]:
    """Percentage of the total weight that each name holds; zeros where there is no weight.

    Args:
        values: (name, weight) pairs; a weight is a run's seconds.
        names: every name that the result has, in order.
    """
    seconds = dict.fromkeys(names, 0)
    for name, weight in values:
        seconds[name] += weight
    total = sum(seconds.values())
    return {name: 100.0 * weight / total if total else 0.0 for name, weight in seconds.items()}


def loudness_of(powers: FloatArray, activity: Activity) -> dict[str, float]:
    """LUFS of a film and of its music where nobody speaks, by the names of film.LOUDNESS; a value that cannot be
    measured is absent.

    Args:
        powers: (n,) of the tenths of a second (`media.meter`); the end may be missing.
        activity: of each second of the film.
    """
    music = np.repeat(activity.present & ~activity.spoken(), STEPS_PER_SECOND)[: len(powers)]
    counted = np.zeros(len(powers), np.bool_)
    counted[: len(music)] = music
    measured = zip(LOUDNESS, (integrated(powers), integrated(powers, counted)), strict=True)
    return {name: lufs for name, lufs in measured if lufs is not None}


def summarise(activity: Activity, runs: Sequence[MusicRun], powers: FloatArray | None = None) -> FilmSummary:
    """The movie layer: shares of genres and levels over the runs, of labels over the film's seconds; with `powers` its
    loudness (`loudness_of`)."""
    labels = shares(((LABELS[label], 1) for label in activity.label.tolist()), LABELS)
    total = sum(run.seconds for run in runs)
    further = {
        name: sum(run.further[name] * run.seconds for run in runs) / total
        for name in (runs[0].further if runs else ())
        if name != "key"
    }
    return FilmSummary(
        genres=shares(((run.genre, run.seconds) for run in runs), GENRES),
        danceability=shares(((run.danceability, run.seconds) for run in runs), LEVELS["danceability"]),
        valence=shares(((run.valence, run.seconds) for run in runs), LEVELS["valence"]),
        energy=shares(((run.energy, run.seconds) for run in runs), LEVELS["energy"]),
        music=labels["music"],
        speech=labels["speech"],
        other=labels["other"],
        further=further,
        presence=activity.presence(),
        loudness={} if powers is None else loudness_of(powers, activity),
    )
