"""Build the files of one snapshot, either from the previous snapshot and the changes since, or from scratch."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

import durable
from db.catalogue import senses, tables
from db.catalogue.fitted import read_fitted, write_fitted
from db.catalogue.manifest import CATALOGUE, ENCODERS, INDEX_MARK, Manifest, sha256_of
from db.catalogue.merging import merge_small
from db.catalogue.parts import part_path, read_part
from db.catalogue.record_reader import FILMS_AT_ONCE, RecordReader
from db.catalogue.records import Blocks, Encoding, Fitted, ModelRecord
from db.catalogue.scenes import write_indexes
from db.catalogue.segments import (
    ANALYSIS_KINDS,
    SCHEMAS,
    HeardFilm,
    SegmentWriter,
)
from db.home import Home
from db.state.store import Media, State
from errors import CatalogueError

REFIT_GROWTH = 0.1
PARTS_AT_ONCE = 32
MEMORY_LIMIT = "1GB"
"""Of DuckDB during a build. Its own limit is most of the machine's memory, and a large catalogue would fill it."""
READING_LIMIT = "300MB"
"""Of DuckDB while the encoder is fitted, which needs memory itself. What was inserted has been written by then."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Build:
    """The inputs of a build."""

    home: Home
    directory: Path
    snapshot: str
    """The snapshot's id, which is also the name of its new segments."""
    previous: Manifest | None
    previous_directory: Path | None
    encoding: Encoding
    models: Sequence[ModelRecord] = ()


@dataclass
class Change:
    """Which films differ from the previous snapshot."""

    fresh: bool
    described: set[int]
    """Films that are new, or whose metadata or media changed."""
    heard: set[int]
    """Films whose media or corrections changed, so that their parts are read again."""
    gone: set[int]
    damaged: dict[str, str] = field(default_factory=dict)


def _change(this: Build, state: State) -> Change:
    previous = this.previous
    if previous is None or previous.state_id != state.meta("state_id"):
        described, heard = state.changed(-1)[0], {media.film_id for media in state.media()}
        return Change(True, described, heard, set())
    described, heard = state.changed(previous.revision)
    gone = {film_id for film_id, _ in state.deletions(previous.revision)}
    damaged = {k: v for k, v in previous.damaged_parts.items() if int(k) not in heard | gone}
    return Change(False, described | heard, heard, gone, damaged)


def build(this: Build, state: State) -> Manifest:
    """Write the files of a snapshot to `this.directory` and fsync them. The caller fills in the manifest's id and date.

    Raises:
        CatalogueError: the encoding does not fit the catalogue.
        OSError, duckdb.Error: a disk error.
    """
    change = _change(this, state)
    path = this.directory / CATALOGUE
    if not change.fresh and this.previous_directory:
        shutil.copyfile(this.previous_directory / CATALOGUE, path)
    # few rows are not worth a second thread; handing them over takes longer than the work
    con = duckdb.connect(str(path), config={"threads": 2 if change.fresh else 1, "memory_limit": MEMORY_LIMIT})
    try:
        if change.fresh:
            tables.create(con)
        else:
            _link_segments(this, con)
        con.execute("BEGIN")
        merge_small(con, this.directory, this.snapshot)
        touched = change.described | change.gone
        heard_of = ("summaries", *senses.SCHEMAS)
        for table, film_ids in (("films", touched), *((name, change.heard | change.gone) for name in heard_of)):
            tables.delete_rows(con, table, film_ids)
        described = sorted(change.described)
        for first in range(0, len(described), FILMS_AT_ONCE):
            tables.insert_films(con, state.film_columns(described[first : first + FILMS_AT_ONCE]))
        tables.insert_models(con, this.models)
        heard = _hear(this, state, con, change)
        if change.fresh:
            _write_inserted(con)
        manifest = _encode(this, state, con, change, heard)
        con.execute("COMMIT")
        con.execute("CHECKPOINT")
        _drop_superseded(this, con)
    finally:
        con.close()
    write_indexes(this.directory)
    return _with_files(this, manifest)


def _write_inserted(con: duckdb.DuckDBPyConnection) -> None:
    """Write what was inserted to the file and free its memory. Nobody sees the file before the build ends."""
    con.execute("COMMIT")
    con.execute("CHECKPOINT")
    con.execute(f"SET memory_limit = '{READING_LIMIT}'")
    con.execute("BEGIN")


def _link_segments(this: Build, con: duckdb.DuckDBPyConnection) -> None:
    assert this.previous is not None and this.previous_directory is not None
    sizes = {Path(name).name: size for name, (size, _) in this.previous.files.items()}
    counted = {
        name
        for row in con.execute("SELECT DISTINCT analysis_segment, vector_segment FROM located").fetchall()
        for name in row
        if name
    }
    for source in (this.previous_directory / "segments").iterdir():
        damaged = INDEX_MARK in source.name and source.stat().st_size != sizes.get(source.name)
        if source.name.split(".")[0] in counted and not damaged:
            durable.link_or_copy(source, this.directory / "segments" / source.name)


