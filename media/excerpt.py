"""A few seconds of a film's sound as a small file to listen to: full bandwidth, stereo, at one loudness."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.layout import AudioLayout
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer

from media.decode import open_container, select_stream
from media.loudness import RATE_HZ, Stereo, levelled
from media.source import fault, readable_size

LONGEST_S = 30.0
SHORTEST_S = 1.0

KINDS: dict[str, tuple[str, str, int]] = {
    "m4a": ("ipod", "aac", 160_000),
    "webm": ("webm", "libopus", 128_000),
    "wav": ("wav", "pcm_s16le", 0),
}
"""Format of an excerpt -> FFmpeg's names of container and codec, and bits per second."""
QUICK = {"libopus": {"compression_level": "5"}, "aac": {"aac_coder": "fast"}}
"""A codec -> options that turn off searches which take most of its time and gain little at these rates."""
MEDIA_TYPES = {"m4a": "audio/mp4", "webm": "audio/webm", "wav": "audio/wav"}

_LEAD_S = 0.5
"""Decoded before the excerpt and dropped: the first frames after a jump into a file may be incomplete."""
_LATE_S = 1.0
"""If a seek ends later than this after the requested time, the file is decoded from its start instead."""
_GAP_S = 0.1
"""Timestamps that jump by more are gaps of the track; smaller jumps are rounding."""
_PACKETS_WITHOUT_SOUND = 50_000
"""So many packets of the track that give no frame in the excerpt are enough to give it up: minutes of sound."""


def write_excerpt(
    path: Path, target: Path, *, start_s: float, seconds: float, kind: str, audio_track: int | None
) -> None:
    """Cut an excerpt out of a media file.

    Args:
        path: the media file; only the requested part is read.
        target: the file to write.
        start_s: on the film's clock, as runs are.
        seconds: SHORTEST_S to LONGEST_S; the excerpt is shorter if the film ends earlier.
        kind: one of KINDS.
        audio_track: 0-based; None takes the film's own sound.

    Raises:
        MediaError: not media, no sound, damaged at this place, or the film ends before it.
    """
    readable_size(path)
    try:
        with open_container(path) as container:
            _, stream = select_stream(path, container, audio_track)
            samples = _cut(path, container, stream, start_s, seconds)
            if samples is None:
                with open_container(path) as again:
                    _, stream = select_stream(path, again, audio_track)
                    samples = _cut(path, again, stream, start_s, seconds, from_start=True)
    except av.FFmpegError as error:
        raise fault(path, f"damaged ({error.strerror})", "Copy it again") from error
    assert samples is not None
    _encode(target, kind, levelled(samples))


def _cut(
    path: Path, container: InputContainer, stream: AudioStream, start_s: float, seconds: float, from_start: bool = False
) -> Stereo | None:
    """(n, 2) float32 at RATE_HZ; None: the jump into the file landed behind the place.

    Raises:
        MediaError: as `write_excerpt`.
    """
    length_s = container.duration / av.time_base if container.duration else None
    if length_s is not None and start_s >= length_s:
        raise _past_end(path, length_s)
    zero_s = (container.start_time or 0) / av.time_base
    if not from_start:
        try:
            container.seek(int((zero_s + max(0.0, start_s - _LEAD_S)) * av.time_base))
        except av.FFmpegError:
            return None
    take = _Take(start_s, seconds)
    first = True
    for frame in _frames(path, container, stream):
        at_s = None if frame.pts is None else float(frame.pts * (frame.time_base or 0)) - zero_s
        if first and not from_start and start_s > _LEAD_S and (at_s is None or at_s > start_s + _LATE_S):
            return None
        first = False
        if not take.add(frame, at_s):
            break
    samples = take.finish()
    if not len(samples):
        if first and length_s is not None and start_s < length_s - 1.0:
            raise fault(path, "no sound can be decoded at this place", "Copy the file again, or choose another scene")
        raise _past_end(path, length_s)
    if not np.isfinite(samples).all():
        raise fault(path, "samples that are no numbers (NaN or infinite)", "Export it again")
    return samples


