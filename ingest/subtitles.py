"""Subtitles of a film: those beside it and those inside it, which of them is read, and what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from errors import MediaError
from film import Cue, TextTrack
from ingest.languages import language_code
from media.confined import Confined
from media.source import MEDIA_SUFFIXES
from media.subtitles import TEXT_SUFFIXES, purposes

PICTURE_SUFFIXES = (".idx", ".sup")
"""Files with pictures of text (VobSub, PGS); a `.sub` belongs to its `.idx`, or counts frames and is not read."""
FOLDERS = frozenset({"subs", "sub", "subtitles", "subtitle"})
"""Folders beside a film that hold its subtitles."""
MOST_FILES = 200
"""So many files of subtitles are looked at for one film."""

BEYOND_END_S = 60.0
"""Subtitles that go on for longer than this after the film's end belong to another cut."""
EDGE_CUES = 5
"""Thanks and advertisements of those who wrote the subtitles stand among the first and the last so many."""

_SEPARATORS = re.compile(r"[\s._\-()\[\]{}]+")
_ADDRESS = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|org|net|info|tv)\b", re.IGNORECASE)
_CREDIT = re.compile(
    r"\b(?:subtitles?|subs?|captions?|captioned|synce?d?|synchronized|corrected|corrections|translated|translation|"
    r"transcript|encoded|ripped|downloaded|resync(?:ed)?|untertitel|sous-titres|traduction|subtítulos|sottotitoli|"
    r"legendas|napisy|titulky)\b.{0,40}(?:\b(?:by|from|von|par|por|di|da|made|visiontext)\b|:)|opensubtitles|subscene|"
    r"addic7ed|podnapisi|yify|\byts\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Subtitles:
    """The subtitles of one film."""

    tracks: tuple[TextTrack, ...] = ()
    """All that there are, files first; those that are pictures too."""
    chosen: TextTrack | None = None
    """The one that was read."""
    cues: tuple[Cue, ...] = ()
    """Its cues by their start; without advertisements."""
    language: str = ""
    """The language of the cues: as the text is, else as the track says."""
    warning: str = ""
    """What is wrong with them; empty = nothing."""


def subtitles_beside(media: Path) -> tuple[TextTrack, ...]:
    """The subtitle files of a film, by name, with what their names say of them.

    A file belongs to a film if its name begins with the film's (`Heat.mkv`, `Heat.en.forced.srt`). In a folder that
    holds no other film every subtitle file does, and so do those in its folder Subs or Subtitles.
    """
    files = _listed(media.parent)
    others = [path for path in files if path.suffix.lower() in MEDIA_SUFFIXES and path.stem != media.stem]
    found = [path for path in files if _belongs(path, media, others)]
    for folder in (path for path in files if path.name.casefold() in FOLDERS and path.is_dir()):
        inside = _listed(folder)
        own = [path for path in inside if path.name.casefold() == media.stem.casefold() and path.is_dir()]
        found += [path for path in inside if _belongs(path, media, others)]
        found += [path for one in own for path in _listed(one) if _is_subtitle(path)]
    return tuple(_described(path, media) for path in found[:MOST_FILES])


def find_subtitles(media: Path, child: Confined) -> tuple[TextTrack, ...]:
    """All subtitles of a film: the files beside it, then the tracks inside it.

    Raises:
        MediaError: the film cannot be opened.
    """
    inside = (replace(track, language=_code_or_name(track.language)) for track in child.text_tracks(media))
    return (*subtitles_beside(media), *inside)


def choose(tracks: Sequence[TextTrack], originals: Sequence[str] = ()) -> TextTrack | None:
    """The subtitles that say what the film says, or None.

    The language of the film comes first, then English, then what has no language, then the others. Forced subtitles and
    those of a commentary are never taken; plain ones come before those that tell sounds too, files before tracks.

    Args:
        tracks: of one film.
        originals: the film's own languages, as the metadata write them.
    """
    wanted = [code for code in (language_code(name) for name in originals) if code]
    order = {code: place for place, code in reversed(list(enumerate([*wanted, "en", ""])))}
    readable = [track for track in tracks if track.is_text and not (track.forced or track.commentary)]

    def rank(track: TextTrack) -> tuple[int, bool, bool]:
        return order.get(track.language, len(order) + 1), track.hearing_impaired, not track.default

    return min(readable, key=rank, default=None)


def read_subtitles(
    media: Path, child: Confined, *, duration_s: float | None = None, originals: Sequence[str] = ()
) -> Subtitles:
    """Find a film's subtitles and read the chosen ones. A fault in them is a warning, never an error.

    Args:
        media: the film.
        child: opens all files.
        duration_s: of the film, to tell subtitles of another cut; None: not known.
        originals: as in `choose`.
    """
    try:
        tracks = find_subtitles(media, child)
    except MediaError as error:
        return Subtitles(subtitles_beside(media), warning=str(error))
    chosen = choose(tracks, originals)
    if chosen is None:
        return Subtitles(tracks)
    source = Path(chosen.path) if chosen.path else media
    try:
        said = child.read_subtitles(source, chosen.number, chosen.language)
    except MediaError as error:
        return Subtitles(tracks, chosen, warning=f"its subtitles are left: {error}")
    cues = without_credits(said.cues)
    return Subtitles(
        tracks, chosen, cues, said.spoken or chosen.language, _doubt(source, cues, said.dropped, duration_s)
    )


def without_credits(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """The cues that the film says: none with an address, and no thanks or advertisements at its edges."""

    def is_credit(place: int, cue: Cue) -> bool:
        at_edge = place < EDGE_CUES or place >= len(cues) - EDGE_CUES
        text = " ".join(cue.text.split())
        return bool(_ADDRESS.search(text)) or (at_edge and bool(_CREDIT.search(text)))

    return tuple(cue for place, cue in enumerate(cues) if not is_credit(place, cue))


def _code_or_name(name: str) -> str:
    """The code of a language, or the name itself where we have no code for it."""
    return language_code(name) or name.strip()


def _doubt(source: Path, cues: Sequence[Cue], dropped: int, duration_s: float | None) -> str:
    last_s = max((cue.end_s for cue in cues), default=0.0)
    if duration_s is not None and last_s > duration_s + BEYOND_END_S:
        beyond = f"{(last_s - duration_s) / 60:.0f} min"
        return f"{source.name}: its subtitles go on for {beyond} after the film's end; they may be of another cut"
    if dropped > max(10, len(cues) // 10):
        return f"{source.name}: {dropped:,} of its subtitles are left, which have no text or impossible times"
    return ""


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError:
        return []


def _is_subtitle(path: Path) -> bool:
    return path.suffix.lower() in (*TEXT_SUFFIXES, *PICTURE_SUFFIXES) and path.is_file()


def _belongs(path: Path, media: Path, others: Sequence[Path]) -> bool:
    if not _is_subtitle(path):
        return False
    if not others:
        return True
    named = [film for film in (media, *others) if _rest(path, film) is not None]
    return bool(named) and max(named, key=lambda film: len(film.stem)) == media


def _rest(path: Path, media: Path) -> str | None:
    """What a subtitle file's name says after the film's; None: it is not named after it."""
    stem, film = path.stem, media.stem
    if not stem.casefold().startswith(film.casefold()):
        return None
    rest = stem[len(film) :]
    return rest if not rest or _SEPARATORS.match(rest) else None


def _described(path: Path, media: Path) -> TextTrack:
    rest = _rest(path, media)
    words = [word for word in _SEPARATORS.split(path.stem if rest is None else rest) if word]
    if rest is None:  # not named after the film, as in a folder of its own: only what its end says counts
        words = words[_first_telling(words) :]
    codes = [code for code in map(language_code, words) if code]
    language = next((code for code in reversed(codes) if code != "hi"), codes[0] if codes else "")
    if language == "hi":  # "Film.hi.srt" is Hindi, "Film.en.hi.srt" for the hearing impaired
        words = [word for word in words if word.casefold() != "hi"]
    suffix = path.suffix.lower()
    return TextTrack(
        path=str(path),
        language=language,
        title=" ".join(words),
        codec=suffix[1:],
        is_text=suffix in TEXT_SUFFIXES,
        default="default" in map(str.casefold, words),
        **purposes(" ".join(words)),
    )


def _first_telling(words: Sequence[str]) -> int:
    """Where the last words begin of which each is a language, a purpose or a number."""
    first = len(words)
    while first and (
        language_code(words[first - 1]) or any(purposes(words[first - 1]).values()) or words[first - 1].isdecimal()
    ):
        first -= 1
    return first
