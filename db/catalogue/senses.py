"""What is said and seen in films as rows of catalogue.duckdb, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import duckdb
import pyarrow as pa

from db.catalogue.query import arrow
from db.catalogue.segments import HeardFilm
from db.catalogue.tables import insert
from senses import Dialogue, Faces, Picture, dialogue_of, faces_of, picture_of

_FLOAT, _FLOATS = pa.float64(), pa.list_(pa.float64())
_NOT_FLOATS: dict[str, pa.DataType] = {
    "language": pa.string(),
    "source": pa.string(),
    "colour_print": pa.string(),
    "embedding": pa.string(),
    "black_and_white": pa.bool_(),
    "high_range": pa.bool_(),
    "music_captions": pa.int32(),
    "frames": pa.int32(),
    "terms": pa.map_(pa.string(), pa.int32()),
    "expressions": pa.map_(pa.string(), pa.float64()),
    "expression_curves": pa.map_(pa.string(), _FLOATS),
    "sentiment_curve": _FLOATS,
    "brightness_curve": _FLOATS,
    "palette_shares": _FLOATS,
    "palette": pa.list_(pa.list_(pa.int32())),
    "music_caption_spans": pa.list_(_FLOATS),
}


_MAPS = ("terms", "expressions", "expression_curves")


def _schema(kind: type[Dialogue] | type[Picture] | type[Faces]) -> pa.Schema:
    columns = [(name, _NOT_FLOATS.get(name, _FLOAT)) for name in kind.__dataclass_fields__]
    return pa.schema([("film_id", pa.int32()), *columns])


SCHEMAS: dict[str, pa.Schema] = {
    "dialogues": _schema(Dialogue),
    "pictures": _schema(Picture),
    "faces": _schema(Faces),
}
"""The tables, by name: a column for each figure, a row for each film that has the sense."""


def insert_senses(con: duckdb.DuckDBPyConnection, films: Sequence[HeardFilm]) -> None:
    """Append the rows of films that have the senses."""
    dialogues = [(film.film_id, film.analysis.dialogue) for film in films]
    pictures = [(film.film_id, film.analysis.picture) for film in films]
    insert(con, "dialogues", _rows(dialogues, "dialogues"))
    insert(con, "pictures", _rows(pictures, "pictures"))
    insert(con, "faces", _rows([(film.film_id, film.analysis.faces) for film in films], "faces"))


def _rows(told: Iterable[tuple[int, Dialogue | Picture | Faces | None]], table: str) -> pa.Table:
    rows: list[dict[str, Any]] = []
    for film_id, one in told:
        if one is not None:
            row = asdict(one)
            row |= {name: list(row[name].items()) for name in _MAPS if name in row}
            rows.append({"film_id": film_id, **row})
    return pa.Table.from_pylist(rows, SCHEMAS[table])


def _read(con: duckdb.DuckDBPyConnection, table: str, film_ids: Sequence[int] | None) -> Mapping[int, dict[str, Any]]:
    """film_id -> row; empty for a snapshot that was published before there was such a table."""
    if not con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [table]).fetchall():
        return {}
    sql, values = f"SELECT * FROM {table}", []
    if film_ids is not None:
        sql, values = sql + " WHERE film_id IN (SELECT unnest(?::INTEGER[]))", [[int(i) for i in film_ids]]
    rows = arrow(con, sql, values).to_pylist(maps_as_pydicts="strict")
    return {row.pop("film_id"): row for row in rows}


def read_dialogues(con: duckdb.DuckDBPyConnection, film_ids: Sequence[int] | None = None) -> dict[int, Dialogue]:
    """film_id -> what is said, of all films that have it or of these."""
    found = {film_id: dialogue_of(row) for film_id, row in _read(con, "dialogues", film_ids).items()}
    return {film_id: one for film_id, one in found.items() if one is not None}


def read_pictures(con: duckdb.DuckDBPyConnection, film_ids: Sequence[int] | None = None) -> dict[int, Picture]:
    """film_id -> how it looks, of all films that have it or of these."""
    found = {film_id: picture_of(row) for film_id, row in _read(con, "pictures", film_ids).items()}
    return {film_id: one for film_id, one in found.items() if one is not None}


def read_faces(con: duckdb.DuckDBPyConnection, film_ids: Sequence[int] | None = None) -> dict[int, Faces]:
    """film_id -> the faces in it, of all films that have a picture or of these."""
    found = {film_id: faces_of(row) for film_id, row in _read(con, "faces", film_ids).items()}
    return {film_id: one for film_id, one in found.items() if one is not None}
