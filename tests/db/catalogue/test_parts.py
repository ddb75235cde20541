"""Parts: what was heard comes back, whole or not at all."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import durable
from db.catalogue.parts import find_part, part_path, read_part, write_part
from db.home import Home
from errors import CatalogueError, ParameterError
from film import GENRES, LEVELS, Activity, MusicRun
from senses import Dialogue, Picture
from tests.db.sample import analysis_of

_probability = st.floats(0, 1, width=32)


@st.composite
def runs(draw):
    start = draw(st.integers(0, 20_000))
    return MusicRun(
        start,
        start + draw(st.integers(10, 500)),
        draw(st.sampled_from(GENRES)),
        draw(_probability),
        draw(st.sampled_from(LEVELS["danceability"])),
        draw(_probability),
        draw(st.sampled_from(LEVELS["valence"])),
        draw(_probability),
        draw(st.sampled_from(LEVELS["energy"])),
        draw(_probability),
        tuple(draw(st.lists(st.floats(-1e6, 1e6), max_size=5))),
        draw(st.dictionaries(st.text(max_size=8), st.floats(-1e9, 1e9), max_size=3)),
        draw(st.dictionaries(st.text(max_size=8), st.floats(0, 1), max_size=3)),
    )


def _same(a, b):
    for name in ("media", "media_sha256", "audio_track", "duration_s", "model_version", "runs", "summary", "seconds"):
        assert getattr(a, name) == getattr(b, name), name
    for name in ("music", "speech", "label", "present"):
        x, y = getattr(a.activity, name), getattr(b.activity, name)
        assert x.dtype == y.dtype and np.array_equal(x, y), name
    assert len(a.windows) == len(b.windows)
    for v, w in zip(a.windows, b.windows, strict=True):
        for name in ("genre", "danceability", "valence", "energy", "embedding"):
            assert np.array_equal(getattr(v, name), getattr(w, name)), name
        assert v.further.keys() == w.further.keys()
        assert all(np.array_equal(v.further[k], w.further[k]) for k in v.further)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.data(),
    name=st.text(max_size=40),
    version=st.text(min_size=1, max_size=90),
    seconds=st.integers(0, 50),
    found=st.lists(runs(), max_size=4),
)
def test_an_analysis_comes_back_as_it_was_written(tmp_path, data, name, version, seconds, found):
    music, speech = (data.draw(hnp.arrays(np.float32, seconds, elements=_probability)) for _ in range(2))
    label = data.draw(hnp.arrays(np.int8, seconds, elements=st.integers(0, 2)))
    analysis = replace(
        analysis_of("x", runs=len(found)),
        media=os.fsdecode(name.encode("utf-8", "replace") + b"\xff"),
        model_version=version,
        activity=Activity(music, speech, label, label == 0),
        runs=tuple(found),
    )
    home = Home.at(tmp_path)
    path = write_part(home, analysis)
    assert find_part(home, analysis.media_sha256, 0, version) == path
    assert len(os.fsencode(path.name)) < 255
    _same(read_part(path), analysis)


def test_an_embedding_too_large_for_float16_is_kept_whole(tmp_path):
    analysis = analysis_of("x", runs=1)
    large = replace(analysis.windows[0], embedding=analysis.windows[0].embedding * 1e6)
    path = write_part(Home.at(tmp_path), replace(analysis, windows=(large,)))
    assert np.array_equal(read_part(path).windows[0].embedding, large.embedding)


def test_a_part_belongs_to_one_file_track_and_model(tmp_path):
    home = Home.at(tmp_path)
    paths = {part_path(home, sha, track, version) for sha in ("ab" * 32, "cd" * 32) for track in (0, 1)
             for version in ("a", "a/b", "a_b")}  # fmt: skip
    assert len(paths) == 12
    with pytest.raises(ParameterError):
        part_path(home, "../../etc", 0, "a")


@pytest.mark.parametrize("damage", ["truncated", "empty", "text"])
def test_a_damaged_part_is_named(tmp_path, damage):
    path = write_part(Home.at(tmp_path), analysis_of("x"))
    data = bytearray(path.read_bytes())
    if damage == "truncated":
        data = data[: len(data) // 2]
    else:
        data = bytearray(b"" if damage == "empty" else b"hello, this is not a part")
    path.write_bytes(data)
    with pytest.raises(CatalogueError, match=path.name):
        read_part(path)


def test_one_wrong_byte_is_noticed_or_changes_nothing(tmp_path):
    analysis = analysis_of("x")
    path = write_part(Home.at(tmp_path), analysis)
    whole = path.read_bytes()
    noticed = 0
    for at in np.random.default_rng(3).choice(len(whole), 150, replace=False):
        damaged = bytearray(whole)
        damaged[at] ^= 0x55
        path.write_bytes(damaged)
        try:
            read = read_part(path)
        except CatalogueError as error:
            assert path.name in str(error)
            noticed += 1
        else:
            _same(read, analysis)
    assert noticed > 50


@pytest.mark.fault("A turned bit makes a part's column another type")
@pytest.mark.parametrize("column", ["duration_s", "audio_track", "peak_memory_mb", "music", "media_sha256"])
def test_a_column_of_another_type_is_noticed(tmp_path, column):
    other = {"duration_s": pa.float32(), "audio_track": pa.int64(), "peak_memory_mb": pa.int32(),
             "music": pa.list_(pa.float64()), "media_sha256": pa.large_string()}[column]  # fmt: skip
    path = write_part(Home.at(tmp_path), analysis_of("x"))
    table = pq.read_table(path, partitioning=None)
    schema = table.schema.set(table.schema.get_field_index(column), pa.field(column, other))
    pq.write_table(table.cast(schema, safe=False), path, write_page_checksum=True)
    with pytest.raises(CatalogueError, match=path.name):
        read_part(path)


@pytest.mark.fault("A value of a part is replaced, its page's checksum with it", by_case=True)
@pytest.mark.parametrize("column", ["media", "runs", "summary", "window_counts", "seconds", "window_embedding"])
def test_another_value_is_noticed(tmp_path, column):
    home = Home.at(tmp_path)
    path = write_part(home, analysis_of("x"))
    table = pq.read_table(path, partitioning=None)
    other = replace(
        analysis_of("y", runs=1), media_sha256=analysis_of("x").media_sha256, media="elsewhere.mkv", seconds={}
    )
    foreign = pq.read_table(write_part(Home.at(tmp_path / "other"), other), partitioning=None)
    at = table.schema.get_field_index(column)
    assert not table.column(column).equals(foreign.column(column))
    pq.write_table(table.set_column(at, column, foreign.column(column)), path, write_page_checksum=True)
    with pytest.raises(CatalogueError, match=path.name):
        read_part(path)


def test_a_part_of_an_older_filmscore_that_names_no_checksum_is_read(tmp_path):
    analysis = analysis_of("x")
    path = write_part(Home.at(tmp_path), analysis)
    table = pq.read_table(path, partitioning=None).replace_schema_metadata(None)
    pq.write_table(table, path)
    with pytest.raises(CatalogueError, match="checksum does not match"):
        read_part(path)
    at = table.schema.get_field_index("part_version")
    pq.write_table(table.set_column(at, "part_version", pa.array([1], pa.int32())), path)
    _same(read_part(path), analysis)


def test_a_missing_part_is_named(tmp_path):
    with pytest.raises(CatalogueError, match=r"nothing\.parquet: the part is missing"):
        read_part(tmp_path / "nothing.parquet")


def test_every_replace_is_preceded_by_fsync_and_followed_by_one_of_the_directory(tmp_path, monkeypatch):
    said = recorded(monkeypatch)
    path = write_part(Home.at(tmp_path), analysis_of("x"))
    assert_durable(said)
    assert said[-1] == ("fsync", str(path.parent))


def recorded(monkeypatch) -> list[tuple[str, ...]]:
    """What is synced and replaced from now on, in order."""
    said: list[tuple[str, ...]] = []
    fsync_file, rename = durable.fsync_file, Path.replace

    def syncing(path):
        said.append(("fsync", str(path)))
        fsync_file(path)

    def replacing(self, target):
        said.append(("replace", str(self), str(target)))
        return rename(self, target)

    monkeypatch.setattr(durable, "fsync_file", syncing)
    monkeypatch.setattr(Path, "replace", replacing)
    return said


def assert_durable(said: list[tuple[str, ...]]) -> None:
    replaces = [i for i, event in enumerate(said) if event[0] == "replace"]
    assert replaces
    for i in replaces:
        _, source, target = said[i]
        assert ("fsync", source) in said[:i], f"{source} was not synced before it replaced {target}"
        assert said[i + 1] == ("fsync", str(Path(target).parent))


def test_what_is_said_and_seen_comes_back_and_a_part_of_an_earlier_release_has_none(tmp_path):
    home = Home.at(tmp_path)
    said = Dialogue("en", 0.4, 80.5, 93.2, 0.7, 0.1, 0.2, -0.3, (None, 0.5), 3, 0.6, {"ship": 4, "Straße": 2}, "a.srt")
    look = (0.3, 0.1, 0.2, 0.4, 0.1, 30.0, False, 0.25, 6.0, 7.5)
    palette = ((1, 2, 3), (250, 0, 9))
    seen = Picture(*look, palette, (0.75, 0.25), 2.35, 0.1, (0.5, None), False, 40, "UklGR")
    path = write_part(home, replace(analysis_of("a"), dialogue=said, picture=seen, senses_from="edition"))
    found = read_part(path)
    assert (found.dialogue, found.picture, found.senses_from) == (said, seen, "edition")
    table = pq.read_table(path, partitioning=None).drop_columns(["senses", "part_version"])
    pq.write_table(table.append_column("part_version", pa.array([1], pa.int32())), path)
    earlier = read_part(path)
    assert (earlier.dialogue, earlier.picture, earlier.senses_from) == (None, None, "")
    _same(earlier, found)
