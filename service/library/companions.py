"""What lies beside a film, taken into the library with it: its NFO file, and what that says of somebody's taste.

Who is believed: a curator's edits, then the NFO file, then tables and IMDb's files, then the name.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from db.home import Home
from db.imdb.store import ImdbStore
from db.state.store import State
from errors import FilmscoreError, MetadataError
from ingest.beside import FilmFolder
from ingest.discover import FoundFilm
from ingest.nfo import Nfo, read_nfo
from service.library.metadata import complete, imdb_path
from service.questions.profiles import add_taste

PROFILE = "From NFO files"
"""The taste profile that ratings and watched films of NFO files go into."""


@dataclass(frozen=True)
class Told:
    """What lies beside one film."""

    nfo: Nfo | None = None
    notes: tuple[str, ...] = ()
    """What cannot be used, one line each."""

    @property
    def imdb_id(self) -> str:
        return self.nfo.film.imdb_id if self.nfo else ""


class Companions:
    """Reads what lies beside films and keeps it; a context manager. Nothing that it finds ends an ingest."""

    def __init__(self, home: Home, state: State, refused: Callable[[Path], str] | None = None) -> None:
        """`refused` says why a file may not be read, or ""."""
        self._home, self._state = home, state
        self._refused = refused or (lambda path: "")
        self._liked: dict[int, float | None] = {}
        """Film -> rating of 10, of films that were rated or watched."""
        self._imdb: ImdbStore | None = None

    def __enter__(self) -> Companions:
        if imdb_path(self._home).exists():
            with suppress(FilmscoreError):  # `doctor` names what is wrong with it
                self._imdb = ImdbStore(imdb_path(self._home))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._imdb:
            self._imdb.close()

    def of(self, found: FoundFilm) -> Told:
        """What lies beside a film, read."""
        path = FilmFolder.of(found.path, found.root).nfo(found.path)
        if path is None:
            return Told()
        if reason := self._refused(path):
            return Told(notes=(f"{path.name}: {reason}",))
        try:
            nfo = read_nfo(path)
        except MetadataError as error:
            return Told(notes=(str(error),))
        return Told(nfo, nfo.notes)

    def keep(self, film_id: int, told: Told) -> tuple[str, ...]:
        """Give a film of the library what lies beside it; the notes for who asked."""
        if told.nfo is None:
            return told.notes
        if self._imdb and told.imdb_id and (known := self._imdb.films([told.imdb_id]).get(told.imdb_id)):
            complete(self._state, self._state.get_film(film_id), known)
        complete(self._state, self._state.get_film(film_id), told.nfo.film, "nfo")
        if told.nfo.user_rating is not None or told.nfo.watched:
            self._liked[film_id] = told.nfo.user_rating
        return told.notes

    def keep_taste(self) -> None:
        """Put ratings and watched films into the profile PROFILE."""
        if self._liked:
            add_taste(self._state, PROFILE, self._liked)
