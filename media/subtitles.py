"""Subtitles of a file beside the film, or of a text track inside it, as plain cues. For the child; see `confined`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import av
import pysubs2
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle
from charset_normalizer import from_bytes

from film import Cue, TextTrack
from media.decode import open_container
from media.geometry import LATEST_S
from media.source import fault, readable_size

LARGEST_FILE_BYTES = 10_000_000
"""A film's subtitles have some 100 kB; styled ones up to a few MB."""
MOST_CUES = 50_000
"""A film has about 1,500."""
LONGEST_LINE, LONGEST_TEXT = 5_000, 2_000
"""Characters; more is cut off."""
MOST_CHARACTERS = 5_000_000

TEXT_SUFFIXES = (".srt", ".ass", ".ssa", ".vtt")
_TEXT_CODECS = frozenset({"srt", "subrip", "ass", "ssa", "webvtt", "mov_text", "text"})

_ENCODINGS = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859_2", "koi8_r"),
    *("gb18030", "big5", "shift_jis", "cp949", "cp874"),
]
_ENCODINGS_OF = {
    "ar": ["cp1256"], "bg": ["cp1251"], "cs": ["cp1250"], "el": ["cp1253"], "fa": ["cp1256"], "he": ["cp1255"],
    "hr": ["cp1250"], "hu": ["cp1250"], "ja": ["shift_jis", "euc_jp"], "ko": ["cp949"], "lt": ["cp1257"],
    "lv": ["cp1257"], "et": ["cp1257"], "mk": ["cp1251"], "pl": ["cp1250", "iso8859_2"], "ro": ["cp1250"],
    "ru": ["cp1251", "koi8_r"], "sk": ["cp1250"], "sl": ["cp1250"], "sr": ["cp1250", "cp1251"], "th": ["cp874"],
    "tr": ["cp1254"], "uk": ["cp1251", "koi8_r"], "vi": ["cp1258"], "zh": ["gb18030", "big5"],
}  # fmt: skip
"""What files without a byte order mark are written in where they are not UTF-8; other languages have cp1252."""
_WESTERN = frozenset({"da", "de", "en", "es", "fi", "fr", "is", "it", "nl", "no", "pt", "sv"})

_TAG = re.compile(r"<[^<>]{0,300}>|\{[^{}]{0,1000}\}")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_NO_CUES = re.compile(r"(?:NOTE|STYLE|REGION)\b")
_DRAWING = re.compile(r"\\p[1-9]")


@dataclass(frozen=True)
class Text:
    """What a subtitle file or track says."""

    cues: tuple[Cue, ...]
    """By their start."""
    dropped: int = 0
    """Cues without text, or whose times are no span of a film."""


def list_text_tracks(path: Path) -> tuple[TextTrack, ...]:
    """The subtitle tracks inside a media file, in its order; a language as the container writes it.

    Raises:
        MediaError: the file cannot be opened as media.
    """
    readable_size(path)
    with open_container(path) as container:
        return tuple(_describe(number, stream) for number, stream in enumerate(container.streams.subtitles))


def read_text_track(path: Path, number: int) -> Text:
    """The cues of a text track inside a media file, on the film's clock.

    Raises:
        MediaError: there is no such track, it holds no text, or none of it can be read.
    """
    readable_size(path)
    with open_container(path) as container:
        streams = container.streams.subtitles
        if not 0 <= number < len(streams) or not _describe(number, streams[number]).is_text:
            raise fault(path, f"no text track {number}", "Choose another")
        return _checked(path, _decoded(path, container, streams[number]))


def read_subtitle_file(path: Path, language: str = "") -> Text:
    """The cues of a subtitle file (srt, ass, ssa, vtt).

    Args:
        path: the file.
        language: two letters, where its name says it: helps to tell its encoding.

    Raises:
        MediaError: too large, no text, or no cue can be read.
    """
    size = readable_size(path)
    if size > LARGEST_FILE_BYTES:
        raise fault(path, f"{size / 1e6:.0f} MB, too large for subtitles", "Remove it")
    text = decoded_text(path, path.read_bytes(), language)
    lines = [line[:LONGEST_LINE] for line in text.splitlines()]
    text = "\n".join(lines)
    if path.suffix.lower() == ".vtt":
        text = "\n\n".join(part for part in _PARAGRAPH.split(text) if not _NO_CUES.match(part.lstrip()))
    try:
        events = pysubs2.SSAFile.from_string(text, format_=path.suffix.lower()[1:])
    except (pysubs2.Pysubs2Error, ValueError, LookupError, NotImplementedError, OverflowError) as error:
        raise fault(path, "no subtitles can be read in it", "Save it as srt in UTF-8, or remove it") from error
    cues = _checked(
        path,
        (Cue(event.start / 1000, event.end / 1000, "" if event.is_comment else plain(event.text)) for event in events),
    )
    if not cues.cues:
        raise fault(path, "no subtitles can be read in it", "Save it as srt in UTF-8, or remove it")
    return cues


