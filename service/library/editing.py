"""An admin's actions on films: correct, edit, delete, find duplicates and stale analyses, preview an ingest.

Each change is published at once (an increment takes under two seconds), so that it is visible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from db import clock
from db.home import Home
from db.state.store import State
from errors import ParameterError
from film import Film
from ingest.discover import FoundFilm, LeftOut, find_films
from ingest.matching import Match
from ingest.matching_folder import decision_name, file_name
from ingest.matching_names import title_keys
from media.confined import Confined
from media.subtitles import TEXT_SUFFIXES
from service.library.companions import Companions, FilesBeside
from service.library.metadata import apply_matches, decide, films_by_id, match_folder
from service.library.posters import forget_poster
from service.library.publishing import publish
from service.questions.profiles import forget_film
from service.rights.access import Actor
from service.rights.media_roots import allows, checked, media_roots
from told import Told

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
    "writers",
    "composers",
    "tags",
    "film_set",
    "plot",
    "collection",
)
MATCHED_AT_ONCE = 500
"""Number of files that a preview examines. A larger folder is ingested without a preview."""


@dataclass(frozen=True)
class PlannedFilm:
    """The plan of an ingest for one file."""

    path: Path
    title: str
    """Of the NFO file, else of the path."""
    known: Film | None
    """The film in the library that the file would become, if that is already clear."""
    heard: bool
    """Whether a file with this path was analysed and has not changed since. The worker compares the contents when it
    adds the file."""
    match: Match | None
    """The titles that the file may be; None if no titles are loaded."""
    year: int | None = None
    director: str = ""
    imdb_id: str = ""
    """In the path, else in the NFO file."""
    further: tuple[Path, ...] = ()
    """The files that continue the film after `path`."""
    versions: tuple[Path, ...] = ()
    """Other versions of the film; the one with the best sound is heard."""
    has_poster: bool = False
    """Whether a picture lies beside it."""
    notes: tuple[str, ...] = ()
    """What of the files beside it cannot be used, and why."""


@dataclass(frozen=True)
class Plan:
    """The preview of an ingest."""

    folder: Path
    films: tuple[PlannedFilm, ...]
    problems: tuple[str, ...]
    titles_loaded: bool
    left_out: tuple[LeftOut, ...] = ()
    """Files that are not films: extras, samples, episodes."""


def plan_ingest(home: Home, actor: Actor, path: str | Path) -> Plan:
    """Preview what adding a file or folder would do, from names, paths, times and NFO files. Hears no film and stores
    nothing.

    Raises:
        AccessError, ParameterError: not an admin; outside the media roots, missing, or more than MATCHED_AT_ONCE files.
    """
    actor.require_admin("plan an ingest")
    folder = checked(home, path)
    found, missing, left_out = find_films([folder])
    if len(found) > MATCHED_AT_ONCE:
        raise ParameterError(
            f"{folder.name}: {len(found)} films; a preview takes up to {MATCHED_AT_ONCE}. "
            "Choose a folder below, or add all of them without a preview."
        )
    loaded = home.imdb.exists()
    matches: dict[Path, Match] = {}
    if loaded:
        with Confined() as child:
            names = [file_name(film.path, folder, child) for film in found]
        matches = {match.path: match for match in match_folder(home, folder, names, None)}
    films: list[PlannedFilm] = []
    used: set[Path] = set()

    def refused(path: Path) -> str:
        return "" if allows(home, path) else "lies outside of the media roots."

    with State.open(home) as state, Companions(home, state, refused, media_roots(home)) as companions:
        heard = state.heard_files()
        for film in found:
            film_id, since = heard.get(str(film.path.resolve()), (None, ""))
            known = state.films_of([film_id]) if film_id else state.find(film.title, film.director or None, film.year)
            unchanged = film_id is not None and not changed_since(film.path, since)
            match = matches.get(film.path)
            one = known[0] if len(known) == 1 else None
            told = companions.of(film)
            used.update(told.pictures, [told.nfo.path] if told.nfo else [])
            films.append(_planned(film, told, one, unchanged, match))
    problems = [f"{one.path}: {one.reason}" for one in missing]
    return Plan(folder, tuple(films), tuple(problems), loaded, tuple(_unused(left_out, used)))


def _unused(left_out: Sequence[LeftOut], used: Collection[Path]) -> list[LeftOut]:
    """What is left out, without NFO files, posters and subtitles: they belong to films."""
    return [one for one in left_out if one.path not in used and one.path.suffix.lower() not in TEXT_SUFFIXES]


def _planned(found: FoundFilm, told: FilesBeside, known: Film | None, heard: bool, match: Match | None) -> PlannedFilm:
    """A found film as an ingest would describe it: by its NFO file, then its container, then its path."""
    named = told.nfo.film if told.nfo else Film("")
    inside = told.inside or Film("")
    return PlannedFilm(
        found.path,
        named.title or inside.title or found.title,
        known,
        heard,
        match,
        year=named.year or inside.year or found.year,
        director=next(iter(named.directors), found.director),
        imdb_id=told.imdb_id,
        further=found.further,
        versions=tuple(one.path for one in found.versions),
        has_poster=any(path != found.path for path in told.pictures),
        notes=told.notes,
    )


def changed_since(path: Path, since: str) -> bool:
    """Whether a file was modified after an ISO time, to the second. A missing file counts as modified."""
    try:
        return int(path.stat().st_mtime) > clock.moment(since).timestamp()
    except OSError:
        return True


def accept_titles(home: Home, actor: Actor, plan: Plan, chosen: Mapping[Path, str]) -> int:
    """Record which title each file is, and add those films to the library. Returns their number.

    Args:
        plan: a plan from `plan_ingest`.
        chosen: IMDb id by path; paths that are left out stay undecided.

    Raises:
        AccessError, ParameterError: not an admin; an id that is not in the loaded files.
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
    """Change the metadata of a film and return the new snapshot's id.

    Raises:
        AccessError, ParameterError: not an admin; no such film, a field that cannot be edited, or a wrong value.
    """
    actor.require_admin("edit a film")
    unknown = sorted(set(fields) - set(EDITABLE))
    if unknown:
        raise ParameterError(f"{', '.join(unknown)}: cannot be edited. Fields: {', '.join(EDITABLE)}.")
    with State.open(home) as state, state.transaction():
        before = state.get_film(film_id)
        state.update_film(film_id, **fields)
        changed = {name: value for name, value in fields.items() if getattr(before, name) != value}
        state.audit("edit film", actor.name, {"film_id": film_id, **changed})
    return publish(home)


