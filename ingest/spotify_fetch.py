"""Tracks from Spotify's Web API with spotipy: metadata, artists' genres and, where Spotify still gives them, features.

Since November 2024 new applications get HTTP 403 for audio features: that is said, and what else came is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

import requests
from spotipy import Spotify, SpotifyClientCredentials, SpotifyException
from spotipy.oauth2 import SpotifyOauthError

from db.secret_files import secret
from errors import MetadataError, ParameterError
from ingest.spotify_tracks import UNIT_COLUMNS, Track

CLIENT_ID, CLIENT_SECRET = "SPOTIPY_CLIENT_ID", "SPOTIPY_CLIENT_SECRET"
_BATCH = 50
_TIMEOUT_S = 20
T = TypeVar("T")


class Client(Protocol):
    """What is used of spotipy.Spotify; tests bring their own."""

    def tracks(self, tracks: list[str]) -> Any: ...

    def artists(self, artists: list[str]) -> Any: ...

    def audio_features(self, tracks: list[str]) -> Any: ...


@dataclass(frozen=True)
class FetchedTracks:
    """What came, in the order asked; `notes` say what did not, and why."""

    tracks: tuple[Track, ...]
    notes: tuple[str, ...] = ()


def client_from_environment() -> Client:
    """A client with the credentials of the environment, or of the files that it names.

    Raises:
        ParameterError: SPOTIPY_CLIENT_ID or SPOTIPY_CLIENT_SECRET is not set; as `secret`.
    """
    client_id, client_secret = secret(CLIENT_ID), secret(CLIENT_SECRET)
    lacking = [name for name, value in ((CLIENT_ID, client_id), (CLIENT_SECRET, client_secret)) if not value]
    if lacking:
        raise ParameterError(
            f"{' and '.join(lacking)}: not set. Make an application at developer.spotify.com and set both, or read a "
            "public dump with `filmscore spotify import CSV`."
        )
    login = SpotifyClientCredentials(client_id, client_secret, requests_timeout=_TIMEOUT_S)
    client: Client = Spotify(auth_manager=login, requests_timeout=_TIMEOUT_S, retries=2)
    return client


def fetch_tracks(client: Client, ids: Sequence[str], on_progress: Callable[[int], None] | None = None) -> FetchedTracks:
    """Metadata, genres and audio features of tracks.

    Raises:
        MetadataError: the tracks themselves cannot be had (wrong credentials, no network, too many requests).
    """
    found: dict[str, Mapping[str, Any]] = {}
    notes: list[str] = []
    asked = list(dict.fromkeys(ids))
    for batch in _batches(asked):
        try:
            answer = client.tracks(batch)
        except _FAILURES as error:
            if not found:
                raise MetadataError(f"Spotify: {_why(error)}") from error
            notes.append(f"Spotify: {_why(error)} {len(asked) - len(found)} tracks did not come.")
            break
        found.update(zip(batch, answer.get("tracks", []), strict=False))
        if on_progress:
            on_progress(len(found))
    unknown = [one for one in asked if one in found and not found[one]]
    if unknown:
        notes.append(f"{', '.join(unknown)}: unknown to Spotify. Check these ids.")
    known = {one: track for one, track in found.items() if track}
    genres = _genres(client, known, notes)
    features = _features(client, list(known), notes)
    tracks = [_track(track, genres, features.get(one) or {}) for one, track in known.items()]
    return FetchedTracks(tuple(tracks), tuple(notes))


_FAILURES = (SpotifyException, SpotifyOauthError, requests.RequestException)


def _why(error: Exception) -> str:
    status = getattr(error, "http_status", None)
    if isinstance(error, SpotifyOauthError) or status == 401:
        return f"the credentials are refused. Check {CLIENT_ID} and {CLIENT_SECRET}."
    if status == 429:
        return "too many requests (HTTP 429). Wait, then run again."
    if status is not None:
        return f"HTTP {status}."
    return f"out of reach ({type(error).__name__}). Check the network."


def _batches(items: Sequence[T]) -> Iterator[list[T]]:
    for start in range(0, len(items), _BATCH):
        yield list(items[start : start + _BATCH])


def _artist_ids(track: Mapping[str, Any]) -> list[str]:
    return [artist["id"] for artist in track.get("artists") or [] if artist.get("id")]


def _genres(client: Client, tracks: Mapping[str, Mapping[str, Any]], notes: list[str]) -> dict[str, list[str]]:
    """Artist id -> sub-genres."""
    wanted = list(dict.fromkeys(artist for track in tracks.values() for artist in _artist_ids(track)))
    genres: dict[str, list[str]] = {}
    for batch in _batches(wanted):
        try:
            for artist in client.artists(batch).get("artists", []):
                if artist:
                    genres[artist["id"]] = list(artist.get("genres") or [])
        except _FAILURES as error:
            notes.append(f"Spotify, artists' genres: {_why(error)} The tracks are kept without them.")
            break
    return genres


def _features(client: Client, ids: Sequence[str], notes: list[str]) -> dict[str, Mapping[str, Any]]:
    features: dict[str, Mapping[str, Any]] = {}
    for batch in _batches(ids):
        try:
            features.update(zip(batch, client.audio_features(batch) or [], strict=False))
        except _FAILURES as error:
            if getattr(error, "http_status", None) in (403, 404, 410):
                notes.append(
                    "Spotify gives no audio features to this application (HTTP 403 to applications made after "
                    "27 November 2024). Names, durations and genres are kept; for danceability, energy and valence "
                    "read a public dump with `filmscore spotify import CSV`."
                )
            else:
                notes.append(f"Spotify, audio features: {_why(error)} The tracks are kept without them.")
            break
    return features


def _track(track: Mapping[str, Any], genres: Mapping[str, list[str]], features: Mapping[str, Any]) -> Track:
    artists = track.get("artists") or []
    names = dict.fromkeys(genre for artist in _artist_ids(track) for genre in genres.get(artist, []))
    base = Track(
        duration=track.get("duration_ms"),
        artistName=artists[0].get("name", "") if artists else "",
        albumName=(track.get("album") or {}).get("name", ""),
        trackName=track.get("name", ""),
        genres=tuple(names)[:5],
    )
    heard: dict[str, Any] = {name: features.get(name) for name in (*UNIT_COLUMNS, "loudness", "mode", "key", "tempo")}
    return replace(base, **heard, timesignature=features.get("time_signature"))
