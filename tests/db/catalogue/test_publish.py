"""Publishing: a snapshot says what state and parts say, whichever way it was made."""

import json
import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from db.catalogue.build import build
from db.catalogue.current import current_id
from db.catalogue.manifest import current_manifest
from db.catalogue.parts import find_part, write_part
from db.catalogue.publish import publish
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from errors import CatalogueError
from film import Film
from recommender.vectors import FilmEncoding
from tests.db.catalogue.test_parts import assert_durable, recorded
from tests.db.sample import D, PlainEncoding, add_heard, analysis_of, filled, sha_of


def contents(home):
    """All that a reader can see of a snapshot."""
    with Snapshot.open(home) as snapshot:
        matrix, scenes = snapshot.matrix(), snapshot.scenes()
        return {
            "films": snapshot.films().to_json(orient="records"),
            "summaries": json.dumps(snapshot.summaries().to_dict("records"), default=str),
            "dataset": snapshot.enhanced_dataset().to_json(orient="records"),
            "matrix": matrix.vectors.tolist(),
            "ids": matrix.film_ids.tolist(),
            "has": {name: has.tolist() for name, has in matrix.has.items()},
            "prior": matrix.prior.tolist(),
            "scenes": [scenes.film_ids.tolist(), scenes.runs.tolist(), scenes.usable.tolist()],
            "embeddings": scenes.embeddings(np.arange(len(scenes))).round(5).tolist(),
            "runs": {int(i): snapshot.runs(int(i)) for i in matrix.film_ids},
        }


def home_of(home):
    return home.snapshots / current_id(home)


@pytest.fixture
def home(tmp_path):
    home = filled(tmp_path)
    publish(home, PlainEncoding())
    return home


def test_a_reader_sees_what_was_heard(home):
    with Snapshot.open(home) as snapshot:
        assert snapshot.manifest.films == 12 and snapshot.manifest.heard == 6
        film = snapshot.find_titles("heard 3")[0]
        heard = analysis_of("Heard 3", 3, seed=3)
        assert snapshot.summary(film.film_id) == heard.summary
        assert np.array_equal(snapshot.activity(film.film_id).music, heard.activity.music)
        stored = snapshot.runs(film.film_id)
        assert [(r.start_s, r.end_s, r.genre, r.energy_p, r.further, r.tags) for r in stored] == [
            (r.start_s, r.end_s, r.genre, r.energy_p, r.further, r.tags) for r in heard.runs
        ]
        assert np.allclose([r.embedding for r in stored], [r.embedding for r in heard.runs])
        assert set(snapshot.vectors(film.film_id)) == {"music", "embedding", "era"}
        assert (len(snapshot.scenes()), snapshot.scenes().width) == (sum(i % 4 for i in range(6)), D)


def test_a_film_without_music_has_neither_music_nor_embedding(home):
    with Snapshot.open(home) as snapshot:
        film = snapshot.find_titles("heard 0")[0]
        assert not snapshot.summary(film.film_id).has_music
        assert list(snapshot.vectors(film.film_id)) == ["era"]
        known = snapshot.find_titles("known 1")[0]
        assert snapshot.summary(known.film_id) is None and snapshot.runs(known.film_id) == []
        assert not snapshot.films().set_index("film_id").loc[[film.film_id, known.film_id], "has_music"].any()


def test_nothing_changed_nothing_published(home):
    assert publish(home, PlainEncoding()) == current_id(home)


def test_made_from_the_last_one_or_from_nothing_it_is_the_same(home, monkeypatch):
    monkeypatch.setattr("db.catalogue.build.REFIT_GROWTH", 10.0)
    with State.open(home) as state:
        films = {film.title: film.film_id for film in state.films()}
        state.update_film(films["Known 1"], year=1999, rating=9.0)
        state.update_film(films["Heard 2"], title="Heard, of course")
        state.delete_film(films["Known 2"])
        state.delete_film(films["Heard 1"])
        heard = analysis_of("Known 3", 2, seed=11)
        write_part(home, heard)
        state.attach_media(films["Known 3"], heard.media_sha256, 0, heard.media, heard.model_version)
        state.correct_run(films["Heard 5"], (0, 20), "genre", "metal")
        state.correct_run(films["Heard 5"], (0, 20), "energy", "low")
    before = current_manifest(home)
    publish(home, PlainEncoding())
    assert current_manifest(home).fitted_films == before.fitted_films, "it was made from the last one"
    patched = contents(home)
    publish(home, PlainEncoding(), full=True)
    assert contents(home) == patched


