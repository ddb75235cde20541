"""What the API's routes read: the current snapshot, opened again when another is published, and the ear."""

from __future__ import annotations

from collections.abc import Callable

from db.catalogue.current import nothing_published
from db.home import Home
from models.ears.ear import Ear, base_version
from service.questions.app_data import OpenCatalogue
from service.questions.current import CurrentCatalogue, ready_for_questions


class Reader:
    """Opens a home's catalogue for the routes."""

    def __init__(self, home: Home, ear_of: Callable[[str], Ear]) -> None:
        self.home = home
        self._catalogue = CurrentCatalogue(home, ready_for_questions)
        self._ear_of = ear_of
        self._ear: Ear | None = None

    def current(self) -> OpenCatalogue:
        """What is published now; who still reads an older snapshot keeps it.

        Raises:
            CatalogueError: nothing has been published yet, or it cannot be used.
        """
        found = self._catalogue.get()
        if found is None:
            raise nothing_published(self.home)
        return found

    def ear(self, model_version: str) -> Ear | None:
        """The ear of the catalogue, loaded once; for the one thread that hears."""
        if model_version and (self._ear is None or self._ear.model_version != base_version(model_version)):
            self._ear = self._ear_of(model_version)
        return self._ear
