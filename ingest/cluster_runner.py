"""Analyse films on several machines: the same function per film as `ingest.runner`, on Dask distributed.

Each film is one task, and as many tasks run as the cluster has threads, so a worker that dies loses one film, which
Dask gives to another worker. Parts are stored on a path that all machines share, keyed by the film's hash, so a film
that was analysed twice (its worker was presumed dead) is stored once.
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
from ingest.hear import Outcome, Task, hear
from ingest.runner import ATTEMPTS
from media.confined import Confined
from models.ears.ear import Ear, load_ear

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_S = 15
POLL_S = 0.1
GONE_S = 600.0
"""How long to wait for a cluster without workers: they may be restarting."""

Listen = Callable[[Path, Task, str], Outcome]
_thread = threading.local()


def hear_film(root: Path, task: Task, architecture: str) -> Outcome:
    """The task of a worker: analyse one film of a home with an ear that is loaded once per thread. Raises as `hear`."""
    key = (root, architecture)
    ears: dict[tuple[Path, str], Ear] = _thread.__dict__.setdefault("ears", {})
    home = Home.at(root)
    if key not in ears:
        ears[key] = load_ear(architecture, threads=1, own=home.models)
    with Confined(home.scratch) as child:
        return hear(home, task, ears[key], child)


def _marks(root: Path, task: Task) -> Path:
    """A file with one byte for each attempt at a film that a worker started and did not finish."""
    name = hashlib.sha256(
        f"{task.path}:{task.audio_track}:{task.languages}".encode("utf-8", "surrogateescape")
    ).hexdigest()[:32]
    return Home(root).scratch / "cluster" / name


def _attempt(listen: Listen, root: Path, task: Task, architecture: str) -> Outcome:
    """Analyse a film, unless it has killed ATTEMPTS workers. Dask's own count includes films that were only queued on a
    worker that died."""
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
        ParameterError: distributed is not installed, no scheduler answers, or the versions differ.
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
    """Analyse all films on a Dask cluster; outcomes are yielded as films finish.

    Args:
        home: its path must lead to the same files on every worker, as must the films' paths.
        tasks: the films.
        scheduler: address, as tcp://host:8786.
        architecture: which ear the workers load.
        listen: the function that a worker calls for a film.

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
    """The result of a film; None if Dask gave up on it and it was resubmitted."""
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
