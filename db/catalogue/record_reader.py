"""Read what the encoding needs to know of many films, a batch at a time: a large catalogue does not fit into memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from db.catalogue import senses, tables
from db.catalogue.batches import RecordBatch
from db.catalogue.query import arrow
from db.catalogue.records import FilmRecord, StoredHeard
from db.catalogue.segments import file_of

FILMS_AT_ONCE = 20_000


class RecordReader(Collection[FilmRecord]):
    """The records of some films in the order of their ids. Every iteration reads them again."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, directory: Path, film_ids: Sequence[int], segments: Mapping[int, str]
    ) -> None:
        """`segments` says which segment of the snapshot in `directory` holds each film's embeddings; "": none."""
        self._con, self._directory = con, directory
        self._film_ids, self._segments = sorted(film_ids), segments

    def __len__(self) -> int:
        return len(self._film_ids)

    def __contains__(self, record: object) -> bool:
        return isinstance(record, FilmRecord) and record.film.film_id in self._segments

    def __iter__(self) -> Iterator[FilmRecord]:
        return chain.from_iterable(self.batches())

    def batches(self) -> Iterator[RecordBatch]:
        """At most FILMS_AT_ONCE records each; a single empty one if there are no films."""
        for first in range(0, max(len(self._film_ids), 1), FILMS_AT_ONCE):
            yield self._read(self._film_ids[first : first + FILMS_AT_ONCE])

    def _read(self, film_ids: Sequence[int]) -> RecordBatch:
        con, ids = self._con, list(film_ids)
        con.register("wanted", pa.table({"film_id": pa.array(ids, pa.int32())}))
        these = " WHERE film_id IN (SELECT film_id FROM wanted)"
        films = tables.StoredFilms(arrow(con, f"SELECT * FROM films{these} ORDER BY film_id"))
        analysed: set[int] = set()
        for table in ("summaries", *senses.SCHEMAS):
            analysed.update(row[0] for row in con.execute(f"SELECT film_id FROM {table}{these}").fetchall())
        con.unregister("wanted")
        known = self._heard(sorted(analysed))
        found, nothing = films.numbers("film_id").astype(np.int64).tolist(), StoredHeard()
        return RecordBatch(films, [known.get(film_id, nothing) for film_id in found])

    def _heard(self, film_ids: list[int]) -> dict[int, StoredHeard]:
        if not film_ids:
            return {}
        con = self._con
        summaries, means = tables.summary_rows(con, film_ids), self._means(film_ids)
        read = (senses.read_dialogues, senses.read_pictures, senses.read_faces)
        told: list[dict[int, Any]] = [one(con, film_ids) for one in read]
        heard = {}
        for film_id in film_ids:
            summary, version = summaries.get(film_id, (None, ""))
            mean, spread = means.get(film_id, (None, None))
            heard[film_id] = StoredHeard(summary, mean, spread, version, *(found.get(film_id) for found in told))
        return heard

    def _means(self, film_ids: list[int]) -> dict[int, tuple[Any, Any]]:
        means: dict[int, tuple[Any, Any]] = {}
        for name in sorted({name for film_id in film_ids if (name := self._segments.get(film_id))}):
            sql = "SELECT film_id, mean, spread FROM read_parquet(?) WHERE film_id IN (SELECT unnest(?::BIGINT[]))"
            found = arrow(self._con, sql, [str(file_of(self._directory, name, "means")), film_ids])
            rows = tables.means_of(found).items()
            means.update((film_id, value) for film_id, value in rows if self._segments.get(film_id) == name)
        return means
