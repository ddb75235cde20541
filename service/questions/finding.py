"""From words ("slow sad jazz") to the scenes and films that sound so, each with what matched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from db.catalogue.run_facts import RunFacts
from db.catalogue.snapshot import Snapshot
from service.questions.sound_words import FURTHER, GENRE, LEVEL, TAG, TEMPO, Measure, Reading, Wanted, read_question

Float64 = npt.NDArray[np.float64]

SLOW_BPM, FAST_BPM = (70.0, 110.0), (100.0, 140.0)
"""Slow: wholly up to the first, not at all from the second on; fast: the other way round."""
RARE_TAG = 0.05
"""A tag that no scene has more of than this does not tell the scenes apart."""
FLOOR = 0.02
"""What a word that does not fit at all still gives, so that one such word does not make all answers equal."""
SCENES_A_FILM = 3
"""Of one film, in an answer."""


@dataclass(frozen=True)
class Match:
    """How well a word fits."""

    words: str
    fit: float
    """0-1"""
    said: str
    """What was measured: "sad .31", "62 bpm"."""


@dataclass(frozen=True)
class FoundScene:
    """A run that sounds as asked."""

    film_id: int
    title: str
    run: int
    start_s: int
    end_s: int
    score: float
    matches: tuple[Match, ...]


@dataclass(frozen=True)
class Found:
    """The answer to a question in words."""

    reading: Reading
    scenes: tuple[FoundScene, ...]
    films: tuple[tuple[int, str, float], ...]
    """(film_id, title, score): the mean over its scenes by their seconds."""
    notices: tuple[str, ...]


def find(snapshot: Snapshot, text: str, n: int = 10) -> Found:
    """The n scenes (at most SCENES_A_FILM of a film) and the n films that fit a question best.

    A score is the geometric mean of the words' fits, so that a scene must fit all of them.

    Raises:
        ParameterError: empty, too long, or no word of it is understood.
    """
    reading = read_question(text)
    facts = snapshot.run_facts()
    notices = []
    if reading.not_understood:
        notices.append(f"Not understood, and left out: {', '.join(reading.not_understood)}.")
    if not len(facts):
        return Found(reading, (), (), (*notices, "No film with music was analysed yet."))
    fits = np.stack([_fit(facts, one) for one in reading.wanted])
    score = np.exp(np.log(np.maximum(fits, FLOOR)).mean(axis=0))
    order = np.lexsort((facts.runs, facts.film_ids, -score))
    picked: list[int] = []
    taken: dict[int, int] = {}
    for row in order:
        film_id = int(facts.film_ids[row])
        if taken.get(film_id, 0) < SCENES_A_FILM:
            taken[film_id] = taken.get(film_id, 0) + 1
            picked.append(int(row))
        if len(picked) == n:
            break
    films = _films(facts, score)[:n]
    ids = {int(facts.film_ids[row]) for row in picked} | {film_id for film_id, _ in films}
    titles = {film.film_id: film.title for film in snapshot.films_by_id(sorted(ids))}
    scenes = tuple(
        FoundScene(
            int(facts.film_ids[row]),
            titles[int(facts.film_ids[row])],
            int(facts.runs[row]),
            int(facts.start_s[row]),
            int(facts.end_s[row]),
            float(score[row]),
            tuple(
                Match(one.words, float(fits[place, row]), _said(facts, one, row))
                for place, one in enumerate(reading.wanted)
            ),
        )
        for row in picked
    )
    return Found(reading, scenes, tuple((film_id, titles[film_id], value) for film_id, value in films), tuple(notices))


def _films(facts: RunFacts, score: Float64) -> list[tuple[int, float]]:
    ids, place = np.unique(facts.film_ids, return_inverse=True)
    seconds = (facts.end_s - facts.start_s).astype(np.float64)
    means = np.bincount(place, score * seconds) / np.bincount(place, seconds)
    return [(int(ids[at]), float(means[at])) for at in np.lexsort((ids, -means))]


def _fit(facts: RunFacts, wanted: Wanted) -> Float64:
    """(n,) 0-1: how well each run fits a word."""
    best: Float64 = np.max([_measured(facts, one) for one in wanted.measures], axis=0)
    return 1.0 - best if wanted.is_unwanted else best


def _measured(facts: RunFacts, measure: Measure) -> Float64:
    """(n,) 0-1. A tag counts by the most that any run has of it: networks give rare tags low probabilities."""
    if measure.kind == GENRE:
        return np.where(facts.values["genre"] == measure.name, facts.sure["genre"], 0.0)
    if measure.kind == LEVEL:
        sure = facts.sure[measure.name]
        return np.where(facts.values[measure.name] == measure.level, sure, (1.0 - sure) / 2)
    known = facts.named.get(measure.name)
    if known is None:
        return np.zeros(len(facts))
    values = np.nan_to_num(known, nan=0.0)
    if measure.kind == TAG:
        return values / max(float(values.max()), RARE_TAG)
    if measure.kind == FURTHER:
        return np.where(np.isnan(known), 0.0, 1.0 - values if measure.level == "little" else values)
    whole, none = SLOW_BPM if measure.level == "slow" else FAST_BPM[::-1]
    return np.where(values > 0, np.clip((values - none) / (whole - none), 0.0, 1.0), 0.0)


def _said(facts: RunFacts, wanted: Wanted, row: int) -> str:
    """What was measured of a run for a word, by its strongest measure."""
    measure = max(wanted.measures, key=lambda one: _measured(facts, one)[row])
    if measure.kind in (GENRE, LEVEL):
        name = "genre" if measure.kind == GENRE else measure.name
        value = str(facts.values[name][row])
        shown = value if measure.kind == GENRE else f"{value} {measure.name}"
        return f"{shown} {_points(facts.sure[name][row])}"
    known = facts.named.get(measure.name)
    number = float("nan") if known is None else float(known[row])
    if np.isnan(number):
        return f"no {measure.name}" if measure.kind == TAG else f"{measure.name} not known"
    return f"{number:.0f} bpm" if measure.kind == TEMPO else f"{measure.name} {_points(number)}"


def _points(share: float) -> str:
    return "1.0" if share >= 0.995 else f".{round(100 * share):02d}"


def find_document(found: Found) -> dict[str, Any]:
    """The JSON of `filmscore find` (docs/design.md)."""
    return {
        "understood": [{"words": one.words, "unwanted": one.is_unwanted} for one in found.reading.wanted],
        "not_understood": list(found.reading.not_understood),
        "scenes": [
            {
                "film_id": scene.film_id,
                "title": scene.title,
                "run": scene.run,
                "start_s": scene.start_s,
                "end_s": scene.end_s,
                "score": scene.score,
                "matches": [{"words": one.words, "fit": one.fit, "said": one.said} for one in scene.matches],
            }
            for scene in found.scenes
        ],
        "films": [{"film_id": film_id, "title": title, "score": score} for film_id, title, score in found.films],
        "notices": list(found.notices),
    }
