"""The large tables of a snapshot as immutable Parquet files that snapshots share by hard links.

A segment holds the rows of the films that one publish added: `<name>.activity.parquet`, `.runs.`, `.means.` (of
embeddings) and `.vectors.`. The table `located` in catalogue.duckdb says which segment holds a film's current rows.
Adding one film therefore costs one small segment, however large the catalogue is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from db.catalogue.query import arrow
from db.catalogue.records import Blocks
from film import ATTRIBUTES, FilmAnalysis, MusicRun

_FLOATS = pa.list_(pa.float32())
_KEY = [("film_id", pa.int64()), ("segment", pa.string())]
_VALUES = ("genre", *ATTRIBUTES)

SCHEMAS: dict[str, pa.Schema] = {
    "activity": pa.schema(
        [
            *_KEY,
            ("label", pa.list_(pa.int8())),
            ("music", _FLOATS),
            ("speech", _FLOATS),
            ("present", pa.list_(pa.bool_())),
        ]
    ),
    "runs": pa.schema(
        [
            *_KEY,
            ("run", pa.int32()),
            ("start_s", pa.int32()),
            ("end_s", pa.int32()),
            *((name, kind) for a in _VALUES for name, kind in ((a, pa.string()), (f"{a}_p", pa.float64()))),
            *((f"corrected_{a}", pa.string()) for a in _VALUES),
            ("embedding", _FLOATS),
            ("further", pa.map_(pa.string(), pa.float64())),
            ("tags", pa.map_(pa.string(), pa.float32())),
            ("model_version", pa.string()),
        ]
    ),
    "means": pa.schema([*_KEY, ("mean", _FLOATS), ("spread", _FLOATS)]),
    "vectors": pa.schema([*_KEY, ("block", pa.string()), ("model_version", pa.string()), ("vector", _FLOATS)]),
}
ANALYSIS_KINDS = ("activity", "runs", "means")
ROWS_PER_GROUP = {"activity": 64, "runs": 2_000, "means": 2_000, "vectors": 20_000}


@dataclass(frozen=True)
class HeardFilm:
    """An analysis as the catalogue stores it."""

    film_id: int
    analysis: FilmAnalysis
    corrected: Mapping[int, Mapping[str, str]]
    """Run number -> attribute -> corrected value."""


def file_of(directory: Path, segment: str, kind: str) -> Path:
    return directory / "segments" / f"{segment}.{kind}.parquet"


def embedding_statistics(
    runs: Sequence[MusicRun],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]] | None:
    """Mean and standard deviation of the runs' embeddings, (d,) each, weighted by duration; None without embeddings."""
    heard = [run for run in runs if run.embedding]
    if not heard:
        return None
    rows = np.array([run.embedding for run in heard], np.float64)
    weights = np.array([run.seconds for run in heard], np.float64)
    mean = np.average(rows, axis=0, weights=weights)
    spread = np.sqrt(np.average((rows - mean) ** 2, axis=0, weights=weights))
    return mean.astype(np.float32), spread.astype(np.float32)


