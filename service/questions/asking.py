"""Questions asked by title, for the command line and the HTTP API, which share every step except the syntax."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from db.catalogue.snapshot import Snapshot
from db.titles import exact_key, is_short_form, sequel_key, title_key
from errors import CatalogueError, ParameterError
from film import Film
from ingest.imdb_ids import imdb_id_of
from recommender import Answer, Filters, Question, Recommendation, Recommender
from recommender.outside import outside_id
from recommender.question import DEFAULT_VARIETY, Aim, Effect, Mix
from recommender.steering import amount_words, asked_words
from service.questions.known_titles import KnownTitles
from service.questions.naming import NamedFilms
from told import Told

_DATED = re.compile(r"^(?P<title>.+?)[\s,]*(?:\((?P<bracketed>\d{4})\)|\[(?P<squared>\d{4})\]|\s(?P<bare>\d{4}))$")
CLEARLY_KNOWN = 10
"""A title outside of the catalogue needs no year if it has this many times the votes of any other of the name."""
_SAME_TITLE = 200
"""Largest number of films with one title that are considered."""

Search = Callable[[str, int], list[Film]]
"""(what is typed, limit) -> the films whose titles fit"""


@dataclass(frozen=True)
class Wish:
    """A question as people and programs write it: films by title, "Title (Year)", IMDb id or film_id (a number)."""

    likes: tuple[str | int, ...] = ()
    dislikes: tuple[str | int, ...] = ()
    seen: tuple[str | int, ...] = ()
    music: float = 0.5
    variety: float = DEFAULT_VARIETY
    n: int = 10
    filters: Filters = field(default_factory=Filters)
    max_per_director: int | None = None
    aim: Aim | None = None
    mix: Mix | None = None
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    also_unowned: bool = False


def name_of(film: Film) -> str:
    """Title (Year), a form that `find_film` recognises."""
    return f"{film.title} ({film.year})" if film.year else film.title


def find_film(snapshot: Snapshot, wanted: str | int, known_titles: KnownTitles | None = None) -> Film:
    """The film with this title, ignoring case, accents and punctuation. A leading article counts only if it
    distinguishes two titles.

    If no title is equal, the number of a sequel may be written in another way ("Rocky 2"), and a subtitle may be
    missing. Titles outside of the catalogue, whose film_ids are negative, count if no film of the catalogue fits.

    Args:
        wanted: a title, "Title (Year)" or "Title Year", an IMDb id or a link to its page, or a film_id as a number.
        known_titles: IMDb's titles, if they are loaded.

    Raises:
        ParameterError: there is none (the message names the three nearest titles), or there are several.
        CatalogueError: the known titles cannot be read.
    """
    if isinstance(wanted, int):
        try:
            return snapshot.film(wanted)
        except CatalogueError as error:
            raise ParameterError(str(error)) from error
    text = wanted.strip()
    if not text:
        raise ParameterError("empty title: no film is named. Give a title or an IMDb id.")
    if imdb_id := imdb_id_of(text):
        return _identified(snapshot, imdb_id, wanted, known_titles)
    found = _titled(snapshot.find_titles, text)
    if not found and known_titles is not None:
        found = _best_known(_titled(known_titles.search, text))
    if len(found) == 1:
        return found[0]
    if not found:
        dated = _DATED.match(text)
        nearest = snapshot.nearest_titles(text, 3) or (snapshot.nearest_titles(dated["title"], 3) if dated else [])
        names = "; ".join(name_of(film) for film in nearest)
        hint = f"Nearest: {names}." if names else "No title is similar. Add the film first."
        raise ParameterError(f"{wanted}: no such title in the catalogue. {hint}")
    years = [name_of(film) for film in found[:3]]
    if len({*years}) < len(years):
        years = [f"{name_of(film)} {film.imdb_id or ', '.join(film.directors)}".strip() for film in found[:3]]
    raise ParameterError(
        f"{wanted}: {len(found)} films have this title. Name one with its year, or by its IMDb id: {'; '.join(years)}."
    )


def _identified(snapshot: Snapshot, imdb_id: str, wanted: str, known_titles: KnownTitles | None) -> Film:
    films = snapshot.films()
    ids = films.loc[films["imdb_id"] == imdb_id, "film_id"]
    if len(ids):
        return snapshot.film(int(ids.iloc[0]))
    number = outside_id(imdb_id)
    known = known_titles.titles([number]) if known_titles is not None and number is not None else {}
    if known:
        return next(iter(known.values()))
    raise ParameterError(f"{wanted}: no film with this IMDb id in the catalogue. Name the film by its title.")


def _titled(search: Search, text: str) -> list[Film]:
    """Films of this title, or else of this title and year, or else of this number in a series or short form."""
    found = _exactly(search, text)
    dated = _DATED.match(text)
    if dated and not found:
        year = int(dated["bracketed"] or dated["squared"] or dated["bare"])
        found = [film for film in _exactly(search, dated["title"]) if film.year == year]
        found = found or [film for film in _otherwise(search, dated["title"]) if film.year == year]
    return found or _otherwise(search, text)


def _best_known(films: list[Film]) -> list[Film]:
    """Of several films outside of the catalogue the one that is meant: with ten times the votes of any other."""
    ordered = sorted(films, key=lambda film: -(film.votes or 0))
    clear = len(ordered) > 1 and (ordered[0].votes or 0) >= CLEARLY_KNOWN * max(ordered[1].votes or 0, 1)
    return ordered[:1] if clear else ordered


def _exactly(search: Search, title: str) -> list[Film]:
    key = title_key(title)
    near = search(title, _SAME_TITLE)
    own = [film for film in near if title_key(film.title) == key]
    return (
        [film for film in own if exact_key(film.title) == exact_key(title)]
        or own
        or [film for film in near if film.other_title and title_key(film.other_title) == key]
    )


def _otherwise(search: Search, title: str) -> list[Film]:
    """Films with this number in a series, however it is written; otherwise films with this short form."""
    key = sequel_key(title)
    series = " ".join(word for word in key.split() if not word.isdecimal())
    near = search(series or title, _SAME_TITLE)
    return [film for film in near if sequel_key(film.title) == key] or [
        film for film in near if is_short_form(title, film.title)
    ]


def named_films(snapshot: Snapshot, known_titles: KnownTitles | None = None) -> NamedFilms:
    """An object that finds all films named by a question, as `find_film` finds one."""
    return NamedFilms(snapshot, known_titles, lambda name: find_film(snapshot, name, known_titles))


def question_of(
    snapshot: Snapshot, wish: Wish, known_titles: KnownTitles | None = None, named: NamedFilms | None = None
) -> Question:
    """The question with its titles resolved to films of the catalogue, or else to known titles outside of it.

    Args:
        named: shared by several questions that are asked together.

    Raises:
        ParameterError: an unknown or ambiguous title, too many titles, a film that is both liked and disliked, or a
            value out of range.
    """
    named = named or named_films(snapshot, known_titles)
    likes, dislikes, seen = (named.films(names) for names in (wish.likes, wish.dislikes, wish.seen))
    both = [film for film in likes if film in dislikes]
    if both:
        raise ParameterError(f"{name_of(both[0])}: both liked and disliked. Keep one of the two.")
    return Question(
        likes=_ids(likes),
        dislikes=_ids(dislikes),
        seen=_ids(seen),
        music=wish.music,
        variety=wish.variety,
        n=wish.n,
        filters=wish.filters,
        max_per_director=wish.max_per_director,
        aim=wish.aim,
        mix=wish.mix,
        more=wish.more,
        less=wish.less,
        also_unowned=wish.also_unowned,
    )


def _ids(films: Sequence[Film]) -> tuple[int, ...]:
    return tuple(film.film_id for film in films if film.film_id is not None)


def effect_words(effect: Effect) -> str:
    """What `more` or `less` changed, in a line: "more energy: on average 1.4 instead of 0.97"."""
    before, after = (amount_words(effect.name, one) for one in (effect.before, effect.after))
    asked = asked_words(effect.is_more, effect.name)
    if effect.name == "director" and effect.before is not None and effect.after is not None:
        return Told("{}: {:.0f} % of the films instead of {:.0f} %", asked, 100 * effect.after, 100 * effect.before)
    if after == before:
        return Told("{}: on average {}, as before", asked, after)
    return Told("{}: on average {} instead of {}", asked, after, before)


def effect_documents(effects: Sequence[Effect]) -> list[dict[str, Any]]:
    """The JSON of what `more` and `less` changed."""
    return [{"name": one.name, "more": one.is_more, "before": one.before, "after": one.after} for one in effects]


def answer_document(answer: Answer) -> dict[str, Any]:
    """The JSON of `filmscore recommend` (docs/design.md). A film outside of the catalogue has a negative film_id."""
    return {
        "likes": [{"film_id": film.film_id, "title": film.title} for film in answer.likes],
        "results": [_result_document(result) for result in answer.results],
        "unowned": [
            {**_result_document(result), "imdb_id": result.film.imdb_id, "owned": False} for result in answer.unowned
        ],
        "notices": list(answer.notices),
        "for": answer.aim,
        "effects": effect_documents(answer.effects),
    }


def _result_document(result: Recommendation) -> dict[str, Any]:
    return {
        "film_id": result.film.film_id,
        "title": result.film.title,
        "year": result.film.year,
        "directors": list(result.film.directors),
        "score": result.score,
        "because": [
            {"film_id": cause.film.film_id, "title": cause.film.title, "share": cause.share} for cause in result.because
        ],
        "reasons": [{"block": reason.block, "share": reason.share, "words": reason.words} for reason in result.reasons],
        "note": result.note,
    }


def ask(snapshot: Snapshot, recommender: Recommender, wish: Wish, known_titles: KnownTitles | None = None) -> Answer:
    """Resolve the titles and answer."""
    return recommender.recommend(question_of(snapshot, wish, known_titles))
