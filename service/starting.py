"""What a start of the app leaves for later, so that the first visitor does not wait for it."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Sequence


class LaterWork:
    """Modules that the first page does without, and what to do once they are imported.

    One thread imports at a time: two threads that import the same packages can see them half initialised. So nothing is
    imported while the first page runs, and another page waits until the modules are there.
    """

    def __init__(self, modules: Sequence[str] = (), then: Callable[[], None] = lambda: None) -> None:
        """
        Args:
            modules: their names, in the order in which they are imported.
            then: runs afterwards, in the thread that `begin` starts.
        """
        self._modules = list(modules)
        self._then = then
        self._importing, self._beginning = threading.Lock(), threading.Lock()
        self._thread: threading.Thread | None = None

    def wait(self) -> None:
        """Return when all modules are imported; import those that are not yet."""
        with self._importing:
            while self._modules:
                importlib.import_module(self._modules[0])
                del self._modules[0]

    def begin(self) -> threading.Thread:
        """Do all this in the background, once."""
        with self._beginning:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            return self._thread

    def _run(self) -> None:
        self.wait()
        self._then()


class _App:
    later = LaterWork()


def leave_for_later(work: LaterWork) -> None:
    """Say what this process does after its first page."""
    _App.later = work


def later_work() -> LaterWork:
    """What was left for later in this process; nothing if nobody said so (in tests, say)."""
    return _App.later
