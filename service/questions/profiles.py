"""Taste profiles: named questions that can be exported from one catalogue and imported into another as JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from errors import MetadataError, ParameterError
from film import Film
from recommender import Question
from recommender.outside import imdb_id_of
from service.questions.asking import find_film, name_of
from service.questions.known_titles import KnownTitles
from service.questions.link import from_params, to_document, without_film
from service.questions.ratings_import import DISLIKED_TO, LIKED_FROM
from told import Told

FORMAT = "filmscore taste profile 1"
MOST_PROFILES, LONGEST_NAME, LONGEST_QUESTION = 50, 80, 10_000
"""Of one browser: how many, and characters of each."""
MOST_TOGETHER = 20_000
"""Of all browsers; those that were saved longest ago go first."""
_KINDS = ("likes", "dislikes", "seen")


def save(home: Home, name: str, question: Question, owner: str = "") -> None:
    """Keep a question under a name; one of the same name is replaced.

    Args:
        owner: the browser that keeps it, in bounds; "" = the terminal and the admin, without.

    Raises:
        ParameterError: the name is empty; or what a browser keeps is too long or too much.
    """
    name, document = name.strip(), to_document(question)
    with State.open(home) as state, state.transaction():
        if owner:
            _check_bounds(state, owner, name, len(json.dumps(document)))
        state.save_profile(name, document, owner)
        if owner:
            state.drop_oldest_profiles(MOST_TOGETHER)


def _check_bounds(state: State, owner: str, name: str, length: int) -> None:
    if len(name) > LONGEST_NAME:
        raise ParameterError(
            Told("{} ...: a name has up to {} characters. Give a shorter one.", name[:20], LONGEST_NAME)
        )
    if length > LONGEST_QUESTION:
        raise ParameterError(f"{name}: {length} characters; up to {LONGEST_QUESTION} are kept. Name fewer films.")
    kept = state.list_profiles(owner)
    if name not in kept and len(kept) >= MOST_PROFILES:
        raise ParameterError(Told("{}: this browser keeps {} searches already. Delete one first.", name, MOST_PROFILES))


def forget(home: Home, name: str, owner: str) -> None:
    """Forget a profile."""
    with State.open(home) as state:
        state.delete_profile(name, owner)


def forget_film(state: State, film_id: int, instead: int | None = None) -> None:
    """Take a film that is deleted out of all profiles, or put another in its place."""
    for owner, name in state.profile_owners():
        document = state.get_profile(name, owner)
        kept = without_film(document, film_id, instead)
        if kept != document:
            state.save_profile(name, kept, owner)


def _known(snapshot: Snapshot) -> set[int]:
    return {int(film_id) for film_id in snapshot.films()["film_id"]}


def profile_question(home: Home, snapshot: Snapshot, name: str) -> Question:
    """The question of a profile, without films that no longer exist.

    Raises:
        ParameterError: there is no profile with this name.
    """
    with State.open(home) as state:
        document = state.get_profile(name)
    return from_params({key: str(value) for key, value in document.items()}, _known(snapshot), most=None)[0]


def together(profile: Question, asked: Question, named: Collection[str]) -> Question:
    """Merge a profile with the present question. Films are joined; where the two disagree, the present question wins.

    Args:
        named: the settings (fields of a question) that the present question sets; the others come from the profile.
    """
    changed: dict[str, Any] = {name: getattr(asked, name) for name in named}
    likes = tuple(dict.fromkeys((*(i for i in profile.likes if i not in asked.dislikes), *asked.likes)))
    dislikes = tuple(dict.fromkeys((*(i for i in profile.dislikes if i not in asked.likes), *asked.dislikes)))
    seen = tuple(dict.fromkeys(profile.seen + asked.seen))
    return replace(profile, likes=likes, dislikes=dislikes, seen=seen, **changed)


def add_taste(state: State, name: str, ratings: Mapping[int, float | None]) -> None:
    """Add films that somebody rated or watched elsewhere to a profile, creating it if it is missing.

    Args:
        ratings: film_id -> 0-10, or None for films that were only watched. A newer rating replaces the older one.
    """
    rated = {film_id: rating / 10 for film_id, rating in ratings.items() if rating is not None}
    told = Question(
        likes=tuple(film_id for film_id, share in rated.items() if share >= LIKED_FROM),
        dislikes=tuple(film_id for film_id, share in rated.items() if share <= DISLIKED_TO),
        seen=tuple(ratings),
    )
    with state.transaction():
        document = state.get_profile(name) if name in state.list_profiles() else {}
        films = {film.film_id for film in state.films()}
        params = {key: str(value) for key, value in document.items()}
        before, _ = from_params(params, {film_id for film_id in films if film_id is not None}, most=None)
        state.save_profile(name, to_document(together(before, told, ())))


def _film_document(film: Film) -> dict[str, Any]:
    return {"title": film.title, "year": film.year, "imdb_id": film.imdb_id}


def export_profile(home: Home, snapshot: Snapshot, name: str) -> str:
    """A profile as JSON that identifies films by title, year and IMDb id, so that another catalogue can import it.

    Raises:
        ParameterError: there is no profile with this name.
    """
    question = profile_question(home, snapshot, name)
    known_titles = KnownTitles.beside(home, snapshot)

    def film(film_id: int) -> dict[str, Any]:
        if film_id >= 0:
            return _film_document(snapshot.film(film_id))
        titles = known_titles.titles([film_id]) if known_titles is not None else {}
        return _film_document(titles.get(film_id, Film("", imdb_id=imdb_id_of(film_id))))

    films = {kind: [film(i) for i in getattr(question, kind)] for kind in _KINDS}
    settings = to_document(replace(question, likes=(), dislikes=(), seen=()))
    return json.dumps({"format": FORMAT, "name": name, **films, "settings": settings}, ensure_ascii=False, indent=1)


def import_profile(home: Home, snapshot: Snapshot, path: Path) -> tuple[str, tuple[str, ...]]:
    """Import a profile from JSON.

    Returns:
        Its name, and the titles that this catalogue lacks (they are left out).

    Raises:
        MetadataError: the file is not a taste profile.
    """
    try:
        document = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise MetadataError(
            f"{path.name}: not a taste profile ({error}). Give a JSON file that filmscore exported."
        ) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise MetadataError(f"{path.name}: not a taste profile. Give a JSON file that filmscore exported.")
    settings = document.get("settings") or {}
    name = str(document.get("name") or path.stem)
    missing: list[str] = []
    known_titles = KnownTitles.beside(home, snapshot)
    found: dict[str, tuple[int, ...]] = {}
    for kind in _KINDS:
        films = [_film_named(snapshot, known_titles, entry, missing) for entry in document.get(kind) or []]
        found[kind] = tuple(dict.fromkeys(film_id for film_id in films if film_id is not None))
    params = {str(key): str(value) for key, value in settings.items()} if isinstance(settings, dict) else {}
    question, _ = from_params(params, set())
    averse = tuple(film_id for film_id in found["dislikes"] if film_id not in found["likes"])
    save(home, name, replace(question, likes=found["likes"], dislikes=averse, seen=found["seen"]))
    return name, tuple(missing)


def _film_named(snapshot: Snapshot, known_titles: KnownTitles | None, entry: object, missing: list[str]) -> int | None:
    if not isinstance(entry, dict):
        return None
    named = str(entry.get("title") or "")
    dated = f"{named} ({entry['year']})" if entry.get("year") else named
    for wanted in (str(entry.get("imdb_id") or ""), dated, named):
        if wanted:
            try:
                return find_film(snapshot, wanted, known_titles).film_id
            except ParameterError:
                continue
    missing.append(dated or "a film without a title")
    return None


__all__ = ["add_taste", "export_profile", "forget", "import_profile", "name_of", "profile_question", "save", "together"]
