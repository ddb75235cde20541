"""Read small key frames of a film's picture, from which it is described. For the child; see `confined`.

Only key frames are decoded, at most one in two seconds, and scaled down at once, so that an hour costs seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream

from media.decode import open_container, refuse_encrypted
from media.source import fault, readable_size

EVERY_S = 2.0
"""Key frames nearer to each other than this are passed by."""
COST_A_SECOND, COST_AHEAD = 16_000, 300_000
"""Bytes of key frames decoded per second of film, and how far decoding may exceed that for a moment: large frames take
long. A thousand bytes take .1 ms of one core (`python -m bench.look`)."""
PIXELS_A_BYTE = 45
"""Decoding this many pixels costs as much as one byte of the file."""
PAIR_EVERY_S = 60.0
"""Two successive key frames are decoded at least once in this time, whatever they cost: the rate of cuts is measured in
pairs of frames that are close together."""
MOST_FRAMES = 3_600
"""Two hours of them; of a longer film every second one is kept, and so on."""
LARGER_EVERY_S = 10.0
"""How often a frame is also kept in a larger size, so that faces can be found in it."""
MOST_LARGER = 720
"""Two hours of them, 130 MB; of a longer film every second one is kept, and so on."""
LARGER_SIDE = 320
"""Pixels of a larger frame's longer side."""
WIDTH = 96
"""Pixels of a frame as it is kept; the height follows the picture's shape."""
TALLEST = 96
LARGEST_PIXELS = 8_192 * 4_320
"""A larger picture is not decoded: one frame of 16K takes more memory than the child has."""
FAULTS_IN_A_ROW = 30

_HIGH_RANGE = frozenset({16, 18})
"""Transfer functions PQ and HLG, by their numbers in ITU-T H.273."""

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Frames:
    """The key frames of a film that were looked at."""

    times_s: npt.NDArray[np.float64]
    """(n,) on the film's clock, rising"""
    pixels: Bytes
    """(n, height, width, 3) RGB"""
    aspect_ratio: float
    """Width by height of the whole picture as it is shown"""
    high_range: bool
    """HDR: its colours are taken as they are stored, without tone mapping"""
    whole: bool
    """False: the picture could not be read to its end"""
    larger: Bytes = field(default_factory=lambda: np.zeros((0, 2, 2, 3), np.uint8))
    """(m, height, width, 3) RGB: some of the frames, their longer side LARGER_SIDE"""
    larger_times_s: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    """(m,) rising"""


def look(path: Path) -> Frames | None:
    """The key frames of a media file's picture; None if it has none (no picture, a cover only, a single frame).

    Raises:
        MediaError: it cannot be opened, or has a picture that cannot be decoded.
    """
    readable_size(path)
    with open_container(path) as container:
        stream = next((one for one in container.streams.video if _is_film(one)), None)
        if stream is None:
            return None
        context = stream.codec_context
        if context is None:
            raise fault(path, "no decoder for its picture", "Convert it to see it")
        if context.width * context.height > LARGEST_PIXELS:
            raise fault(path, f"its picture of {context.width} x {context.height} is too large", "Convert it to see it")
        kept = _Kept()
        whole = _collect(path, container, stream, kept)
        if not kept.frames and not whole:
            raise fault(path, "its picture cannot be decoded", "Copy it again, or convert it")
        if len(kept.frames) < 2:
            return None
        return Frames(
            np.array(kept.times_s),
            np.stack(kept.frames),
            _aspect_ratio(stream),
            int(context.color_trc) in _HIGH_RANGE,
            whole,
            kept.larger[: len(kept.larger_times_s)],
            np.array(kept.larger_times_s),
        )


def _is_film(stream: VideoStream) -> bool:
    return not stream.disposition & (Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails)


def _aspect_ratio(stream: VideoStream) -> float:
    context = stream.codec_context
    pixel = float(context.sample_aspect_ratio or 1) or 1.0
    return context.width * pixel / max(context.height, 1)


