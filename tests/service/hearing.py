"""Hearing in the test's own process, with the ear made for tests, for what surrounds hearing.

Files are opened, tracks chosen, sound decoded and parts written as ever; only the models and the processes that load
them are left out. The real way is walked by the tests of `ingest.runner`, the command line and the worker's death.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from db.home import Home
from ingest.hear import Opened, Outcome, Task, hear_opened, open_film
from ingest.runner import OnProgress, Progress
from media.confined import Confined
from tests.service.heard_home import ToneEar


class HearHere:
    """As `ingest.runner.hear_all`, one film after the other."""

    def __init__(self, child: Confined) -> None:
        """`child`: opens the files; it may serve many homes."""
        self._child = child

    def __call__(
        self, home: Home, tasks: Sequence[Task], *, on_progress: OnProgress | None = None, **_: Any
    ) -> Iterator[Outcome]:
        ear = ToneEar()
        for task in tasks:

            def tell(stage: str, fraction: float, path: Path = task.path) -> None:
                if on_progress:
                    on_progress(Progress(path, stage, fraction))

            found = open_film(home, task, ear.model_version, self._child, on_stage=tell)
            yield hear_opened(home, found, ear, on_stage=tell) if isinstance(found, Opened) else found
