"""Adding films: hear them, know what they are, publish them."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from db.home import Home
from db.state.store import State
from film import AnalysisStatus, AudioTrack
from ingest.cluster_runner import hear_on_cluster
from ingest.discover import FoundFilm, LeftOut, NotFound, find_films, shown
from ingest.hear import Outcome
from ingest.metadata_csv import read_films
from ingest.runner import OnProgress, Task, hear_all
from service.library.companions import Companions
from service.library.identities import Identities
from service.library.publishing import publish
from service.logs import log_event
from service.rights.access import LOCAL, Actor

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMED_IN_AUDIT = 20
"""Maximum number of an ingest's paths that the audit log names."""
PUBLISH_EVERY_S = 120.0
"""A long ingest shows what it has this often."""

OnOutcome = Callable[[Outcome], None]


class StoppedError(Exception):
    """Raised by a callback of `ingest` to end the hearing early; what was heard is published."""


@dataclass(frozen=True)
class IngestedFilm:
    """One path of an ingest and what became of it."""

    path: str
    status: str
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
    notes: tuple[str, ...] = ()
    """What of the files beside it cannot be used, and why."""


@dataclass(frozen=True)
class IngestReport:
    """What an ingest did; `snapshot` is what readers see now."""

    films: tuple[IngestedFilm, ...]
    snapshot: str
    left_out: tuple[LeftOut, ...] = ()
    """Media files that are no films: extras, samples, episodes."""

    @property
    def failed(self) -> bool:
        return any(film.status == AnalysisStatus.FAILED for film in self.films)


@contextmanager
def _scratch(home: Home) -> Iterator[Path]:
    """A directory for this process's sound; what killed processes left is cleared first."""
    home.scratch.mkdir(parents=True, exist_ok=True)
    for left in home.scratch.iterdir():
        with suppress(ValueError, ProcessLookupError, PermissionError):
            try:
                os.kill(int(left.name), 0)
            except ProcessLookupError:
                shutil.rmtree(left, ignore_errors=True)
    ours = home.scratch / str(os.getpid())
    ours.mkdir(exist_ok=True)
    try:
        yield ours
    finally:
        shutil.rmtree(ours, ignore_errors=True)


