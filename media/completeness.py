"""Whether a media file is all there.

Two signs are used. The container's own boxes: a last box, page or chunk that reaches beyond the end of the file
(mov and mp4, wav and avi, ogg and opus). And the clock: the header promises a length, and no packet of sound or
picture comes near its end (mkv, webm, mp4, mov, flac, mp3 with a Xing or VBRI header, flv, aiff, au, wv, tta, asf).
An audio track shorter than the picture is no fault.

What cannot be noticed, since nothing in the file says how long it should be: a cut mp3 without such a header, aac
(adts), ac3, dts, mpeg, vob and ts; a mkv or webm written live, without a length; a wav whose writer left the length
open; an ogg or fragmented mp4 cut exactly between two pages or boxes; a loss of less than one second or one percent.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream

from errors import MediaError
from media.source import fault

SHORT_S = 1.0
SHORT_SHARE = 0.01
"""A file that ends earlier than promised by more than both of these is cut off."""

_PROMISES_LENGTH = frozenset({"matroska", "mov", "flac", "flv", "aiff", "au", "wv", "tta", "asf", "w64", "caf"})
"""Formats whose length FFmpeg reads from a header; for others it is measured on what is there, or estimated."""

_OPEN_LENGTH = 0x7FFF_0000
"""RIFF sizes from here on are left by writers that could not go back to fill them in."""
_OGG_PAGE_MAX = 65_307


class Extent:
    """The length that the header promises, and how far the packets reach."""

    def __init__(self, path: Path, container: InputContainer) -> None:
        """
        Raises:
            MediaError: the container's boxes say that bytes are missing.
        """
        self._path = path
        names = set(container.format.name.split(","))
        if boxes_reach_beyond_end(path, names):
            raise _cut_off(path, "its last part is missing")
        trusted = bool(names & _PROMISES_LENGTH) or ("mp3" in names and _has_mp3_length(path))
        self.promised_s = _promised_s(container) if trusted else None
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
        """Takes note of how far a packet reaches."""
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
        if self.promised_s is None:
            return
        ends_s = [end * self._ticks_s[index] - self._zero_s for index, end in self._ends.items()]
        end_s = max(heard_s, *ends_s) if ends_s else heard_s
        if self.promised_s - end_s > max(SHORT_S, SHORT_SHARE * self.promised_s):
            raise _cut_off(self._path, f"it ends after {end_s:.1f} of {self.promised_s:.1f} s")


def looks_like_media(path: Path) -> bool:
    """Whether the first bytes are those of a known container, for a file that cannot be opened as one."""
    with path.open("rb") as file:
        head = file.read(16)
    starts = (b"\x1aE\xdf\xa3", b"RIFF", b"RF64", b"OggS", b"fLaC", b"ID3", b"FORM", b"\x30\x26\xb2\x75", b"FLV")
    return head.startswith(starts) or head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def boxes_reach_beyond_end(path: Path, formats: set[str]) -> bool:
    """Whether the last box (mp4), chunk (wav, avi) or page (ogg) of the file is incomplete."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if "mov" in formats:
            return _end_of_boxes(file, size) > size
        if "wav" in formats:
            end = _end_of_wav_data(file, size)
        elif "avi" in formats:
            end = _end_of_riffs(file, size)
        elif "ogg" in formats:
            return _end_of_last_page(file, size) > size
        else:
            return False
    # writers of wav and avi miscount by a chunk's padding or header
    return end - size > max(1_024, 0.005 * end)


def _cut_off(path: Path, detail: str) -> MediaError:
    return fault(path, f"cut off: {detail}", "Copy it again, or leave the file out")


def _is_heard_or_seen(stream: Stream) -> bool:
    return stream.type in ("audio", "video") and not stream.disposition & Disposition.attached_pic


def _promised_s(container: InputContainer) -> float | None:
    """The container's length, or that of its longest sound or picture where subtitles go on for longer."""
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


def _has_mp3_length(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(10)
        if head.startswith(b"ID3") and len(head) == 10:
            a, b, c, d = (byte & 0x7F for byte in head[6:10])
            file.seek(10 + (a << 21 | b << 14 | c << 7 | d))
        else:
            file.seek(0)
        first_frame = file.read(4_096)
    return any(tag in first_frame for tag in (b"Xing", b"Info", b"VBRI"))


def _end_of_boxes(file: BinaryIO, size: int) -> int:
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length, kind = struct.unpack_from(">I4s", head)
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack_from(">Q", head, 8)
        if length < 8 or not (kind.isascii() and kind.decode("ascii").isprintable()):
            break
        at += length
    return at


def _end_of_wav_data(file: BinaryIO, size: int) -> int:
    if file.read(4) != b"RIFF":
        return 0
    at = 12
    while at + 8 <= size:
        file.seek(at)
        kind, length = struct.unpack("<4sI", file.read(8))
        if kind == b"data":
            return 0 if length >= _OPEN_LENGTH else at + 8 + length
        at += 8 + length + length % 2
    return 0


def _end_of_riffs(file: BinaryIO, size: int) -> int:
    at = 0
    while at + 8 <= size:
        file.seek(at)
        kind, length = struct.unpack("<4sI", file.read(8))
        if kind != b"RIFF" or length == 0 or length >= _OPEN_LENGTH:
            break
        at += 8 + length + length % 2
    return at


def _end_of_last_page(file: BinaryIO, size: int) -> int:
    start = max(0, size - _OGG_PAGE_MAX)
    file.seek(start)
    tail = file.read(size - start)
    at = tail.rfind(b"OggS\0")
    if at < 0:
        return 0
    n_segments = tail[at + 26] if at + 26 < len(tail) else 0
    segments = tail[at + 27 : at + 27 + n_segments]
    return start + at + 27 + n_segments + sum(segments)