def delete_film(home: Home, actor: Actor, film_id: int) -> str:
    """Delete a film with its analysis and edits, and remove it from taste profiles. The media file stays.

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
    forget_poster(home, film)
    return publish(home)


def correct_run(home: Home, actor: Actor, film_id: int, run: tuple[int, int], values: Mapping[str, str | None]) -> str:
    """Set attributes of a run, and keep the model's values as well; None removes a correction. Returns the new
    snapshot's id.

    A value equal to the model's is stored too: a person has heard the run and agrees.

    Raises:
        AccessError, ParameterError: not an admin; unknown film, attribute or value.
    """
    actor.require_admin("correct a run")
    with State.open(home) as state, state.transaction():
        for attribute, value in values.items():
            state.correct_run(film_id, run, attribute, value, actor=actor.name)
        state.audit("correct run", actor.name, {"film_id": film_id, "run": list(run), **values})
    return publish(home)


def duplicates(home: Home, actor: Actor) -> tuple[list[tuple[Film, list[str]]], list[list[Film]]]:
    """Films with several identical files, each with the paths of these, its own file first; and groups of films that
    have the same title and year and share a director.

    A copy is known once it has been ingested, and as long as the file exists.
    """
    actor.require_admin("find duplicates")
    with State.open(home) as state, state.reading():
        media, copies = state.media(), state.copies()
        by_hash: dict[str, list[str]] = defaultdict(list)
        for item in media:
            by_hash[item.media_sha256].append(item.path)
        for path, digest in copies.items():
            if Path(path).exists():
                by_hash[digest].append(path)
        by_title: dict[tuple[str, int | None], list[int]] = defaultdict(list)
        for film_id, title, year in state.titles():
            by_title[title_keys(title).loose, year].append(film_id)
        twice = [item.film_id for item in media if len(by_hash[item.media_sha256]) > 1]
        groups = [ids for ids in by_title.values() if len(ids) > 1]
        films = {film.film_id: film for film in state.films_of([*twice, *chain.from_iterable(groups)])}
    copied = [(films[film_id], by_hash[films[film_id].media_sha256]) for film_id in twice]
    alike = [sharing for ids in groups if (sharing := _share_director([films[film_id] for film_id in ids]))]
    return copied, alike


def successions(alike: Sequence[Sequence[Film]]) -> list[tuple[Film, Film]]:
    """Of groups of films of one title: a film whose file is gone, and one of the group whose file is there."""
    gone = {film.film_id: not Path(film.media_path).exists() for film in chain(*alike) if film.media_path}
    return [
        (one, two)
        for group in alike
        for one in group
        for two in group
        if gone.get(one.film_id, False) and not gone.get(two.film_id, True)
    ]


def succeed(home: Home, actor: Actor, film_id: int, by: int) -> str:
    """Make two films one: the first keeps its number and edits, and gets the file and the analysis of the second, which
    is deleted; who liked or listed either has the first. Returns the new snapshot's id.

    Raises:
        AccessError, ParameterError: not an admin; no such film, the file of the first is still there, or the second has
            none.
    """
    actor.require_admin("make two films one")
    with State.open(home) as state, state.transaction():
        film, other = state.get_film(film_id), state.get_film(by)
        if (film, other) not in successions([[film, other]]):
            raise ParameterError(
                Told("{}: its file is still there, or {} has none. Look for duplicates again.", film.title, other.title)
            )
        (media,) = state.media([by])
        state.attach_media(film_id, media.media_sha256, media.audio_track, media.path, media.model_version)
        state.delete_film(by)
        forget_film(state, by, film_id)
        state.replace_in_lists(by, film_id)
        detail = {"film_id": film_id, "title": film.title, "file of": by, "path": media.path}
        state.audit("make two films one", actor.name, detail)
    forget_poster(home, other)
    return publish(home)


def _share_director(films: Sequence[Film]) -> list[Film]:
    """The films that share a director with another of them. A film with unknown directors counts as sharing one."""

    def share(one: Film, two: Film) -> bool:
        return not one.directors or not two.directors or bool(set(one.directors) & set(two.directors))

    return [one for one in films if any(two is not one and share(one, two) for two in films)]


def stale(home: Home, actor: Actor, model_version: str) -> list[Film]:
    """Films analysed by another model than `model_version`."""
    actor.require_admin("see which films are stale")
    with State.open(home) as state:
        ids = [media.film_id for media in state.media() if media.model_version != model_version]
        return state.films_of(ids)
