"""Subtitles of rendered films: as files beside them, and as tracks inside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.stream import Disposition
from av.subtitles.codeccontext import SubtitleCodecContext
from av.subtitles.subtitle import SubtitleSet

from film import Cue

CODECS = {".mkv": "subrip", ".mp4": "mov_text", ".mov": "mov_text", ".webm": "webvtt"}
"""Encoder by suffix of the media file."""

_TICK = Fraction(1, 1000)
_HEADER = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
"""Header that FFmpeg's text encoders require."""


@dataclass(frozen=True)
class TextStream:
    """A text track to write."""

    cues: tuple[Cue, ...]
    language: str = ""
    """Language code of the container: eng, ger."""
    title: str = ""
    forced: bool = False
    hearing_impaired: bool = False
    codec: str = ""
    """FFmpeg's name of the encoder; empty: the container's entry in CODECS."""


def as_srt(cues: Sequence[Cue]) -> str:
    """Cues as the text of an .srt file."""
    return "\n".join(
        f"{number}\n{_clock(cue.start_s)} --> {_clock(cue.end_s)}\n{cue.text}\n" for number, cue in enumerate(cues, 1)
    )


def write_srt(cues: Sequence[Cue], path: Path) -> Path:
    """Write cues as an .srt file in UTF-8 and return its path."""
    path.write_text(as_srt(cues), encoding="utf-8", newline="\n")
    return path


def add_texts(container: av.container.OutputContainer, suffix: str, texts: Sequence[TextStream]) -> None:
    """Add text tracks to a file that is being written; its other streams must have been added and still be empty."""
    streams = []
    for text in texts:
        stream = container.add_stream(text.codec or CODECS[suffix])
        stream.time_base = _TICK
        if text.language:
            stream.metadata["language"] = text.language
        if text.title:
            stream.metadata["title"] = text.title
        if text.forced:
            stream.disposition |= Disposition.forced
        if text.hearing_impaired:
            stream.disposition |= Disposition.hearing_impaired
        encoder = stream.codec_context
        assert isinstance(encoder, SubtitleCodecContext)
        encoder.subtitle_header = _HEADER.encode()
        streams.append((stream, encoder, text))
    for stream, encoder, text in streams:
        for number, cue in enumerate(text.cues):
            start, length = round(cue.start_s * 1000), round((cue.end_s - cue.start_s) * 1000)
            line = f"{number},0,Default,,0,0,0,,{cue.text}".replace("\n", "\\N")
            packet = encoder.encode_subtitle(SubtitleSet.create(text=line.encode(), start=0, end=length, pts=start))
            packet.stream, packet.time_base = stream, _TICK
            packet.pts = packet.dts = start
            packet.duration = length
            container.mux(packet)


def _clock(at_s: float) -> str:
    ms = round(at_s * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"
