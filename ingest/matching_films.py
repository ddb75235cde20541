"""Which row of a metadata CSV describes a media file, by the rules of `matching`."""

from __future__ import annotations

from collections.abc import Sequence

from film import Film
from ingest.matching import FileName, match
from ingest.matching_titles import Title, TitleIndex


class DescribedFilms:
    """Films of a CSV, found by file name; rows need no IMDb id."""

    def __init__(self, films: Sequence[Film]) -> None:
        self._films: dict[str, Film] = {}
        for row, film in enumerate(films):
            self._films[film.imdb_id if film.imdb_id and film.imdb_id not in self._films else str(row)] = film
        self._index = TitleIndex(
            Title(
                imdb_id=key,
                names=tuple(dict.fromkeys([film.title, *(n for n in film.other_title.split("|") if n)])),
                year=film.year,
                directors=film.directors,
                runtime_minutes=film.runtime_minutes,
                votes=film.votes,
            )
            for key, film in self._films.items()
        )

    def of(self, name: FileName) -> Film | None:
        """The row that describes a file; None where that is not clear."""
        accepted = match(name, self._index).accepted
        return self._films[accepted] if accepted is not None else None