class SegmentWriter:
    """Write the files of one segment in batches. Whoever builds the snapshot calls fsync on them."""

    def __init__(self, directory: Path, segment: str, kinds: Iterable[str]) -> None:
        self.segment = segment
        self._paths = {kind: file_of(directory, segment, kind) for kind in kinds}
        self._writers = {
            kind: pq.ParquetWriter(
                path, SCHEMAS[kind], compression="zstd", write_page_checksum=True, use_dictionary=kind != "vectors"
            )
            for kind, path in self._paths.items()
        }

    def write(self, kind: str, rows: list[dict[str, Any]]) -> None:
        """Append rows. This method fills in `segment`."""
        for row in rows:
            row["segment"] = self.segment
        self.write_table(kind, pa.Table.from_pylist(rows, SCHEMAS[kind]))

    def write_table(self, kind: str, table: pa.Table) -> None:
        self._writers[kind].write_table(table, row_group_size=ROWS_PER_GROUP[kind])

    def write_heard(self, films: Sequence[HeardFilm]) -> None:
        """Append the activity, runs and mean embeddings of some films."""
        activity, runs, means = [], [], []
        for film in films:
            heard = film.analysis.activity
            activity.append(
                {
                    "film_id": film.film_id,
                    "label": heard.label.astype(np.int8),
                    "music": heard.music.astype(np.float32),
                    "speech": heard.speech.astype(np.float32),
                    "present": heard.present.astype(bool),
                }
            )
            runs += [_run_row(film, number, run) for number, run in enumerate(film.analysis.runs)]
            if statistics := embedding_statistics(film.analysis.runs):
                means.append({"film_id": film.film_id, "mean": statistics[0], "spread": statistics[1]})
        for kind, rows in (("activity", activity), ("runs", runs), ("means", means)):
            if rows:
                self.write(kind, rows)

    def write_vectors(self, film_ids: Sequence[int], blocks: Blocks, model_versions: Sequence[str]) -> None:
        """Append the non-zero rows of every block."""
        ids, versions = np.asarray(film_ids, np.int64), np.asarray(model_versions, object)
        for block, rows in blocks.items():
            held = np.flatnonzero(np.any(rows != 0, axis=1))
            values = np.ascontiguousarray(rows[held], np.float32)
            edges = np.arange(len(held) + 1, dtype=np.int32) * rows.shape[1]
            columns = {
                "film_id": ids[held],
                "segment": pa.repeat(self.segment, len(held)),
                "block": pa.repeat(block, len(held)),
                "model_version": pa.array(versions[held], pa.string()),
                "vector": pa.ListArray.from_arrays(pa.array(edges), pa.array(values.reshape(-1))),
            }
            self.write_table("vectors", pa.table(columns, schema=SCHEMAS["vectors"]))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._writers.values():
            writer.close()


def _run_row(film: HeardFilm, number: int, run: MusicRun) -> dict[str, Any]:
    row: dict[str, Any] = {
        "film_id": film.film_id,
        "run": number,
        "start_s": run.start_s,
        "end_s": run.end_s,
        "embedding": run.embedding,
        "further": list(run.further.items()),
        "tags": list(run.tags.items()),
        "model_version": film.analysis.model_version,
    }
    for attribute in _VALUES:
        row[attribute] = getattr(run, attribute)
        row[f"{attribute}_p"] = getattr(run, f"{attribute}_p")
        row[f"corrected_{attribute}"] = film.corrected.get(number, {}).get(attribute)
    return row


def read_rows(directory: Path, segment: str, kind: str, film_id: int) -> list[dict[str, Any]]:
    """The rows of one film in one segment."""
    table = pq.read_table(
        file_of(directory, segment, kind),
        filters=[("film_id", "=", film_id)],
        page_checksum_verification=True,
        partitioning=None,
    )
    rows: list[dict[str, Any]] = table.to_pylist(maps_as_pydicts="strict")
    return rows


def current_files(
    con: duckdb.DuckDBPyConnection, directory: Path, kind: str, segments: Sequence[str] | None = None
) -> list[str]:
    """The files that hold current rows of one kind, of all segments or of these."""
    rows = con.execute(f"SELECT DISTINCT {_located(kind)} FROM located").fetchall()
    names = sorted(row[0] for row in rows if row[0] and (segments is None or row[0] in segments))
    return [str(file_of(directory, name, kind)) for name in names]


def _located(kind: str) -> str:
    return "vector_segment" if kind == "vectors" else "analysis_segment"


def read_current(
    con: duckdb.DuckDBPyConnection,
    directory: Path,
    kind: str,
    columns: Sequence[str],
    order: str = "t.film_id",
    segments: Sequence[str] | None = None,
) -> pa.Table:
    """The current rows of one kind from all segments, or from these, as an Arrow table with these columns."""
    paths = current_files(con, directory, kind, segments)
    if not paths:
        return pa.schema([SCHEMAS[kind].field(name) for name in columns]).empty_table()
    located = _located(kind)
    picked = ", ".join(f"t.{name}" for name in columns)
    sql = f"""SELECT {picked} FROM read_parquet(?) t
              JOIN located l ON l.film_id = t.film_id AND l.{located} = t.segment ORDER BY {order}"""
    return arrow(con, sql, [paths])
