"""Analyse many films on this machine in spawned processes, each one film at a time.

TensorFlow, ONNX Runtime and OpenMP do not survive a fork, so workers are spawned; each loads the models once, and
decodes its next film while it analyses the current one. A worker that dies (killed for memory, for example) affects
neither the others nor the ingest: its film is retried in a new process, and if that fails, dropped with the reason.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from db.home import Home
from errors import FilmscoreError
from film import AnalysisStatus
from ingest.analyse import wants_details
from ingest.hear import Opened, Outcome, Task, hear_opened, open_film
from media.confined import Confined
from models.ears.ear import load_ear

ATTEMPTS = 3
"""Number of times a film may crash its process before it is dropped."""
NICE = 10
"""Workers run at a lower priority than recommendations on the same machine (bench.concurrency)."""


@dataclass(frozen=True)
class Progress:
    """The progress of a film in a stage."""

    path: Path
    stage: str
    fraction: float


OnProgress = Callable[[Progress], None]


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    tasks: deque[Task] = field(default_factory=deque)
    """The film that is being analysed, and the one that is decoded ahead."""


Opening = tuple[Task, "Future[Opened | Outcome]"]


def _serve(connection: Connection, root: Path, architecture: str, scratch: Path, threads: int) -> None:
    """The main loop of a worker: load the models, then analyse the films that arrive until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    os.nice(NICE)
    import_module(
        "pandas"
    )  # which pyarrow looks for when the first part is written, and that takes a third of a second
    home = Home.at(root)
    try:
        ear = load_ear(architecture, threads=threads, own=home.models)
    except FilmscoreError as error:
        connection.send(("raise", error))
        return
    speaking = threading.Lock()

    def say(*words: object) -> None:
        with speaking:
            connection.send(words)

    opened: deque[Opening] = deque()
    with ThreadPoolExecutor(1) as ahead, Confined(scratch) as child:

        def open_what_is_sent(wait_for_one: bool) -> None:
            while wait_for_one or connection.poll():
                task: Task = connection.recv()
                wait_for_one = False

                def on_stage(stage: str, fraction: float, path: Path = task.path) -> None:
                    say("progress", Progress(path, stage, fraction))

                opening = ahead.submit(
                    open_film,
                    home,
                    task,
                    ear.model_version,
                    child,
                    details=wants_details(ear),
                    on_stage=on_stage,
                )
                opened.append((task, opening))

        try:
            while True:
                open_what_is_sent(wait_for_one=not opened)
                task, opening = opened.popleft()
                found = opening.result()
                if isinstance(found, Opened):
                    open_what_is_sent(wait_for_one=False)
                    path = task.path
                    found = hear_opened(home, found, ear, on_stage=lambda *at: say("progress", Progress(path, *at)))  # noqa: B023
                say("done", found)
        except EOFError:
            return
        except FilmscoreError as error:
            say("raise", error)


def hear_all(
    home: Home,
    tasks: Sequence[Task],
    *,
    architecture: str = "default",
    workers: int | None = None,
    scratch_dir: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Iterator[Outcome]:
    """Analyse all films; outcomes are yielded as films finish.

    Args:
        home: where parts are stored.
        tasks: the films.
        architecture: which ear the workers load.
        workers: number of processes; default one per core.
        scratch_dir: folder for temporary sound files.
        on_progress: called in this process for every stage of every film.

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

    def assign() -> None:
        for worker in pool:
            if not worker.tasks and waiting:
                hand(worker)
        without_next = [worker for worker in pool if len(worker.tasks) == 1]
        if len(waiting) >= len(without_next):  # the last films go to the first free worker
            for worker in without_next:
                hand(worker)

    def hand(worker: _Worker) -> None:
        worker.tasks.append(waiting.popleft())
        with suppress(OSError):  # it died; that is noticed below
            worker.connection.send(worker.tasks[-1])

    try:
        pool.extend(start() for _ in range(count))
        assign()
        while busy := [worker for worker in pool if worker.tasks]:
            ready = set(wait([worker.connection for worker in busy]))
            for worker in (worker for worker in busy if worker.connection in ready):
                try:
                    kind, said = worker.connection.recv()
                except (EOFError, ConnectionResetError):
                    task = worker.tasks.popleft()
                    waiting.extendleft(reversed(worker.tasks))
                    outcome = _died(worker, task, attempts)
                    if outcome is None:
                        waiting.append(task)
                    else:
                        yield outcome
                    pool.remove(worker)
                    if waiting:
                        pool.append(start())
                    assign()
                    continue
                if kind == "raise":
                    raise said
                if kind == "progress" and on_progress:
                    on_progress(said)
                if kind == "done":
                    worker.tasks.popleft()
                    yield said
                    assign()
    finally:
        _stop(pool)


def _stop(pool: Sequence[_Worker]) -> None:
    """End all processes, also those that still hear."""
    for worker in pool:
        with suppress(OSError):
            worker.connection.close()
        if worker.tasks:
            worker.process.terminate()
    for worker in pool:
        worker.process.join(5)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()


def _died(worker: _Worker, task: Task, attempts: dict[Task, int]) -> Outcome | None:
    """The outcome of a film whose process died, or None if the film may be tried again."""
    worker.process.join(5)
    code = worker.process.exitcode
    how = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
    attempts[task] = attempts.get(task, 0) + 1
    if attempts[task] < ATTEMPTS:
        return None
    return Outcome(
        task.path,
        AnalysisStatus.FAILED,
        f"{task.path.name}: the process that heard it died {ATTEMPTS} times ({how}). "
        "The file may be damaged on purpose; leave it out.",
    )