def decoded_text(path: Path, data: bytes, language: str = "") -> str:
    """A text whose encoding nobody says: by its byte order mark, else UTF-8, else what suits its bytes and language.

    Raises:
        MediaError: these are no characters.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\0" in data[:10_000]:
        raise fault(path, "binary, not text", "Remove it, or save it as srt in UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        choices = ["cp1252"] if language in _WESTERN else _ENCODINGS_OF.get(language, _ENCODINGS)
        best = from_bytes(data, cp_isolation=choices).best()
    if best is None:
        return data.decode(choices[0], "replace")
    return str(best)


def plain(text: str) -> str:
    """What is read on the screen: no override codes, no HTML, no drawings."""
    if _DRAWING.search(text):
        return ""
    for written, meant in (("\\N", "\n"), ("\\n", "\n"), ("\\h", " "), ("&nbsp;", " "), ("&amp;", "&")):
        text = text.replace(written, meant)
    text = _TAG.sub("", text)
    lines = (" ".join(line.split()) for line in text[:LONGEST_TEXT].splitlines())
    return "\n".join(line for line in lines if line)


def _describe(number: int, stream: SubtitleStream) -> TextTrack:
    tags = {key.lower(): value for key, value in stream.metadata.items()}
    codec = stream.codec_context.name if stream.codec_context else ""
    told = stream.disposition
    title = tags.get("title") or tags.get("name") or ""
    track = TextTrack(
        number=number,
        language=tags.get("language", "").replace("und", ""),
        title=title.strip(),
        codec=codec,
        default=bool(told & Disposition.default),
        is_text=codec in _TEXT_CODECS,
    )
    by_title = purposes(title)
    return replace(
        track,
        forced=bool(told & Disposition.forced) or by_title["forced"],
        hearing_impaired=bool(told & (Disposition.hearing_impaired | Disposition.captions))
        or by_title["hearing_impaired"],
        commentary=bool(told & Disposition.comment) or by_title["commentary"],
    )


_PURPOSES = {
    "forced": re.compile(
        r"\b(?:forced|foreign(?: parts)?|signs?(?: ?(?:&|and) ?songs?)?|forc[ée]s?|forzat[oi]|erzwungen)\b", re.I),
    "hearing_impaired": re.compile(r"\b(?:sdh|cc|hi|hearing[ -]impaired|hard of hearing|closed captions?|hoh)\b", re.I),
    "commentary": re.compile(r"comment(?:ary|aries|aires?\b)|kommentar|comentario", re.I),
}  # fmt: skip


def purposes(words: str) -> dict[str, bool]:
    """Which of forced, hearing_impaired, commentary a title or the end of a file's name says."""
    return {name: bool(pattern.search(words)) for name, pattern in _PURPOSES.items()}


def _decoded(path: Path, container: InputContainer, stream: SubtitleStream) -> Iterator[Cue]:
    for other in container.streams:
        if other.index != stream.index:
            other.discard = Discard.all
    zero_s = (container.start_time or 0) / 1e6 if "matroska" not in container.format.name else 0.0
    packets = failures = 0
    try:
        for packet in container.demux(stream):
            if not packet.size or packet.pts is None or packet.time_base is None:
                continue
            packets += 1
            start_s = float(packet.pts * packet.time_base) - zero_s
            end_s = start_s + float((packet.duration or 0) * packet.time_base)
            try:
                shown = stream.codec_context.decode2(packet) or ()
            except av.FFmpegError:
                failures += 1
                continue
            for one in shown:
                if isinstance(one, AssSubtitle):
                    yield Cue(start_s, end_s, plain((one.dialogue or one.text).decode("utf-8", "replace")))
    except (av.FFmpegError, IndexError):
        pass  # what came before the damage counts
    if failures and failures == packets:
        raise fault(path, f"none of the {packets} subtitles of its text track can be decoded", "Choose another")


def _checked(path: Path, cues: Iterable[Cue]) -> Text:
    """The cues that have text and a span inside a film of two days, by their start."""
    kept: list[Cue] = []
    dropped = characters = 0
    for cue in cues:
        characters += len(cue.text)
        if len(kept) + dropped >= MOST_CUES or characters > MOST_CHARACTERS:
            raise fault(path, f"more than {len(kept) + dropped:,} subtitles, which no film has", "Remove them")
        times = math.isfinite(cue.start_s) and math.isfinite(cue.end_s)
        if times and 0 <= cue.start_s < cue.end_s <= LATEST_S and cue.text:
            kept.append(cue)
        else:
            dropped += 1
    return Text(tuple(sorted(kept, key=lambda cue: (cue.start_s, cue.end_s))), dropped)


def spoken_language(texts: Sequence[str]) -> str:
    """The language of some lines, two letters of ISO 639-1; "" for too few of them to tell."""
    sample = " ".join(" ".join(texts).split())[:5_000]
    if len(sample) < 60:
        return ""
    import py3langid  # its model of 5 MB is unpacked when it is first asked

    return str(py3langid.classify(sample)[0])