def _drop_superseded(this: Build, con: duckdb.DuckDBPyConnection) -> None:
    """Delete segments none of whose rows are current. One segment of each kind stays, so that readers find a schema."""
    for kind in SCHEMAS:
        located = "vector_segment" if kind == "vectors" else "analysis_segment"
        counted = {row[0] for row in con.execute(f"SELECT DISTINCT {located} FROM located").fetchall()}
        paths = sorted((this.directory / "segments").glob(f"*.{kind}.parquet"), reverse=True)
        for path in [path for path in paths if path.name.split(".")[0] not in counted][0 if counted - {None} else 1 :]:
            path.unlink()
            for derived in path.parent.glob(f"{path.name.split('.')[0]}{INDEX_MARK}*") if kind == "runs" else ():
                derived.unlink()


def _batches(media: Sequence[Media]) -> Iterator[Sequence[Media]]:
    for first in range(0, len(media), PARTS_AT_ONCE):
        yield media[first : first + PARTS_AT_ONCE]


def _hear(this: Build, state: State, con: duckdb.DuckDBPyConnection, change: Change) -> set[int]:
    """Read the parts of the changed films. Returns the ids of the films whose rows are in the new segment."""
    media = state.media(sorted(change.heard))
    heard: set[int] = set()
    if not media and not change.fresh:
        return heard
    corrections: dict[int, dict[tuple[int, int], dict[str, str]]] = {}
    for c in state.corrections(sorted(change.heard)):
        corrections.setdefault(c.film_id, {}).setdefault((c.start_s, c.end_s), {})[c.attribute] = c.value
    with SegmentWriter(this.directory, this.snapshot, ANALYSIS_KINDS) as writer:
        for batch in _batches(media):
            films, rows = [], []
            for item in batch:
                part = part_path(this.home, item.media_sha256, item.audio_track, item.model_version)
                try:
                    analysis = read_part(part)
                except CatalogueError as error:
                    log.warning("%s: published without its sound. %s", item.path, error)
                    change.damaged[str(item.film_id)] = str(error)
                    continue
                corrected = tables.corrected_runs(analysis.runs, corrections.get(item.film_id, {}))
                films.append(HeardFilm(item.film_id, analysis, corrected))
                summary = tables.summary_with_corrections(analysis, corrected)
                rows.append(tables.summary_row(item.film_id, analysis, summary))
                heard.add(item.film_id)
            writer.write_heard(films)
            tables.insert_summaries(con, rows)
            senses.insert_senses(con, films)
    return heard


def _counts(con: duckdb.DuckDBPyConnection) -> list[int]:
    """How many films there are, how many of them are heard, have music, and have each sense."""
    tables_of = ["films", "summaries", "summaries WHERE dominant_energy IS NOT NULL", *senses.SCHEMAS]
    (row,) = con.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {name})" for name in tables_of)).fetchall()
    return [int(count) for count in row]


def _encode(this: Build, state: State, con: duckdb.DuckDBPyConnection, change: Change, heard: set[int]) -> Manifest:
    """Refit the encoder if necessary, encode the changes, and write `located`, the vectors and the encoder."""
    encoding, previous = this.encoding, this.previous
    films, heard_films, with_music, *of_senses = _counts(con)
    with_sense = dict(zip(senses.SCHEMAS, of_senses, strict=True))
    fitted = None if change.fresh else _usable_encoder(this, films, with_music, with_sense)
    todo = None if fitted is None else sorted(change.described)
    segments = _segments(this, con, change, heard, todo)
    records = RecordReader(con, this.directory, list(segments), segments)
    if fitted is None:
        fitted, fitted_films, fitted_with_music = encoding.fit(records), films, with_music
        fitted_senses = with_sense
        write_fitted(this.directory / ENCODERS, fitted)
    else:
        assert previous is not None and this.previous_directory is not None
        durable.link_or_copy(this.previous_directory / ENCODERS, this.directory / ENCODERS)
        fitted_films, fitted_with_music = previous.fitted_films, previous.fitted_with_music
        fitted_senses = previous.fitted_senses
    new_ids, prior, widths = _write_vectors(this, fitted, records, None if todo is None else previous)
    _write_located(con, new_ids, segments, this.snapshot, prior, change.gone | change.described, todo is None)
    (located,) = con.execute("SELECT count(DISTINCT film_id) FROM located").fetchall()[0]
    if located != films:
        raise CatalogueError(
            f"vectors of {located} films would be published; the catalogue has {films}. "
            "Run `filmscore doctor --repair`."
        )
    return Manifest(
        snapshot="",
        sequence=0,
        created_at="",
        state_id=state.meta("state_id"),
        revision=int(state.meta("revision")),
        films=films,
        heard=heard_films,
        with_music=with_music,
        blocks=widths,
        feature_version=encoding.version,
        fitted_films=fitted_films,
        fitted_with_music=fitted_with_music,
        fitted_senses=fitted_senses,
        files={},
        damaged_parts=change.damaged,
    )


