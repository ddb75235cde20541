"""The steps of an ingest, in their order: found -> identified -> heard -> attached. Publishing follows.

Each step takes what the one before it returns. What fails, or is not decided, is carried along as data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from db.home import Home
from film import AnalysisStatus, AudioTrack, Film
from ingest.cluster_runner import hear_on_cluster
from ingest.discover import FoundFilm, LeftOut, NotFound, find_films
from ingest.film_versions import best_sound
from ingest.hear import Outcome, Task
from ingest.runner import OnProgress, hear_all
from media.confined import Confined
from service.library.companions import Companions, FilesBeside
from service.library.identities import Identities


@dataclass(frozen=True)
class Found:
    """What the paths of an ingest hold."""

    films: tuple[FoundFilm, ...]
    missing: tuple[NotFound, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Identified:
    """A found film, with what is known of it before it is heard."""

    found: FoundFilm
    told: FilesBeside
    known: Film | None
    """The film of the library or of the table; None = not decided yet, and its sound may still decide."""
    listed_as: Path
    """The film's path among the found films; `found` may be another version, with better sound."""
    failed: tuple[tuple[FoundFilm, str], ...] = ()
    """Versions with better sound that could not be heard, and why."""


@dataclass(frozen=True)
class Wish:
    """What an ingest asks of the hearing of every film."""

    audio_track: int | None = None
    languages: tuple[str, ...] = ()
    architecture: str = "default"
    workers: int | None = None
    scheduler: str | None = None
    beneath: tuple[Path, ...] = ()
    chosen_tracks: tuple[tuple[str, int], ...] = ()
    """Media hashes with the track that a person chose for them before."""

    @property
    def chooses_track(self) -> bool:
        """Whether it asks for a track or a language; that choice is remembered."""
        return self.audio_track is not None or bool(self.languages)


@dataclass(frozen=True)
class Heard:
    """An identified film and what its analysis gave: a result, or why it failed."""

    film: Identified
    outcome: Outcome


@dataclass(frozen=True)
class IngestedFilm:
    """One path of an ingest and what became of it."""

    path: str
    status: AnalysisStatus
    reason: str
    film_id: int | None
    seconds: dict[str, float]
    duration_s: float = 0.0
    runs: int = 0
    copy_of: str = ""
    """The film's file, which is there too and has the same content; empty if this one is the film's."""
    track: int | None = None
    """The audio track that was heard, from 0."""
    tracks: tuple[AudioTrack, ...] = ()
    """The file's audio tracks."""
    further: tuple[str, ...] = ()
    """The film's other files, if it has several: `path` is the first."""
    versions: tuple[str, ...] = ()
    """Other versions of the film (2160p, director's cut), which are not heard: `path` has the best sound."""
    notes: tuple[str, ...] = ()
    """What of the files beside it cannot be used, and why."""


def find(
    paths: Sequence[Path],
    *,
    with_extras: bool = False,
    only: Collection[Path] | None = None,
    refused: Callable[[Path], str] | None = None,
) -> Found:
    """Find the films below the paths.

    Args:
        paths, with_extras: as `ingest.discover.find_films`.
        only: keep only the films that have one of these paths (symbolic links followed); None: all.
        refused: says why a found file may not be read, or ""; such a film is missing.
    """
    films, missing, left_out = find_films(paths, with_extras)
    if only is not None:
        wanted = set(only)
        films = [film for film in films if any(one.path.resolve() in wanted for one in (film, *film.versions))]
        missing, left_out = [], []
    if refused:
        films = [_with_allowed_versions(film, refused) for film in films]
        why = {film.path: next(filter(None, map(refused, (film.path, *film.further))), "") for film in films}
        missing += [NotFound(film.path, why[film.path]) for film in films if why[film.path]]
        films = [film for film in films if not why[film.path]]
    return Found(tuple(films), tuple(missing), tuple(left_out))


def _with_allowed_versions(film: FoundFilm, refused: Callable[[Path], str]) -> FoundFilm:
    """The film with those of its versions that may be read; the film itself may be one of them."""
    versions = [one for one in (film, *film.versions) if not any(map(refused, (one.path, *one.further)))]
    if not versions:
        return film
    return replace(versions[0], versions=tuple(replace(one, versions=()) for one in versions[1:]))


def with_best_sound(film: FoundFilm, child: Confined, languages: Sequence[str]) -> FoundFilm:
    """The version of a film whose sound is heard; the others are its versions."""
    if not film.versions:
        return film
    every = [replace(film, versions=()), *film.versions]
    best = every.pop(best_sound([(one.path, *one.further) for one in every], child, languages))
    title, year, director = film.title, film.year, film.director
    return replace(best, title=title, year=year, director=director, versions=tuple(every))