def ingest(
    home: Home,
    paths: Sequence[Path],
    *,
    collection: str = "",
    metadata: Path | None = None,
    audio_track: int | None = None,
    languages: Sequence[str] = (),
    architecture: str = "default",
    workers: int | None = None,
    scheduler: str | None = None,
    actor: Actor = LOCAL,
    on_found: Callable[[Sequence[FoundFilm]], None] | None = None,
    on_progress: OnProgress | None = None,
    on_outcome: OnOutcome | None = None,
    refused: Callable[[Path], str] | None = None,
    beneath: Sequence[Path] = (),
    with_extras: bool = False,
    only: Collection[Path] | None = None,
) -> IngestReport:
    """Analyse the films below some paths and publish them.

    Args:
        home: where everything is stored.
        paths: films, or folders with the layout `<Director>/<Title>.<ext>` or flat.
        collection: the collection of new films.
        metadata: a CSV with the columns of `ingest.metadata_csv`; its rows describe films with the same title.
        audio_track: which audio track of each file, from 0; None chooses the film's original sound.
        languages: preferred languages without an `audio_track`, most wanted first; then the original one, if known.
        architecture: "default" or "thesis".
        workers: number of processes; by default one per core.
        scheduler: address of a Dask scheduler whose workers do the analysis; they do not report stages.
        actor: who requests the ingest.
        on_found: called once with the films to be analysed.
        on_progress: called at every stage of every film.
        on_outcome: called for every film that ends, and for every path without a film.
        refused: says why a found file may not be read, or "".
        beneath: folders that must contain the files when they are opened; empty means no restriction.
        with_extras: analyse trailers, samples, deleted scenes and episodes too, as separate films.
        only: analyse only those of the found films that have one of these paths (symbolic links followed); None: all.

    Returns:
        One row per film, in the order of `discover`, then the paths without a film. Ctrl-C, and `StoppedError` from a
        callback, stop the analysis: the films analysed so far are published, and the others fail with that reason.

    Raises:
        AccessError: not an admin.
        CatalogueError, ModelError, MetadataError: nothing could be analysed or stored.
    """
    actor.require_admin("add films")
    described = read_films(metadata) if metadata else []
    found, missing, left_out = find_films(paths, with_extras)
    if only is not None:
        found, missing, left_out = [film for film in found if film.path.resolve() in set(only)], [], []
    if refused:
        why = {film.path: next(filter(None, map(refused, (film.path, *film.further))), "") for film in found}
        missing += [NotFound(film.path, why[film.path]) for film in found if why[film.path]]
        found = [film for film in found if not why[film.path]]
    ask = on_outcome or (lambda outcome: None)

    def tell(outcome: Outcome) -> None:
        log_film(home, outcome)
        ask(outcome)

    if on_found:
        on_found(found)
    nowhere = [Outcome(item.path, AnalysisStatus.FAILED, f"{item.path}: {item.reason}") for item in missing]
    for outcome in nowhere:
        tell(outcome)
    ended: dict[Path, IngestedFilm] = {}
    with State.open(home) as state, _scratch(home) as scratch, Companions(home, state, refused, beneath) as companions:
        identities = Identities(state, collection, described)
        by_path = {film.path: film for film in found}
        tasks = [_task(film, audio_track, _wanted(languages, film, companions, identities), beneath) for film in found]
        published = time.monotonic()
        try:
            if scheduler:
                by_path = {film.path.absolute(): film for film in found}
                tasks = [replace(task, path=task.path.absolute()) for task in tasks]
                heard = hear_on_cluster(home, tasks, scheduler, architecture=architecture)
            else:
                heard = hear_all(
                    home,
                    tasks,
                    architecture=architecture,
                    workers=workers,
                    scratch_dir=scratch,
                    on_progress=on_progress,
                )
            for outcome in heard:
                film_id, copy_of = None, ""
                film = by_path[outcome.path]
                if outcome.status != AnalysisStatus.FAILED:
                    told = companions.of(film)
                    film_id, copy_of = identities.resolve(film, outcome, told.imdb_id, told.inside)
                    notes = told.notes if copy_of else companions.keep(film_id, told)
                    outcome = replace(outcome, notes=notes)
                if copy_of:
                    outcome = replace(outcome, reason=f"the same content as {copy_of}")
                ended[film.path] = replace(_row(outcome, film_id, copy_of), further=tuple(map(str, film.further)))
                tell(outcome)
                if time.monotonic() - published > PUBLISH_EVERY_S:
                    publish(home)
                    published = time.monotonic()
        except (KeyboardInterrupt, StoppedError):
            for film in found:
                ended.setdefault(
                    film.path, _failure(film.path, f"{film.path.name}: stopped before the film was analysed.")
                )
        counts = Counter(film.status for film in ended.values())
        detail = {"paths": [str(shown(path)) for path in paths][:NAMED_IN_AUDIT], **counts}
        state.audit("ingest", actor.name, detail)
        companions.keep_taste()
    snapshot = publish(home)
    rows = [ended[film.path] for film in found]
    rows += [_row(outcome, None) for outcome in nowhere]
    return IngestReport(tuple(rows), snapshot, tuple(left_out))


def _task(film: FoundFilm, audio_track: int | None, languages: tuple[str, ...], beneath: Sequence[Path]) -> Task:
    further = tuple(one.absolute() for one in film.further)
    return Task(film.path, audio_track, languages, further, tuple(beneath))


def _wanted(asked: Sequence[str], film: FoundFilm, companions: Companions, identities: Identities) -> tuple[str, ...]:
    """The languages to hear a film in: what is asked for, then its original one, the first that its metadata name."""
    told = companions.of(film)
    known = identities.expected(film, told.imdb_id)
    original = (told.nfo.film.languages if told.nfo else ()) or (known.languages if known else ())
    return (*asked, *original[:1])


def log_film(home: Home, outcome: Outcome) -> None:
    """Log each stage of a film, then the film."""
    film = outcome.path.name
    for stage, seconds in outcome.seconds.items():
        if stage != "total":
            log_event(home, "stage", film=film, stage=stage, seconds=seconds)
    seconds = outcome.seconds.get("total", 0.0)
    log_event(home, "film", film=film, status=outcome.status, reason=outcome.reason, seconds=seconds)


def _row(outcome: Outcome, film_id: int | None, copy_of: str = "") -> IngestedFilm:
    return IngestedFilm(
        str(outcome.path),
        outcome.status,
        outcome.reason,
        film_id,
        outcome.seconds,
        outcome.duration_s,
        outcome.runs,
        copy_of,
        outcome.audio_track if outcome.status != AnalysisStatus.FAILED else None,
        outcome.tracks,
        notes=outcome.notes,
    )


def _failure(path: Path, reason: str) -> IngestedFilm:
    return IngestedFilm(str(path), AnalysisStatus.FAILED, reason, None, {})
