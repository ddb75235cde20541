"""Dumps of Spotify's attributes as people have them: words, decimal commas, lists, and filmscore's own table."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from cli import app
from ingest.spotify_cells import clock_ms, genres_of, number_of, word_number
from ingest.spotify_dumps import read_dump
from ingest.spotify_tracks import COLUMNS, Track, read_tracks, write_tracks

CASES = Path(os.environ.get("FILMSCORE_DATA", "../shared/data")).parent / "cases" / "spotify"
SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
OTHER_KEYS = {"Db": 1, "E\u266d": 3, "C\u266f/D\u266d": 1, "F sharp": 6, "Cb": 11, "A minor": 9, "c# major": 1, "H": 11}
UNIT = st.none() | st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
NAME = st.sampled_from(["", "A", "=1+1", "'-x", "Åke; B, C", "['x']"])
TRACKS = st.builds(
    Track,
    duration=st.none() | st.integers(1, 9_000_000),
    artistName=NAME,
    albumName=NAME,
    trackName=NAME,
    mode=st.none() | st.integers(0, 1),
    key=st.none() | st.integers(-1, 11),
    timesignature=st.none() | st.integers(0, 7),
    loudness=st.none() | st.integers(-600, 0).map(lambda tenths: tenths / 10),
    tempo=st.none() | st.integers(0, 2500).map(lambda tenths: tenths / 10),
    danceability=UNIT,
    energy=UNIT,
    valence=UNIT,
    genres=st.lists(st.sampled_from(["rock", "r&b", "a/b", "x, y", "-core"]), max_size=5, unique=True).map(tuple),
)


def case(name: str) -> Path:
    if not CASES.exists():
        pytest.skip(f"{CASES} is not here")
    return CASES / name


def dump(folder: Path, text: str) -> Path:
    (folder / "dump.csv").write_text(text, "utf-8")
    return folder / "dump.csv"


def test_the_case_of_keys_modes_and_time_signatures_in_words() -> None:
    found = read_dump(case("features_names.csv"))
    assert [(one.key, one.mode, one.timesignature) for one in found.tracks] == [(1, 1, 4), (6, 0, 4)]


def test_the_case_of_exportify() -> None:
    [track] = read_dump(case("exportify.csv")).tracks
    assert (track.artistName, track.genres) == ("Bernard Herrmann, Joel McNeely", ("soundtrack", "classical"))
    assert (track.duration, track.trackName, track.albumName) == (247_000, "Vertigo Suite", "Vertigo")


def test_the_case_of_filmscores_own_table() -> None:
    found = read_dump(case("own_tracks.csv"))
    assert found.columns == COLUMNS
    assert list(found.tracks) == read_tracks(case("own_tracks.csv"))


def test_the_case_of_decimal_commas() -> None:
    first = read_dump(case("decimal_comma.csv")).tracks[0]
    assert (first.danceability, first.energy, first.valence, first.duration) == (0.751, 0.834, 0.894, 211_160)


def test_the_case_of_genres_with_several_separators() -> None:
    genres = [track.genres for track in read_dump(case("genres_semicolon.csv")).tracks]
    assert genres == [("rock", "pop"), ("rock", "pop"), ("r&b", "soul")]


@given(st.lists(TRACKS, min_size=1, max_size=6, unique=True))
def test_our_own_table_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, tracks: list[Track]
) -> None:
    path = tmp_path_factory.mktemp("own") / "tracks.csv"
    write_tracks(tracks, path)
    known = [track for track in tracks if track != Track()]  # a row of empty cells is no row
    assert list(read_dump(path).tracks) == known
    assert read_tracks(path) == tracks


@pytest.mark.parametrize(("name", "number"), [*zip(SHARPS, range(12), strict=True), *OTHER_KEYS.items()])
def test_a_key_in_words_is_the_number_that_spotify_has_for_it(name: str, number: int) -> None:
    assert word_number("key", name) == number


@pytest.mark.parametrize(
    ("column", "text", "number"),
    [
        ("mode", "Major", 1),
        ("mode", "MINOR", 0),
        ("mode", "maj", 1),
        ("mode", "Moll", 0),
        ("timesignature", "4/4", 4),
        ("timesignature", "3/4", 3),
        ("timesignature", "12/8", 12),
        ("key", "X", None),
        ("mode", "loud", None),
        ("timesignature", "often", None),
        ("energy", "C", None),
    ],
)
def test_a_mode_or_a_time_signature_in_words_is_a_number(column: str, text: str, number: int | None) -> None:
    assert word_number(column, text) == number


@given(st.integers(-99_999_999, 99_999_999).map(lambda hundredths: hundredths / 100))
def test_a_number_is_the_same_in_both_spellings(number: float) -> None:
    english = f"{number:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert number_of(english, decimal_comma=False) == number
    assert number_of(german, decimal_comma=True) == number


def test_thousands_stay_thousands_where_no_comma_is_decimal(tmp_path: Path) -> None:
    [track] = read_dump(dump(tmp_path, "title;energy;length\nA;80;1,412\n")).tracks
    assert (track.duration, track.energy) == (1_412_000, 0.8)


def test_a_slip_past_one_does_not_make_a_table_one_of_percents(tmp_path: Path) -> None:
    table = tmp_path / "tracks.csv"
    table.write_text("title,artist,energy,valence,instrumentalness\nA,a,1.5,0.2,0\nB,b,0.5,0.2,0\n")
    found = read_dump(table)
    assert [(track.trackName, track.energy, track.valence) for track in found.tracks] == [("B", 0.5, 0.2)]
    table.write_text("title,artist,energy,valence,instrumentalness\nA,a,15,20,0\nB,b,50,1,0\n")
    assert [(track.energy, track.valence) for track in read_dump(table).tracks] == [(0.15, 0.2), (0.5, 0.01)]


def test_minutes_and_seconds_are_a_duration(tmp_path: Path) -> None:
    clocks = [clock_ms(text) for text in ("3:31", "03:31.5", "1:02:03", "3.31")]
    assert clocks == [211_000, 211_500, 3_723_000, None]
    [track] = read_dump(dump(tmp_path, "title,artist,duration\nA,a,3:31\n")).tracks
    assert track.duration == 211_000


def test_a_short_track_is_not_taken_for_seconds_where_the_column_says_ms(tmp_path: Path) -> None:
    [track] = read_dump(dump(tmp_path, "title,duration_ms\nJingle,9000\n")).tracks
    assert track.duration == 9_000


@pytest.mark.parametrize("cell", ["rock;pop", "rock/pop", "rock, pop", "rock|pop", "['rock', 'pop']", "Rock ; Pop"])
def test_two_genres_are_two_however_they_are_separated(cell: str) -> None:
    assert genres_of(cell) == ("rock", "pop")


def run(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["spotify", "import", *arguments, "--home", str(tmp_path / "home")])


def test_an_import_of_broken_rows_only_does_not_end_as_a_success(tmp_path: Path) -> None:
    path = dump(tmp_path, "title,artist,energy\nA,a,high\nB,b,low\n")
    answer = run(tmp_path, str(path), "--json")
    assert answer.exit_code == 1
    assert [fault["line"] for fault in json.loads(answer.stdout)[0]["rejected"]] == [2, 3]
    answer = run(tmp_path, str(path))
    assert answer.exit_code == 1 and "every row is broken, nothing was added" in " ".join(answer.output.split())
    path.write_text("title,artist,energy\nA,a,high\nB,b,0.5\n")
    assert run(tmp_path, str(path)).exit_code == 0


def test_a_second_import_adds_no_track(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    write_tracks([Track(200_000, "a", trackName="A", energy=0.5), Track(trackName="B")], own)
    assert [json.loads(run(tmp_path, str(own), "--json").stdout)[0]["added"] for _ in range(2)] == [2, 0]