class _Kept:
    """Stored frames, at least `every_s` apart, all of one size."""

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self.frames: list[Bytes] = []
        self.every_s = EVERY_S
        self.larger = np.zeros((0, 2, 2, 3), np.uint8)
        """Memory for MOST_LARGER frames; the system allocates only what is written."""
        self.larger_times_s: list[float] = []
        self._larger_every_s = LARGER_EVERY_S
        self._size = (0, 0)

    def is_due(self, at_s: float) -> bool:
        return not self.times_s or at_s >= self.times_s[-1] + self.every_s - 1e-3

    def add(self, at_s: float, frame: VideoFrame) -> None:
        if not self._size[0]:
            height = min(TALLEST, max(2, round(WIDTH * frame.height / max(frame.width, 1))))
            self._size = (WIDTH, height)
            scale = LARGER_SIDE / max(frame.width, frame.height)
            larger = max(2, round(frame.height * scale)), max(2, round(frame.width * scale))
            self.larger = np.empty((MOST_LARGER, *larger, 3), np.uint8)
        small = frame.reformat(*self._size, format="rgb24", interpolation=Interpolation.AREA)
        self.times_s.append(at_s)
        self.frames.append(np.ascontiguousarray(small.to_ndarray()))
        if len(self.frames) > MOST_FRAMES:
            self.times_s, self.frames = self.times_s[::2], self.frames[::2]
            self.every_s *= 2
        if not self.larger_times_s or at_s >= self.larger_times_s[-1] + self._larger_every_s - 1e-3:
            self._add_larger(at_s, frame)

    def _add_larger(self, at_s: float, frame: VideoFrame) -> None:
        count = len(self.larger_times_s)
        if count == MOST_LARGER:
            self.larger[: (count + 1) // 2] = self.larger[::2].copy()
            self.larger_times_s = self.larger_times_s[::2]
            self._larger_every_s *= 2
            count = len(self.larger_times_s)
            if at_s < self.larger_times_s[-1] + self._larger_every_s - 1e-3:
                return
        height, width = self.larger.shape[1:3]
        sized = frame.reformat(width, height, format="rgb24", interpolation=Interpolation.AREA)
        self.larger[count] = sized.to_ndarray()
        self.larger_times_s.append(at_s)


class _Due:
    """Chooses the key frames to decode by their time and cost, before they are decoded."""

    def __init__(self, pixels: int = 0) -> None:
        """
        Args:
            pixels: of a frame.
        """
        self._first_s: float | None = None
        self._last_s = -np.inf
        self._cost = 0
        self._frame = pixels // PIXELS_A_BYTE
        self._alone = False
        """Whether the last chosen frame still needs the next one to form a pair."""

    def take(self, at_s: float, size: int, every_s: float) -> bool:
        """Whether a key frame of so many bytes is decoded."""
        first_s = self._first_s = at_s if self._first_s is None else self._first_s
        waited_s, cost = at_s - self._last_s, size + self._frame
        affordable = self._cost + cost <= COST_AHEAD + COST_A_SECOND * (at_s - first_s)
        if waited_s < every_s - 1e-3 or not (affordable or self._alone or waited_s >= PAIR_EVERY_S - 1e-3):
            return False
        self._alone = not self._alone
        self._last_s = at_s
        self._cost += cost
        return True


def _collect(path: Path, container: InputContainer, stream: VideoStream, kept: _Kept) -> bool:
    """Decode the key frames that are due; whether the file could be read to its end.

    Raises:
        MediaError: the picture is encrypted.
    """
    context = stream.codec_context
    context.skip_frame = "NONKEY"
    # What the filter smooths is lost anyway when a frame is scaled down; a frame takes a sixth less time without it.
    context.options = {"skip_loop_filter": "all"}
    context.thread_count = 2
    tick_s = float(stream.time_base or 0)
    zero_s = (container.start_time or 0) / 1e6 if "matroska" not in container.format.name else 0.0
    due, faults = _Due(context.width * context.height), 0
    try:
        for packet in container.demux(stream):
            at = packet.pts if packet.pts is not None else packet.dts
            wanted = packet.is_keyframe and at is not None and due.take(at * tick_s, packet.size, kept.every_s)
            if wanted and not kept.frames:
                refuse_encrypted(path, packet, "its picture")
            if packet.size and not wanted:  # the last packet is empty: it brings the frames that are still inside
                continue
            try:
                frames = stream.decode(packet if packet.size else None)
            except av.FFmpegError:
                faults += 1
                if faults > FAULTS_IN_A_ROW:
                    return False
                continue
            faults = 0 if frames else faults
            for frame in frames:
                at_s = (frame.pts if frame.pts is not None else at or 0) * tick_s - zero_s
                if kept.is_due(at_s):
                    kept.add(at_s, frame)
    except (av.FFmpegError, IndexError):
        return False
    return faults == 0
