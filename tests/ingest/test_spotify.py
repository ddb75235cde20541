"""Spotify's dumps, its Web API, hyper-genres and balanced sets."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spotipy import SpotifyException

from errors import MetadataError, ParameterError
from film import GENRES
from ingest.hyper_genres import hyper_genre, read_mapping, table_5
from ingest.hyper_genres_proposal import agreement, propose, write_mapping, write_review
from ingest.spotify_balance import balance, level
from ingest.spotify_cells import genres_of
from ingest.spotify_dumps import read_dump
from ingest.spotify_fetch import client_from_environment, fetch_tracks
from ingest.spotify_tracks import COLUMNS, Track, read_tracks, write_tracks

DATA = Path(os.environ.get("FILMSCORE_DATA", "../shared/data"))


def dump(name: str) -> Path:
    path = DATA / "spotify" / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path


def test_table_6_has_21_columns() -> None:
    assert len(COLUMNS) == 21
    assert {"genre01", "genre05", "timesignature", "tempo", "trackName"} <= set(COLUMNS)


def test_songs_normalize_loses_its_59_duplicates() -> None:
    songs = read_dump(dump("songs_normalize.csv"))
    assert (songs.rows, songs.duplicates, len(songs.tracks), songs.without_genre) == (2000, 59, 1941, 22)
    assert songs.faults == ()
    first = songs.tracks[0]
    assert (first.trackName, first.artistName, first.duration) == ("Oops!...I Did It Again", "Britney Spears", 211160)
    assert (first.danceability, first.instrumentalness, first.genres) == (0.751, 1.77e-05, ("pop",))


def test_spotify_2000_is_scaled_to_one_and_to_milliseconds() -> None:
    songs = read_dump(dump("Spotify-2000.csv"))
    assert len(songs.tracks) == 1994
    first = songs.tracks[0]
    assert (first.trackName, first.energy, first.danceability, first.duration) == ("Sunrise", 0.3, 0.53, 201_000)
    longest = max(track.duration or 0 for track in songs.tracks)
    assert longest == 1_412_000
    assert all(0 <= (track.valence or 0) <= 1 for track in songs.tracks)


def test_averages_by_genre_have_a_genre_and_no_name() -> None:
    means = read_dump(dump("data_by_genres.csv"))
    assert (len(means.tracks), means.without_genre) == (2664, 1)
    assert means.tracks[0].genres == ("432hz",)
    assert not any(track.trackName for track in means.tracks)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("rock, pop", ("rock", "pop")),
        ("['Hard Rock', 'metal']", ("hard rock", "metal")),
        ("set()", ()),
        ("[]", ()),
        ("a, b, c, d, e, f", ("a", "b", "c", "d", "e")),
    ],
)
def test_genres_of_a_cell(cell: str, names: tuple[str, ...]) -> None:
    assert genres_of(cell) == names


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "none of its columns is known"),
        ("", "none of its columns is known"),
        ('title,energy\n"x,1\n', "Correct the quotes"),
    ],
)
def test_a_file_that_is_no_dump_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "dump.csv"
    path.write_text(text)
    with pytest.raises(MetadataError, match=message):
        read_dump(path)


def test_broken_rows_of_a_dump_are_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "dump.csv"
    path.write_text("title,artist,energy,key\nA,a,0.5,3\nB,b,high,3\nC,c,0.1\nD,d,0.2,77\n")
    found = read_dump(path)
    assert [track.trackName for track in found.tracks] == ["A"]
    assert [fault.line for fault in found.faults] == [3, 4, 5]
    assert "energy 'high' is not a number" in found.faults[0].fault


def test_tracks_are_read_as_they_were_written(tmp_path: Path) -> None:
    tracks = [
        Track(200_000, 'Åke, "Q"', 1, "An album", -7.5, 4, 0.1, 0.2, trackName="x;y", genres=("a", "b"), tempo=90.5)
    ]
    write_tracks(tracks, tmp_path / "tracks.csv")
    assert read_tracks(tmp_path / "tracks.csv") == tracks


def test_no_track_runs_as_a_formula_and_numbers_stay_numbers(tmp_path: Path) -> None:
    tracks = [Track(loudness=-7.5, trackName="=1+1", artistName="+44", albumName="'-1", genres=("@home", "-core"))]
    write_tracks(tracks, tmp_path / "tracks.csv", ["rock"])
    text = (tmp_path / "tracks.csv").read_text()
    assert "'=1+1" in text and "'+44" in text and ",-7.5," in text
    assert read_tracks(tmp_path / "tracks.csv") == tracks


# hyper-genres


def test_a_sub_genre_that_looks_like_a_formula_is_kept_as_it_is(tmp_path: Path) -> None:
    write_mapping({"=1+1": "rock", "'-core": "metal"}, tmp_path / "own.csv")
    assert "'=1+1,rock" in (tmp_path / "own.csv").read_text()
    assert read_mapping(tmp_path / "own.csv") == {"=1+1": "rock", "'-core": "metal"}


def test_table_5_is_whole() -> None:
    mapping = table_5()
    assert len(mapping) == 379
    assert set(mapping.values()) == set(GENRES)
    original = DATA / "hyper_genres.csv"
    if original.exists():
        assert mapping == read_mapping(original)


def test_a_track_has_the_hyper_genre_of_most_of_its_sub_genres() -> None:
    mapping = table_5()
    assert hyper_genre(["blues-rock", "classic rock", "hard rock"], mapping) == "rock"
    assert hyper_genre(["Baroque", "classic rock"], mapping) == "classical"
    assert hyper_genre(["unheard of"], mapping) is None


def test_a_foreign_hyper_genre_is_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    path.write_text("sub_genre,hyper_genre\nx,rock\ny,polka\n")
    with pytest.raises(MetadataError, match="line 3: 'polka' is no hyper-genre"):
        read_mapping(path)


def test_proposals_are_reviewed_in_a_file_and_repeat_with_the_seed(tmp_path: Path) -> None:
    names = ["norwegian black metal", "deep house revival", "polka", "blues"]
    proposals = propose(names, table_5(), seed=1)
    assert proposals == propose(names, table_5(), seed=1)
    assert {one.sub_genre for one in proposals} == set(names) - {"blues"}
    assert next(one for one in proposals if "metal" in one.sub_genre).hyper_genre == "metal"
    write_review(proposals, tmp_path / "review.csv")
    reviewed = read_mapping(tmp_path / "review.csv")
    assert reviewed["norwegian black metal"] == "metal"


def test_k_means_agrees_with_table_5_far_above_chance() -> None:
    agreed = agreement(table_5(), seed=0)
    assert agreed.names == 379
    assert agreed.thesis_procedure > 0.35
    assert agreed.held_out > 0.5


# balanced sets


def some_tracks(n: int) -> list[Track]:
    return [
        Track(duration=121_000 + i, trackName=f"t{i}", artistName="a", valence=(i % 100) / 100, genres=("blues",))
        for i in range(n)
    ]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_balanced_sets_are_balanced_and_share_no_track(seed: int) -> None:
    tracks = some_tracks(400)
    doubled = tracks + [Track(150_000, "A", trackName=track.trackName, valence=track.valence) for track in tracks[:50]]
    sets = balance(doubled, "valence", {}, seed=seed, n_train=60, n_test=30)
    assert Counter(sets.train_labels) == {0: 20, 1: 20, 2: 20}
    assert Counter(sets.test_labels) == {0: 10, 1: 10, 2: 10}
    assert not {track.identity for track in sets.train} & {track.identity for track in sets.test}
    assert len({track.identity for track in sets.train}) == 60
    assert all(level(track.valence or 0) == label for track, label in zip(sets.train, sets.train_labels, strict=True))


def test_the_seed_decides_the_draw() -> None:
    tracks = some_tracks(400)
    one, again, other = (balance(tracks, "valence", {}, seed=s, n_train=60, n_test=30) for s in (1, 1, 2))
    assert one == again
    assert one != other


@pytest.mark.parametrize(("value", "expected"), [(0.0, 0), (0.3299, 0), (0.33, 1), (0.6599, 1), (0.66, 2), (1.0, 2)])
def test_levels_are_cut_at_a_third_and_two(value: float, expected: int) -> None:
    assert level(value) == expected


def test_too_few_tracks_of_a_class_are_counted_in_the_error() -> None:
    with pytest.raises(MetadataError, match="genre: too few tracks for training: blues has 50, rock has 0"):
        balance(some_tracks(100), "genre", table_5(), seed=0)
    with pytest.raises(ParameterError, match="loudness: no such attribute"):
        balance([], "loudness", {}, seed=0)


def test_tracks_of_two_minutes_or_less_are_left_out() -> None:
    short = [Track(120_000, trackName=f"t{i}", valence=0.5) for i in range(100)]
    with pytest.raises(MetadataError, match="negative has 0, neutral has 0, positive has 0"):
        balance(short, "valence", {}, seed=0, n_train=3, n_test=3)


# the Web API


class FakeSpotify:
    """Answers as the Web API does; `features_status` other than 200 refuses audio features."""

    def __init__(self, features_status: int = 200, tracks_status: int = 200, artists_status: int = 200) -> None:
        self.status = {"tracks": tracks_status, "artists": artists_status, "features": features_status}
        self.batches: list[int] = []

    def _check(self, what: str) -> None:
        if self.status[what] != 200:
            raise SpotifyException(self.status[what], -1, f"https://api.spotify.com/v1/{what}: refused")

    def tracks(self, tracks: list[str]) -> Any:
        self._check("tracks")
        self.batches.append(len(tracks))
        return {
            "tracks": [
                None
                if one == "gone"
                else {
                    "name": f"Song {one}",
                    "duration_ms": 200_000,
                    "album": {"name": "Album"},
                    "artists": [{"id": "a1", "name": "Artist"}],
                }
                for one in tracks
            ]
        }

    def artists(self, artists: list[str]) -> Any:
        self._check("artists")
        return {"artists": [{"id": one, "genres": ["baroque", "classical"]} for one in artists]}

    def audio_features(self, tracks: list[str]) -> Any:
        self._check("features")
        return [{"energy": 0.5, "valence": 0.25, "danceability": 0.75, "time_signature": 3, "key": 6} for _ in tracks]


def test_everything_that_spotify_gives_is_kept() -> None:
    client = FakeSpotify()
    found = fetch_tracks(client, [f"t{i}" for i in range(120)])
    assert client.batches == [50, 50, 20]
    assert found.notes == ()
    assert len(found.tracks) == 120
    first = found.tracks[0]
    assert (first.trackName, first.genres, first.energy, first.timesignature) == (
        "Song t0",
        ("baroque", "classical"),
        0.5,
        3,
    )


def test_403_for_audio_features_is_said_plainly_and_the_rest_is_kept() -> None:
    found = fetch_tracks(FakeSpotify(features_status=403), ["t1", "t2"])
    [note] = found.notes
    assert "403" in note
    assert "filmscore spotify import" in note
    assert [track.trackName for track in found.tracks] == ["Song t1", "Song t2"]
    assert found.tracks[0].genres == ("baroque", "classical")
    assert found.tracks[0].energy is None


def test_unknown_tracks_and_missing_genres_are_noted() -> None:
    found = fetch_tracks(FakeSpotify(artists_status=429), ["t1", "gone"])
    assert len(found.tracks) == 1
    assert any("gone: unknown to Spotify" in note for note in found.notes)
    assert any("artists' genres" in note for note in found.notes)


def test_refused_credentials_are_an_error() -> None:
    with pytest.raises(MetadataError, match="credentials are refused"):
        fetch_tracks(FakeSpotify(tracks_status=401), ["t1"])


def test_missing_credentials_name_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPOTIPY_CLIENT_ID", raising=False)
    monkeypatch.setenv("SPOTIPY_CLIENT_SECRET", "x")
    with pytest.raises(ParameterError, match=r"^SPOTIPY_CLIENT_ID: not set"):
        client_from_environment()
