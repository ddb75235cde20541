"""Import a film's companion files with it: its NFO file and its poster.

Precedence of sources: a curator's edits, then the NFO file, then tables and IMDb's files, then the file name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from db.home import Home
from db.imdb.store import ImdbStore
from db.state.store import State
from errors import FilmscoreError, MediaError, MetadataError
from film import Film
from ingest.beside import FilmFolder
from ingest.discover import FoundFilm, folders_of, media_stem
from ingest.film_paths import FilmPath, read_path, says_nothing
from ingest.nfo import Nfo, read_nfo
from media.beneath import held
from media.confined import Confined
from service.library.metadata import complete
from service.library.posters import keep_poster
from service.questions.profiles import add_taste

PROFILE = "From NFO files"
"""The taste profile that collects the ratings and watched films of NFO files."""


@dataclass(frozen=True)
class FilesBeside:
    """What the files beside a film say."""

    nfo: Nfo | None = None
    pictures: tuple[Path, ...] = ()
    """Candidates for the poster, most likely first. The film's own file, which may contain a cover, is the last."""
    notes: tuple[str, ...] = ()
    """Files that cannot be used, one line each."""
    inside: Film | None = None
    """Title and year that the container has, where the film's name says nothing."""
    named_id: str = ""
    """The IMDb id in the film's path."""

    @property
    def imdb_id(self) -> str:
        """The film's IMDb id: the one in its path, else in its NFO file."""
        return self.named_id or (self.nfo.film.imdb_id if self.nfo else "")


class Companions:
    """Reads companion files and stores what they contain; a context manager. Their errors never end an ingest."""

    def __init__(
        self,
        home: Home,
        state: State,
        refused: Callable[[Path], str] | None = None,
        beneath: Sequence[Path] = (),
    ) -> None:
        """
        Args:
            refused: why a file may not be read, or "".
            beneath: the folders that files must lie in when they are opened; none: anywhere.
        """
        self._beneath = tuple(beneath)
        self._home, self._state = home, state
        self._refused = refused or (lambda path: "")
        self._liked: dict[int, float | None] = {}
        """Film -> rating out of 10, for films that were rated or watched."""
        self._imdb: ImdbStore | None = None
        self.child = Confined(home.scratch)
        self.child.beneath = self._beneath
        self._told: dict[Path, FilesBeside] = {}

    def __enter__(self) -> Companions:
        if self._home.imdb.exists():
            with suppress(FilmscoreError):  # `doctor` says what is wrong with the file
                self._imdb = ImdbStore(self._home.imdb)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.child.close()
        if self._imdb:
            self._imdb.close()

    def of(self, found: FoundFilm) -> FilesBeside:
        """Read the companion files of a film, once."""
        if found.path not in self._told:
            self._told[found.path] = self._read(found)
        return self._told[found.path]

    def _read(self, found: FoundFilm) -> FilesBeside:
        reads = [read_path(media_stem(one.path), folders_of(one.path, one.root)) for one in (found, *found.versions)]
        named_id = next((read.imdb_id for read in reads if read.imdb_id), "")
        told = replace(self._read_beside(found), named_id=named_id)
        named = told.nfo and (told.nfo.film.title or told.nfo.film.imdb_id)
        return told if named else replace(told, inside=self._named_inside(found, reads[0]))

    def _named_inside(self, found: FoundFilm, read: FilmPath) -> Film | None:
        if read.own_folder or read.imdb_id or read.on_disc or not says_nothing(read.stem):
            return None
        try:
            tags = self.child.tags(found.path)
        except MediaError:
            return None
        return Film(tags.title, year=tags.year) if tags.title and not says_nothing(tags.title) else None

    def _read_beside(self, found: FoundFilm) -> FilesBeside:
        folder = FilmFolder.of(found.path, found.root)
        pictures = (*(path for path in folder.posters() if not self._refused(path)), found.path)
        path = folder.nfo(found.path)
        if path is None:
            return FilesBeside(pictures=pictures)
        if reason := self._refused(path):
            return FilesBeside(pictures=pictures, notes=(f"{path.name}: {reason}",))
        try:
            with held([path], self._beneath, self._home.scratch) as (leading,):
                nfo = read_nfo(leading)
        except (MetadataError, MediaError) as error:
            return FilesBeside(pictures=pictures, notes=(str(error),))
        return FilesBeside(nfo, pictures, nfo.notes)

    def keep(self, film_id: int, told: FilesBeside) -> tuple[str, ...]:
        """Apply the companion files to a film in the library. Returns notes for the caller."""
        notes = told.notes + keep_poster(self._home, self._state.get_film(film_id), told.pictures, self.child)
        if self._imdb and told.imdb_id and (known := self._imdb.films([told.imdb_id]).get(told.imdb_id)):
            complete(self._state, self._state.get_film(film_id), known)
        if told.named_id:
            film = self._state.get_film(film_id)
            complete(self._state, film, Film(film.title, imdb_id=told.named_id), "name")
        if told.nfo is None:
            return notes
        complete(self._state, self._state.get_film(film_id), replace(told.nfo.film, imdb_id=told.imdb_id), "nfo")
        if told.nfo.user_rating is not None or told.nfo.watched:
            self._liked[film_id] = told.nfo.user_rating
        return notes

    def keep_taste(self) -> None:
        """Add ratings and watched films to the profile PROFILE."""
        if self._liked:
            add_taste(self._state, PROFILE, self._liked)
