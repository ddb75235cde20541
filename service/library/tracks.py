"""Which of a film's audio tracks is heard, as an admin sees and chooses it, and the film's other versions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from db.home import Home
from db.state.store import State
from errors import ParameterError
from film import AudioTrack
from ingest.film_parts import further_files
from media.confined import Confined
from service.rights.access import Actor


@dataclass(frozen=True)
class SoundTracks:
    """The audio tracks of a film's file."""

    tracks: tuple[AudioTrack, ...]
    heard: int
    """Number of the track that is in the catalogue, from 0."""
    chosen: int | None
    """Number of the track that a person chose; None = filmscore chooses."""


def sound_tracks(home: Home, actor: Actor, film_id: int) -> SoundTracks:
    """Read the audio tracks of a film's file.

    Raises:
        AccessError, ParameterError: not an admin; the film has no media.
        MediaError: the file cannot be opened.
    """
    actor.require_admin("see a film's sound tracks")
    with State.open(home) as state:
        media = state.media([film_id])
        chosen = state.chosen_tracks()
    if not media:
        raise ParameterError(f"film {film_id}: it has no media file. Add the file first.")
    path = Path(media[0].path)
    with Confined(home.scratch) as child:
        child.beneath = tuple({file.parent for file in (path, *further_files(path))})
        tracks = child.choose_audio_track(path).tracks
    return SoundTracks(tracks, media[0].audio_track, chosen.get(media[0].media_sha256))


def choose_track(home: Home, actor: Actor, film_id: int, audio_track: int | None) -> None:
    """Record which track of a film is to be heard, from now on; it is heard at the next analysis of the film.

    Args:
        audio_track: from 0; None: filmscore chooses.

    Raises:
        AccessError, ParameterError, MediaError: as `sound_tracks`; or the file has no such track.
    """
    found = sound_tracks(home, actor, film_id)
    if audio_track is not None and not 0 <= audio_track < len(found.tracks):
        raise ParameterError(
            f"track {audio_track}: the file has {len(found.tracks)}. Choose 0 to {len(found.tracks) - 1}."
        )
    with State.open(home) as state, state.transaction():
        state.choose_track(state.get_film(film_id).media_sha256, audio_track)
        state.audit("choose a sound track", actor.name, {"film_id": film_id, "audio_track": audio_track})


def track_name(track: AudioTrack) -> str:
    """A track in a few words: "1: eng, 6 channels, ac3, commentary"."""
    channels = f"{track.channels} channel{'s' if track.channels != 1 else ''}" if track.channels else ""
    said = (track.language, track.title, channels, track.codec, track.purpose)
    return f"{track.number}: " + ", ".join(filter(None, said))


def other_versions(home: Home, actor: Actor) -> dict[int, list[str]]:
    """film_id -> paths of the film's other versions, whose sound is not heard and which are still there."""
    actor.require_admin("see the versions of films")
    with State.open(home) as state:
        found: dict[int, list[str]] = {}
        for path, film_id in state.versions().items():
            if Path(path).exists():
                found.setdefault(film_id, []).append(path)
    return found
