"""Identification: which film of the library a media file is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from db.state.store import State
from errors import MediaError
from film import Film
from ingest.discover import FoundFilm, files_of_versions
from ingest.film_parts import further_files
from ingest.hear import Outcome
from ingest.matching_films import DescribedFilms
from ingest.matching_folder import decision_name, file_name
from media.source import joined_sha256


def _has_content(path: Path, sha256: str, like: Path) -> bool:
    """Whether a file exists and has this content. The file is read only if it is as long as `like`, which has the
    content. All files of a film in several parts count."""
    try:
        return path.stat().st_size == like.stat().st_size and joined_sha256([path, *further_files(path)]) == sha256
    except (OSError, MediaError):
        return False


def _is_gone(path: Path) -> bool:
    """Whether a file was deleted or moved away, rather than its disk: its folder, or the one around that, still holds
    something."""
    if path.exists():
        return False
    folder = path.parent if path.parent.exists() else path.parent.parent
    try:
        return next(folder.iterdir(), None) is not None
    except OSError:
        return False


class Identities:
    """Identifies films: by the file's hash, by a person's decision, by the file's path, by the name, or as new."""

    def __init__(self, state: State, collection: str, metadata: Sequence[Film]) -> None:
        self.state = state
        self.collection = collection
        self.described = DescribedFilms(metadata)

    @cached_property
    def waiting(self) -> DescribedFilms:
        """The films without media that were known when the ingest started."""
        return DescribedFilms([film for film in self.state.films() if not film.media_sha256])

    def resolve(
        self, found: FoundFilm, outcome: Outcome, imdb_id: str = "", inside: Film | None = None
    ) -> tuple[int, str]:
        """The film_id of a heard file, given now if the film is new; its media is attached.

        Args:
            found, outcome: the file.
            imdb_id: of its NFO file; "" = none.
            inside: title and year in the container, of a file whose name says nothing.

        A file whose content is known was moved if the film's file is no longer there. If it is, the new one is a copy:
        the film keeps its file, whose path is returned as well (else "").
        """
        path, copy_of = str(found.path.resolve()), ""
        if (known := self.state.media_of(outcome.media_sha256)) is not None:
            kept = self.state.get_film(known).media_path
            if kept != path and _has_content(Path(kept), outcome.media_sha256, found.path):
                self.state.note_copy(path, outcome.media_sha256)
                path = copy_of = kept
        with self.state.transaction():  # looking and adding are one step: two ingests of a new film add it once
            film_id = (
                self.state.media_of(outcome.media_sha256)
                or self._by_version(found)
                or self._decided(found)
                or self._replaced(path)
                or self._known(found, imdb_id)
                or self._new(found, imdb_id, inside)
            )
            self._keep_versions(film_id, found, path)
            self.state.attach_media(
                film_id, outcome.media_sha256, outcome.audio_track, path, outcome.model_version, renewed=outcome.renewed
            )
        return film_id, copy_of

    def expected(self, found: FoundFilm, imdb_id: str = "") -> Film | None:
        """What is known of a film before it is heard; None where that is not clear. Stores nothing."""
        if (known := self._by_path.get(str(found.path.resolve()))) is not None:
            return known
        film_id = self._by_version(found) or self._decided(found) or self._known(found, imdb_id)
        return self.state.get_film(film_id) if film_id else self.described.of(file_name(found.path, found.root))

    def _by_version(self, found: FoundFilm) -> int | None:
        """The film of which this file is known to be a version, or of which one of its other versions is the file."""
        own = self.state.versions().get(str(found.path.resolve()))
        others = (self._by_path.get(str(version.path.resolve())) for version in found.versions)
        return own or next((film.film_id for film in others if film), None)

    def _keep_versions(self, film_id: int, found: FoundFilm, path: str) -> None:
        """Record the film's versions besides `path`, which is heard from now on. Stored ones that are gone are
        dropped."""
        stored = {one for one, of in self.state.versions().items() if of == film_id}
        others = {str(file.resolve()) for file in files_of_versions(found)}
        before = self.state.get_film(film_id).media_path
        if path in stored and before:
            others.add(before)
        kept = {one for one in stored | others if one != path and Path(one).exists()}
        if kept != stored:
            self.state.set_versions(film_id, sorted(kept))

    @cached_property
    def _by_path(self) -> dict[str, Film]:
        return {film.media_path: film for film in self.state.films() if film.media_path}

    def _decided(self, found: FoundFilm) -> int | None:
        """The film that a person decided one of its versions to be."""
        for one in (found, *found.versions):
            decision = self.state.decision(decision_name(one.path, one.root))
            if decision and self._has_no_media(decision.film_id):
                return decision.film_id
        return None

    def _replaced(self, path: str) -> int | None:
        """The film whose file this was before its content was replaced, by a better copy for example."""
        film = self._by_path.get(path)
        return film.film_id if film and self.state.get_film(int(film.film_id or 0)).media_path == path else None

    def _known(self, found: FoundFilm, imdb_id: str) -> int | None:
        of_id = self.state.find_imdb(imdb_id) if imdb_id else []
        exact = of_id or self.state.find(found.title, found.director or None, found.year)
        same = [film for film in exact if not imdb_id or film.imdb_id in ("", imdb_id)]
        waiting = [film.film_id for film in same if not film.media_sha256]
        if len(waiting) == 1:
            return waiting[0]
        if (film_id := self._of_a_file_that_is_gone(found, same, certain=bool(of_id))) is not None:
            return film_id
        near = self.waiting.of(file_name(found.path, found.root))
        return near.film_id if near and self._has_no_media(near.film_id) else None

    def _of_a_file_that_is_gone(self, found: FoundFilm, same: Sequence[Film], certain: bool) -> int | None:
        """The one film of this name, if its file is gone and this one plainly takes its place: it has the same IMDb id
        (`certain`), the same year, or is in the same folder."""
        if len(same) != 1:
            return None
        film, path = same[0], Path(same[0].media_path)
        beside = found.path.resolve().parent == path.parent
        plain = certain or beside or (found.year is not None and film.year == found.year)
        return film.film_id if film.media_sha256 and plain and _is_gone(path) else None

    def _has_no_media(self, film_id: int | None) -> bool:
        return film_id is not None and not self.state.get_film(film_id).media_sha256

    def _new(self, found: FoundFilm, imdb_id: str, inside: Film | None) -> int:
        film = self.described.of(file_name(found.path, found.root))
        source = "table"
        if film is None:
            source = "name"
            directors = (found.director,) if found.director else ()
            named = Film(found.title, directors=directors, year=found.year, imdb_id=imdb_id)
            film = replace(named, title=inside.title, year=inside.year or found.year) if inside else named
        described = replace(film, film_id=None, collection=self.collection or film.collection)
        return self.state.add_film(described, source)
