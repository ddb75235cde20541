"""Decode any media file to 8 kHz mono int16 in a scratch file, and on request to 16 kHz in another. Decoding is
streamed; the whole film is never in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from io import FileIO
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

from film import AudioTrack
from media.centre import has_centre
from media.channels import views_of
from media.clock import Clock
from media.completeness import Extent
from media.geometry import SAMPLE_RATE_HZ, WIDE_RATE_HZ
from media.loudness import STEPS_PER_SECOND
from media.meter import Powers
from media.source import MEDIA_SUFFIXES, fault, looks_like_media, media_sha256, readable_size
from media.tally import Tally
from media.tape import Tape
from media.tracks import Choice, choose_track, list_bit_rates, list_tracks, undecoded_name

__all__ = ["MEDIA_SUFFIXES", "Sound", "choose_audio_track", "container_seconds", "decode", "media_sha256"]

TRIES_AT_JUNK = 64
"""Number of consecutive attempts to read on in a broken container; FFmpeg skips up to 64 kB each time."""

_PLAYLISTS = frozenset({"concat", "dash", "hls", "image2", "rtsp", "sdp"})
"""Formats that refer to other files instead of containing sound."""
_STORES_FLOATS = ("pcm_f", "wavpack")
"""Codecs whose files may contain NaN. Other decoders only produce finite values."""


@dataclass(frozen=True)
class Sound:
    """The sound of one media file at 8 kHz mono, on disk. A context manager: leaving it deletes the scratch file."""

    path: Path
    """The media file."""
    scratch: Path
    """Raw int16 in native byte order, owned by this object."""
    n_samples: int
    audio_track: int
    """0-based among the file's audio tracks."""
    tracks: tuple[AudioTrack, ...] = ()
    """All audio tracks of the file."""
    turned_s: float = 0.0
    """Seconds of stereo in opposite phase (`media.phase`), which are heard with the right channel turned."""
    powers: Powers = field(default_factory=lambda: np.empty(0, np.float32), compare=False, repr=False)
    """(about 10 a second,): how loud each tenth of a second is (`media.meter`); empty if it was not measured."""
    notes: tuple[str, ...] = ()
    """What part of the file is not heard; one line each."""
    music: Path | None = None
    """Like `scratch` and of the same length: the sound without the centre channel (`media.centre`), if the track has
    one and it was requested."""
    wide: Path | None = None
    """The mix at 16 kHz, if the track has that rate or a higher one and it was requested."""

    @property
    def duration_s(self) -> float:
        return self.n_samples / SAMPLE_RATE_HZ

    def samples(self) -> npt.NDArray[np.int16]:
        """(n_samples,) int16 at 8 kHz, memory-mapped, read-only."""
        return np.memmap(self.scratch, dtype=np.int16, mode="r", shape=(self.n_samples,))

    def music_samples(self) -> npt.NDArray[np.int16]:
        """(n_samples,) as `samples`, without the centre channel; the same as `samples` if there is none."""
        return np.memmap(self.music or self.scratch, dtype=np.int16, mode="r", shape=(self.n_samples,))

    def wide_samples(self) -> npt.NDArray[np.int16] | None:
        """(2 * n_samples,) int16 at 16 kHz, memory-mapped, read-only; None if there is none."""
        return np.memmap(self.wide, dtype=np.int16, mode="r", shape=(2 * self.n_samples,)) if self.wide else None

    def close(self) -> None:
        """Delete the scratch files. May be called twice."""
        for scratch in filter(None, (self.scratch, self.music, self.wide)):
            scratch.unlink(missing_ok=True)

    def __enter__(self) -> Sound:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def decode(
    path: Path | str,
    *,
    audio_track: int | None = None,
    scratch_dir: Path | None = None,
    on_progress: Callable[[float], None] | None = None,
    details: bool = False,
) -> Sound:
    """The sound of a media file, downmixed and resampled to 8 kHz mono.

    Sample n belongs to n / 8000 s after the film's start: a track that starts late or has gaps is filled with silence.

    Args:
        path: any container and codec that FFmpeg reads.
        audio_track: 0-based among the audio tracks; None takes the film's own sound (`media.tracks.choose_track`).
        scratch_dir: where the scratch files go (58 MB per hour; with `details` 173, and 231 with a centre), created if
            absent; None: the system's.
        on_progress: called with the share of the file read, rising from 0 to 1, about a hundred times.
        details: whether to measure the loudness (`media.meter`), and to keep the sound without the centre channel
            (`media.centre`) and the mix at 16 kHz.

    Returns:
        The open `Sound`; the caller closes it. Nothing stays on disk if this function raises, Ctrl-C included.

    Raises:
        MediaError: the file cannot be heard; `media.completeness` says which truncations are noticed.
    """
    path = Path(path)
    size = readable_size(path)
    descriptor, scratch = _open_scratch(path, scratch_dir)
    done, further = False, dict[str, Path]()

    def beside_mix(name: str, files: ExitStack) -> FileIO:
        opened, further[name] = _open_scratch(path, scratch_dir)
        return files.enter_context(FileIO(opened, "wb"))

    try:
        with FileIO(descriptor, "wb") as file, ExitStack() as files:
            try:
                with open_container(path) as container:
                    choice, stream = select_stream(path, container, audio_track)
                    context = stream.codec_context
                    music = beside_mix("music", files) if details and has_centre(context.layout) else None
                    wide = beside_mix("wide", files) if details and context.sample_rate >= WIDE_RATE_HZ else None
                    targets = _Targets(file, music, wide, details)
                    copied = _copy(path, container, stream, targets, size, on_progress)
            except av.FFmpegError as error:
                raise fault(path, f"damaged ({error.strerror})", "Copy it again, or leave the file out") from error
        if copied.n_samples == 0:
            raise fault(path, "zero seconds of sound", "Leave the file out")
        done = True
    finally:
        if not done:
            for started in (scratch, *further.values()):
                started.unlink(missing_ok=True)
    beside = further.get("music"), further.get("wide")
    return Sound(path, scratch, copied.n_samples, choice.track, choice.tracks, *copied[1:], *beside)


