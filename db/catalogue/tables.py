"""Conversion of films and summaries to rows of catalogue.duckdb, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from db.catalogue.batches import Lists
from db.catalogue.query import arrow
from db.catalogue.records import ModelRecord
from db.state.films import LISTS
from film import ATTRIBUTES, GENRES, LEVELS, LOUDNESS, PRESENCE, Film, FilmAnalysis, FilmSummary, MusicRun

_STRINGS = pa.list_(pa.string())
_WIDE = {"year": pa.int32(), "votes": pa.int32(), "metascore": pa.int32(), "runtime_minutes": pa.int32()}
FILM_SCHEMA = pa.schema(
    [("film_id", pa.int32())]
    + [
        (name, _STRINGS if name in LISTS else _WIDE.get(name, pa.float64() if name == "rating" else pa.string()))
        for name in Film.__dataclass_fields__
        if name != "film_id"
    ]
)
LEVEL_COLUMNS = tuple(f"{a}_{level}" for a in ATTRIBUTES for level in LEVELS[a])
SUMMARY_SCHEMA = pa.schema(
    [("film_id", pa.int32())]
    + [(name, pa.float64()) for name in (*GENRES, *LEVEL_COLUMNS, "music", "speech", "other", *PRESENCE, *LOUDNESS)]
    + [(f"dominant_{a}", pa.string()) for a in ATTRIBUTES]
    + [("further", pa.map_(pa.string(), pa.float64())), ("duration_s", pa.float64()), ("model_version", pa.string())]
)


def create(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables and views of an empty catalogue."""
    con.execute(files("db").joinpath("catalogue", "schema.sql").read_text(encoding="utf-8"))


def delete_rows(con: duckdb.DuckDBPyConnection, table: str, film_ids: Iterable[int]) -> None:
    """Delete the rows of some films."""
    if gone := sorted(film_ids):
        con.execute(f"DELETE FROM {table} WHERE film_id IN (SELECT unnest(?::INTEGER[]))", [gone])


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Append Arrow rows, matching columns by name."""
    if not rows.num_rows:
        return
    con.register("incoming", rows)
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
    con.unregister("incoming")


def insert_films(con: duckdb.DuckDBPyConnection, columns: Mapping[str, Sequence[Any]]) -> None:
    """Append films from the columns of the state, where a list is a JSON text: DuckDB reads it, not Python."""
    texts = {name: pa.string() if name in LISTS else FILM_SCHEMA.field(name).type for name in FILM_SCHEMA.names}
    con.register("incoming", pa.table({name: pa.array(columns[name], kind) for name, kind in texts.items()}))
    lists = ", ".join(f"""from_json("{name}", '["VARCHAR"]') AS "{name}\"""" for name in LISTS)
    con.execute(f"INSERT INTO films BY NAME SELECT * REPLACE ({lists}) FROM incoming")
    con.unregister("incoming")


def corrected_runs(
    runs: Sequence[MusicRun], corrections: Mapping[tuple[int, int], Mapping[str, str]]
) -> dict[int, Mapping[str, str]]:
    """Run number -> corrections, for the runs that still have the same start and end second as when they were
    corrected."""
    by_number = {number: corrections.get((run.start_s, run.end_s)) for number, run in enumerate(runs)}
    return {number: said for number, said in by_number.items() if said}


def summary_with_corrections(analysis: FilmAnalysis, corrected: Mapping[int, Mapping[str, str]]) -> FilmSummary:
    """The summary with shares of genres and levels recomputed from the corrected values of the runs.

    Without corrections the summary is returned unchanged. The shares of music, speech and other are never corrected.
    """
    if not corrected:
        return analysis.summary
    total = sum(run.seconds for run in analysis.runs)

    def shares(attribute: str, values: Sequence[str]) -> dict[str, float]:
        seconds = dict.fromkeys(values, 0)
        for number, run in enumerate(analysis.runs):
            seconds[corrected.get(number, {}).get(attribute, getattr(run, attribute))] += run.seconds
        return {value: 100.0 * s / total for value, s in seconds.items()}

    return replace(
        analysis.summary,
        genres=shares("genre", GENRES),
        danceability=shares("danceability", LEVELS["danceability"]),
        valence=shares("valence", LEVELS["valence"]),
        energy=shares("energy", LEVELS["energy"]),
    )