def _frames(path: Path, container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """The frames of a stream from here on; packets that cannot be decoded are left out."""
    without = 0
    for packet in container.demux(stream):
        if not packet.size:
            continue
        try:
            frames = stream.decode(packet)
        except av.FFmpegError:
            frames = []
        without = 0 if frames else without + 1
        if without > _PACKETS_WITHOUT_SOUND:
            raise fault(path, "no sound can be decoded at this place", "Copy the file again")
        yield from frames
    yield from stream.decode(None)


def _past_end(path: Path, length_s: float | None) -> Exception:
    length = "" if length_s is None else f" after {int(length_s) // 60}:{int(length_s) % 60:02d} minutes"
    return fault(path, f"its sound ends{length}, before this place", "Choose an earlier one")


class _Take:
    """Puts frames on a tape of stereo sound, each at the time when it is played."""

    def __init__(self, start_s: float, seconds: float) -> None:
        self._start_s, self._end_s = start_s, start_s + seconds
        self._tape = np.zeros((round(seconds * RATE_HZ), 2), np.float32)
        self._filled = 0
        """Number of samples on the tape up to the last one that contains sound."""
        self._resampler: AudioResampler | None = None
        self._form: tuple[int, AudioLayout, str] | None = None
        self._next_s: float | None = None
        """When the next frame begins, if no time is lost between."""
        self._at = 0
        """Where the resampler's next sample belongs, from the tape's start."""

    def add(self, frame: AudioFrame, at_s: float | None) -> bool:
        """Take a frame that begins at `at_s` (None: behind the last one); False: the tape is full."""
        if not frame.samples or frame.sample_rate <= 0:
            return True
        if at_s is None:
            at_s = self._next_s or 0.0
        if at_s >= self._end_s:
            return False
        ends_s = at_s + frame.samples / frame.sample_rate
        if ends_s < self._start_s - _LEAD_S:
            self._next_s = ends_s
            return True
        form = (frame.sample_rate, frame.layout, frame.format.name)
        jumps = self._next_s is None or abs(at_s - self._next_s) > _GAP_S
        if self._resampler is None or jumps or form != self._form:
            self._flush()
            self._resampler, self._form = AudioResampler("flt", "stereo", RATE_HZ), form
            self._at, self._next_s = round((at_s - self._start_s) * RATE_HZ), at_s
        frame.pts = None
        self._put(frame)
        assert self._next_s is not None
        self._next_s += frame.samples / frame.sample_rate
        return True

    def finish(self) -> Stereo:
        """The samples taken, up to the last sound."""
        self._flush()
        return self._tape[: self._filled]

    def _flush(self) -> None:
        if self._resampler is not None:
            self._put(None)

    def _put(self, frame: AudioFrame | None) -> None:
        assert self._resampler is not None
        for made in self._resampler.resample(frame):
            sound = made.to_ndarray().reshape(-1, 2)
            begin, end = max(self._at, 0), min(self._at + len(sound), len(self._tape))
            if begin < end:
                self._tape[begin:end] = sound[begin - self._at : end - self._at]
                self._filled = max(self._filled, end)
            self._at += len(sound)


def _encode(target: Path, kind: str, samples: Stereo) -> None:
    form, codec, bit_rate = KINDS[kind]
    options = {"movflags": "faststart"} if kind == "m4a" else {}
    with av.open(str(target), "w", format=form, options=options) as out:
        stream = cast(AudioStream, out.add_stream(codec, rate=RATE_HZ, layout="stereo", options=QUICK.get(codec, {})))
        if bit_rate:
            stream.bit_rate = bit_rate
        if codec == "pcm_s16le":
            whole = np.rint(np.clip(samples, -1, 1) * 32_767).astype(np.int16)
            frame = AudioFrame.from_ndarray(whole.reshape(1, -1), "s16", "stereo")
        else:
            frame = AudioFrame.from_ndarray(samples.reshape(1, -1), "flt", "stereo")
        frame.sample_rate = RATE_HZ
        frame.pts = 0
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            out.mux(packet)
