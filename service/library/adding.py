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
from film import AnalysisStatus
from ingest.discover import FoundFilm, LeftOut, shown
from ingest.hear import Outcome
from ingest.metadata_csv import read_films
from ingest.runner import OnProgress
from service.library.companions import Companions
from service.library.identities import Identities
from service.library.ingest_steps import IngestedFilm, Wish, attach, find, hear, identify, ingested
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
    wish = Wish(audio_track, tuple(languages), architecture, workers, scheduler, tuple(beneath))

    def tell(outcome: Outcome) -> None:
        log_film(home, outcome)
        if on_outcome:
            on_outcome(outcome)

    found = find(paths, with_extras=with_extras, only=only, refused=refused)
    if on_found:
        on_found(found.films)
    nowhere = [Outcome(item.path, AnalysisStatus.FAILED, f"{item.path}: {item.reason}") for item in found.missing]
    for outcome in nowhere:
        tell(outcome)
    ended: dict[Path, IngestedFilm] = {}
    with State.open(home) as state, _scratch(home) as scratch, Companions(home, state, refused, beneath) as companions:
        identities = Identities(state, collection, described)
        wish = replace(wish, chosen_tracks=tuple(state.chosen_tracks().items()))
        identified = identify(found.films, companions, identities, wish.languages)
        published = time.monotonic()
        try:
            for heard in hear(home, identified, wish, scratch, on_progress):
                outcome, row = attach(heard, companions, identities)
                if wish.chooses_track and row.film_id is not None:
                    state.choose_track(outcome.media_sha256, outcome.audio_track)
                ended[heard.film.listed_as] = row
                tell(outcome)
                if time.monotonic() - published > PUBLISH_EVERY_S:
                    publish(home)
                    published = time.monotonic()
        except (KeyboardInterrupt, StoppedError):
            for film in found.films:
                ended.setdefault(film.path, ingested(_stopped(film)))
        counts = Counter(str(film.status) for film in ended.values())
        detail = {"paths": [str(shown(path)) for path in paths][:NAMED_IN_AUDIT], **counts}
        state.audit("ingest", actor.name, detail)
        companions.keep_taste()
    rows = [ended[film.path] for film in found.films] + [ingested(outcome) for outcome in nowhere]
    return IngestReport(tuple(rows), publish(home), found.left_out)


def _stopped(film: FoundFilm) -> Outcome:
    reason = f"{film.path.name}: stopped before the film was analysed."
    return Outcome(film.path, AnalysisStatus.FAILED, reason)


def log_film(home: Home, outcome: Outcome) -> None:
    """Log each stage of a film, then the film."""
    film = outcome.path.name
    for stage, seconds in outcome.seconds.items():
        if stage != "total":
            log_event(home, "stage", film=film, stage=stage, seconds=seconds)
    seconds = outcome.seconds.get("total", 0.0)
    log_event(home, "film", film=film, status=outcome.status, reason=outcome.reason, seconds=seconds)
