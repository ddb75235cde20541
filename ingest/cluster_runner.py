"""Hearing films on more than one machine: the same per-film function as `ingest.runner`, on Dask distributed.

One task a film, as many under way as the cluster has threads, so that a worker that dies takes one film with it: Dask
gives that film to another worker. Parts lie on a path that all machines share and are keyed by the film's hash, so a
film that was heard twice (its worker was thought dead) arrives once.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from db.home import Home
from errors import FilmscoreError, ParameterError
from film import AnalysisStatus
from ingest.hear import Outcome, hear
from ingest.runner import ATTEMPTS, Task
from media.confined import Confined
from models.ears.ear import Ear, load_ear

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_S = 15
POLL_S = 0.1
GONE_S = 600.0
"""A cluster without workers is waited for this long: they may be restarting."""

Listen = Callable[[Path, Task, str], Outcome]
_thread = threading.local()


def hear_film(root: Path, task: Task, architecture: str) -> Outcome:
    """What a worker does: hear one film of a home with an ear that is loaded once a thread. Raises as `hear`."""
    key = (root, architecture)
    ears: dict[tuple[Path, str], Ear] = _thread.__dict__.setdefault("ears", {})
    home = Home.at(root)
    if key not in ears:
        ears[key] = load_ear(architecture, threads=1, own=home.models)
    with Confined(home.scratch) as child:
        return hear(
            home,
            task.path,
            ears[key],
            child,
            audio_track=task.audio_track,
            languages=task.languages,
            further=task.further,
            beneath=task.beneath,
            chosen=task.chosen,
        )


def _marks(root: Path, task: Task) -> Path:
    """A file with a byte for each time that a worker began a film and has not ended it."""
    name = hashlib.sha256(
        f"{task.path}:{task.audio_track}:{task.languages}".encode("utf-8", "surrogateescape")
    ).hexdigest()[:32]
    return Home(root).scratch / "cluster" / name


def _attempt(listen: Listen, root: Path, task: Task, architecture: str) -> Outcome:
    """Hear a film, unless ATTEMPTS workers died of it. Dask's own count blames films that only waited on a worker."""
    marks = _marks(root, task)
    marks.parent.mkdir(parents=True, exist_ok=True)
    with marks.open("ab") as stream:
        if stream.tell() >= ATTEMPTS:
            reason = (
                f"{task.path.name}: {ATTEMPTS} workers died while they heard it. The file may be damaged on purpose; "
            )
            return Outcome(task.path, AnalysisStatus.FAILED, reason + "leave it out.")
        stream.write(b"x")
    outcome = listen(root, task, architecture)
    marks.unlink(missing_ok=True)
    return outcome


def connect(scheduler: str) -> Client:
    """A client of the cluster.

    Raises:
        ParameterError: distributed is not installed, nobody answers there, or the versions differ.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ParameterError(
            "--scheduler: needs the package distributed. Run: pip install 'filmscore[cluster]'."
        ) from error
    try:
        client = Client(scheduler, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ParameterError(
            f"--scheduler {scheduler}: no Dask scheduler answers there. Start one (dask scheduler), and workers."
        ) from error
    try:
        client.get_versions(check=True)
    except ValueError as error:
        client.close()
        raise ParameterError(
            f"--scheduler {scheduler}: its versions differ from this one's. Install the same filmscore everywhere."
        ) from error
    return client


def hear_on_cluster(
    home: Home, tasks: Sequence[Task], scheduler: str, *, architecture: str = "default", listen: Listen = hear_film
) -> Iterator[Outcome]:
    """Hear every film on a Dask cluster; outcomes come in the order in which films end.

    Args:
        home: its path must lead to the same files on every worker, as must the films' paths.
        tasks: the films.
        scheduler: address, as tcp://host:8786.
        architecture: which ear the workers load.
        listen: what a worker does with a film.

    Raises:
        ParameterError: as `connect`; or the cluster has no workers, or none for GONE_S.
        CatalogueError, ModelError: what one worker cannot do, none can: the ingest ends.
    """
    client = connect(scheduler)
    under_way: dict[Future, Task] = {}
    try:
        if not _threads(client):
            raise ParameterError(f"--scheduler {scheduler}: has no workers. Start some (dask worker {scheduler}).")
        for task in tasks:
            _marks(home.root, task).unlink(missing_ok=True)
        waiting = deque(tasks)
        seen = time.monotonic()
        while waiting or under_way:
            threads = _threads(client)
            if threads:
                seen = time.monotonic()
            elif time.monotonic() - seen > GONE_S:
                raise ParameterError(
                    f"--scheduler {scheduler}: has had no workers for {GONE_S:.0f} s. Start some (dask worker "
                    f"{scheduler}), then ingest again: what was heard is kept."
                )
            while waiting and len(under_way) < max(1, threads):
                task = waiting.popleft()
                future = client.submit(_attempt, listen, home.root, task, architecture, pure=False)
                under_way[future] = task
            time.sleep(POLL_S)
            for future in [future for future in under_way if future.done()]:
                task = under_way.pop(future)
                outcome = _outcome(future, task)
                if outcome is None:
                    waiting.append(task)
                else:
                    yield outcome
    finally:
        client.cancel(list(under_way), force=True)
        client.close()


def _threads(client: Client) -> int:
    return sum(client.nthreads().values())


def _outcome(future: Future, task: Task) -> Outcome | None:
    """The result of a film; None: Dask gave it up, and it is resubmitted."""
    from distributed.scheduler import KilledWorker

    fault = future.exception()
    if fault is None:
        outcome: Outcome = future.result()
        return outcome
    if isinstance(fault, KilledWorker):
        return None
    if isinstance(fault, FilmscoreError):
        raise fault
    return Outcome(
        task.path, AnalysisStatus.FAILED, f"{task.path.name}: a worker failed ({type(fault).__name__}: {fault})."
    )
