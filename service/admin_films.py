"""What an admin does with films: correct, edit, delete, find twins and films that an older model heard, plan an ingest.

Each change publishes at once (an increment takes under two seconds), so that it is seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.home import Home
from db.state import State
from errors import ParameterError
from film import Film
from ingest.matching import Match
from ingest.matching_folder import decision_name, file_name
from ingest.matching_names import title_keys
from media.confined import Confined
from media.decode import media_sha256
from service.access import Actor
from service.library import find_films
from service.media_roots import checked
from service.metadata import apply_matches, decide, films_by_id, imdb_path, match_folder
from service.profiles import forget_film
from service.publishing import publish

EDITABLE = (
    "title",
    "other_title",
    "directors",
    "year",
    "imdb_id",
    "rating",
    "votes",
    "metascore",
    "runtime_minutes",
    "countries",
    "languages",
    "locations",
    "genres",
    "cast",
    "plot",
    "collection",
)
MATCHED_AT_ONCE = 500
"""Files of a folder that a plan looks at; a larger folder is ingested without one."""


@dataclass(frozen=True)
class PlannedFilm:
    """What an ingest would do with a file."""

    path: Path
    title: str
    known: Film | None
    """The film of the library that it would become, if that is clear now."""
    heard: bool
    """Its sound is in the library already."""
    match: Match | None
    """The titles it may be; None where no titles are loaded."""


@dataclass(frozen=True)
class Plan:
    """A dry run."""

    folder: Path
    films: tuple[PlannedFilm, ...]
    problems: tuple[str, ...]
    titles_loaded: bool


def plan_ingest(home: Home, actor: Actor, path: str | Path) -> Plan:
    """What adding a file or folder would do. Stores nothing.

    Raises:
        AccessError, ParameterError: not an admin; outside of the media roots, missing, or more than MATCHED_AT_ONCE
            files.
    """
    actor.require_admin("plan an ingest")
    folder = checked(home, path)
    found, missing = find_films([folder])
    if len(found) > MATCHED_AT_ONCE:
        raise ParameterError(
            f"{folder.name}: {len(found)} films; up to {MATCHED_AT_ONCE} are looked at beforehand. "
            "Choose a folder below, or add all of them without looking."
        )
    loaded = imdb_path(home).exists()
    with Confined() as child:
        names = [file_name(film.path, folder, child) for film in found]
    matches = {match.path: match for match in match_folder(home, folder, names, None)} if loaded else {}
    films = []
    with State.open(home) as state:
        for film in found:
            film_id = state.media_of(media_sha256(film.path)) if film.path.stat().st_size else None
            known = [state.get_film(film_id)] if film_id else state.find(film.title, film.director or None, film.year)
            match = matches.get(film.path)
            films.append(
                PlannedFilm(film.path, film.title, known[0] if len(known) == 1 else None, film_id is not None, match)
            )
    return Plan(folder, tuple(films), tuple(f"{one.path}: {one.reason}" for one in missing), loaded)


def accept_titles(home: Home, actor: Actor, plan: Plan, chosen: Mapping[Path, str]) -> int:
    """Remember which title each file is, and give the library those films; how many.

    Args:
        plan: of `plan_ingest`.
        chosen: IMDb id by path; paths that are left out stay undecided.

    Raises:
        AccessError, ParameterError: not an admin; an id that the loaded files do not have.
    """
    actor.require_admin("decide titles")
    films = films_by_id(home, None, sorted(set(chosen.values())))
    for path, imdb_id in chosen.items():
        if imdb_id not in films:
            raise ParameterError(f"{path.name}: no title {imdb_id} in the loaded IMDb files. Choose another.")
        decide(home, actor, decision_name(path, plan.folder), imdb_id)
    matches = [Match(path, path.stem, imdb_id) for path, imdb_id in chosen.items()]
    apply_matches(home, actor, plan.folder, matches, films)
    return len(chosen)


def edit_film(home: Home, actor: Actor, film_id: int, **fields: Any) -> str:
    """Change what is known of a film; the new snapshot's id.

    Raises:
        AccessError, ParameterError: not an admin; no such film, a field that cannot be edited, or a wrong value.
    """
    actor.require_admin("edit a film")
    unknown = sorted(set(fields) - set(EDITABLE))
    if unknown:
        raise ParameterError(f"{', '.join(unknown)}: cannot be edited. Fields: {', '.join(EDITABLE)}.")
    with State.open(home) as state:
        before = state.get_film(film_id)
        state.update_film(film_id, **fields)
        changed = {name: value for name, value in fields.items() if getattr(before, name) != value}
        state.audit("edit film", actor.name, {"film_id": film_id, **changed})
    return publish(home)


def delete_film(home: Home, actor: Actor, film_id: int) -> str:
    """Delete a film with all that was heard and said of it, in taste profiles too; the media file stays.

    Returns:
        The new snapshot's id.

    Raises:
        AccessError, ParameterError: not an admin; no such film.
    """
    actor.require_admin("delete a film")
    with State.open(home) as state, state.transaction():
        film = state.get_film(film_id)
        state.delete_film(film_id)
        forget_film(state, film_id)
        state.audit("delete film", actor.name, {"film_id": film_id, "title": film.title})
    return publish(home)


def correct_run(home: Home, actor: Actor, film_id: int, run: tuple[int, int], attribute: str, value: str | None) -> str:
    """Say what a run is, beside the model's value; None takes that back. The new snapshot's id.

    Raises:
        AccessError, ParameterError: not an admin; unknown film, attribute or value.
    """
    actor.require_admin("correct a run")
    with State.open(home) as state:
        state.correct_run(film_id, run, attribute, value, actor=actor.name)
        detail = {"film_id": film_id, "run": list(run), "attribute": attribute, "value": value}
        state.audit("correct run", actor.name, detail)
    return publish(home)


def duplicates(home: Home, actor: Actor) -> tuple[list[list[Film]], list[list[Film]]]:
    """Groups of films with the same media file, and with the same title, year and a director in common."""
    actor.require_admin("find duplicates")
    with State.open(home) as state:
        films = state.films()
    by_hash: dict[str, list[Film]] = defaultdict(list)
    by_title: dict[tuple[str, int | None], list[Film]] = defaultdict(list)
    for film in films:
        if film.media_sha256:
            by_hash[film.media_sha256].append(film)
        by_title[title_keys(film.title).loose, film.year].append(film)
    same = [group for group in by_hash.values() if len(group) > 1]
    alike = [group for group in by_title.values() if len(group) > 1 and _share_director(group)]
    return same, alike


def _share_director(films: Sequence[Film]) -> bool:
    named = [set(film.directors) for film in films]
    return any(not one or not two or one & two for i, one in enumerate(named) for two in named[:i])


def stale(home: Home, actor: Actor, model_version: str) -> list[Film]:
    """Films that another model than `model_version` heard."""
    actor.require_admin("see which films are stale")
    with State.open(home) as state:
        ids = [media.film_id for media in state.media() if media.model_version != model_version]
        return state.films_of(ids)