def summary_row(film_id: int, analysis: FilmAnalysis, summary: FilmSummary) -> dict[str, Any]:
    """A row of `summaries`."""
    return {
        "film_id": film_id,
        **{genre: summary.genres.get(genre, 0.0) for genre in GENRES},
        **{f"{a}_{level}": getattr(summary, a).get(level, 0.0) for a in ATTRIBUTES for level in LEVELS[a]},
        "music": summary.music,
        "speech": summary.speech,
        "other": summary.other,
        **{name: summary.presence.get(name) for name in PRESENCE},
        **{name: summary.loudness.get(name) for name in LOUDNESS},
        **{f"dominant_{a}": summary.dominant(a) for a in ATTRIBUTES},
        "further": list(summary.further.items()),
        "duration_s": analysis.duration_s,
        "model_version": analysis.model_version,
    }


def insert_summaries(con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    insert(con, "summaries", pa.Table.from_pylist(rows, SUMMARY_SCHEMA))


def film_of(row: Mapping[str, Any]) -> Film:
    """A row of `films`, as Arrow returns it, as a Film."""
    values = {
        name: row[name] for name in Film.__dataclass_fields__ if name in row
    }  # an older snapshot has fewer columns
    return Film(**{**values, **{name: tuple(values[name]) for name in LISTS if name in values}})


def summary_of(row: Mapping[str, Any]) -> FilmSummary:
    """A row of `summaries` as a FilmSummary."""
    return FilmSummary(
        genres={genre: row[genre] for genre in GENRES},
        **{a: {level: row[f"{a}_{level}"] for level in LEVELS[a]} for a in ATTRIBUTES},
        music=row["music"],
        speech=row["speech"],
        other=row["other"],
        further=dict(row["further"]),
        presence={name: row[name] for name in PRESENCE if row.get(name) is not None},
        loudness={name: row[name] for name in LOUDNESS if row.get(name) is not None},
    )


def fetch(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Rows as dictionaries, with Python lists and dictionaries for lists and maps."""
    rows: list[dict[str, Any]] = arrow(con, sql, values).to_pylist(maps_as_pydicts="strict")
    return rows


_OF_THESE = " WHERE film_id IN (SELECT unnest(?::INTEGER[]))"


def film_rows(con: duckdb.DuckDBPyConnection, film_ids: Sequence[int]) -> list[Film]:
    """The films with these ids, ordered by film_id."""
    found = con.execute(f"SELECT * FROM films{_OF_THESE} ORDER BY film_id", [[int(i) for i in film_ids]])
    names = [column[0] for column in found.description or ()]
    return [film_of(dict(zip(names, row, strict=True))) for row in found.fetchall()]


def summary_rows(con: duckdb.DuckDBPyConnection, film_ids: Sequence[int]) -> dict[int, tuple[FilmSummary, str]]:
    """film_id -> summary and model version, of those of these films that are analysed."""
    rows = fetch(con, f"SELECT * FROM summaries{_OF_THESE}", [[int(i) for i in film_ids]])
    return {row["film_id"]: (summary_of(row), row["model_version"]) for row in rows}


class StoredFilms:
    """Rows of `films` as columns (`db.catalogue.batches.FilmColumns`)."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def lists(self, name: str) -> Lists:
        return Lists.of_arrow(self._table.column(name))

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        values: npt.NDArray[np.float64] = self._table.column(name).cast(pa.float64()).to_numpy()
        return values

    def texts(self, name: str) -> list[str]:
        texts: list[str] = self._table.column(name).to_pylist()
        return texts

    def films(self) -> list[Film]:
        return [film_of(row) for row in self._table.to_pylist()]


def means_of(table: pa.Table) -> dict[int, tuple[Any, Any]]:
    """film_id -> mean and standard deviation of its embeddings, from rows of the `means` segments."""
    columns = [table.column(name).combine_chunks() for name in ("mean", "spread")]
    ids = table.column("film_id").to_pylist()
    if not ids:
        return {}
    arrays = []
    for column in columns:
        values, edges = column.values.to_numpy(), column.offsets.to_numpy()
        arrays.append([np.asarray(values[a:b], np.float32) for a, b in pairwise(edges)])
    return dict(zip(ids, zip(*arrays, strict=True), strict=True))


def insert_models(con: duckdb.DuckDBPyConnection, rows: Iterable[ModelRecord]) -> None:
    """Replace the rows of the table `models` if they differ."""
    wanted = [(row.model_version, row.kind, json.dumps(row.metrics), row.sha256, row.trained_at) for row in rows]
    if con.execute("SELECT * FROM models").fetchall() != wanted:
        con.execute("DELETE FROM models")
        for values in wanted:
            con.execute("INSERT INTO models VALUES (?, ?, ?, ?, ?)", list(values))
