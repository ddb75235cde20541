"""Adding films: hear them, know what they are, publish them."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from db.home import Home
from db.state.store import State
from errors import MediaError
from film import AudioTrack, Film
from ingest.cluster_runner import hear_on_cluster
from ingest.discover import FoundFilm, LeftOut, NotFound, find_films, shown
from ingest.film_parts import further_files
from ingest.hear import FAILED, Outcome
from ingest.matching_films import DescribedFilms
from ingest.matching_folder import decision_name, file_name
from ingest.metadata_csv import read_films
from ingest.runner import OnProgress, Task, hear_all
from media.source import joined_sha256
from service.library.publishing import publish
from service.logs import log_event
from service.rights.access import LOCAL, Actor

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMED_IN_AUDIT = 20
"""So many of an ingest's paths are named in the audit log."""
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


@dataclass(frozen=True)
class IngestReport:
    """What an ingest did; `snapshot` is what readers see now."""

    films: tuple[IngestedFilm, ...]
    snapshot: str
    left_out: tuple[LeftOut, ...] = ()
    """Media files that are no films: extras, samples, episodes."""

    @property
    def failed(self) -> bool:
        return any(film.status == FAILED for film in self.films)


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


def _has_content(path: Path, sha256: str, like: Path) -> bool:
    """Whether the file is there with this content, which `like` has; read only if it is as long. A film's further files
    count."""
    try:
        return path.stat().st_size == like.stat().st_size and joined_sha256([path, *further_files(path)]) == sha256
    except (OSError, MediaError):
        return False


class _Identities:
    """Which film a media file is: known by its hash, decided by a person, known by its name, or new."""

    def __init__(self, state: State, collection: str, metadata: Sequence[Film]) -> None:
        self.state = state
        self.collection = collection
        self.described = DescribedFilms(metadata)

    @cached_property
    def waiting(self) -> DescribedFilms:
        """The films that were known without media when the ingest began."""
        return DescribedFilms([film for film in self.state.films() if not film.media_sha256])

    def resolve(self, found: FoundFilm, outcome: Outcome) -> tuple[int, str]:
        """The film_id of a heard file, given now if the film is new; its media is attached.

        A file whose content is known was moved if the film's file is no longer there. If it is, the new one is a copy:
        the film keeps its file, whose path is returned as well (else "").
        """
        path, copy_of = str(found.path.resolve()), ""
        film_id = self.state.media_of(outcome.media_sha256)
        if film_id is None:
            film_id = self._decided(found) or self._known(found) or self._new(found)
        else:
            kept = self.state.get_film(film_id).media_path
            if kept != path and _has_content(Path(kept), outcome.media_sha256, found.path):
                self.state.note_copy(path, outcome.media_sha256)
                path = copy_of = kept
        self.state.attach_media(
            film_id, outcome.media_sha256, outcome.audio_track, path, outcome.model_version, renewed=outcome.renewed
        )
        return film_id, copy_of

    def _decided(self, found: FoundFilm) -> int | None:
        decision = self.state.decision(decision_name(found.path, found.root))
        return decision.film_id if decision and self._has_no_media(decision.film_id) else None

    def _known(self, found: FoundFilm) -> int | None:
        exact = self.state.find(found.title, found.director or None, found.year)
        waiting = [film.film_id for film in exact if not film.media_sha256]
        if len(waiting) == 1:
            return waiting[0]
        near = self.waiting.of(file_name(found.path, found.root))
        return near.film_id if near and self._has_no_media(near.film_id) else None

    def _has_no_media(self, film_id: int | None) -> bool:
        return film_id is not None and not self.state.get_film(film_id).media_sha256

    def _new(self, found: FoundFilm) -> int:
        film = self.described.of(file_name(found.path, found.root))
        source = "table"
        if film is None:
            source = "name"
            film = Film(found.title, directors=(found.director,) if found.director else (), year=found.year)
        described = replace(film, film_id=None, collection=self.collection or film.collection)
        return self.state.add_film(described, source)


