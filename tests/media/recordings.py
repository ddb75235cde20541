"""Small media files with a known sound, written with PyAV for the tests of decoding."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

LAYOUTS = {1: "mono", 2: "stereo", 3: "2.1", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1", 12: "7.1.4"}


@dataclass(frozen=True)
class Recording:
    """What to write: one row of the contract test's table."""

    name: str
    codec: str
    rate_hz: int = 48_000
    channels: int = 2
    video: str = ""
    tracks: int = 1
    seconds: float = 6.0
    starts_s: float = 0.0
    clock_s: float = 0.0
    """Timestamp of the start of sound and picture."""
    silent_s: tuple[float, float] | None = None
    """From, to: no packets are written for this part."""
    default_track: int | None = None
    flags: dict[int, av.stream.Disposition] = field(default_factory=dict)
    """What a track is flagged as besides default."""
    titles: dict[int, str] = field(default_factory=dict)
    video_seconds: float = 0.0
    sample_format: str = ""
    options: dict[str, str] = field(default_factory=dict)
    container: str | None = None


def tone_hz(track: int) -> int:
    return 440 + 300 * track


def tone(seconds: float, rate_hz: int, track: int = 0) -> npt.NDArray[np.float32]:
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return (0.4 * np.sin(2 * np.pi * tone_hz(track) * t)).astype(np.float32)


def write(folder: Path, recording: Recording) -> Path:
    """Every track is a tone of its own pitch, equal in all channels."""
    path = folder / recording.name
    with av.open(str(path), "w", format=recording.container, options=recording.options) as out:
        audio = [_add_audio(out, recording) for _ in range(recording.tracks)]
        if recording.default_track is not None:
            for number, stream in enumerate(audio):
                chosen = number == recording.default_track
                stream.disposition = av.stream.Disposition.default if chosen else av.stream.Disposition(0)
        for number, flag in recording.flags.items():
            audio[number].disposition |= flag
        for number, title in recording.titles.items():
            audio[number].metadata["title"] = title
        video = None
        if recording.video:
            video = out.add_stream(recording.video, rate=25)
            video.width = video.height = 64
            video.pix_fmt = "yuv420p"
            if recording.video == "libvpx":
                video.options = {"deadline": "realtime", "cpu-used": "8"}
        resamplers = [av.AudioResampler(s.format, s.layout, s.rate, s.frame_size or None) for s in audio]
        n_seconds = int(np.ceil(max(recording.seconds, recording.video_seconds)))
        for second in range(n_seconds):
            if video is not None and second < (recording.video_seconds or recording.seconds):
                _write_pictures(out, video, second, recording.clock_s)
            for number, (stream, resampler) in enumerate(zip(audio, resamplers, strict=True)):
                for frame in _frames(recording, number, second):
                    for resampled in resampler.resample(frame):
                        out.mux(stream.encode(resampled))
        for stream, resampler in zip(audio, resamplers, strict=True):
            for resampled in resampler.resample(None):
                out.mux(stream.encode(resampled))
            out.mux(stream.encode(None))
        if video is not None:
            out.mux(video.encode(None))
    return path


def _add_audio(out: av.container.OutputContainer, recording: Recording) -> av.AudioStream:
    stream = out.add_stream(recording.codec, rate=recording.rate_hz, layout=LAYOUTS[recording.channels])
    if recording.sample_format:
        stream.codec_context.format = recording.sample_format
    return stream


def _frames(recording: Recording, track: int, second: int) -> list[av.AudioFrame]:
    rate = recording.rate_hz
    if recording.silent_s and recording.silent_s[0] <= second < recording.silent_s[1]:
        return []
    sound = tone(recording.seconds, rate, track)[second * rate : (second + 1) * rate]
    if sound.size == 0:
        return []
    samples = np.tile(sound, (recording.channels, 1))
    # interleaved: PyAV fills no more than seven planes
    frame = av.AudioFrame.from_ndarray(
        samples.T.reshape(1, -1).copy(), format="flt", layout=LAYOUTS[recording.channels]
    )
    frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
    frame.pts = second * rate + round((recording.starts_s + recording.clock_s) * rate)
    return [frame]


def _write_pictures(out: av.container.OutputContainer, video: av.VideoStream, second: int, clock_s: float) -> None:
    rng = np.random.default_rng(second)
    for number in range(25):
        picture = av.VideoFrame.from_ndarray(rng.integers(0, 255, (96, 64), dtype=np.uint8), format="yuv420p")
        picture.pts, picture.time_base = second * 25 + number + round(clock_s * 25), Fraction(1, 25)
        out.mux(video.encode(picture))


def pitch_hz(samples: npt.NDArray[np.int16]) -> float:
    """The strongest frequency."""
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64) * np.hanning(samples.size)))
    return float(spectrum.argmax() * 8_000 / samples.size)


def rms(samples: npt.NDArray[np.int16]) -> float:
    """Of full scale."""
    return float(np.sqrt(np.mean((samples / 2**15) ** 2)))
