"""Many films on this machine: spawned processes, one film each at a time.

TensorFlow, ONNX Runtime and OpenMP do not survive a fork, so workers are spawned; each loads the models once. A worker
that dies (a hostile file, the kernel's memory killer) takes down neither the others nor the ingest: its film is tried
again once in a fresh process and then set aside with the reason.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from db.home import Home
from errors import FilmscoreError
from ingest.hear import FAILED, Outcome, hear
from models.ear import load_ear

ATTEMPTS = 3
"""How often a film may take its process down before it is set aside."""


@dataclass(frozen=True)
class Task:
    """One film to hear."""

    path: Path
    audio_track: int | None = None


@dataclass(frozen=True)
class Progress:
    """A film has come so far in a stage."""

    path: Path
    stage: str
    fraction: float


OnProgress = Callable[[Progress], None]


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    task: Task | None = None


def _serve(connection: Connection, root: Path, architecture: str, scratch: Path, threads: int) -> None:
    """A worker's life: load the models, then hear what is sent until the other side closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, str(threads))
    home = Home.at(root)
    try:
        ear = load_ear(architecture, threads=threads, own=home.models)
    except FilmscoreError as error:
        connection.send(("raise", error))
        return
    while True:
        try:
            task: Task = connection.recv()
        except EOFError:
            return
        try:
            outcome = hear(
                home,
                task.path,
                ear,
                audio_track=task.audio_track,
                scratch_dir=scratch,
                on_stage=lambda stage, fraction: connection.send(("progress", stage, fraction)),
            )
            connection.send(("done", outcome))
        except FilmscoreError as error:
            connection.send(("raise", error))
            return
        except MemoryError:
            connection.send(("done", Outcome(task.path, FAILED, f"{task.path.name}: not enough memory.")))


def hear_all(
    home: Home,
    tasks: Sequence[Task],
    *,
    architecture: str = "default",
    workers: int | None = None,
    scratch_dir: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Iterator[Outcome]:
    """Hear every film; outcomes come in the order in which films end.

    Args:
        home: where parts are stored.
        tasks: the films.
        architecture: which ear the workers load.
        workers: processes; default one a core.
        scratch_dir: where sound lies meanwhile.
        on_progress: told of every stage of every film, in this process.

    Raises:
        CatalogueError, ModelError: what one worker cannot do, none can: the ingest ends.
    """
    cores = os.cpu_count() or 1
    count = max(1, min(workers or cores, len(tasks)))
    threads = max(1, cores // count)
    context = multiprocessing.get_context("spawn")
    waiting = deque(tasks)
    attempts: dict[Task, int] = {}
    pool: list[_Worker] = []

    def start() -> _Worker:
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve,
            args=(theirs, home.root, architecture, scratch_dir or home.scratch, threads),
            daemon=True,
        )
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def assign(worker: _Worker) -> None:
        worker.task = waiting.popleft() if waiting else None
        if worker.task is None:
            worker.connection.close()
        else:
            worker.connection.send(worker.task)

    try:
        pool.extend(start() for _ in range(count))
        for worker in pool:
            assign(worker)
        while busy := [worker for worker in pool if worker.task is not None]:
            ready = set(wait([worker.connection for worker in busy]))
            for worker in (worker for worker in busy if worker.connection in ready):
                assert worker.task is not None
                try:
                    kind, *rest = worker.connection.recv()
                except (EOFError, ConnectionResetError):
                    outcome = _died(worker, worker.task, attempts)
                    if outcome is None:
                        waiting.append(worker.task)
                    else:
                        yield outcome
                    pool.remove(worker)
                    if waiting:
                        pool.append(start())
                        assign(pool[-1])
                    continue
                if kind == "raise":
                    raise rest[0]
                if kind == "progress" and on_progress:
                    on_progress(Progress(worker.task.path, *rest))
                if kind == "done":
                    yield rest[0]
                    assign(worker)
    finally:
        for worker in pool:
            with suppress(OSError):
                worker.connection.close()
            if worker.task is not None:
                worker.process.terminate()
        for worker in pool:
            worker.process.join(5)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


def _died(worker: _Worker, task: Task, attempts: dict[Task, int]) -> Outcome | None:
    """The outcome of a film whose process died, or None when it may be tried again."""
    worker.process.join(5)
    code = worker.process.exitcode
    how = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
    attempts[task] = attempts.get(task, 0) + 1
    if attempts[task] < ATTEMPTS:
        return None
    return Outcome(
        task.path,
        FAILED,
        f"{task.path.name}: the process that heard it died {ATTEMPTS} times ({how}). "
        "The file may be damaged on purpose; leave it out.",
    )
