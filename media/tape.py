"""Write decoded audio frames as mono int16 at 8 kHz (and 16 kHz) on the film's clock, streaming to scratch files."""

from __future__ import annotations

import errno
from io import FileIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.layout import AudioLayout

from media.centre import silence_centre
from media.clock import LONGEST_GAP_S, Clock
from media.geometry import SAMPLE_RATE_HZ, WIDE_RATE_HZ
from media.meter import LoudnessMeter, Powers
from media.phase import in_phase
from media.resample import Resampler
from media.source import fault

GAP_S = 0.05
"""Timestamps that jump ahead by more than this become silence; smaller jumps are rounding of the container."""
BLOCK_S = 1.0
"""Frames are resampled in blocks of about this length; one call per 20 ms frame would double the cost."""

LONGEST_S = 48 * 3_600
"""Longer sound is refused: a header with a wrong rate would fill the disk."""

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})


class Tape:
    """Takes the frames of one audio track in order and writes each at its time in the film.

    A track that starts late, or whose timestamps jump ahead, is filled with silence, so that sample n is heard
    n / 8000 s after the film's start. Where the clock was reset (two recordings in one file), the sound
    continues without a gap. Frames that overlap earlier ones are appended: the track is then late until a later jump
    ahead compensates. Sample rate, layout and format may change between frames. One channel of stereo in opposite
    phase is inverted, so that the two do not cancel.
    """

    def __init__(
        self,
        media: Path,
        scratch: FileIO,
        zero_s: float,
        end_s: float | None,
        clock: Clock,
        loudness: bool,
        music: FileIO | None,
        wide: FileIO | None = None,
    ) -> None:
        """
        Args:
            media: named in errors.
            scratch: raw file, receives native int16 samples.
            zero_s: timestamp of the film's start; it changes when the clock is reset.
            end_s: declared length of the film; no silence is inserted beyond it. None: unknown.
            clock: knows whether time passes where the track is silent.
            loudness: whether to measure it (`media.meter`), which takes about as long as decoding.
            music: raw file, receives the same number of samples: the sound without the centre channel (`media.centre`).
            wide: raw file, receives the sound at WIDE_RATE_HZ: twice the number of samples.
        """
        self.n_samples = 0
        self.turned_s = 0.0
        """Seconds of stereo in opposite phase, whose right channel was turned."""
        self._meter = LoudnessMeter() if loudness else None
        self._media = media
        self._scratch = scratch
        self._music = music
        self._wide = wide
        self._rates_hz = (SAMPLE_RATE_HZ, WIDE_RATE_HZ) if wide else (SAMPLE_RATE_HZ,)
        self._n_wide = 0
        self._zero_s = zero_s
        self._end_s = end_s
        self._clock = clock
        self._clock_s = 0.0
        self._known_tick_s: float | None = None
        self._layout: AudioLayout | None = None
        self._fifo = AudioFifo()
        self._resampler: Resampler | None = None
        self._music_resampler: Resampler | None = None

    @property
    def seconds(self) -> float:
        """Length of the sound so far, including frames that wait to be resampled."""
        return self._clock_s

    def add(self, frame: AudioFrame) -> None:
        """Append a frame, after silence if its timestamp says so.

        Raises:
            MediaError: the scratch disk is full, or there is more sound than any film holds.
            av.FFmpegError: the frame's format cannot be resampled.
        """
        samples, rate = frame.samples, frame.sample_rate
        if samples == 0 or rate <= 0:
            return
        pts = frame.pts
        if pts is not None:
            at_s = pts * self._tick_s(frame) - self._zero_s
            if self._clock.is_set_anew(self._zero_s + self._clock_s, self._zero_s + at_s):
                self._zero_s += at_s - self._clock_s
                at_s = self._clock_s
            if at_s - self._clock_s > GAP_S and self._is_within(at_s):
                self._flush()
                self._write_silence(round(at_s * SAMPLE_RATE_HZ) - self.n_samples)
                self._clock_s = at_s
            frame.pts = None
        self._clock_s += samples / rate
        layout = frame.layout
        if layout != self._layout:  # the queue itself would get the number of channels wrong
            self._flush()
            self._layout = layout
        try:
            self._fifo.write(frame)
        except ValueError:  # the rate or format differs from the frames before
            self._flush()
            self._fifo.write(frame)
        if self._fifo.samples >= BLOCK_S * rate:
            self._resample(rate)

    def finish(self) -> int:
        """Write what the resampler still holds, and return the total number of samples."""
        self._flush()
        self._align_wide()
        return self.n_samples

    def powers(self) -> Powers:
        """The loudness so far (`media.meter`); empty if it is not measured."""
        return self._meter.finish() if self._meter else np.empty(0, np.float32)

    def _tick_s(self, frame: AudioFrame) -> float:
        if self._known_tick_s is None:
            self._known_tick_s = float(frame.time_base or 0)
        return self._known_tick_s

    def _is_within(self, at_s: float) -> bool:
        """Whether a jump ahead to this time is plausible; otherwise the timestamps are faulty."""
        return at_s - self._clock_s <= LONGEST_GAP_S and (self._end_s is None or at_s <= self._end_s + 1.0)

    def _flush(self) -> None:
        if self._fifo.samples:
            self._resample(self._fifo.sample_rate)
        if self._resampler:
            self._write_mix(self._resampler.finish())
        if self._music and self._music_resampler:
            self._put(self._music, self._music_resampler.finish()[0].tobytes())
        self._fifo, self._resampler, self._music_resampler = AudioFifo(), None, None

    def _resample(self, rate: int) -> None:
        self._resampler = self._resampler or Resampler(rate, *self._rates_hz)
        block = self._fifo.read()
        if block:
            if self._meter:
                self._meter.add(block)
            heard = in_phase(block)
            if heard is not block:
                self.turned_s += block.samples / rate
            self._write_mix(self._resampler.add(heard))
            if self._music:
                self._music_resampler = self._music_resampler or Resampler(rate, SAMPLE_RATE_HZ)
                silence_centre(heard)
                self._put(self._music, self._music_resampler.add(heard)[0].tobytes())

    def _write_silence(self, n_samples: int) -> None:
        if self._meter:
            self._meter.add_silence(max(n_samples, 0) / SAMPLE_RATE_HZ)
        while n_samples > 0:
            step = min(n_samples, 60 * SAMPLE_RATE_HZ)
            self._write(np.zeros(step, np.int16).tobytes())
            if self._music:
                self._put(self._music, np.zeros(step, np.int16).tobytes())
            n_samples -= step
        self._align_wide()

    def _write_mix(self, mix: list[npt.NDArray[np.int16]]) -> None:
        """Write the sound at _rates_hz."""
        self._write(mix[0].tobytes())
        if self._wide:
            self._put_wide(self._wide, mix[1].tobytes())

    def _write(self, data: bytes) -> None:
        if self.n_samples > LONGEST_S * SAMPLE_RATE_HZ:
            raise fault(self._media, "more than 48 hours of sound", "Cut it into films, or leave the file out")
        self._put(self._scratch, data)
        self.n_samples += len(data) // 2

    def _put_wide(self, wide: FileIO, data: bytes) -> None:
        self._put(wide, data)
        self._n_wide += len(data) // 2

    def _align_wide(self) -> None:
        """Fill the wide sound with silence up to twice the samples of the mix: its resampler rounds at other places."""
        while self._wide and (missing := 2 * self.n_samples - self._n_wide) > 0:
            self._put_wide(self._wide, np.zeros(min(missing, 60 * WIDE_RATE_HZ), np.int16).tobytes())

    def _put(self, scratch: FileIO, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[scratch.write(rest) or 0 :]
        except OSError as error:
            if error.errno in _FULL:
                raise fault(
                    self._media,
                    "the disk for scratch files is full",
                    "Free some space (173 MB per hour of film, 231 of one in surround)",
                ) from error
            reason = error.strerror or type(error).__name__
            raise fault(self._media, f"the scratch file cannot be written ({reason})", "Check the disk") from error
