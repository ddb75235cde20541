"""Ratings exported elsewhere, as films of the catalogue that somebody liked, disliked or has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from db.snapshot import Snapshot
from db.titles import title_key
from service.ratings_export import RatedTitle, read_ratings

LIKED_FROM = 0.7
DISLIKED_TO = 0.4
"""Parts of the scale: IMDb's 7 of 10 and Letterboxd's 3.5 of 5 stars are likes, 4 and 2 are not."""


@dataclass(frozen=True)
class RatedFilms:
    """The films of an export that the catalogue has; all of them are `seen`."""

    likes: tuple[int, ...]
    dislikes: tuple[int, ...]
    seen: tuple[int, ...]
    unmatched: tuple[str, ...]
    notices: tuple[str, ...]


class CatalogueTitles:
    """The films of a catalogue, found by what an export says of them."""

    def __init__(self, snapshot: Snapshot) -> None:
        films = snapshot.films()
        self._by_imdb = {str(i): int(f) for i, f in zip(films["imdb_id"], films["film_id"], strict=True) if i}
        self._with_id = set(self._by_imdb.values())
        self._by_title: dict[str, list[tuple[int, int | None]]] = {}
        columns = (films[name] for name in ("title", "other_title", "year", "film_id"))
        for title, other, year, film_id in zip(*columns, strict=True):
            known_year = int(year) if year == year and year is not None else None
            names = [str(title), str(other), *str(other).split("|")]
            for name in {title_key(name) for name in names} - {""}:
                self._by_title.setdefault(name, []).append((int(film_id), known_year))

    def film_of(self, row: RatedTitle) -> int | None:
        """The film of a row: by its IMDb id, else by title and year (a year off by one is forgiven).

        A row with an id never becomes a film that has another id.
        """
        if row.imdb_id in self._by_imdb:
            return self._by_imdb[row.imdb_id]
        candidates = self._by_title.get(title_key(row.title), [])
        if row.imdb_id:
            candidates = [one for one in candidates if one[0] not in self._with_id]
        return _by_title(candidates, row.year)


def liked_films(snapshot: Snapshot, path: Path) -> RatedFilms:
    """Match an export with the catalogue; of several ratings of a film the latest stands.

    Raises:
        MetadataError: not a ratings export.
    """
    rows = read_ratings(path)
    titles = CatalogueTitles(snapshot)
    rated: dict[int, RatedTitle] = {}
    unmatched: dict[str, None] = {}
    for row in rows:
        film_id = titles.film_of(row)
        if film_id is None:
            unmatched[f"{row.title} ({row.year})" if row.year else row.title] = None
            continue
        before = rated.get(film_id)
        if before is None or before.rating is None or (row.rating is not None and row.date >= before.date):
            rated[film_id] = row
    ratings = {film_id: row.rating for film_id, row in rated.items() if row.rating is not None}
    notices = [f"{path.name}: {len(rated)} of {len(rated) + len(unmatched)} rated titles are in the catalogue."]
    if unmatched:
        notices.append(f"Not in the catalogue: {'; '.join(unmatched)}.")
    return RatedFilms(
        likes=tuple(i for i, rating in ratings.items() if rating >= LIKED_FROM - 1e-9),
        dislikes=tuple(i for i, rating in ratings.items() if rating <= DISLIKED_TO + 1e-9),
        seen=tuple(rated),
        unmatched=tuple(unmatched),
        notices=tuple(notices),
    )


def _by_title(candidates: Sequence[tuple[int, int | None]], year: int | None) -> int | None:
    """The one film of a title that the year leaves; None if it leaves none or several."""
    for slack in (0, 1):
        fitting = [i for i, own in candidates if year is None or own is None or abs(own - year) <= slack]
        if len(set(fitting)) == 1:
            return fitting[0]
        if fitting:
            return None
    return None
