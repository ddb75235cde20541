"""A published catalogue for readers: immutable, never partially written, safe to share between threads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from db.catalogue import senses, tables
from db.catalogue.current import nothing_published
from db.catalogue.doubts import DoubtfulRun, read_doubtful_runs
from db.catalogue.fitted import read_fitted
from db.catalogue.following import Common, common
from db.catalogue.lease import RemovedError, hold
from db.catalogue.manifest import (
    CATALOGUE,
    ENCODERS,
    MANIFEST,
    Manifest,
    NewerSchemaError,
    current_manifest,
    read_manifest,
    sizes_fault,
    snapshot_directories,
)
from db.catalogue.query import ReadingErrors, arrow
from db.catalogue.records import Fitted
from db.catalogue.run_facts import RunFacts, read_run_facts
from db.catalogue.search import TitleIndex
from db.catalogue.segments import read_rows
from db.catalogue.stored_runs import StoredRun, stored_run
from db.catalogue.vectors import VectorMatrix, assemble, slices_of
from db.home import Home
from db.titles import title_key
from errors import CatalogueError
from film import Activity, Film, FilmSummary
from senses import Dialogue, Faces, Picture

if TYPE_CHECKING:
    from db.catalogue.scenes import Scenes

log = logging.getLogger(__name__)

FILMS = """SELECT f.*, coalesce(s.dominant_energy IS NOT NULL, false) AS has_music
           FROM films f LEFT JOIN summaries s USING (film_id) {some} ORDER BY f.film_id"""


class Snapshot:
    """One published catalogue. Open it once and share it; reopen it when `current_id(home)` differs from `id`."""

    def __init__(self, directory: Path, notices: tuple[str, ...] = ()) -> None:
        """Open the snapshot in a directory; see `open`.

        Raises:
            CatalogueError: one of its files is missing, damaged or locked.
        """
        self.directory = directory
        self._lease = hold(directory)
        self.manifest: Manifest = read_manifest(directory / MANIFEST)
        self.notices = notices
        """What is damaged and what is used in its place; empty if nothing is damaged."""
        if fault := sizes_fault(directory, self.manifest):
            raise CatalogueError(f"{fault}. Run `filmscore doctor --repair`.")
        path = directory / CATALOGUE
        try:
            self._con = duckdb.connect(str(path), read_only=True, config={"threads": 1})
            count = self._con.execute("SELECT count(*) FROM films").fetchone()
        except duckdb.Error as error:
            raise CatalogueError(
                f"{path}: cannot be opened ({str(error).splitlines()[0]}). Run `filmscore doctor --repair`."
            ) from error
        if count is None or count[0] != self.manifest.films:
            raise CatalogueError(
                f"{path}: does not hold the {self.manifest.films} films it should. Run `filmscore doctor --repair`."
            )
        self._lock = threading.RLock()

    @classmethod
    def open(cls, home: Home) -> Self:
        """Open the current snapshot. If it is damaged, open the newest intact one and report the damage in `notices`
        and the log.

        Raises:
            CatalogueError: nothing has been published yet, no intact snapshot is left, or a newer filmscore wrote it.
        """
        damage: list[str] = []
        removed: RemovedError | None = None
        tried: set[Path] = set()
        for _ in range(2):  # try twice, in case the current snapshot is replaced and removed meanwhile
            directories = snapshot_directories(home)
            try:
                directories.insert(0, home.snapshots / current_manifest(home).snapshot)
            except NewerSchemaError:
                raise
            except CatalogueError as error:
                if not directories:
                    raise (error if home.manifest_path.exists() else nothing_published(home)) from None
                damage.append(str(error))
            for directory in directories:
                if directory in tried:
                    continue
                tried.add(directory)
                try:
                    snapshot = cls(directory, tuple(damage))
                except NewerSchemaError:
                    raise
                except RemovedError as error:
                    removed = error
                    continue
                except CatalogueError as error:
                    damage.append(str(error))
                    continue
                for line in damage:
                    log.warning("%s Serving snapshot %s.", line, snapshot.id)
                return snapshot
        raise removed if removed and not damage else CatalogueError(damage[0])

    @property
    def id(self) -> str:
        return self.manifest.snapshot

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        return self._con.cursor()  # several threads on one connection get wrong rows

    def _frame(self, sql: str, values: Sequence[Any] = ()) -> pd.DataFrame:
        with self._reading(), self._cursor() as con:
            frame: pd.DataFrame = arrow(con, sql, values).to_pandas(maps_as_pydicts="strict")
            return frame

    def _reading(self) -> ReadingErrors:
        return ReadingErrors(self.directory)

    def films(self) -> pd.DataFrame:
        """One row per film, ordered by film_id: the columns of `films`, and has_music (False also if not analysed)."""
        return self._films.copy(deep=False)

    @cached_property
    def _films(self) -> pd.DataFrame:
        return self._frame(FILMS.format(some=""))

    def film(self, film_id: int) -> Film:
        """The film with this id.

        Raises:
            CatalogueError: the film is not in this snapshot.
        """
        return self.films_by_id([film_id])[0]

    def films_by_id(self, film_ids: list[int]) -> list[Film]:
        """The films with these ids, in the given order.

        Raises:
            CatalogueError: a film is not in this snapshot.
        """
        with self._reading(), self._cursor() as con:
            found = {film.film_id: film for film in tables.film_rows(con, film_ids)}
        missing = [film_id for film_id in film_ids if film_id not in found]
        if missing:
            raise CatalogueError(
                f"film {missing[0]}: not in the catalogue. It may have been deleted; search for it again."
            )
        return [found[film_id] for film_id in film_ids]

    def find_titles(self, text: str, limit: int = 20) -> list[Film]:
        """Films whose title (or other title) equals, begins with, contains or resembles `text`; best match first."""
        return self._films_at(self._titles.find(text, limit))

    def nearest_titles(self, text: str, limit: int = 3) -> list[Film]:
        """The films with the most similar titles, for "did you mean"."""
        return self._films_at(self._titles.nearest(text, limit))

    def _films_at(self, positions: list[int]) -> list[Film]:
        ids = self._films["film_id"].to_numpy()
        return self.films_by_id([int(ids[i]) for i in positions])

    @cached_property
    def _titles(self) -> TitleIndex:
        with self._lock:
            return TitleIndex.of_films(self._films, self.title_keys)

    @cached_property
    def title_keys(self) -> npt.NDArray[np.object_]:
        """(n,) what `db.titles.title_key` makes of each film's title, in the order of `films`."""
        return np.array([title_key(title) for title in self._films["title"].to_list()], object)

    def since(self, before: Snapshot) -> Common | None:
        """Which films changed since an earlier snapshot; None if the two have too little in common."""
        with self._reading(), self._cursor() as con, before._cursor() as earlier:
            return common(con, self.manifest, earlier, before.manifest)

    def follow(self, before: Snapshot) -> Common | None:
        """Take over from an earlier snapshot what it has read of the films that are the same in both.

        Of a large catalogue in which a few films changed this takes a fraction of reading all, and both snapshots
        share the lists of names. None: they have too little in common, and nothing is taken over.
        """
        same = self.since(before)
        if same is None:
            return None
        with self._reading(), self._cursor() as con:
            fresh = self._frame(FILMS.format(some="WHERE list_contains(?, f.film_id)"), [same.changed])
            known = before.__dict__
            if "_films" in known:
                self.__dict__["_films"] = same.frame(known["_films"], fresh)
            if "title_keys" in known:
                keys = [title_key(title) for title in fresh["title"]]
                self.__dict__["title_keys"] = same.values(known["title_keys"], keys)
            if "_matrix" in known:
                self.__dict__["_matrix"] = same.matrix(con, self.directory, self.manifest.blocks, known["_matrix"])
            if "_titles" in known:
                films, earlier = self._films, known["_films"]
                self.__dict__["_titles"] = known["_titles"].followed(films, self.title_keys, earlier, same.rows)
            for name in ("_scenes", "_run_facts"):
                if name in known:
                    self.__dict__[name] = known[name] if same.heard_alike else getattr(self, name)
        return same

    def summary(self, film_id: int) -> FilmSummary | None:
        """The summary of a film's music, including corrections; None if the film is not analysed."""
        with self._reading(), self._cursor() as con:
            found = tables.summary_rows(con, [film_id]).get(film_id)
        return found[0] if found else None

    def summaries_of(self, film_ids: Sequence[int]) -> dict[int, FilmSummary]:
        """The summaries of those films that were analysed, as `summary`, in one reading."""
        with self._reading(), self._cursor() as con:
            return {film_id: found[0] for film_id, found in tables.summary_rows(con, list(film_ids)).items()}

    def summaries(self, film_ids: Sequence[int] | None = None) -> pd.DataFrame:
        """One row per analysed film, ordered by film_id: the columns of `summaries` (`further` holds dictionaries).

        Args:
            film_ids: only of these; None: of all.
        """
        some, values = ("", []) if film_ids is None else (" WHERE list_contains(?, film_id)", [film_ids])
        return self._frame(f"SELECT * FROM summaries{some} ORDER BY film_id", values)

    def dialogues(self, film_ids: list[int] | None = None) -> dict[int, Dialogue]:
        """film_id -> what is said in it, of the films that have subtitles; of all or of these."""
        with self._reading(), self._cursor() as con:
            return senses.read_dialogues(con, film_ids)

    def pictures(self, film_ids: list[int] | None = None) -> dict[int, Picture]:
        """film_id -> how it looks, of the films that have a picture; of all or of these."""
        with self._reading(), self._cursor() as con:
            return senses.read_pictures(con, film_ids)

    def faces(self, film_ids: list[int] | None = None) -> dict[int, Faces]:
        """film_id -> the faces in it, of the films that have a picture; of all or of these."""
        with self._reading(), self._cursor() as con:
            return senses.read_faces(con, film_ids)

    def _analysis_rows(self, film_id: int, kind: str) -> list[dict[str, Any]]:
        with self._reading(), self._cursor() as con:
            row = con.execute("SELECT analysis_segment FROM located WHERE film_id = ?", [film_id]).fetchone()
            return read_rows(self.directory, row[0], kind, film_id) if row and row[0] else []

    def runs(self, film_id: int) -> list[StoredRun]:
        """The film's runs in order; empty if it has none or is not analysed."""
        rows = sorted(self._analysis_rows(film_id, "runs"), key=lambda row: int(row["run"]))
        return [stored_run(row) for row in rows]

    def activity(self, film_id: int) -> Activity | None:
        """Activity in each second; None if the film is not analysed."""
        rows = self._analysis_rows(film_id, "activity")
        if not rows:
            return None
        row = rows[0]
        return Activity(
            music=np.array(row["music"], np.float32),
            speech=np.array(row["speech"], np.float32),
            label=np.array(row["label"], np.int8),
            present=np.array(row["present"], bool),
        )

    def enhanced_dataset(self, film_ids: Sequence[int] | None = None) -> pd.DataFrame:
        """The thesis's 25 columns (the second "Country" is "Countries"), then ours; one row per film, ordered by
        film_id.

        Args:
            film_ids: as of `summaries`.
        """
        some, values = ("", []) if film_ids is None else (' WHERE list_contains(?, "Film Id")', [film_ids])
        found = self._frame(f"SELECT * FROM enhanced_dataset{some}", values)
        return found.rename(columns={"Country.1": "Countries"})

    def matrix(self) -> VectorMatrix:
        """The vectors of all films, ordered by film_id. Computed once; do not modify the arrays."""
        return self._matrix

    @cached_property
    def _matrix(self) -> VectorMatrix:
        with self._reading(), self._cursor() as con:
            return assemble(con, self.directory, self.manifest.blocks)

    def scenes(self) -> Scenes:
        """The runs of all films and the search among them. Opened once; do not modify the arrays."""
        return self._scenes

    @cached_property
    def _scenes(self) -> Scenes:
        from db.catalogue.scenes import read_scenes  # FAISS is slow to import, and few callers need it

        with self._reading(), self._cursor() as con:
            return read_scenes(con, self.directory)

    def run_facts(self) -> RunFacts:
        """What is known of all runs, as columns. Made once; do not write into it."""
        return self._run_facts

    @cached_property
    def _run_facts(self) -> RunFacts:
        with self._reading(), self._cursor() as con:
            return read_run_facts(con, self.directory)

    def doubtful_runs(
        self, attributes: Sequence[str], n: int, *, by_doubt: bool = True, film_id: int | None = None
    ) -> tuple[list[DoubtfulRun], int]:
        """See `read_doubtful_runs`."""
        with self._reading(), self._cursor() as con:
            return read_doubtful_runs(con, self.directory, attributes, n, by_doubt=by_doubt, film_id=film_id)

    def vectors(self, film_id: int) -> dict[str, npt.NDArray[np.float32]]:
        """Block -> (d,) vector of one film, as stored; only the blocks that the film has."""
        with self._reading(), self._cursor() as con:
            row = con.execute("SELECT vector_segment FROM located WHERE film_id = ?", [film_id]).fetchone()
            rows = read_rows(self.directory, row[0], "vectors", film_id) if row else []
        by_block = {r["block"]: np.array(r["vector"], np.float32) for r in rows}
        return {name: by_block[name] for name in self.manifest.blocks if name in by_block}

    def slices(self) -> dict[str, slice]:
        """Block -> its columns in the matrix."""
        return slices_of(self.manifest.blocks)

    def fitted(self) -> Fitted:
        """The fitted encoder of this snapshot."""
        return self._fitted

    @cached_property
    def _fitted(self) -> Fitted:
        return read_fitted(self.directory / ENCODERS)

    def close(self) -> None:
        self._con.close()
        if self._lease is not None:
            self._lease.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
