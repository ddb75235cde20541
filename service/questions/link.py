"""Conversion of a question to URL parameters and back: the address bar holds the complete question."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any, get_args

from errors import ParameterError
from film import BOUNDS
from recommender.outside import imdb_id_of, outside_id
from recommender.question import (
    DEFAULT_VARIETY,
    LONGEST_WISH,
    MOST_WISHES,
    Aim,
    Filters,
    Mix,
    Question,
    mix_as_text,
    mix_from_text,
)
from told import Told

FILMS = ("like", "dislike", "seen")
"""The parameters that name films."""
FILTERS = ("year-from", "year-to", "genre", "country", "director", "composer", "collection", "with-music")
PARAMETERS = frozenset(
    (*FILMS, "music", "variety", "n", "for", "mix", "more", "less", "also-unowned", "max-per-director", *FILTERS)
)
"""All that say something of a question."""
MOST_FILMS = 200
"""Largest number of films of each kind that are read from one address."""


def to_params(question: Question) -> dict[str, str]:
    """The question's parameters, without those that have their default value."""
    params: dict[str, str] = {}
    for name, films in zip(FILMS, (question.likes, question.dislikes, question.seen), strict=True):
        if films:
            params[name] = ",".join(_film(film_id) for film_id in films)
    if question.music != 0.5:
        params["music"] = f"{question.music:g}"
    if question.variety != DEFAULT_VARIETY:
        params["variety"] = f"{question.variety:g}"
    if question.n != 10:
        params["n"] = str(question.n)
    if question.aim is not None:
        params["for"] = question.aim
    if question.mix is not None:
        params["mix"] = mix_as_text(question.mix)
    for name, words in (("more", question.more), ("less", question.less)):
        if words:
            params[name] = ",".join(words)
    for name, value in question.filters.named().items():
        params[name.replace("_", "-")] = "1" if value is True else str(value)
    if question.also_unowned:
        params["also-unowned"] = "1"
    if question.max_per_director is not None:
        params["max-per-director"] = str(question.max_per_director)
    return params


def _film(film_id: int) -> str:
    """A film in an address: its film_id, or the IMDb id of a title outside of the catalogue."""
    return str(film_id) if film_id >= 0 else imdb_id_of(film_id)


def _film_id(text: str) -> int | None:
    """The film_id of `_film`'s text; None for other texts."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 18 else outside_id(text)


def _films(text: str, known: Collection[int], most: int | None) -> tuple[tuple[int, ...], int, int]:
    """The films of a list; how many others are not in the catalogue, and how many are beyond the largest number."""
    parts = text.split(",") if text else []
    given = [_film_id(part) for part in parts[:most]]
    unique = tuple(dict.fromkeys(film_id for film_id in given if film_id is not None))
    kept = tuple(film_id for film_id in unique if film_id < 0 or film_id in known)
    return kept, len(unique) - len(kept), len(parts) - len(given)


def _share(text: str | None, default: float) -> float:
    try:
        value = float(text) if text is not None else default
    except ValueError:
        return default
    return min(1.0, max(0.0, value)) if math.isfinite(value) else default


def whole_number(text: str | None, low: int, high: int) -> int | None:
    """The whole number of a parameter, clipped to low..high; None where there is none."""
    if text is None or not text.strip().isdecimal() or len(text) > 6:
        return None
    return min(high, max(low, int(text)))


def _words(text: str | None) -> tuple[str, ...]:
    words = (" ".join(word.split()).casefold() for word in (text or "").split(","))
    return tuple(dict.fromkeys(word for word in words if 0 < len(word) <= LONGEST_WISH))[:MOST_WISHES]


def _mix(text: str | None) -> Mix | None:
    try:
        return mix_from_text(text) if text else None
    except ParameterError:
        return None


def from_params(
    params: Mapping[str, str], known: Collection[int], most: int | None = MOST_FILMS
) -> tuple[Question, tuple[str, ...]]:
    """The question in an address, and notices about what could not be kept.

    Nothing in an address is an error: missing films and contradictions are dropped, and numbers are clipped to their
    range.

    Args:
        params: query parameters as Streamlit returns them.
        known: the film_ids of the catalogue. Titles outside of it are always kept.
        most: films of each kind that are read; None = all, for a stored question.
    """
    read = [_films(params.get(name, ""), known, most) for name in FILMS]
    (likes, dislikes, seen), gone, over = zip(*read, strict=True)
    first = whole_number(params.get("year-from"), *BOUNDS["year"])
    last = whole_number(params.get("year-to"), *BOUNDS["year"])
    if first is not None and last is not None and first > last:
        first, last = last, first
    aims: dict[str | None, Aim] = {aim: aim for aim in get_args(Aim)}
    more_of = _words(params.get("more"))
    question = Question(
        likes=likes,
        dislikes=tuple(film_id for film_id in dislikes if film_id not in likes),
        seen=seen,
        music=_share(params.get("music"), 0.5),
        variety=_share(params.get("variety"), DEFAULT_VARIETY),
        n=whole_number(params.get("n"), 1, 50) or 10,
        filters=Filters(
            year_from=first,
            year_to=last,
            genre=params.get("genre") or None,
            country=params.get("country") or None,
            director=params.get("director") or None,
            collection=params.get("collection") or None,
            with_music=params.get("with-music") == "1",
            composer=params.get("composer") or None,
        ),
        max_per_director=whole_number(params.get("max-per-director"), 1, 50),
        aim=aims.get(params.get("for")),
        mix=_mix(params.get("mix")),
        more=more_of,
        less=tuple(word for word in _words(params.get("less")) if word not in more_of),
        also_unowned=params.get("also-unowned") == "1",
    )
    return question, gone_words(sum(gone)) + over_words(sum(over), most or 0)


def over_words(over: int, most: int) -> tuple[str, ...]:
    """A notice with the number of films in a link that are not read because it has too many; empty otherwise."""
    return (Told("{} films of this link are left out: it may have {} of a kind.", over, most),) if over else ()


def gone_words(gone: int) -> tuple[str, ...]:
    """A notice with the number of films in a link that the catalogue lacks; empty if it has all of them."""
    if gone == 1:
        return (Told("One film of this link is no longer in the catalogue."),)
    return (Told("{} films of this link are no longer in the catalogue.", gone),) if gone else ()


def to_document(question: Question) -> dict[str, str]:
    """The document that a profile stores, with the names of the URL parameters."""
    return to_params(question)


def without_film(document: Mapping[str, Any], film_id: int, instead: int | None = None) -> dict[str, Any]:
    """A profile's document without a deleted film, or with another in its place."""
    kept = dict(document)
    for name in FILMS:
        if name in kept:
            films = [one.strip() for one in str(kept[name]).split(",")]
            films = [str(instead or "") if one == str(film_id) else one for one in films]
            kept[name] = ",".join(one for one in dict.fromkeys(films) if one)
    return {name: value for name, value in kept.items() if value != ""}