def test_many_small_publishes_end_where_one_large_one_does(tmp_path, monkeypatch):
    monkeypatch.setattr("db.catalogue.build.REFIT_GROWTH", 10.0)
    monkeypatch.setattr("db.catalogue.merging.MOST_SEGMENTS", 4)
    small, large = filled(tmp_path / "a"), filled(tmp_path / "b")
    for i in range(12):
        for home in (small, large):
            with State.open(home) as state:
                add_heard(home, state, f"Later {i}", runs=1 + i % 2, seed=i, added_at="2026-01-01")
        publish(small, PlainEncoding())
    publish(large, PlainEncoding())
    segments = list((home_of(small) / "segments").glob("*.runs.parquet"))
    assert len(segments) <= 6, "small segments are merged"
    a, b = contents(small), contents(large)
    for name in ("matrix", "ids", "scenes", "runs", "summaries", "prior"):
        assert a[name] == b[name], name


def test_a_film_keeps_its_id_when_its_media_arrives(home):
    with State.open(home) as state:
        film_id = next(f.film_id for f in state.films() if f.title == "Known 0")
        heard = analysis_of("Known 0", 2)
        write_part(home, heard)
        state.attach_media(film_id, heard.media_sha256, 0, heard.media, heard.model_version)
    publish(home, PlainEncoding())
    with Snapshot.open(home) as snapshot:
        assert snapshot.film(film_id).media_sha256 == sha_of("Known 0")
        assert len(snapshot.runs(film_id)) == 2


def test_a_correction_stands_beside_the_models_value_and_changes_the_summary(home):
    with State.open(home) as state:
        film_id = next(f.film_id for f in state.films() if f.title == "Heard 3")
        state.correct_run(film_id, (0, 20), "genre", "blues")
    publish(home, PlainEncoding())
    with Snapshot.open(home) as snapshot:
        first = snapshot.runs(film_id)[0]
        assert first.genre == "metal"
        assert first.value("genre") == "blues" and first.corrections == {"genre": "blues"}
        assert snapshot.runs(film_id)[1].corrections == {}
        assert snapshot.summary(film_id).genres["blues"] == pytest.approx(100 / 3)
        assert sum(snapshot.summary(film_id).genres.values()) == pytest.approx(100)
        assert snapshot.summary(film_id).music == 50.0
    with State.open(home) as state:
        state.correct_run(film_id, (0, 20), "genre", None)
    publish(home, PlainEncoding())
    with Snapshot.open(home) as snapshot:
        assert snapshot.summary(film_id) == analysis_of("Heard 3", 3, seed=3).summary


def test_the_encoder_is_fitted_anew_when_the_catalogue_has_grown_by_a_tenth(home):
    assert current_manifest(home).fitted_films == 12
    with State.open(home) as state:
        state.add_film(Film("One more"))
    publish(home, PlainEncoding())
    assert current_manifest(home).fitted_films == 12
    with State.open(home) as state:
        state.add_film(Film("And another"))
    publish(home, PlainEncoding())
    assert current_manifest(home).fitted_films == 14


def test_another_feature_version_encodes_everything_anew(home):
    class Other(PlainEncoding):
        version = "plain-2"

    before = current_id(home)
    assert publish(home, Other()) != before
    assert current_manifest(home).feature_version == "plain-2"


def test_the_part_of_a_deleted_film_goes_with_it(home):
    with State.open(home) as state:
        film_id = state.media_of(sha_of("Heard 1"))
        state.delete_film(film_id)
        assert find_part(home, sha_of("Heard 1"), 0, "plain")
        assert state.add_film(Film("Heard 1")) > film_id
    publish(home, PlainEncoding())
    assert find_part(home, sha_of("Heard 1"), 0, "plain") is None


def test_a_damaged_part_does_not_hold_up_the_other_films(home, caplog):
    part = find_part(home, sha_of("Heard 2"), 0, "plain")
    part.write_bytes(part.read_bytes()[:500])
    with State.open(home) as state:
        film_id = state.media_of(sha_of("Heard 2"))
    publish(home, PlainEncoding(), full=True)
    assert part.name in caplog.text
    with Snapshot.open(home) as snapshot:
        assert snapshot.manifest.films == 12 and snapshot.summary(film_id) is None
        assert str(film_id) in snapshot.manifest.damaged_parts


