"""A part: the durable result of analysing one film, as one Parquet file that is written atomically. Only the analysis
of dialogue and picture is ever updated.

A part has one row. Its file name is its key: hash of the media, audio track, model version. Both the Parquet pages and
the content (values with their types) have checksums, so that damage is detected. Embeddings of windows are stored as
float16, or as float32 where float16 would overflow.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

import durable
from db.faults import disk_faults
from db.home import Home
from errors import CatalogueError, ParameterError
from film import ATTRIBUTES, Activity, FilmAnalysis, FilmSummary, MusicRun, WindowAttributes
from senses import dialogue_of, faces_of, picture_of

PART_VERSION = 2
"""Version 2 added a checksum of the content and tags of runs. Parts of version 1 can still be read."""
_CHECKSUM = b"content_sha256"

_WINDOW_ARRAYS = ("genre", *ATTRIBUTES, "embedding")
_RUN_MAPS = ("further", "tags")
"""Stored as JSON."""
_RUN_TYPE = pa.struct(
    [
        ("start_s", pa.int32()),
        ("end_s", pa.int32()),
        *((name, kind) for a in ("genre", *ATTRIBUTES) for name, kind in ((a, pa.string()), (f"{a}_p", pa.float64()))),
        ("embedding", pa.list_(pa.float64())),
        ("further", pa.string()),
        ("tags", pa.string()),
    ]
)


def _slug(model_version: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", model_version)[:60]
    return plain if plain == model_version else f"{plain}-{hashlib.sha256(model_version.encode()).hexdigest()[:8]}"


def part_path(home: Home, media_sha256: str, audio_track: int, model_version: str) -> Path:
    """The path of the part with this key, whether or not it exists."""
    if not re.fullmatch(r"[0-9a-f]{8,128}", media_sha256):
        raise ParameterError(f"{media_sha256!r}: not the hash of a media file. Give it as lower-case hex digits.")
    return home.parts / media_sha256[:2] / f"{media_sha256}.{audio_track}.{_slug(model_version)}.parquet"


def find_part(home: Home, media_sha256: str, audio_track: int, model_version: str) -> Path | None:
    """The part with this key, or None if that model version has not analysed the file."""
    path = part_path(home, media_sha256, audio_track, model_version)
    return path if path.exists() else None


def part_paths(home: Home) -> Iterator[Path]:
    """All parts, ordered by name."""
    yield from sorted(home.parts.glob("*/*.parquet"))


def write_part(home: Home, analysis: FilmAnalysis) -> Path:
    """Store an analysis durably, replacing a part with the same key. Returns the path.

    Raises:
        CatalogueError: the disk is full or not writable; no partial file remains.
    """
    final = part_path(home, analysis.media_sha256, analysis.audio_track, analysis.model_version)
    fault = f"{Path(analysis.media).name}: its part {final.name} cannot be written"
    with disk_faults(fault), durable.whole(final, private=True) as temporary:
        pq.write_table(_table(analysis), temporary, compression="zstd", write_page_checksum=True)
    return final


def read_part(path: Path) -> FilmAnalysis:
    """Read the analysis from a part.

    Raises:
        CatalogueError: the part is missing, damaged, or from a newer filmscore.
    """
    way_out = "Run `filmscore doctor --repair`, then ingest its film again."
    try:
        table = pq.read_table(path, page_checksum_verification=True, partitioning=None)
        if table.num_rows != 1:
            raise CatalogueError(f"{path}: not a part of filmscore ({table.num_rows} rows). {way_out}")
        row = {name: table.column(name).chunk(0) for name in table.column_names}
        version = row["part_version"][0].as_py()
        if version > PART_VERSION:
            raise CatalogueError(f"{path}: written by a newer filmscore (part version {version}). Update filmscore.")
        if version != 1 and (table.schema.metadata or {}).get(_CHECKSUM) != _checksum(table):
            raise CatalogueError(f"{path}: the part is damaged: its checksum does not match. {way_out}")
        return _analysis(row)
    except FileNotFoundError as error:
        raise CatalogueError(f"{path}: the part is missing. {way_out}") from error
    except (OSError, pa.ArrowException, LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise CatalogueError(f"{path}: the part is damaged. {way_out}") from error


def _flat(array: npt.NDArray[Any]) -> pa.Array:
    values = pa.array(np.ascontiguousarray(array).reshape(-1))
    return pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values)


def _stacked(windows: tuple[WindowAttributes, ...], name: str) -> npt.NDArray[Any]:
    arrays = [np.asarray(getattr(w, name), np.float32) for w in windows]
    joined = np.concatenate([a.reshape(-1) for a in arrays]) if arrays else np.zeros(0, np.float32)
    if name == "embedding" and (not joined.size or float(np.abs(joined).max()) < 65_000):
        return joined.astype(np.float16)
    return joined


def _table(analysis: FilmAnalysis) -> pa.Table:
    heard = analysis.activity
    runs = [
        {k.name: getattr(run, k.name) for k in _RUN_TYPE} | {name: json.dumps(getattr(run, name)) for name in _RUN_MAPS}
        for run in analysis.runs
    ]
    summary = analysis.summary
    columns: dict[str, Any] = {
        "part_version": pa.array([PART_VERSION], pa.int32()),
        "media": [analysis.media.encode("utf-8", "surrogateescape")],
        "media_sha256": [analysis.media_sha256],
        "audio_track": pa.array([analysis.audio_track], pa.int32()),
        "duration_s": pa.array([analysis.duration_s], pa.float64()),
        "model_version": [analysis.model_version],
        "music": _flat(heard.music.astype(np.float32)),
        "speech": _flat(heard.speech.astype(np.float32)),
        "label": _flat(heard.label.astype(np.int8)),
        "present": _flat(heard.present.astype(np.int8)),
        "runs": pa.array([runs], pa.list_(_RUN_TYPE)),
        "summary": [json.dumps({name: getattr(summary, name) for name in FilmSummary.__dataclass_fields__})],
        "window_counts": _flat(np.array([len(w.genre) for w in analysis.windows], np.int32)),
        "window_further": [json.dumps([{k: v.tolist() for k, v in w.further.items()} for w in analysis.windows])],
        "seconds": [json.dumps(analysis.seconds)],
        "peak_memory_mb": pa.array([float(analysis.peak_memory_mb)], pa.float64()),
        "senses": [json.dumps(_senses(analysis), ensure_ascii=False)],
    }
    for name in _WINDOW_ARRAYS:
        columns[f"window_{name}"] = _flat(_stacked(analysis.windows, name))
    table = pa.table(columns)
    return table.replace_schema_metadata({_CHECKSUM: _checksum(table)})


def _checksum(table: pa.Table) -> bytes:
    """SHA-256 in hex of the names, types and values of a table's columns, independent of the file layout."""
    digest = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = str(column.type).replace("<element: ", "<item: ")  # Parquet and Arrow name a list's items differently
        digest.update(f"{name} {kind}\n".encode())
        if pa.types.is_list(column.type) and pa.types.is_primitive(column.type.value_type):
            values = column.combine_chunks().flatten()
            digest.update(f"{len(values)} {values.null_count}\n".encode())
            digest.update(np.ascontiguousarray(values.to_numpy(zero_copy_only=False)).tobytes())
        else:
            digest.update(repr(column.to_pylist()).encode("utf-8", "surrogatepass"))
    return digest.hexdigest().encode()


