"""The test against shuffled directors, in the background of the app, with its progress."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from service.figures.mining_room import Room, Separation

MOST_KEPT = 16
"""Tests that are kept, the newest; an older one is computed again when somebody asks for it."""


class ShuffleTest:
    """One test under way: every source of a room, each with the same number of shuffles."""

    def __init__(self, room: Room, directors: Sequence[str], shuffles: int) -> None:
        self._room, self._directors, self._shuffles = room, tuple(directors), shuffles
        self.total = shuffles * len(room.sources)
        self.done = 0
        self.result: Future[list[Separation]] = Future()

    def run(self) -> list[Separation]:
        """Compute the separation of every source; `done` counts the shuffles.

        Raises:
            ParameterError: as mining.separation.separate.
        """
        found = []
        for place, source in enumerate(self._room.sources):

            def advance(done: int, before: int = place * self._shuffles) -> None:
                self.done = before + done

            found.append(self._room.separation(self._directors, source, shuffles=self._shuffles, advance=advance))
        return found


class ShuffleTests:
    """The tests of all visitors: one runs at a time, and who asks for the same test gets the same one."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="shuffles")
        self._tests: dict[tuple[str, str, tuple[str, ...], int], ShuffleTest] = {}
        self._lock = Lock()

    def ask(self, room: Room, directors: Sequence[str], shuffles: int) -> ShuffleTest:
        """The test of these directors, started unless it runs or has ended."""
        key = (room.snapshot, room.encoding, tuple(directors), shuffles)
        with self._lock:
            if key not in self._tests:
                test = ShuffleTest(room, directors, shuffles)
                test.result = self._worker.submit(test.run)
                self._tests[key] = test
                for oldest in list(self._tests)[:-MOST_KEPT]:
                    self._tests.pop(oldest).result.cancel()
            return self._tests[key]
