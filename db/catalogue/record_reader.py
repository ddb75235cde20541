"""Read what the encoding needs to know of many films, a batch at a time: a large catalogue does not fit into memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from db.catalogue import senses, tables
from db.catalogue.query import arrow
from db.catalogue.records import FilmRecord
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

    def batches(self) -> Iterator[list[FilmRecord]]:
        """Lists of at most FILMS_AT_ONCE records; a single empty one if there are no films."""
        for first in range(0, max(len(self._film_ids), 1), FILMS_AT_ONCE):
            yield self._read(self._film_ids[first : first + FILMS_AT_ONCE])

    def _read(self, film_ids: Sequence[int]) -> list[FilmRecord]:
        con, ids = self._con, list(film_ids)
        return tables.records_of(
            tables.film_rows(con, ids),
            tables.summary_rows(con, ids),
            self._means(ids),
            senses.read_dialogues(con, ids),
            senses.read_pictures(con, ids),
            senses.read_faces(con, ids),
        )

    def _means(self, film_ids: list[int]) -> dict[int, tuple[Any, Any]]:
        means: dict[int, tuple[Any, Any]] = {}
        for name in sorted({name for film_id in film_ids if (name := self._segments.get(film_id))}):
            sql = "SELECT film_id, mean, spread FROM read_parquet(?) WHERE film_id IN (SELECT unnest(?::BIGINT[]))"
            found = arrow(self._con, sql, [str(file_of(self._directory, name, "means")), film_ids])
            rows = tables.means_of(found).items()
            means.update((film_id, value) for film_id, value in rows if self._segments.get(film_id) == name)
        return means
