"""The checks behind `filmscore doctor` and its repairs: versions, weights, the worker and its jobs, and the whole
home."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from db.home import Home
from db.imdb.store import ImdbStore
from db.state.store import State
from db.upkeep import doctor
from db.upkeep.doctor import Finding
from errors import CatalogueError, ModelError
from models.ears.store import load_weights, stored_weights
from recommender.vectors import FilmEncoding
from service.jobs.alone import worker_alive
from service.library.ears import current_version, installed, model_records
from service.rights.access import Actor

PACKAGES = ("filmscore", "av", "duckdb", "faiss-cpu", "numpy", "onnxruntime", "pyarrow", "scikit-learn", "streamlit")


def examine(home: Home) -> Iterator[Finding]:
    """Run all checks, yielding one finding after the other. Nothing is changed."""
    yield Finding("python", True, f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    for package in PACKAGES:
        try:
            yield Finding(package, True, version(package))
        except PackageNotFoundError:
            yield Finding(package, package == "filmscore", "not installed as a package")
    yield _weights()
    yield _own_heads(home)
    yield _titles(home)
    yield _work(home)
    yield from doctor.examine(home)


def repair(home: Home, actor: Actor) -> Iterator[str]:
    """Repair what can be repaired, and describe each step.

    Raises:
        AccessError, CatalogueError: not an admin; as `db.upkeep.doctor.repair`.
    """
    actor.require_admin("repair")
    done = []
    for line in doctor.repair(home, FilmEncoding(), model_records(home)):
        done.append(line)
        yield line
    with State.open(home) as state:
        state.audit("repair", actor.name, {"done": done})


def _weights() -> Finding:
    try:
        stored = stored_weights()
        for name, weights in stored.items():
            load_weights(name, weights.version)
    except ModelError as error:
        return Finding("weights", False, str(error))
    return Finding("weights", True, f"{len(stored)} files unchanged since they were shipped")


def _own_heads(home: Home) -> Finding:
    try:
        heads = installed(home)
        current_version(home)
    except ModelError as error:
        return Finding("own heads", False, str(error))
    if faults := [head.fault for head in heads if head.fault]:
        return Finding("own heads", False, " ".join(faults))
    return Finding("own heads", True, f"{len(heads)} installed, {sum(head.active for head in heads)} in use")


def _titles(home: Home) -> Finding:
    if not home.imdb.exists():
        return Finding("imdb.duckdb", True, "no titles loaded")
    try:
        with ImdbStore(home.imdb) as store:
            return Finding("imdb.duckdb", True, f"{store.count():,} titles")
    except CatalogueError as error:
        return Finding("imdb.duckdb", False, str(error))


def _work(home: Home) -> Finding:
    """Check the jobs: queued jobs without a running worker are a fault; failed jobs are only reported."""
    running = "a worker runs" if (alive := worker_alive(home)) else "no worker is running"
    if not home.state_path.exists():
        return Finding("jobs", True, f"{running}; none yet")
    try:
        with State.open(home) as state:
            count = Counter(job.status for job in state.jobs(limit=10_000))
    except CatalogueError as error:
        return Finding("jobs", False, str(error))
    said = f"{running}; " + (", ".join(f"{n} {status}" for status, n in sorted(count.items())) or "none yet")
    waiting = sum(n for status, n in count.items() if status.unfinished)
    if waiting and not alive:
        return Finding("jobs", False, f"{said}. Start one: filmscore worker.")
    return Finding("jobs", True, said)
