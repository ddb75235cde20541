"""From words ("slow sad jazz") to the scenes and films that sound so, each with what matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from db.catalogue.run_facts import RunFacts
from db.catalogue.snapshot import Snapshot
from errors import ParameterError
from recommender import Recommender
from service.questions.asking import effect_words
from service.questions.like_but import LikeFilm, read_like
from service.questions.near_words import nearest_known
from service.questions.sound_words import (
    FURTHER,
    GENRE,
    LEVEL,
    LONGEST,
    TAG,
    TEMPO,
    Measure,
    Reading,
    Wanted,
    read_question,
)
from told import Told, joined

Float64 = npt.NDArray[np.float64]

SLOW_BPM, FAST_BPM = (70.0, 110.0), (100.0, 140.0)
"""Slow: wholly up to the first, not at all from the second on; fast: the other way round."""
RARE_TAG = 0.05
"""If no scene has more of a tag than this, the tag does not distinguish scenes."""
FLOOR = 0.02
"""Smallest fit of a word, so that one word that does not fit at all does not make all answers equal."""
SCENES_A_FILM = 3
"""Of one film, in an answer."""
_UNHEARD = "find: no music of {} was heard, so nothing can be compared with it. Name a film whose music was heard."


@dataclass(frozen=True)
class Match:
    """How well a word fits."""

    words: str
    fit: float
    """0-1"""
    said: str
    """The measured value: "sad .31", "62 bpm"."""


@dataclass(frozen=True)
class FoundScene:
    """A run that fits the question."""

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


def find(snapshot: Snapshot, recommender: Recommender, text: str, n: int = 10) -> Found:
    """The n scenes (at most SCENES_A_FILM of a film) and the n films that fit a question best.

    A score is the geometric mean of the words' fits, so that a scene must fit all of them. "like Vertigo but calmer"
    asks the recommender for films that sound like a film, and shows the scene of each that fits the words best.

    Raises:
        ParameterError: the text is empty, too long, has no known word, or names a film that does not exist.
    """
    alike = read_like(snapshot, text) if len(text) <= LONGEST else None
    if alike is not None:
        return _like_a_film(snapshot, recommender, alike, n)
    reading = read_question(text, nearest_known)
    facts = snapshot.run_facts()
    notices = []
    if read := [Told("{} as {}", one.words, one.read_as) for one in reading.wanted if one.read_as]:
        notices.append(Told("Read: {}.", joined(", ", read)))
    if reading.not_understood:
        notices.append(_left_out(reading.not_understood))
    if not len(facts):
        return Found(reading, (), (), (*notices, Told("No film with music was analysed yet.")))
    fits, score = fits_of(facts, reading)
    absent = [one.words for one, fit in zip(reading.wanted, fits, strict=True) if not one.is_unwanted and not fit.any()]
    if absent:
        notices.append(Told("No scene here has: {}.", ", ".join(absent)))
    picked = _picked(facts, score, n, SCENES_A_FILM)
    films = _films(facts, score)[:n]
    ids = {int(facts.film_ids[row]) for row in picked} | {film_id for film_id, _ in films}
    titles = {film.film_id or 0: film.title for film in snapshot.films_by_id(sorted(ids))}
    scenes = tuple(_scene(facts, reading, fits, score, row, titles) for row in picked)
    return Found(reading, scenes, tuple((film_id, titles[film_id], value) for film_id, value in films), tuple(notices))


def _like_a_film(snapshot: Snapshot, recommender: Recommender, alike: LikeFilm, n: int) -> Found:
    """Films that sound like one, changed as the words say; with each, its scene that fits the words best, or its
    longest."""
    facts = snapshot.run_facts()
    if alike.film.film_id not in facts.film_ids:
        raise ParameterError(Told(_UNHEARD, alike.film.title))
    unknown = tuple(name for name in (*alike.more, *alike.less) if not recommender.knows_trait(name))
    answer = recommender.recommend(alike.without(unknown).question(n))
    reading = Reading(alike.without(unknown).wanted(), unknown)
    notices: list[str] = [_left_out(unknown)] if unknown else []
    notices += [*answer.notices, *map(effect_words, answer.effects)]
    films = {one.film.film_id or 0: (one.film.title, one.score) for one in answer.results}
    if reading.wanted:
        fits, score = fits_of(facts, reading)
    else:
        fits, score = np.zeros((0, len(facts))), (facts.end_s - facts.start_s) / max(facts.end_s.max(initial=1), 1)
    among = np.where(np.isin(facts.film_ids, list(films)), score, -1.0)
    best = {int(facts.film_ids[row]): row for row in _picked(facts, among, len(films), 1) if among[row] >= 0}
    titles = {film_id: title for film_id, (title, _) in films.items()}
    scenes = tuple(_scene(facts, reading, fits, score, best[film_id], titles) for film_id in films if film_id in best)
    return Found(
        reading, scenes, tuple((film_id, title, value) for film_id, (title, value) in films.items()), tuple(notices)
    )


def _left_out(words: Sequence[str]) -> Told:
    return Told("Not understood, and left out: {}.", ", ".join(words))


def fits_of(facts: RunFacts, reading: Reading) -> tuple[Float64, Float64]:
    """(k, n) how well each run fits each word, and (n,) the runs' scores."""
    fits = np.stack([_fit(facts, one) for one in reading.wanted])
    score: Float64 = np.exp(np.log(np.maximum(fits, FLOOR)).mean(axis=0))
    return fits, score


def _picked(facts: RunFacts, score: Float64, n: int, of_a_film: int) -> list[int]:
    """Rows of the n best runs, at most `of_a_film` of one film."""
    order = np.lexsort((facts.runs, facts.film_ids, -score))
    picked: list[int] = []
    taken: dict[int, int] = {}
    for row in order:
        film_id = int(facts.film_ids[row])
        if taken.get(film_id, 0) < of_a_film:
            taken[film_id] = taken.get(film_id, 0) + 1
            picked.append(int(row))
        if len(picked) == n:
            break
    return picked


def _scene(
    facts: RunFacts, reading: Reading, fits: Float64, score: Float64, row: int, titles: Mapping[int, str]
) -> FoundScene:
    film_id = int(facts.film_ids[row])
    return FoundScene(
        film_id,
        titles[film_id],
        int(facts.runs[row]),
        int(facts.start_s[row]),
        int(facts.end_s[row]),
        float(score[row]),
        tuple(
            Match(one.words, float(fits[place, row]), _said(facts, one, row))
            for place, one in enumerate(reading.wanted)
        ),
    )


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
    """The measured value of a run for a word, by its strongest measure."""
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
        "understood": [
            {"words": one.words, "unwanted": one.is_unwanted, "read_as": one.read_as} for one in found.reading.wanted
        ],
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
