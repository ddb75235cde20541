"""The length of a media file according to its own bytes: boxes, chunks, pages, and the first frame of an mp3."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

_OPEN_LENGTH = 0x7FFF_0000
"""Writers that cannot seek back to fill in the RIFF size leave a value from here on."""
_OGG_PAGE_MAX = 65_307
_FRAGMENT_BOXES = frozenset({b"moof", b"mdat", b"moov", b"sidx", b"styp", b"mfra", b"emsg", b"prft"})
"""The boxes of a fragmented mp4. Anything else at its end is not part of it (a tag, junk)."""
_MP3_RATES_HZ = (44_100, 48_000, 32_000)
_MP3_RATE_DIVISORS = {3: 1, 2: 2, 0: 4}
"""By the two bits of the version: MPEG 1, 2 and 2.5."""


def boxes_reach_beyond_end(path: Path, formats: set[str]) -> bool:
    """Whether the last box (fragmented mp4), chunk (wav, avi) or page (ogg) of the file is incomplete.

    The tables of other mp4 and mov files say where each packet lies (`media.completeness`); their last box may claim
    too much.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        if "mov" in formats:
            end, is_fragmented = _end_of_boxes(file, size)
            return is_fragmented and end > size
        if "wav" in formats:
            end = _end_of_wav_data(file, size)
        elif "avi" in formats:
            end = _end_of_riffs(file, size)
        elif "ogg" in formats:
            return _end_of_last_page(file, size) > size
        else:
            return False
    # some writers of wav and avi miscount by a chunk's padding or header
    return end - size > max(1_024, 0.005 * end)


def mp3_seconds(path: Path) -> float | None:
    """The length that the first frame of an mp3 states (Xing, Info or VBRI), or None.

    FFmpeg gives another one where there are more bytes than the frame says, a cover behind the sound for instance.
    """
    with path.open("rb") as file:
        head = file.read(10)
        start = 0
        if head.startswith(b"ID3") and len(head) == 10:
            a, b, c, d = (byte & 0x7F for byte in head[6:10])
            start = 10 + (a << 21 | b << 14 | c << 7 | d)
        file.seek(start)
        frame = file.read(4_096)
    n_frames = _n_frames(frame)
    sync = frame.find(b"\xff")
    if n_frames is None or sync < 0 or sync + 3 > len(frame):
        return None
    version, rate_index = frame[sync + 1] >> 3 & 3, frame[sync + 2] >> 2 & 3
    if version == 1 or rate_index == 3:
        return None
    rate_hz = _MP3_RATES_HZ[rate_index] / _MP3_RATE_DIVISORS[version]
    return n_frames * (1_152 if version == 3 else 576) / rate_hz


def _n_frames(frame: bytes) -> int | None:
    at = frame.find(b"VBRI")
    if at >= 0:
        at += 14
    else:
        at = max(frame.find(b"Xing"), frame.find(b"Info"))
        if at < 0 or at + 8 > len(frame) or not frame[at + 7] & 1:
            return None
        at += 8
    return int.from_bytes(frame[at : at + 4], "big") if at + 4 <= len(frame) else None


def _end_of_boxes(file: BinaryIO, size: int) -> tuple[int, bool]:
    """Where the last box ends according to its own size, and whether the file is fragmented."""
    at = 0
    is_fragmented = False
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length, kind = struct.unpack_from(">I4s", head)
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack_from(">Q", head, 8)
        if length < 8 or not (kind.isascii() and kind.decode("ascii").isprintable()):
            break
        if at + length > size and kind not in _FRAGMENT_BOXES:
            break
        is_fragmented = is_fragmented or kind == b"moof"
        at += length
    return at, is_fragmented


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