def choose_audio_track(path: Path | str, audio_track: int | None = None) -> Choice:
    """The audio track that `decode` would choose, and all tracks, without decoding.

    Raises:
        MediaError: the file cannot be opened as media, or has no such audio track.
    """
    path = Path(path)
    readable_size(path)
    with open_container(path) as container:
        choice = select_stream(path, container, audio_track)[0]
        return replace(choice, bit_rates=list_bit_rates(container))


def container_seconds(path: Path | str) -> float | None:
    """The running time that the container states, in seconds, or None.

    Raises:
        MediaError: the file cannot be opened as media.
    """
    path = Path(path)
    readable_size(path)
    with open_container(path) as container:
        return container.duration / av.time_base if container.duration else None


def _open_scratch(path: Path, scratch_dir: Path | None) -> tuple[int, Path]:
    folder = scratch_dir or Path(tempfile.gettempdir())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix="filmscore-", suffix=".s16", dir=folder)
    except OSError as error:
        what = f"no scratch file can be made in {folder} ({error.strerror})"
        raise fault(path, what, "Free space there, or allow writing") from error
    return descriptor, Path(name)


def open_container(path: Path) -> InputContainer:
    """Open a media file with FFmpeg. The caller closes it.

    Raises:
        MediaError: it is no media file, is damaged, or only names other files.
    """
    # "file:" keeps a name such as concat:a|b or http://x from being read as a protocol; the whitelist keeps a
    # playlist from reaching the network
    url = "file:" + str(path.absolute())
    try:
        container = av.open(url, metadata_errors="replace", options={"protocol_whitelist": "file"})
    except (av.FFmpegError, UnicodeError, ValueError) as error:
        if looks_like_media(path):
            raise fault(path, "damaged or cut off", "Copy it again, or leave the file out") from error
        raise fault(path, "We can't read this file as audio or video", "Leave the file out") from error
    if _PLAYLISTS & set(container.format.name.split(",")):
        container.close()
        raise fault(path, "a list of files, not a media file", "Name the files themselves")
    return container


def select_stream(path: Path, container: InputContainer, audio_track: int | None) -> tuple[Choice, AudioStream]:
    """The requested audio track, else the film's original sound, and all tracks.

    Raises:
        MediaError: there is no such track, or no decoder for it.
    """
    tracks = list_tracks(container)
    track = choose_track(path, tracks, audio_track)
    stream = container.streams.audio[track]
    if stream.codec_context is None:
        name = undecoded_name(container, stream)
        what = f"no decoder for {name} (audio track {track})" if name else f"no decoder for audio track {track}"
        raise fault(path, what, "Convert it, or choose another track")
    return Choice(track, tracks), stream