def ingest(
    home: Home,
    paths: Sequence[Path],
    *,
    collection: str = "",
    metadata: Path | None = None,
    audio_track: int | None = None,
    architecture: str = "default",
    workers: int | None = None,
    scheduler: str | None = None,
    actor: Actor = LOCAL,
    on_found: Callable[[Sequence[FoundFilm]], None] | None = None,
    on_progress: OnProgress | None = None,
    on_outcome: OnOutcome | None = None,
    refused: Callable[[Path], str] | None = None,
    with_extras: bool = False,
) -> IngestReport:
    """Hear the films below some paths and publish them.

    Args:
        home: where everything is stored.
        paths: films, or folders laid out as `<Director>/<Title>.<ext>` or flat.
        collection: given to films that are new.
        metadata: a CSV with the columns of `ingest.metadata_csv`; its rows describe films of the same title.
        audio_track: which audio track of each file, from 0; None takes the film's own sound.
        architecture: "default" or "thesis".
        workers: processes; default one a core.
        scheduler: address of a Dask scheduler whose workers hear instead; they tell of no stages.
        actor: who asks for it.
        on_found: told once which films will be heard.
        on_progress: told of every film's stages.
        on_outcome: told of every film that ends, and of every path that holds none.
        refused: why a found file may not be heard, or "".
        with_extras: hear trailers, samples, deleted scenes and episodes too, as films of their own.

    Returns:
        One row a film, in the order of `discover`, then the paths that hold none. Ctrl-C, and `StoppedError` from a
        callback, end the hearing; the films that were heard are published, the others are failed with that reason.

    Raises:
        AccessError: not an admin.
        CatalogueError, ModelError, MetadataError: nothing could be heard or stored at all.
    """
    actor.require_admin("add films")
    described = read_films(metadata) if metadata else []
    found, missing, left_out = find_films(paths, with_extras)
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
    nowhere = [Outcome(item.path, FAILED, f"{item.path}: {item.reason}") for item in missing]
    for outcome in nowhere:
        tell(outcome)
    ended: dict[Path, IngestedFilm] = {}
    with State.open(home) as state, _scratch(home) as scratch:
        identities = _Identities(state, collection, described)
        by_path = {film.path: film for film in found}
        published = time.monotonic()
        try:
            if scheduler:
                by_path = {film.path.absolute(): film for film in found}
                heard = hear_on_cluster(home, _tasks(by_path, audio_track), scheduler, architecture=architecture)
            else:
                heard = hear_all(
                    home,
                    _tasks(by_path, audio_track),
                    architecture=architecture,
                    workers=workers,
                    scratch_dir=scratch,
                    on_progress=on_progress,
                )
            for outcome in heard:
                film_id, copy_of = None, ""
                if outcome.status != FAILED:
                    film_id, copy_of = identities.resolve(by_path[outcome.path], outcome)
                if copy_of:
                    outcome = replace(outcome, reason=f"the same content as {copy_of}")
                film = by_path[outcome.path]
                ended[film.path] = replace(_row(outcome, film_id, copy_of), further=tuple(map(str, film.further)))
                tell(outcome)
                if time.monotonic() - published > PUBLISH_EVERY_S:
                    publish(home)
                    published = time.monotonic()
        except (KeyboardInterrupt, StoppedError):
            for film in found:
                ended.setdefault(film.path, _failure(film.path, f"{film.path.name}: stopped before it was heard."))
        counts = Counter(film.status for film in ended.values())
        detail = {"paths": [str(shown(path)) for path in paths][:NAMED_IN_AUDIT], **counts}
        state.audit("ingest", actor.name, detail)
    snapshot = publish(home)
    rows = [ended[film.path] for film in found]
    rows += [_row(outcome, None) for outcome in nowhere]
    return IngestReport(tuple(rows), snapshot, tuple(left_out))


def _tasks(by_path: Mapping[Path, FoundFilm], audio_track: int | None) -> list[Task]:
    return [Task(path, audio_track, tuple(one.absolute() for one in film.further)) for path, film in by_path.items()]


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
        outcome.audio_track if outcome.status != FAILED else None,
        outcome.tracks,
    )


def _failure(path: Path, reason: str) -> IngestedFilm:
    return IngestedFilm(str(path), FAILED, reason, None, {})