def test_an_empty_catalogue_can_be_published_and_read(tmp_path):
    home = Home.at(tmp_path)
    publish(home, PlainEncoding())
    with Snapshot.open(home) as snapshot:
        assert len(snapshot.films()) == len(snapshot.summaries()) == len(snapshot.enhanced_dataset()) == 0
        assert snapshot.matrix().vectors.shape[0] == len(snapshot.scenes()) == 0
        assert snapshot.find_titles("x") == [] and snapshot.nearest_titles("x") == []
    with State.open(home) as state:
        add_heard(home, state, "The first", runs=2)
    publish(home, PlainEncoding())
    with Snapshot.open(home) as snapshot:
        assert len(snapshot.matrix().film_ids) == 1 and len(snapshot.runs(1)) == 2


def test_films_read_in_batches_give_the_same_catalogue(home, monkeypatch):
    publish(home, FilmEncoding(), full=True)
    at_once = contents(home)
    for module in ("record_reader", "build"):
        monkeypatch.setattr(f"db.catalogue.{module}.FILMS_AT_ONCE", 3)
    publish(home, FilmEncoding(), full=True)
    in_batches = contents(home)
    assert np.array(in_batches.pop("matrix")) == pytest.approx(np.array(at_once.pop("matrix")), abs=1e-7)
    assert in_batches == at_once and len(at_once["ids"]) > 3


def test_what_a_name_may_hold_comes_back_the_same(home):
    names = ('Two "quotes"', "back\\slash", "line\nbreak", "zero\0byte", "日本 \U0001f600", "[]", "null")
    with State.open(home) as state:
        film = state.add_film(Film("Of odd names", cast=names, plot="a\0b", directors=("[1, 2]",)))
    publish(home, PlainEncoding())
    with Snapshot.open(home) as snapshot:
        found = snapshot.film(film)
    assert (found.cast, found.plot, found.directors) == (names, "a\0b", ("[1, 2]",))


def test_a_publish_sees_one_state_while_others_write(home, monkeypatch):
    films = current_manifest(home).films
    with State.open(home) as state:
        state.add_film(Film("Before"))

    def interrupted(this, state):
        with State.open(home) as other:
            other.add_film(Film("Meanwhile"))
            other.update_film(1, title="Renamed meanwhile")
        return build(this, state)

    with monkeypatch.context() as patched:
        patched.setattr("db.catalogue.publish.build", interrupted)
        publish(home, PlainEncoding())
    with Snapshot.open(home) as snapshot:
        assert snapshot.manifest.films == films + 1 and snapshot.film(1).title != "Renamed meanwhile"
    publish(home, PlainEncoding())
    with Snapshot.open(home) as snapshot:
        assert snapshot.manifest.films == films + 2 and snapshot.film(1).title == "Renamed meanwhile"


@pytest.mark.fault("Power cut: what is not synced is lost")
def test_everything_is_synced_before_it_is_put_in_place(home, monkeypatch):
    with State.open(home) as state:
        add_heard(home, state, "New", runs=2)
    said = recorded(monkeypatch)
    snapshot = publish(home, PlainEncoding())
    assert_durable(said)
    placed = said.index(next(e for e in said if e[0] == "replace" and e[2] == str(home.snapshots / snapshot)))
    synced = {event[1] for event in said[:placed] if event[0] == "fsync"}
    building = home.snapshots / f".building-{snapshot}"
    for name in ("catalogue.duckdb", "encoders.npz", "segments", "manifest.json"):
        assert any(s == str(building / name) or (name == "manifest.json" and ".manifest.json" in s) for s in synced), (
            name
        )
    assert said[-2][2] == str(home.manifest_path), "the pointer comes last"


def test_snapshots_go_as_soon_as_nobody_reads_them(home):
    def add(number):
        with State.open(home) as state:
            state.add_film(Film(f"Added {number}"))
        return publish(home, PlainEncoding())

    made = [current_id(home), add(0)]
    with Snapshot.open(home) as reader:
        made += [add(number) for number in range(1, 6)]
        assert {path.name for path in home.snapshots.iterdir()} == {made[1], *made[-3:]}, "the second one is read"
        assert reader.runs(reader.find_titles("heard 3")[0].film_id)
    made.append(add(6))
    assert {path.name for path in home.snapshots.iterdir()} == set(made[-3:])


