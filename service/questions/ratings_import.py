"""Convert ratings exported elsewhere into liked, disliked and seen films of the catalogue."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from db.catalogue.snapshot import Snapshot
from recommender.question import Question
from service.questions.known_titles import KnownTitles
from service.questions.rated_titles import CatalogueTitles
from service.questions.ratings_export import read_ratings
from service.questions.ratings_table import RatedTitle
from told import Told

LIKED_FROM = 0.7
DISLIKED_TO = 0.4
"""As a share of the scale: IMDb's 7 of 10 and Letterboxd's 3.5 of 5 stars are likes; 4 and 2 are dislikes."""

IN_CATALOGUE = "{}: {} of {} rated titles are in the catalogue."
KNOWN_BESIDE = "{} more are known titles: they count for your taste."
NOT_IN_CATALOGUE = "Not in the catalogue: {}."


@dataclass(frozen=True)
class RatedFilms:
    """The films of an export that the catalogue contains or that are known. All of them are in `seen`."""

    likes: tuple[int, ...]
    dislikes: tuple[int, ...]
    seen: tuple[int, ...]
    unmatched: tuple[str, ...]
    notices: tuple[str, ...]


def with_ratings(question: Question, rated: RatedFilms) -> Question:
    """Add an export's ratings to a question. Where the two disagree on a film, the question wins."""
    likes = (*question.likes, *(i for i in rated.likes if i not in question.dislikes))
    dislikes = (*question.dislikes, *(i for i in rated.dislikes if i not in question.likes))
    return replace(
        question,
        likes=tuple(dict.fromkeys(likes)),
        dislikes=tuple(dict.fromkeys(dislikes)),
        seen=tuple(dict.fromkeys((*question.seen, *rated.seen))),
    )


def uploaded_ratings(
    snapshot: Snapshot, name: str, stream: BinaryIO, known_titles: KnownTitles | None = None
) -> RatedFilms:
    """As `liked_films`, of an export that was uploaded under a name; it is not kept.

    Raises:
        MetadataError: not a ratings export; the message names it.
    """
    with tempfile.TemporaryDirectory(prefix="filmscore-") as folder:
        from service.rights.media_roots import safe_name  # it opens media; most questions come without an upload

        path = Path(folder, safe_name(name))
        with path.open("wb") as out:
            shutil.copyfileobj(stream, out)
        return liked_films(snapshot, path, known_titles)


def liked_films(snapshot: Snapshot, path: Path, known_titles: KnownTitles | None = None) -> RatedFilms:
    """Match an export with the catalogue, then with known titles. The latest of several ratings of a film counts.

    Raises:
        MetadataError: not a ratings export.
    """
    rows = read_ratings(path)
    titles = CatalogueTitles(snapshot.films())
    rated: dict[int, RatedTitle] = {}
    unmatched: dict[str, None] = {}
    found = [titles.film_of(row) for row in rows]
    lacking = [row for row, film_id in zip(rows, found, strict=True) if film_id is None]
    beside = iter(known_titles.films_of(lacking) if known_titles is not None else [None] * len(lacking))
    for row, own in zip(rows, found, strict=True):
        film_id = next(beside) if own is None else own
        if film_id is None:
            unmatched[f"{row.title} ({row.year})" if row.year else row.title] = None
            continue
        before = rated.get(film_id)
        if before is None or before.rating is None or (row.rating is not None and row.date >= before.date):
            rated[film_id] = row
    ratings = {film_id: row.rating for film_id, row in rated.items() if row.rating is not None}
    owned = sum(film_id >= 0 for film_id in rated)
    notices = [Told(IN_CATALOGUE, path.name, owned, len(rated) + len(unmatched))]
    if owned < len(rated):
        notices.append(Told(KNOWN_BESIDE, len(rated) - owned))
    if unmatched:
        notices.append(Told(NOT_IN_CATALOGUE, "; ".join(unmatched)))
    return RatedFilms(
        likes=tuple(i for i, rating in ratings.items() if rating >= LIKED_FROM - 1e-9),
        dislikes=tuple(i for i, rating in ratings.items() if rating <= DISLIKED_TO + 1e-9),
        seen=tuple(rated),
        unmatched=tuple(unmatched),
        notices=tuple(notices),
    )
