"""Merge small segments into one, so that a thousand publishes of one film do not leave a thousand files."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from db.catalogue.query import arrow
from db.catalogue.segments import ANALYSIS_KINDS, SCHEMAS, SegmentWriter, file_of

MOST_SEGMENTS = 32


def merge_small(con: duckdb.DuckDBPyConnection, directory: Path, snapshot: str) -> None:
    """If more than MOST_SEGMENTS segments are in use, merge all but the largest into a new one of this snapshot."""
    for located, kinds in (("analysis_segment", ANALYSIS_KINDS), ("vector_segment", ("vectors",))):
        names = [row[0] for row in con.execute(f"SELECT DISTINCT {located} FROM located").fetchall() if row[0]]
        if len(names) <= MOST_SEGMENTS:
            continue
        sizes = {name: sum(file_of(directory, name, kind).stat().st_size for kind in kinds) for name in names}
        small = sorted(names, key=lambda name: (sizes[name], name))[:-1]
        merged = f"{snapshot}-merged"
        with SegmentWriter(directory, merged, kinds) as writer:
            for kind in kinds:
                writer.write_table(kind, _rows(con, directory, kind, located, small, merged))
        con.execute(f"UPDATE located SET {located} = ? WHERE {located} IN (SELECT unnest(?))", [merged, small])


def _rows(
    con: duckdb.DuckDBPyConnection, directory: Path, kind: str, located: str, names: list[str], merged: str
) -> pa.Table:
    """The current rows of some segments, ordered by film and labelled with the name of the merged segment."""
    order = {"vectors": "t.block, t.film_id", "runs": "t.film_id, t.run"}.get(kind, "t.film_id")
    sql = f"""SELECT t.* REPLACE (?::VARCHAR AS segment) FROM read_parquet(?) t
              JOIN located l ON l.film_id = t.film_id AND l.{located} = t.segment ORDER BY {order}"""
    paths = [str(file_of(directory, name, kind)) for name in names]
    return arrow(con, sql, [merged, paths]).select(SCHEMAS[kind].names).cast(SCHEMAS[kind])
