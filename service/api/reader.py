"""What the API's routes read: the current snapshot, opened again when another is published, and the ear."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from db.catalogue.current import current_id
from db.catalogue.snapshot import Snapshot
from db.home import Home
from models.ears.ear import Ear, base_version
from recommender import Recommender
from service.questions.known_titles import KnownTitles


@dataclass(frozen=True)
class Opened:
    """One snapshot with its recommender."""

    snapshot: Snapshot
    recommender: Recommender
    known_titles: KnownTitles | None = None


class Reader:
    """Opens a home's catalogue for the routes."""

    def __init__(self, home: Home, ear_of: Callable[[str], Ear]) -> None:
        self.home = home
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._ear_of = ear_of
        self._ear: Ear | None = None

    def current(self) -> Opened:
        """Open what is published now; who still reads an older snapshot keeps it."""
        with self._lock:
            if self._opened is None or self._opened.snapshot.id != current_id(self.home):
                snapshot = Snapshot.open(self.home)
                known = KnownTitles.beside(self.home, snapshot)
                self._opened = Opened(snapshot, Recommender(snapshot, known_titles=known), known)
            return self._opened

    def ear(self, model_version: str) -> Ear | None:
        """The ear of the catalogue, loaded once; for the one thread that hears."""
        if model_version and (self._ear is None or self._ear.model_version != base_version(model_version)):
            self._ear = self._ear_of(model_version)
        return self._ear