def _senses(analysis: FilmAnalysis) -> dict[str, Any]:
    told = {"dialogue": analysis.dialogue, "picture": analysis.picture, "faces": analysis.faces}
    return {"from": analysis.senses_from, **{name: asdict(one) if one else None for name, one in told.items()}}


def _values(row: dict[str, Any], name: str) -> npt.NDArray[Any]:
    values: npt.NDArray[Any] = row[name].flatten().to_numpy(zero_copy_only=False)
    return values


def _windows(row: dict[str, Any]) -> tuple[WindowAttributes, ...]:
    counts = _values(row, "window_counts")
    if not len(counts):
        return ()
    edges = np.concatenate([[0], np.cumsum(counts)])
    further = json.loads(row["window_further"][0].as_py())
    arrays = {
        name: _values(row, f"window_{name}").astype(np.float32).reshape(int(edges[-1]), -1 if edges[-1] else 0)
        for name in _WINDOW_ARRAYS
    }
    return tuple(
        WindowAttributes(
            genre=arrays["genre"][first:last],
            danceability=arrays["danceability"][first:last],
            valence=arrays["valence"][first:last],
            energy=arrays["energy"][first:last],
            embedding=arrays["embedding"][first:last],
            further={k: np.array(v, np.float32) for k, v in extra.items()},
        )
        for first, last, extra in zip(edges[:-1], edges[1:], further, strict=True)
    )


def _analysis(row: dict[str, Any]) -> FilmAnalysis:
    runs = tuple(
        MusicRun(
            **{k: v for k, v in run.items() if k not in ("embedding", *_RUN_MAPS)},
            embedding=tuple(run["embedding"]),
            **{name: json.loads(run.get(name, "{}")) for name in _RUN_MAPS},
        )
        for run in row["runs"][0].as_py()
    )
    activity = Activity(
        music=_values(row, "music"),
        speech=_values(row, "speech"),
        label=_values(row, "label"),
        present=_values(row, "present").astype(bool),
    )
    summary = {"presence": activity.presence(), **json.loads(row["summary"][0].as_py())}  # older parts lack it
    senses = json.loads(row["senses"][0].as_py()) if "senses" in row else {}  # older parts lack them
    return FilmAnalysis(
        media=row["media"][0].as_py().decode("utf-8", "surrogateescape"),
        media_sha256=row["media_sha256"][0].as_py(),
        audio_track=row["audio_track"][0].as_py(),
        duration_s=row["duration_s"][0].as_py(),
        model_version=row["model_version"][0].as_py(),
        activity=activity,
        runs=runs,
        summary=FilmSummary(**summary),
        windows=_windows(row),
        seconds=json.loads(row["seconds"][0].as_py()),
        peak_memory_mb=row["peak_memory_mb"][0].as_py(),
        dialogue=dialogue_of(senses.get("dialogue")),
        picture=picture_of(senses.get("picture")),
        faces=faces_of(senses.get("faces")),
        senses_from=senses.get("from", ""),
    )
