"""Choose which of a file's audio tracks is the film's original sound."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from av import logging
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition

from film import AudioTrack
from media.source import fault

_FLAGS = (
    (Disposition.comment, "commentary"),
    (Disposition.visual_impaired, "audio description"),
    (Disposition.descriptions, "audio description"),
    (Disposition.hearing_impaired, "for the hearing impaired"),
)
# fmt: off
_TITLES = (
    (re.compile(
        r"comment(?:ary|aries|s\b|aires?\b|ato\b|i\b)|comentarios?\b|kommenta[ra]|解説|评论|コメンタリー", re.I),
     "commentary"),
    (re.compile(
        r"audio[ -]?d[ei]s[ck]ri|d[ei]s[ck]ripti(?:ve|on)\b.*(?:audio|video|sound)|video descri|described|descriptive"
        r"|\bDVS\b|(?-i:\bAD\b)|h(?:ö|oe)rfilm|visual(?:ly)?[ -]impaired|autodescri|syntolk", re.I),
     "audio description"),
    (re.compile(r"hearing[ -]impaired|hard of hearing|clean audio", re.I), "for the hearing impaired"),
)
# fmt: on
_NAMES = ("title", "name", "handler_name")
"""The tags in which containers keep a track's title."""


@dataclass(frozen=True)
class Choice:
    """The chosen track, and all tracks."""

    track: int
    """0-based among the file's audio tracks."""
    tracks: tuple[AudioTrack, ...]
    bit_rates: tuple[int, ...] = ()
    """Bits per second of each track, 0 if the container does not say; empty if nobody asked."""


def list_tracks(container: InputContainer) -> tuple[AudioTrack, ...]:
    """The audio tracks as the container describes them, in its order."""
    return tuple(_describe(number, stream) for number, stream in enumerate(container.streams.audio))


def choose_track(path: Path, tracks: Sequence[AudioTrack], audio_track: int | None = None) -> int:
    """The number of the track that is asked for, else the film's own sound.

    A commentary, an audio description or a mix for the hearing impaired is taken only where there is nothing else. Of
    the rest the one that the container marks as default is taken, else the first.

    A track without a decoder comes behind those of its kind that have one.

    Args:
        path: named in errors.
        tracks: of the file.
        audio_track: 0-based number of the wanted track; None: the film's own sound.

    Raises:
        MediaError: there is no audio track, or none of that number.
    """
    if not tracks:
        raise fault(path, "no audio track", "Add one, or leave the file out")
    if audio_track is not None:
        if 0 <= audio_track < len(tracks):
            return audio_track
        count = "1 audio track" if len(tracks) == 1 else f"{len(tracks)} audio tracks"
        raise fault(path, f"no audio track {audio_track}, it has {count}", f"Choose 0 to {len(tracks) - 1}")
    return min(tracks, key=lambda track: (bool(track.purpose), not track.codec, not track.default, track.number)).number


def undecoded_name(container: InputContainer, stream: AudioStream) -> str:
    """FFmpeg's name of a codec that it knows but cannot decode, else the container's tag; "" if there is neither."""
    level = logging.get_level()
    logging.set_level(logging.INFO)  # else the text is empty
    try:
        text = container.dumps_format()  # type: ignore[attr-defined]
    finally:
        logging.set_level(level)
    said = re.search(rf"^ *Stream #\d+:{stream.index}\b.*?: Audio: (\w+)(?: \((\S+) /)?", text, re.MULTILINE)
    if not said:
        return ""
    return (said[2] or "") if said[1] == "none" else said[1]


def _describe(number: int, stream: AudioStream) -> AudioTrack:
    tags = {key.lower(): value for key, value in stream.metadata.items()}
    context = stream.codec_context
    return AudioTrack(
        number=number,
        language=tags.get("language", "").replace("und", ""),
        title=next((tags[name].strip() for name in ("title", "name") if tags.get(name)), ""),
        codec=context.name if context else "",
        channels=context.channels if context else 0,
        default=bool(stream.disposition & Disposition.default),
        purpose=_purpose(stream.disposition, tags),
    )


def list_bit_rates(container: InputContainer) -> tuple[int, ...]:
    """Bits per second of the audio tracks in the container's order; 0 where it does not say."""
    return tuple(_bit_rate(stream) for stream in container.streams.audio)


def _bit_rate(stream: AudioStream) -> int:
    """From the codec, or from Matroska's statistics tag."""
    said = stream.codec_context.bit_rate if stream.codec_context else 0
    tags = {key.lower(): value for key, value in stream.metadata.items()}
    tagged = tags.get("bps", "") or tags.get("bps-eng", "")
    return max(0, said or 0) or (int(tagged) if tagged.isascii() and tagged.isdigit() else 0)


def _purpose(disposition: Disposition, tags: dict[str, str]) -> str:
    for flag, purpose in _FLAGS:
        if disposition & flag:
            return purpose
    for name in _NAMES:
        for pattern, purpose in _TITLES:
            if pattern.search(tags.get(name, "")):
                return purpose
    return ""
