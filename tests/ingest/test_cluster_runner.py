"""Hearing on a real Dask cluster over loopback: workers are killed and paused, every film arrives exactly once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from db.home import Home
from errors import ParameterError
from film import AnalysisStatus
from ingest import cluster_runner
from ingest.cluster_runner import hear_on_cluster
from ingest.hear import Outcome, Task
from service.library.adding import ingest

ROOT = Path(__file__).resolve().parents[2]


def slow_or_deadly(root: Path, task: Task, architecture: str) -> Outcome:
    """Instead of hearing: note who does it, die on some films, and hold the others until all may go on."""
    with (root / "begun").open("a") as stream:
        stream.write(f"{task.path.name} {os.getpid()}\n")
    if task.path.name.startswith("Deadly"):
        os.kill(os.getpid(), signal.SIGKILL)
    while not (root / "go").exists():
        time.sleep(0.05)
    time.sleep(0.6)
    return Outcome(task.path, AnalysisStatus.ANALYSED, media_sha256=task.path.name)


@dataclass
class Cluster:
    """A scheduler, and workers that are replaced when they die, as a cluster's manager does."""

    address: str
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def keep(self, count: int) -> None:
        while not self.ended.wait(0.2):
            if sum(process.poll() is None for process in self.started) < count:
                self.add_worker()

    def add_worker(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_worker", self.address, "--nthreads", "1", "--no-nanny"]
        self.started.append(_started([*command, "--no-dashboard"]))
        return self.started[-1]


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "600s",  # a busy machine is no dead worker; `_lose` says who is lost
        "OMP_NUM_THREADS": "1",
    }
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)


@pytest.fixture(scope="module")
def three_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster"), workers=3) as found:
        yield found


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    file = folder / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    scheduler = _started([*command, "--no-dashboard", "--scheduler-file", str(file)])
    try:
        _until(file.exists, "the scheduler is there")
        _until(lambda: file.stat().st_size > 0, "its address is written")
        found = Cluster(json.loads(file.read_text())["address"])
        keeper = threading.Thread(target=found.keep, args=(workers,))
        keeper.start()
        try:
            client = cluster_runner.connect(found.address)
            _until(lambda: len(client.nthreads()) >= workers, "the workers are there")
            client.close()
            yield found
        finally:
            found.ended.set()
            keeper.join()
            for process in found.started:
                process.kill()
                process.wait()
    finally:
        scheduler.kill()
        scheduler.wait()


def _until(holds: Callable[[], bool], what: str) -> None:
    for _ in range(3_000):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within five minutes: {what}")


def _lose(found: Cluster, worker: subprocess.Popen[bytes]) -> None:
    """The scheduler gives a paused worker up, as it does by itself when no heartbeat has come for too long."""
    client = cluster_runner.connect(found.address)

    async def give_up(address: str, dask_scheduler: Any = None) -> None:
        await dask_scheduler.remove_worker(address, stimulus_id="no heartbeat")

    try:
        (address,) = [address for address, pid in client.run(os.getpid, on_error="ignore").items() if pid == worker.pid]
        worker.send_signal(signal.SIGSTOP)
        client.run_on_scheduler(give_up, address)
    finally:
        client.close()


def _pause_one_and_kill_one(found: Cluster, root: Path) -> None:
    """Pause one worker and kill another in the middle of a film each, then let the others go on."""

    def at_a_film() -> list[subprocess.Popen[bytes]]:
        lines = (root / "begun").read_text().splitlines() if (root / "begun").exists() else []
        holding = {int(line.split()[-1]) for line in lines if not line.startswith("Deadly")}
        return [worker for worker in list(found.started) if worker.poll() is None and worker.pid in holding]

    try:
        _until(lambda: len(at_a_film()) > 1, "two workers are at a film")
        paused, killed, *_ = at_a_film()
        _lose(found, paused)
        killed.kill()
        assert killed.wait() == -signal.SIGKILL
    finally:
        (root / "go").touch()


@pytest.mark.stress
@pytest.mark.fault("On a cluster: one worker killed, one paused, a film that kills workers")
def test_every_film_arrives_once_though_workers_die_and_sleep(tmp_path: Path, three_workers: Cluster) -> None:
    home = Home.at(tmp_path / "home")
    names = [f"Film {number}" for number in range(9)]
    tasks = [Task(Path(name)) for name in [*names[:2], "Deadly", *names[2:]]]
    with ThreadPoolExecutor(1) as beside:
        struck = beside.submit(_pause_one_and_kill_one, three_workers, home.root)
        outcomes = list(hear_on_cluster(home, tasks, three_workers.address, listen=slow_or_deadly))
        struck.result()
    status = {outcome.path.name: outcome.status for outcome in outcomes}
    assert Counter(outcome.path.name for outcome in outcomes) == Counter([*names, "Deadly"])
    assert status == dict.fromkeys(names, AnalysisStatus.ANALYSED) | {"Deadly": AnalysisStatus.FAILED}
    (deadly,) = [outcome for outcome in outcomes if outcome.status == AnalysisStatus.FAILED]
    assert "3 workers died" in deadly.reason
    assert sum(line.startswith("Deadly") for line in (home.root / "begun").read_text().splitlines()) == 3


def test_films_are_heard_on_a_cluster_and_published_here(
    tmp_path: Path, film_file: Path, three_workers: Cluster
) -> None:
    home = Home.at(tmp_path / "home")
    shutil.copy(film_file, tmp_path / "One.mkv")
    (tmp_path / "Broken.mkv").write_text("not a film")
    report = ingest(home, [tmp_path / "One.mkv", tmp_path / "Broken.mkv"], scheduler=three_workers.address)
    again = ingest(home, [tmp_path / "One.mkv"], scheduler=three_workers.address)
    assert [film.status for film in report.films] == ["analysed", "failed"] and report.films[0].film_id
    assert "We can't read this file as audio or video" in report.films[1].reason
    assert [film.status for film in again.films] == ["skipped"] and again.films[0].film_id == report.films[0].film_id


def test_a_scheduler_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_runner, "CONNECT_S", 1)
    with pytest.raises(ParameterError, match=r"tcp://127\.0\.0\.1:9: no Dask scheduler answers"):
        list(hear_on_cluster(Home.at(tmp_path), [Task(Path("x"))], "tcp://127.0.0.1:9"))


def test_a_cluster_whose_workers_are_gone_is_not_waited_for_forever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_runner, "GONE_S", 1)
    with cluster(tmp_path, workers=1) as found:
        found.ended.set()  # nobody replaces them any more
        deadly = [Task(Path("Deadly"))]
        with pytest.raises(ParameterError, match="has had no workers for 1 s"):
            list(hear_on_cluster(Home.at(tmp_path / "home"), deadly, found.address, listen=slow_or_deadly))
