"""An ingest killed at random moments loses no film, doubles none, and ends when it is asked again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.upkeep.doctor import examine
from studio import Rendered, write_media

FILMS = 6


def kill_ingests(tmp_path: Path, rendered: Rendered, times: int, seed: int) -> None:
    home = Home.at(tmp_path / "home")
    folder = tmp_path / "films"
    folder.mkdir()
    for number in range(FILMS):
        write_media(np.roll(rendered.samples, 8_000 * number)[: 20 * 8_000], folder / f"Film {number}.flac")
    command = [sys.executable, "-m", "cli", "ingest", str(folder), "--workers", "2", "--json", "--home", str(home.root)]
    draw = random.Random(seed)
    for _ in range(times):
        running = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(draw.uniform(0.5, 8.0))
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        assert [finding for finding in examine(home) if not finding.ok] == []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    statuses = [film["status"] for film in json.loads(done.stdout)["films"]]
    assert set(statuses) <= {"analysed", "skipped"} and len(statuses) == FILMS
    with Snapshot.open(home) as snapshot:
        assert sorted(snapshot.films().title) == [f"Film {number}" for number in range(FILMS)]
        assert all(snapshot.activity(film_id) is not None for film_id in snapshot.films().film_id)
    assert not list(home.scratch.iterdir())


@pytest.mark.stress
@pytest.mark.fault("SIGKILL of `filmscore ingest` and all its processes at random moments", times=3)
def test_a_killed_ingest_goes_on(tmp_path: Path, rendered: Rendered) -> None:
    kill_ingests(tmp_path, rendered, 3, seed=1)


@pytest.mark.stress
@pytest.mark.fault("SIGKILL of `filmscore ingest` and all its processes at random moments", times=50)
def test_an_ingest_killed_fifty_times_goes_on(tmp_path: Path, rendered: Rendered) -> None:
    kill_ingests(tmp_path, rendered, 50, seed=2)