def _write_vectors(
    this: Build, fitted: Fitted, records: RecordReader, previous: Manifest | None
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], np.ndarray[Any, np.dtype[np.float32]], dict[str, int]]:
    """Encode the films and write their vectors. Returns the films' ids, their priors, and the widths of the blocks."""
    if not len(records) and previous is not None:
        return np.zeros(0, np.int64), np.zeros(0, np.float32), previous.blocks
    ids, priors, widths = [], [], dict[str, int]()
    with SegmentWriter(this.directory, this.snapshot, ("vectors",)) as writer:
        for batch in records.batches():
            blocks = this.encoding.encode(fitted, batch)
            widths = {name: int(rows.shape[1]) for name, rows in blocks.items()}
            _check_blocks(blocks, len(batch), previous)
            ids.append(batch.films.numbers("film_id").astype(np.int64))
            priors.append(np.asarray(this.encoding.prior(fitted, batch), np.float32))
            writer.write_vectors(ids[-1].tolist(), blocks, [one.model_version for one in batch.heard])
    return np.concatenate(ids), np.concatenate(priors), widths


def _segments(
    this: Build, con: duckdb.DuckDBPyConnection, change: Change, heard: set[int], todo: Sequence[int] | None
) -> dict[int, str]:
    """Film id -> the segment that holds its analysis, for every film to be encoded; "" if it has none."""
    some = "" if todo is None else " WHERE film_id IN (SELECT unnest(?::INTEGER[]))"
    values = [] if todo is None else [list(todo)]
    ids = [row[0] for row in con.execute("SELECT film_id FROM films" + some, values).fetchall()]
    old = dict(con.execute("SELECT film_id, analysis_segment FROM located" + some, values).fetchall())
    silent = change.heard - heard
    return {
        film_id: this.snapshot if film_id in heard else "" if film_id in silent else old.get(film_id) or ""
        for film_id in ids
    }


def _usable_encoder(this: Build, films: int, with_music: int, with_sense: dict[str, int]) -> Fitted | None:
    """The previous encoder, or None if it has another version or the catalogue has grown too much since."""
    previous = this.previous
    if previous is None or this.previous_directory is None or previous.feature_version != this.encoding.version:
        return None
    counts = [(films, previous.fitted_films), (with_music, previous.fitted_with_music)]
    counts += [(count, previous.fitted_senses.get(name, 0)) for name, count in with_sense.items()]
    for count, at_fit in counts:
        if abs(count - at_fit) > REFIT_GROWTH * at_fit:
            return None
    try:
        return read_fitted(this.previous_directory / ENCODERS)
    except CatalogueError as error:
        log.warning("%s The encoder is refitted.", error)
        return None


def _check_blocks(blocks: Blocks, count: int, previous: Manifest | None) -> None:
    widths = {name: int(rows.shape[1]) for name, rows in blocks.items()}
    if previous is not None and widths != previous.blocks:
        raise CatalogueError(
            f"the encoder gives blocks {widths}, the catalogue holds {previous.blocks}. "
            "Run `filmscore doctor --repair`."
        )
    for name, rows in blocks.items():
        if len(rows) != count or not np.isfinite(rows).all():
            raise CatalogueError(
                f"block {name}: {len(rows)} rows for {count} films, or values that are not finite. This is a bug in "
                "the encoding; the last snapshot stays."
            )


def _write_located(
    con: duckdb.DuckDBPyConnection,
    new_ids: np.ndarray[Any, np.dtype[np.int64]],
    segments: dict[int, str],
    snapshot: str,
    prior: np.ndarray[Any, np.dtype[np.float32]],
    touched: set[int],
    everything: bool,
) -> None:
    if everything:
        con.execute("DELETE FROM located")
    else:
        tables.delete_rows(con, "located", touched)
    columns = {
        "film_id": pa.array(new_ids, pa.int32()),
        "analysis_segment": pa.array([segments[int(i)] or None for i in new_ids], pa.string()),
        "vector_segment": pa.array([snapshot] * len(new_ids), pa.string()),
        "prior": pa.array(np.asarray(prior, np.float32)),
    }
    tables.insert(con, "located", pa.table(columns))


def _with_files(this: Build, manifest: Manifest) -> Manifest:
    """Sync the new files. Returns the manifest with the size and hash of every file; hard-linked files keep the known
    hash."""
    known = this.previous.files if this.previous else {}
    found: dict[str, tuple[int, str]] = {}
    new = [this.directory / "segments"]
    for path in sorted(p for p in this.directory.rglob("*") if p.is_file()):
        name = path.relative_to(this.directory).as_posix()
        before = this.previous_directory / name if this.previous_directory and name in known else None
        linked = before is not None and before.exists() and path.samefile(before)
        found[name] = known[name] if linked else (path.stat().st_size, sha256_of(path))
        new += [] if linked else [path]
    durable.fsync_files(new)
    return Manifest(**{**manifest.__dict__, "files": found})
