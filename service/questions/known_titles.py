"""IMDb's titles beside the catalogue: people may like, dislike or have seen what they do not have."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from db.catalogue.records import FilmRecord
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.imdb.store import ImdbStore
from db.titles import exact_key
from errors import CatalogueError
from film import Film
from recommender import FilmEncoding
from recommender.engine import Catalogue
from recommender.matrix import BlockMatrix
from recommender.outside import OutsideFilm, OwnFilms, imdb_id_of, outside_id
from recommender.scenes import StoredScenes
from service.questions.rated_titles import CatalogueTitles
from service.questions.ratings_table import RatedTitle

MOST_CANDIDATES = 20_000
"""So many titles, those with the most votes, can be recommended beside the catalogue."""
MOST_KEPT = 5_000
"""Titles whose vectors are kept in memory."""
FIELDS = [one.name for one in fields(Film)]


class KnownTitles:
    """The titles of IMDb's loaded files for one snapshot (implements `recommender.outside.OutsideFilms`).

    Vectors are made with the snapshot's encoder when they are first asked for. Safe to share between threads.
    """

    def __init__(self, home: Home, snapshot: Snapshot) -> None:
        self._home, self._snapshot = home, snapshot
        self._lock = threading.Lock()
        self._kept: dict[int, OutsideFilm] = {}

    @classmethod
    def beside(cls, home: Home, snapshot: Snapshot) -> KnownTitles | None:
        """The known titles, if IMDb's files are loaded."""
        return cls(home, snapshot) if home.imdb.exists() else None

    @cached_property
    def _own(self) -> OwnFilms:
        return OwnFilms(self._snapshot.films())

    def search(self, typed: str, limit: int = 20) -> list[Film]:
        """Titles outside of the catalogue that fit what is typed, best first; their film_ids are negative.

        Raises:
            CatalogueError: IMDb's loaded files cannot be read, or lack the index for searching.
        """
        with ImdbStore(self._home.imdb) as store:
            found = store.search(typed, limit)
        return self._outside(found)

    def titles(self, film_ids: Sequence[int]) -> dict[int, Film]:
        """Titles by their negative film_ids.

        Raises:
            CatalogueError: IMDb's loaded files cannot be read.
        """
        wanted = {imdb_id_of(film_id): film_id for film_id in film_ids if film_id < 0}
        if not wanted:
            return {}
        with ImdbStore(self._home.imdb) as store:
            return {wanted[i]: replace(film, film_id=wanted[i]) for i, film in store.films(wanted).items()}

    def films_of(self, rows: Sequence[RatedTitle]) -> list[int | None]:
        """The negative film_ids of rated titles outside of the catalogue: by IMDb id, else by title and year.

        Raises:
            CatalogueError: IMDb's loaded files cannot be read, or lack the index for searching.
        """
        with ImdbStore(self._home.imdb) as store:
            names = [name for row in rows for name in (row.title, exact_key(row.title))]  # "Matrix, The" both ways
            found = store.titled(names, [row.imdb_id for row in rows if row.imdb_id])
        titles = CatalogueTitles(pd.DataFrame([asdict(film) for film in self._outside(found)], columns=FIELDS))
        return [titles.film_of(row) for row in rows]

    def films(self, film_ids: Sequence[int]) -> dict[int, OutsideFilm]:
        """Known titles with their vectors.

        Raises:
            CatalogueError: IMDb's loaded files cannot be read.
        """
        with self._lock:
            new = self.titles([film_id for film_id in film_ids if film_id not in self._kept])
            if len(self._kept) + len(new) > MOST_KEPT:
                self._kept.clear()
                new = self.titles(film_ids)
            blocks = self._encoded([*new.values()])[0]
            for i, (film_id, film) in enumerate(new.items()):
                self._kept[film_id] = OutsideFilm(film, {n: rows[i] for n, rows in blocks.items() if rows[i].any()})
            return {film_id: self._kept[film_id] for film_id in film_ids if film_id in self._kept}

    def candidates(self) -> Catalogue:
        """The titles with the most votes that are not in the catalogue.

        Raises:
            CatalogueError: IMDb's loaded files cannot be read.
        """
        with ImdbStore(self._home.imdb) as store:
            films = self._outside(store.most_voted(MOST_CANDIDATES))
        films.sort(key=lambda film: film.film_id or 0)
        blocks, prior = self._encoded(films)
        return _TitlesAsCatalogue(films, blocks, prior)

    def _outside(self, films: Sequence[Film]) -> list[Film]:
        """Those of the titles that are not in the catalogue, with their film_ids."""
        return [replace(film, film_id=outside_id(film.imdb_id)) for film in films if self._own.film_id_of(film) is None]

    def _encoded(self, films: Sequence[Film]) -> tuple[Mapping[str, npt.NDArray[np.float32]], npt.NDArray[np.float32]]:
        """Blocks (n, d) by name, and priors (n,)."""
        encoding, fitted = FilmEncoding(), self._snapshot.fitted()
        records = [FilmRecord(film, None, None, None, "") for film in films]
        return encoding.encode(fitted, records), encoding.prior(fitted, records)


@dataclass(frozen=True, eq=False)
class _TitlesAsCatalogue:
    """Titles that nobody here has, none of them heard (implements `recommender.engine.Catalogue`)."""

    titles: Sequence[Film]
    blocks: Mapping[str, npt.NDArray[np.float32]]
    prior: npt.NDArray[np.float32]

    def films(self) -> pd.DataFrame:
        """One row per title."""
        return pd.DataFrame([asdict(film) for film in self.titles], columns=FIELDS)

    def summaries(self) -> pd.DataFrame:
        """Nothing is known of their music."""
        return pd.DataFrame({"film_id": []})

    def matrix(self) -> BlockMatrix:
        """Their vectors."""
        ids = [film.film_id or 0 for film in self.titles]
        return BlockMatrix.from_blocks(ids, self.blocks, self.prior)

    def scenes(self) -> StoredScenes:
        """Nothing was heard."""
        raise CatalogueError("Titles that are not in the catalogue have no scenes. Ask for films.")
