"""Check whether a media file is complete.

Three signs are used. The container's pieces: the last box, page or chunk extends beyond the end of the file (fragmented
mp4, wav and avi, ogg and opus). Its tables: they place packets beyond the end of the file (mp4, mov). And the clock:
the header states a length, and no packet of sound or picture comes near its end (mkv, webm, mp4, mov, flac, mp3 with a
Xing, Info or VBRI frame, flv, aiff, au, wv, ape, tta, asf). An audio track shorter than the picture is not an error.
Anything after the stated length (a tag, a cover, junk) is not part of the sound.

Some truncations cannot be detected, because nothing in the file says how long it should be: mp3 without such a header,
aac (adts), ac3, dts, mpeg, vob and ts; mkv or webm written live, without a length; wav whose writer left the length
open; ogg or fragmented mp4 cut exactly between two pages or boxes; and a loss of less than one second or one percent.
"""

from __future__ import annotations

from pathlib import Path

from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream

from errors import MediaError
from media.boxes import boxes_reach_beyond_end, mp3_seconds
from media.source import fault

SHORT_S = 1.0
SHORT_SHARE = 0.01
"""A file that ends earlier than its header states by more than both of these is truncated."""

_PROMISES_LENGTH = frozenset({"matroska", "mov", "flac", "flv", "aiff", "au", "wv", "tta", "asf", "w64", "caf", "ape"})
"""Formats whose length FFmpeg reads from a header. For others, FFmpeg measures or estimates the length."""

REACHED_S = 0.25
"""A track that ends this close to its stated end is complete: encoders pad the last packet."""


class Extent:
    """The length that the header states, and how far the packets reach."""

    def __init__(self, path: Path, container: InputContainer) -> None:
        """
        Raises:
            MediaError: the container's boxes say that bytes are missing.
        """
        self._path = path
        names = set(container.format.name.split(","))
        if boxes_reach_beyond_end(path, names):
            raise _cut_off(path, "its last part is missing")
        if "mov" in names:
            _check_tables(path, container)
        self.promised_s = mp3_seconds(path) if "mp3" in names else None
        if names & _PROMISES_LENGTH:
            self.promised_s = _promised_s(container)
        """Seconds after the film's start at which sound and picture should end; None: not known."""
        start_s = (container.start_time or 0) / 1e6
        self._zero_s = 0.0 if "matroska" in names else start_s
        self._ticks_s = {
            stream.index: float(stream.time_base)
            for stream in container.streams
            if stream.time_base and _is_heard_or_seen(stream)
        }
        self._ends = dict.fromkeys(self._ticks_s, 0)

    def see(self, packet: Packet[Stream]) -> None:
        """Record how far a packet reaches."""
        index = packet.stream_index
        pts = packet.pts
        if pts is not None and index in self._ends:
            self._ends[index] = max(self._ends[index], pts + (packet.duration or 0))

    def check(self, heard_s: float) -> None:
        """
        Args:
            heard_s: seconds of sound that were decoded, for formats whose packets carry no time.

        Raises:
            MediaError: all packets end earlier than promised.
        """
        if self.promised_s is not None and not self._is_within(end_s := self._end_s(heard_s)):
            raise _cut_off(self._path, f"it ends after {end_s:.1f} of {self.promised_s:.1f} s")

    def is_reached(self, heard_s: float) -> bool:
        """Whether the sound or the packets so far reach the stated length, so that anything after them is not part of
        the file."""
        return self.promised_s is not None and self._is_within(self._end_s(heard_s))

    def is_heard_whole(self, heard_s: float) -> bool:
        """As `is_reached`, and to the end: by the sound alone, and by REACHED_S."""
        return self.promised_s is not None and heard_s > self.promised_s - REACHED_S

    def _end_s(self, heard_s: float) -> float:
        ends_s = [end * self._ticks_s[index] - self._zero_s for index, end in self._ends.items()]
        return max(heard_s, *ends_s) if ends_s else heard_s

    def _is_within(self, end_s: float) -> bool:
        promised_s = self.promised_s or 0.0
        return promised_s - end_s <= max(SHORT_S, SHORT_SHARE * promised_s)


def _cut_off(path: Path, detail: str) -> MediaError:
    return fault(path, f"cut off: {detail}", "Copy it again, or leave the file out")


def _check_tables(path: Path, container: InputContainer) -> None:
    """
    Raises:
        MediaError: the tables of an mp4 or mov place a track's last packets behind the end of the file.
    """
    size = path.stat().st_size
    for stream in container.streams:
        entries = stream.index_entries
        n_all = n_there = len(entries)
        while n_there and entries[n_there - 1].pos + entries[n_there - 1].size > size:
            n_there -= 1
        if n_there < n_all and _is_heard_or_seen(stream):
            raise _cut_off(path, f"{n_all - n_there} of {n_all} packets of its {stream.type} are missing")


def _is_heard_or_seen(stream: Stream) -> bool:
    return stream.type in ("audio", "video") and not stream.disposition & Disposition.attached_pic


def _promised_s(container: InputContainer) -> float | None:
    """The container's length, or that of its longest audio or video stream if subtitles last longer."""
    if not container.duration or container.duration < 0:
        return None
    whole_s = container.duration / 1e6
    lengths_s = [_stream_length_s(stream) for stream in container.streams if _is_heard_or_seen(stream)]
    known_s = [s for s in lengths_s if s is not None]
    return min(whole_s, max(known_s)) if known_s and len(known_s) == len(lengths_s) else whole_s


def _stream_length_s(stream: Stream) -> float | None:
    if stream.duration is not None and stream.duration > 0 and stream.time_base:
        return float(stream.duration * stream.time_base)
    try:
        hours, minutes, seconds = stream.metadata["DURATION"].split(":")
        return int(hours) * 3_600 + int(minutes) * 60 + float(seconds)
    except (KeyError, ValueError):
        return None
