"""The file between app and worker: JSON only, and no loss when it is damaged."""

from __future__ import annotations

import os
import pickle
import sqlite3
from pathlib import Path

import pytest

from db.home import Home
from errors import CatalogueError
from service.admin import checkup
from service.jobs import jobs, worker
from service.jobs.queue import LONG, JsonSerializer, queue, queue_fault, queue_path
from service.rights import media_roots
from service.rights.access import LOCAL


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


class Bomb:
    """Unpickled, it leaves a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


@pytest.mark.forbidden("A pickle in the worker's queue that would run a command")
def test_messages_are_json_and_a_pickle_is_not_run(home: Home, tmp_path: Path) -> None:
    jobs.submit(home, LOCAL, "imdb_load", {"path": str(media_roots.uploads(home))})
    with sqlite3.connect(queue_path(home)) as con:
        (message,) = [bytes(row[0]) for row in con.execute("SELECT data FROM task")]
    con.close()
    assert message.startswith(b"[") and JsonSerializer().deserialize(message).args == [1]
    waiting = queue(home, LONG)
    waiting.flush()
    waiting.storage.enqueue(pickle.dumps(Bomb(tmp_path / "ran")))
    with pytest.raises(UnicodeDecodeError):
        waiting.dequeue()
    waiting.storage.close()
    assert not (tmp_path / "ran").exists()


@pytest.mark.fault("queue.sqlite damaged", by_case=True)
@pytest.mark.parametrize("kind", ["overwritten", "truncated", "missing"])
def test_a_damaged_queue_is_named_and_no_job_is_lost(home: Home, kind: str) -> None:
    first = jobs.submit(home, LOCAL, "backup", {})
    for suffix in ("-wal", "-shm"):
        Path(f"{queue_path(home)}{suffix}").unlink(missing_ok=True)
    if kind == "missing":
        queue_path(home).unlink()
    else:
        size = queue_path(home).stat().st_size
        queue_path(home).write_bytes(b"\x13" * (size if kind == "overwritten" else size // 3))
        assert queue_fault(home)
        assert "queue.sqlite" in {finding.thing for finding in checkup.examine(home) if not finding.ok}
        with pytest.raises(CatalogueError, match=r"queue\.sqlite: cannot be used"):
            jobs.submit(home, LOCAL, "publish", {})  # recorded all the same
    worker.run_worker(home, once=True)
    assert {job.status for job in jobs.job_list(home, LOCAL)} == {"done"}
    assert jobs.job(home, LOCAL, first).tries == 1
    assert [finding for finding in checkup.examine(home) if not finding.ok] == []


def test_a_repair_makes_the_queue_anew_while_no_worker_runs(home: Home) -> None:
    jobs.submit(home, LOCAL, "backup", {})
    queue_path(home).write_bytes(b"\x13" * 5000)
    assert any("queue.sqlite" in line for line in checkup.repair(home, LOCAL))
    assert queue_fault(home) == ""
