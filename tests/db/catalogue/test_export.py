"""The enhanced dataset as a file. Golden: the thesis's "I Confess" (Tables 16 and 17)."""

import csv
import json
from dataclasses import replace
from itertools import islice

import numpy as np
import pandas as pd
import pytest

from db.catalogue.export import WRITERS, export, table_csv
from db.catalogue.parts import write_part
from db.catalogue.publish import publish
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from errors import CatalogueError, ParameterError
from film import GENRES, LEVELS, Activity, Film, MusicRun, largest_remainder
from ingest.metadata_csv import read_films
from ingest.summarise import summarise
from tests.db.sample import PlainEncoding, analysis_of

THESIS_COLUMNS = """Movie|Blues|Rock|Pop|Metal|Jazz|Classical|Electronic|Hiphop|Country|Dance
|Music Duration|Speech Duration|Other Duration|Director|Year|Rating|Metascore|Country|Locations|Movie Genres|Cast
|Energy|Danceability|Valence""".replace("\n", "").split("|")

I_CONFESS = {
    "Movie": "I Confess", "Blues": 14, "Rock": 2, "Pop": 0, "Metal": 0, "Jazz": 31, "Classical": 51, "Electronic": 1,
    "Hiphop": 0, "Country": 1, "Dance": 0, "Music Duration": 31, "Speech Duration": 63, "Other Duration": 6,
    "Director": "Alfred Hitchcock", "Year": 1953, "Rating": 7.3, "Metascore": 73, "Countries": "USA",
    "Locations": "Maison Hearn, Grande Allée Est, Quebec, Canada", "Movie Genres": "Crime, Drama, Thriller",
    "Cast": "Montgomery Clift, Anne Baxter, Karl Malden", "Energy": "Low", "Danceability": "Low", "Valence": "Negative",
}  # fmt: skip
LOUDNESS = {"loudness_lufs": -23.5, "music_loudness_lufs": -27.25}
LEVEL_SHARES = {"danceability": (67, 31, 2), "valence": (80, 20, 0), "energy": (60, 15, 25)}


def i_confess():
    """100 runs of 31 s in 10,000 s, their values in the shares of Table 16."""

    def spread(shares):
        return [value for value, count in shares for _ in range(count)]

    genres = spread([(genre, I_CONFESS[genre.capitalize()]) for genre in GENRES])
    levels = {a: spread(zip(LEVELS[a], shares, strict=True)) for a, shares in LEVEL_SHARES.items()}
    runs = [
        MusicRun(i * 60, i * 60 + 31, genres[i], 0.9, levels["danceability"][i], 0.9, levels["valence"][i], 0.9,
                 levels["energy"][i], 0.9)
        for i in range(100)
    ]  # fmt: skip
    label = np.full(10_000, 1, np.int8)
    for run in runs:
        label[run.start_s : run.end_s] = 0
    speech = np.flatnonzero(label == 1)
    label[speech[:600]] = 2
    ones = np.ones(10_000, np.float32)
    activity = Activity(ones, ones, label, label == 0)
    base = analysis_of("I Confess", 0)
    summary = replace(summarise(activity, runs), loudness=LOUDNESS)
    return replace(base, runs=tuple(runs), activity=activity, duration_s=10_000.0, summary=summary)


@pytest.fixture
def snapshot(tmp_path):
    home = Home.at(tmp_path / "home")
    heard = i_confess()
    write_part(home, heard)
    with State.open(home) as state:
        film_id = state.add_film(
            Film(
                "I Confess", directors=("Alfred Hitchcock",), year=1953, rating=7.3, metascore=73, countries=("USA",),
                locations=("Maison Hearn, Grande Allée Est, Quebec, Canada",), genres=("Crime", "Drama", "Thriller"),
                cast=("Montgomery Clift", "Anne Baxter", "Karl Malden"),
            )
        )  # fmt: skip
        state.attach_media(film_id, heard.media_sha256, 0, heard.media, heard.model_version)
        state.add_film(Film('=cmd|"/C calc"!A0', plot="x", other_title="-1+1"))
        state.add_film(Film('日本🎬, "quoted"\nand broken', directors=("A, B", "@C")))
    publish(home, PlainEncoding())
    with Snapshot.open(home) as snapshot:
        yield snapshot