def _packets(container: InputContainer, is_end: Callable[[], bool]) -> Iterator[Packet[Stream]]:
    """All packets that are not empty; an empty one would end the decoding.

    Args:
        container: open, at its start.
        is_end: called when reading fails; says whether everything that the header states has been read.

    Raises:
        av.FFmpegError: reading fails many times in a row.
    """
    failures = 0
    while True:
        try:
            for packet in container.demux():
                if packet.size:
                    failures = 0
                    yield packet
            return
        except IndexError:
            # PyAV 18 trips at the end, when all packets are out, over streams that turned up in the middle (mpeg, ts)
            return
        except av.FFmpegError:
            failures += 1
            if is_end():
                return
            if failures > TRIES_AT_JUNK:
                raise


def _is_finite(frame: AudioFrame) -> bool:
    if not frame.format.name.startswith(("flt", "dbl")):
        return True
    return all(np.isfinite(channel).all() for channel in views_of(frame))


class _Copied(NamedTuple):
    """What part of a stream is in the scratch file."""

    n_samples: int
    turned_s: float
    powers: Powers
    notes: tuple[str, ...]


def refuse_encrypted(path: Path, packet: Packet[Any], what: str) -> None:
    """Refuse a stream by its first packet: FFmpeg would take what it cannot decrypt for damage, or for sound.

    Raises:
        MediaError: the packet is encrypted (CENC in mp4, mov and webm).
    """
    if packet.has_sidedata("encryption_info"):
        raise fault(path, f"{what} is encrypted", "Use a copy without encryption, or leave the file out")


@dataclass(frozen=True)
class _Targets:
    """The results of decoding a track."""

    mix: FileIO
    music: FileIO | None
    """Receives the sound without the centre channel."""
    wide: FileIO | None
    """Receives the mix at 16 kHz."""
    loudness: bool


def _copy(
    path: Path,
    container: InputContainer,
    stream: AudioStream,
    targets: _Targets,
    size: int,
    on_progress: Callable[[float], None] | None,
) -> _Copied:
    """Decode one stream to the scratch files."""
    extent, clock = Extent(path, container), Clock(container, stream)
    start_s = (container.start_time or 0) / 1e6
    tape = Tape(path, targets.mix, start_s, extent.promised_s, clock, targets.loudness, targets.music, targets.wide)
    tally = Tally(container, extent)
    tick_s = float(stream.time_base or 0)
    next_shown = 0
    last: Packet[Stream] | None = None
    may_hold_nan = stream.codec_context.name.startswith(_STORES_FLOATS)
    for packet in chain(_packets(container, lambda: extent.is_reached(tape.seconds)), [None]):
        if packet is not None:
            if on_progress and (position := packet.pos) is not None and position >= next_shown:
                on_progress(min(1.0, position / size))
                next_shown = position + size // 100
            if packet.stream_index != stream.index:
                extent.see(packet)
                clock.see(packet)
                continue
            if last is None:
                refuse_encrypted(path, packet, "its sound")
            last = packet
        try:
            frames = stream.decode(packet)
        except av.FFmpegError:
            tally.bad(tape.seconds, packet.pos if packet else None)
            continue
        tally.good((packet.duration or 0) * tick_s if packet else 0.0)
        for frame in frames:
            if may_hold_nan and not _is_finite(frame):
                raise fault(path, "samples that are no numbers (NaN or infinite)", "Export it again, or leave it out")
            tape.add(frame)
    n_samples = tape.finish()
    if last is not None:
        extent.see(last)
    extent.check(n_samples / SAMPLE_RATE_HZ)
    sound = tally.sound(n_samples / SAMPLE_RATE_HZ)
    if sound.is_damaged:
        what = f"damaged: {sound.faults} of {sound.packets} packets of sound cannot be decoded"
        raise fault(path, what, "Copy it again, or leave the file out")
    if n_samples > (n_whole := round(sound.seconds * SAMPLE_RATE_HZ)):
        n_samples = n_whole
        for scratch in filter(None, (targets.mix, targets.music)):
            scratch.truncate(2 * n_samples)
    if targets.wide:
        targets.wide.truncate(4 * n_samples)
    if on_progress:
        on_progress(1.0)
    powers = tape.powers()[: -(-n_samples * STEPS_PER_SECOND // SAMPLE_RATE_HZ)]
    notes = tally.notes(path.name, stream.codec_context.name, sound, size)
    return _Copied(n_samples, tape.turned_s, powers, notes)