def identify(
    films: Iterable[FoundFilm], companions: Companions, identities: Identities, languages: Sequence[str] = ()
) -> list[Identified]:
    """Read the files beside each film, look up what is known of it, and choose among its versions. Stores nothing.

    Args:
        languages: preferred languages, most wanted first; then the film's original one.
    """
    identified = []
    for film in films:
        told = companions.of(film)
        one = Identified(film, told, identities.expected(film, told.imdb_id), film.path)
        best = with_best_sound(film, companions.child, wanted_languages(one, languages))
        identified.append(replace(one, found=best))
    return identified


def hear(
    home: Home, films: Sequence[Identified], wish: Wish, scratch: Path, on_progress: OnProgress | None = None
) -> Iterator[Heard]:
    """Analyse the films; they come in the order in which they end.

    Raises:
        CatalogueError, ModelError, ParameterError: as `hear_all` and `hear_on_cluster`.
    """
    tasks = [_task(film, wish) for film in films]
    by_path = {task.path: film for task, film in zip(tasks, films, strict=True)}
    if wish.scheduler:
        outcomes = hear_on_cluster(home, tasks, wish.scheduler, architecture=wish.architecture)
    else:
        outcomes = hear_all(
            home,
            tasks,
            architecture=wish.architecture,
            workers=wish.workers,
            scratch_dir=scratch,
            on_progress=on_progress,
        )
    retried = []
    for outcome in outcomes:
        film = by_path[outcome.path]
        if outcome.status == AnalysisStatus.FAILED and film.found.versions:
            failed = replace(film.found, versions=())
            others = replace(film, found=_next_version(film.found))
            retried.append(replace(others, failed=(*film.failed, (failed, outcome.reason))))
        else:
            yield Heard(film, outcome)
    if retried:
        yield from hear(home, retried, wish, scratch, on_progress)


def _next_version(film: FoundFilm) -> FoundFilm:
    first, *others = film.versions
    title, year, director = film.title, film.year, film.director
    return replace(first, title=title, year=year, director=director, versions=tuple(others))


def _task(film: Identified, wish: Wish) -> Task:
    found = film.found
    path = found.path.absolute() if wish.scheduler else found.path
    further = tuple(one.absolute() for one in found.further)
    chosen = () if wish.chooses_track else wish.chosen_tracks
    return Task(path, wish.audio_track, wanted_languages(film, wish.languages), further, wish.beneath, chosen)


def wanted_languages(film: Identified, asked: Sequence[str]) -> tuple[str, ...]:
    """The languages to hear a film in: what is asked for, then its original one, the first that its metadata name."""
    original = (film.told.nfo.film.languages if film.told.nfo else ()) or (film.known.languages if film.known else ())
    return (*asked, *original[:1])


def attach(heard: Heard, companions: Companions, identities: Identities) -> tuple[Outcome, IngestedFilm]:
    """Give the analysis to its film, which is added if it is new, with what the files beside it tell.

    Returns:
        The outcome with what was learnt, and the film's row of the report. A failed film passes through.
    """
    told, outcome = heard.film.told, heard.outcome
    failed = [film for film, _ in heard.film.failed]
    found = replace(heard.film.found, versions=(*heard.film.found.versions, *failed))
    film_id, copy_of = None, ""
    if outcome.status != AnalysisStatus.FAILED:
        film_id, copy_of = identities.resolve(found, outcome, told.imdb_id, told.inside)
        if found.versions:
            said = (outcome.reason, f"the best sound of {len(found.versions) + 1} versions")
            outcome = replace(outcome, reason="; ".join(filter(None, said)))
        outcome = replace(outcome, notes=told.notes if copy_of else companions.keep(film_id, told))
    outcome = replace(outcome, notes=(*outcome.notes, *(reason for _, reason in heard.film.failed)))
    if copy_of:
        outcome = replace(outcome, reason=f"the same content as {copy_of}")
    versions = tuple(str(version.path) for version in found.versions)
    further = tuple(map(str, found.further))
    return outcome, replace(ingested(outcome, film_id), copy_of=copy_of, further=further, versions=versions)


def ingested(outcome: Outcome, film_id: int | None = None) -> IngestedFilm:
    """The row of a report for what became of one path."""
    return IngestedFilm(
        str(outcome.path),
        outcome.status,
        outcome.reason,
        film_id,
        outcome.seconds,
        outcome.duration_s,
        outcome.runs,
        track=outcome.audio_track if outcome.status != AnalysisStatus.FAILED else None,
        tracks=outcome.tracks,
        notes=outcome.notes,
    )
