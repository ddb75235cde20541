"""The runs about whose values the models are least certain, for a person to listen to and label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from db.catalogue.segments import current_files
from film import ATTRIBUTES, GENRES, LEVELS

CHOICES = {"genre": len(GENRES), **{name: len(LEVELS[name]) for name in ATTRIBUTES}}
"""Attribute that a person may set -> its number of values."""


@dataclass(frozen=True)
class DoubtfulRun:
    """A run with a value that no person has set yet."""

    film_id: int
    run: int
    start_s: int
    end_s: int
    doubt: float
    """0: the model is certain; 1: its most probable value is no more probable than a guess. The largest over the
    attributes."""


def read_doubtful_runs(
    con: duckdb.DuckDBPyConnection,
    directory: Path,
    attributes: Sequence[str],
    n: int,
    *,
    by_doubt: bool = True,
    film_id: int | None = None,
) -> tuple[list[DoubtfulRun], int]:
    """The first n runs with an attribute that no person has set, and the number of all such runs.

    Args:
        attributes: of CHOICES; the doubt is the largest over those that are not set.
        by_doubt: the least certain first; otherwise film by film, in order.
        film_id: only runs of this film.
    """
    paths = current_files(con, directory, "runs")
    if not paths:
        return [], 0
    # The most probable of k values has a probability of at least 1/k.
    doubts = ", ".join(
        f"CASE WHEN coalesce(t.corrected_{name}, '') = '' THEN least(1, (1 - t.{name}_p) / {1 - 1 / CHOICES[name]}) END"
        for name in attributes
    )
    order = "doubt DESC, film_id, run" if by_doubt else "film_id, run"
    sql = f"""SELECT film_id, run, start_s, end_s, doubt, count(*) OVER () FROM (
                SELECT t.film_id, t.run, t.start_s, t.end_s, greatest({doubts}) AS doubt FROM read_parquet(?) t
                JOIN located l ON l.film_id = t.film_id AND l.analysis_segment = t.segment
                WHERE ? IS NULL OR t.film_id = ?)
              WHERE doubt IS NOT NULL ORDER BY {order} LIMIT ?"""
    rows = con.execute(sql, [paths, film_id, film_id, n]).fetchall()
    return [DoubtfulRun(*row[:5]) for row in rows], rows[0][5] if rows else 0
