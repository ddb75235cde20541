"""Write rendered films as media files of any kind with PyAV."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

from errors import ParameterError
from studio.pictures import PictureScript, add_picture, write_picture
from studio.script import RATE_HZ, Rendered
from studio.subtitling import TextStream, add_texts

CODECS = {
    ".wav": "pcm_s16le",
    ".flac": "flac",
    ".mp3": "libmp3lame",
    ".mkv": "libopus",
    ".mka": "libopus",
    ".webm": "libopus",
    ".ogg": "libopus",
    ".opus": "libopus",
    ".mp4": "aac",
    ".m4a": "aac",
    ".mov": "aac",
    ".avi": "libmp3lame",
}
"""By suffix."""

_BLOCK = 1_024


def write_media(
    rendered: Rendered | npt.NDArray[np.int16],
    path: Path,
    *,
    rate_hz: int | None = None,
    channels: int = 1,
    tracks: int = 1,
    bit_rate: int = 48_000,
    codec: str | None = None,
    texts: Sequence[TextStream] = (),
    picture: PictureScript | None = None,
) -> Path:
    """Write a rendered film as a media file.

    Args:
        rendered: a film, or (n,) int16 samples at RATE_HZ.
        path: its suffix determines container and codec (CODECS). The file is written atomically.
        rate_hz: sample rate of the file; None: 48,000 for Opus, 44,100 for MP3 and AAC, RATE_HZ otherwise.
        channels: 1 or 2; every channel holds the same sound.
        tracks: number of audio tracks; the first has the film's sound, the others are silent.
        bit_rate: bit rate of lossy codecs, in bits per second.
        codec: FFmpeg's name of the encoder; None: the container's entry in CODECS.
        texts: subtitle tracks inside the file.
        picture: the film's pictures; the container must be one of `studio.pictures.CODECS`.

    Returns:
        `path`.

    Raises:
        ParameterError: the suffix or the number of channels is not among the choices.
    """
    usual_codec = CODECS.get(path.suffix.lower())
    if usual_codec is None:
        raise ParameterError(f"{path.name}: cannot write {path.suffix!r}. Choose one of {', '.join(CODECS)}.")
    codec = codec or usual_codec
    if channels not in (1, 2):
        raise ParameterError(f"{path.name}: {channels} channels asked for. Choose 1 or 2.")
    samples = rendered.samples if isinstance(rendered, Rendered) else rendered
    usual = {"libopus": 48_000, "libmp3lame": 44_100, "aac": 44_100}
    rate = rate_hz or usual.get(codec, RATE_HZ)
    layout = "mono" if channels == 1 else "stereo"
    unfinished = path.with_name(f".{path.stem[:80]}.unfinished{path.suffix}")
    try:
        # bitexact: no random identifiers, so that equal films give equal files
        with av.open(str(unfinished), "w", options={"fflags": "+bitexact"}) as container:
            streams = []
            for _ in range(tracks):
                stream = container.add_stream(codec, rate=rate)
                assert isinstance(stream, av.AudioStream)
                stream.layout = layout
                if codec not in ("pcm_s16le", "flac"):
                    stream.bit_rate = bit_rate
                streams.append(stream)
            seen = add_picture(container, path.suffix.lower()) if picture else None
            add_texts(container, path.suffix.lower(), texts)
            if picture and seen:
                write_picture(container, seen, picture)
            for index, stream in enumerate(streams):
                own = samples if index == 0 else np.zeros_like(samples)
                _encode(container, stream, own, layout, rate)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _encode(
    container: av.container.OutputContainer,
    stream: av.AudioStream,
    samples: npt.NDArray[np.int16],
    layout: str,
    rate: int,
) -> None:
    # Encoders other than PCM and FLAC need frames of a fixed size; the resampler cuts them.
    resampler = AudioResampler(stream.format.name, layout, rate, stream.frame_size or _BLOCK)
    for start in range(0, len(samples), RATE_HZ):
        block = np.ascontiguousarray(samples[start : start + RATE_HZ])
        frame = av.AudioFrame.from_ndarray(block[None], format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        frame.pts = start
        frame.time_base = Fraction(1, RATE_HZ)
        for ready in resampler.resample(frame):
            container.mux(stream.encode(ready))
    for ready in resampler.resample(None):
        container.mux(stream.encode(ready))
    container.mux(stream.encode(None))
