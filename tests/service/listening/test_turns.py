"""The places for clips, which the app and the API share."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from db.home import Home
from errors import BusyError
from service.listening.turns import CLIPS, ClipTurns
from tests.browser.server import ROOT


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


@pytest.mark.forbidden("More clips at once than places")
def test_a_clip_more_than_there_are_places_is_refused_and_taken_later(home: Home) -> None:
    with ExitStack() as held:
        for _ in range(CLIPS):
            held.enter_context(ClipTurns(home).place())
        with (
            pytest.raises(BusyError, match=f"{CLIPS} clips are being heard. Send yours again"),
            ClipTurns(home).place(),
        ):
            pass
    with ClipTurns(home).place():
        pass


def test_one_clip_is_heard_at_once_in_the_order_of_turns(home: Home) -> None:
    heard, most = [0], [0]
    seen = threading.Lock()

    def hear(_: int) -> None:
        with ClipTurns(home).turn():
            with seen:
                heard[0] += 1
                most[0] = max(most[0], heard[0])
            with seen:
                heard[0] -= 1

    with ThreadPoolExecutor(8) as clients:
        list(clients.map(hear, range(40)))
    assert most == [1]


@pytest.mark.fault("A process that is killed while its clip is heard")
def test_places_are_shared_by_processes_and_free_again_when_one_is_killed(home: Home) -> None:
    taking = (
        "import sys; from pathlib import Path; from contextlib import ExitStack\n"
        "from db.home import Home; from service.listening.turns import CLIPS, ClipTurns\n"
        "held = ExitStack(); home = Home(Path(sys.argv[1]))\n"
        "[held.enter_context(ClipTurns(home).place()) for _ in range(CLIPS)]; print('taken', flush=True); input()"
    )
    command = [sys.executable, "-c", taking, str(home.root)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "taken\n"
        with pytest.raises(BusyError), ClipTurns(home).place():
            pass
        other.kill()
        other.wait()
    with ClipTurns(home).place():
        pass