def test_an_open_reader_outlives_the_removal_of_its_snapshot(home, monkeypatch):
    monkeypatch.setattr("db.catalogue.pruning.LEASE_S", -1.0)
    with Snapshot.open(home) as snapshot:
        for i in range(4):
            with State.open(home) as state:
                state.add_film(Film(f"Added {i}"))
            publish(home, PlainEncoding())
        assert not snapshot.directory.exists()
        assert len(snapshot.films()) == 12 and snapshot.film(1).title == "Heard 0"


def test_readers_never_wait_and_never_see_half_a_film(home):
    faults: list[str] = []
    stop = threading.Event()

    def read():
        while not stop.is_set():
            with Snapshot.open(home) as snapshot:
                films = snapshot.films()
                ids = films["film_id"].to_numpy()
                if not (len(ids) == snapshot.manifest.films == len(snapshot.matrix().film_ids)):
                    faults.append(f"{snapshot.id}: {len(ids)} films")
                newest = int(ids[-1])
                if snapshot.film(newest).title.startswith("Live") and len(snapshot.runs(newest)) != 2:
                    faults.append(f"film {newest} without its runs")

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for i in range(8):
        with State.open(home) as state:
            add_heard(home, state, f"Live {i}", runs=2, seed=i)
        publish(home, PlainEncoding())
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []


def test_threads_that_share_a_snapshot_get_their_own_rows(home):
    wrong: list[int] = []
    with Snapshot.open(home) as snapshot:
        titles = {int(r.film_id): r.title for r in snapshot.films().itertuples()}

        def read(seed):
            drawn = [int(i) for i in np.random.default_rng(seed).choice(list(titles), 60)]
            wrong.extend(i for i in drawn if snapshot.film(i).title != titles[i])

        threads = [threading.Thread(target=read, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_the_dataset_has_one_row_a_film_even_of_equal_titles(tmp_path):
    home = Home.at(tmp_path)
    with State.open(home) as state:
        state.add_films([Film("Twice", year=1934), Film("Twice", year=1956)])
    publish(home, PlainEncoding())
    with Snapshot.open(home) as snapshot:
        assert snapshot.enhanced_dataset()["Year"].tolist() == [1934, 1956]
        assert isinstance(snapshot.summaries(), pd.DataFrame)


def test_an_encoding_that_gives_no_numbers_is_refused(home):
    class Broken(PlainEncoding):
        version = "broken"

        def encode(self, fitted, records):
            return {"era": np.full((len(records), 2), np.nan, np.float32)}

    before = current_id(home)
    with pytest.raises(Exception, match="not finite"):
        publish(home, Broken())
    assert current_id(home) == before
    assert not list(home.snapshots.glob(".building-*"))


def test_a_file_moved_or_heard_by_another_model_is_read_again(home):
    with State.open(home) as state:
        film_id = state.media_of(sha_of("Heard 3"))
        other = replace(analysis_of("Heard 3", 1, seed=5), model_version="newer/1")
        write_part(home, other)
        state.attach_media(film_id, other.media_sha256, 0, "/elsewhere/x.mkv", "newer/1")
    publish(home, PlainEncoding())
    with Snapshot.open(home) as snapshot:
        assert snapshot.film(film_id).media_path == "/elsewhere/x.mkv"
        assert [run.model_version for run in snapshot.runs(film_id)] == ["newer/1"]


def test_a_publish_keeps_to_the_memory_that_it_may_use(home, monkeypatch):
    before, snapshot = contents(home), current_id(home)
    monkeypatch.setattr("db.catalogue.build.MEMORY_LIMIT", "1MB")
    with pytest.raises(CatalogueError, match=r"Out of Memory.*The catalogue stays as it was"):
        publish(home, PlainEncoding(), full=True)
    assert current_id(home) == snapshot
    monkeypatch.setattr("db.catalogue.build.MEMORY_LIMIT", "64MB")
    publish(home, PlainEncoding(), full=True)
    assert contents(home) == before


def test_what_was_inserted_is_written_before_the_encoder_is_fitted(home):
    class Looking(PlainEncoding):
        def fit(self, records):
            seen.extend(records._con.execute("SELECT memory_limit, wal_size FROM pragma_database_size()").fetchall())
            return super().fit(records)

    seen = []
    publish(home, Looking(), full=True)
    assert seen == [("286.1 MiB", "0 bytes")]
