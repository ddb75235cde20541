"""The catalogue that is published now, opened once for all who ask; a large one is made ready in the background."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import lru_cache

from db.home import Home
from errors import CatalogueError
from recommender.question import Question
from service.questions.app_data import OpenCatalogue, snapshot_id
from service.questions.first_rows import keep_rows, take_kept_rows

log = logging.getLogger(__name__)

MANY = 20_000
"""A catalogue of so many films takes seconds to open, so who asks gets the one before until it is ready."""


class CurrentCatalogue:
    """Opens a home's published catalogue, and opens it again when another is published. Safe to share.

    A catalogue of at least MANY films is replaced in the background: meanwhile, everybody gets the one before.
    """

    def __init__(self, home: Home, make_ready: Callable[[OpenCatalogue], None]) -> None:
        """`make_ready`: computes in advance what a large catalogue needs for its first answer."""
        self._home = home
        self._make_ready = make_ready
        self._lock = threading.Lock()
        self._shown: OpenCatalogue | None = None
        self._shown_for = ""
        self._coming: threading.Thread | None = None

    def get(self) -> OpenCatalogue | None:
        """The catalogue to answer from; None if nothing has been published yet.

        Raises:
            CatalogueError: the published catalogue cannot be used.
        """
        published = snapshot_id(self._home)
        if not published:
            return None
        with self._lock:
            shown = self._shown
            if shown is None or (published != self._shown_for and not _may_stay(shown)):
                shown = self._show(published, OpenCatalogue.open(self._home))
            elif published != self._shown_for and self._coming is None:
                self._coming = threading.Thread(target=self._replace, args=(published, shown), daemon=True)
                self._coming.start()
            return shown

    def get_in_background(self) -> None:
        """`get` without waiting for it, so that a new catalogue is ready when somebody asks."""
        threading.Thread(target=self._get_quietly, daemon=True).start()

    def _get_quietly(self) -> None:
        try:
            self.get()
        except CatalogueError as error:
            log.warning("%s", error)  # who asks is told

    def make_ready(self) -> None:
        """Compute in advance what the first answer needs."""
        try:
            found = self.get()
            if found is not None:
                self._make_ready(found)
        except CatalogueError as error:
            log.warning("%s", error)  # who asks is told

    def _show(self, published: str, found: OpenCatalogue | None) -> OpenCatalogue | None:
        self._shown, self._shown_for = found, published
        return found

    def _replace(self, published: str, before: OpenCatalogue) -> None:
        found = None
        try:
            found = OpenCatalogue.open(self._home, before)
            if found.snapshot.manifest.films >= MANY:
                self._make_ready(found)
        except CatalogueError as error:
            log.warning("%s", error)  # nothing is shown then, so that who asks next tries again and is told
        finally:
            with self._lock:
                self._show(published, found)
                self._coming = None


def _may_stay(shown: OpenCatalogue) -> bool:
    """Whether a catalogue can be shown while its successor is opened: it is large, and its files are still there."""
    return shown.snapshot.manifest.films >= MANY and shown.snapshot.directory.exists()


def ready_for_questions(found: OpenCatalogue) -> None:
    """Compute what the first question needs."""
    if not found.films.empty:
        found.recommender.recommend(Question(likes=(int(found.films["film_id"].iloc[0]),)))
        found.snapshot.find_titles("a", 1)


def ready_for_first_page(found: OpenCatalogue) -> None:
    """Compute what the first page needs; the rows of a large catalogue were kept if it was open before."""
    _ = found.films
    if found.snapshot.manifest.films >= MANY and not take_kept_rows(found):
        ready_for_pages(found)


def ready_for_pages(found: OpenCatalogue) -> None:
    """Compute what pages need, and keep the rows of the first one."""
    ready_for_questions(found)
    keep_rows(found)


@lru_cache(maxsize=2)
def current_of(home: Home) -> CurrentCatalogue:
    """The holder that all pages of this process share."""
    return CurrentCatalogue(home, ready_for_pages)