def read(path):
    if path.suffix == ".csv":
        return pd.read_csv(path, encoding="utf-8")
    return pd.read_json(path) if path.suffix == ".json" else pd.read_parquet(path)


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet"])
def test_i_confess_comes_out_as_in_the_thesis(snapshot, tmp_path, suffix):
    path = tmp_path / f"dataset.{suffix}"
    assert export(snapshot, path) == 3
    table = read(path)
    unique = [*THESIS_COLUMNS[:18], "Countries", *THESIS_COLUMNS[19:]]
    assert list(table.columns[:25]) == unique
    row = table.iloc[0]
    for name, value in I_CONFESS.items():
        assert row[name] == (pytest.approx(value) if isinstance(value, float | int) else value), name
    assert list(table.columns[-2:]) == ["Loudness LUFS", "Music Loudness LUFS"]
    assert [row[name] for name in table.columns[-2:]] == [-23.5, -27.25] and table.iloc[1, -2:].isna().all()
    assert snapshot.summary(int(row["Film Id"])).loudness == LOUDNESS
    assert [row[f"Valence {level.capitalize()}"] for level in LEVELS["valence"]] == pytest.approx([80, 20, 0])
    assert largest_remainder([row[g.capitalize()] for g in GENRES]) == [I_CONFESS[g.capitalize()] for g in GENRES]


def test_the_csv_has_the_thesis_header_word_for_word_if_asked(snapshot, tmp_path):
    export(snapshot, tmp_path / "x.csv", thesis_headers=True)
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as stream:
        header, row = islice(csv.reader(stream), 2)
    assert header[:25] == THESIS_COLUMNS
    assert dict(list(zip(header, row, strict=True))[10:25])["Country"] == "USA"
    with pytest.raises(ParameterError, match="only CSV allows"):
        export(snapshot, tmp_path / "x.json", thesis_headers=True)


@pytest.mark.parametrize("thesis_headers", [False, True])
def test_an_export_is_read_as_a_table_of_films(snapshot, tmp_path, thesis_headers):
    export(snapshot, tmp_path / "x.csv", thesis_headers=thesis_headers)
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as stream:
        names = next(csv.reader(stream))
    assert thesis_headers or len(set(names)) == len(names)
    confess, *_ = read_films(tmp_path / "x.csv")
    assert (confess.countries, confess.genres, confess.year) == (("USA",), ("Crime", "Drama", "Thriller"), 1953)
    assert confess.locations == ("Maison Hearn, Grande Allée Est, Quebec, Canada",)


def test_formulas_are_neutralised_in_csv_only(snapshot, tmp_path):
    export(snapshot, tmp_path / "x.csv")
    export(snapshot, tmp_path / "x.json")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[1]["Movie"] == '\'=cmd|"/C calc"!A0' and rows[1]["Other Title"] == "'-1+1"
    assert rows[2]["Movie"] == '日本🎬, "quoted"\nand broken' and rows[2]["Director"] == "A, B, @C"
    assert not any(cell.startswith(("=", "+", "@", "\t")) for row in rows for cell in row.values())
    document = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert document[1]["Movie"] == '=cmd|"/C calc"!A0' and document[1]["Energy"] is None


def test_a_table_from_a_page_runs_neither_in_its_cells_nor_in_its_names():
    table = pd.DataFrame({"=title": ["=1+1", "'71", None], "share": [-0.5, 0.5, 1.0]})
    assert table_csv(table).splitlines() == ["'=title,share", "'=1+1,-0.5", "'71,0.5", ",1.0"]


def test_a_film_that_was_not_heard_has_empty_percentages(snapshot, tmp_path):
    export(snapshot, tmp_path / "x.parquet")
    table = read(tmp_path / "x.parquet")
    assert table.loc[1:, ["Blues", "Music Duration", "Energy"]].isna().all(axis=None)


def test_percentages_are_unrounded(snapshot):
    assert snapshot.enhanced_dataset()["Music Duration"][0] == pytest.approx(31, abs=1e-9)


def test_an_unknown_suffix_or_place_is_refused(snapshot, tmp_path):
    with pytest.raises(ParameterError, match=r"x\.xlsx: unknown export format"):
        export(snapshot, tmp_path / "x.xlsx")
    with pytest.raises(ParameterError, match="no such directory"):
        export(snapshot, tmp_path / "nowhere" / "x.csv")


@pytest.mark.fault("A disk that fails while an export is written")
def test_an_export_that_fails_leaves_the_old_file(snapshot, tmp_path, monkeypatch):
    path = tmp_path / "x.csv"
    path.write_text("old")

    def full(table, path):
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(WRITERS, ".csv", full)
    with pytest.raises(CatalogueError, match=r"x\.csv: cannot be written: No space left"):
        export(snapshot, path)
    assert path.read_text() == "old" and sorted(p.name for p in tmp_path.iterdir()) == ["home", "x.csv"]
