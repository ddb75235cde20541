"""Versions of one film: the same title and year side by side, as 2160p, director's cut, 3D, {edition-...}."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path

from db.titles import fold
from errors import MediaError
from ingest.matching_names import title_keys
from ingest.track_language import speaks, track_in
from media.confined import Confined

_BEFORE_YEAR = re.compile(r"^(?P<title>.*?\w)[ ._\-]*[ ._(\[](?P<year>(?:18|19|20)\d\d)(?!\d)[)\]]?(?P<label>.*)$")
_YEARS = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")
_NUMBERED = re.compile(r"(?<![a-z])(?:vol(?:ume)?|part|pt|chapter|episode|ep|teil|parte|partie)[ ._-]*\w", re.I)
"""Instalments are films of their own, not versions."""
_LABEL_WORDS = re.compile(
    r"\d{3,4}[pi]|[1-9]|[248]k|uhd|fhd|hd|sd|sdr|hdr(?:10)?|plus|dv|dolby|vision|remux|blu|ray|bluray|bd|bdrip|brrip|dvd"
    r"|dvdrip|web|webdl|webrip|dl|hdtv|[xh]?26[45]|h|x|hevc|avc|av1|xvid|divx|vc1|(?:8|10|12)bit|3d|2d|h?sbs|h?ou|h?tab"
    r"|half|full|aac|ac3|e?ac3|dts|dtshd|ma|truehd|atmos|flac|ddp?|dd5|ddp5|directors?|s|cut|extended|theatrical|unrated"
    r"|uncut|uncensored|final|special|edition|collectors?|ultimate|remastered|restored|imax|version|anniversary|original"
    r"|criterion|open|matte|black|white|and|chrome|proper|repack|internal|limited|the|redux|assembly"
)
_LOSSLESS = re.compile(r"flac|alac|truehd|mlp|wavpack|tta|ape|pcm_.*|dst|tak|shorten|wmalossless")
FULL_LENGTH = 0.5
"""A version shorter than this share of the longest is an excerpt or an incomplete file, as with a title's running
time."""


def is_label(stem: str, title: str, year: int | None) -> bool:
    """Whether a file's name only identifies a version of this film: "heat-2160p", "Director's Cut"."""
    words = fold(stem.replace("{edition-", " ")).split()
    name = fold(title).split()
    if words[: len(name)] == name:
        words = words[len(name) :]
    return all(_LABEL_WORDS.fullmatch(word) or word == str(year) for word in words)


def version_key(stem: str, title: str, year: int | None) -> Hashable | None:
    """The key that all versions of a film share: title and year; None if the name has no year or names an instalment.

    Args:
        stem: the file's name without its extension.
        title, year: as read from the file's own folder, or from its name.
    """
    read = _BEFORE_YEAR.match(stem)
    label = read["label"] if read else stem if is_label(stem, title, year) else ""
    if _NUMBERED.search(label):
        return None
    if year is not None:
        return title_keys(title).strict, str(year), ()
    if read is None:
        return None
    return title_keys(read["title"]).strict, read["year"], tuple(_YEARS.findall(label))


def grouped(places: Iterable[tuple[Path, Hashable | None]]) -> list[list[Path]]:
    """Group paths by film, in their order: paths with the same key are versions; a path with key None is alone."""
    groups: dict[Hashable, list[Path]] = defaultdict(list)
    for path, key in places:
        groups[("alone", path) if key is None else ("film", key)].append(path)
    return list(groups.values())


def best_sound(versions: Sequence[Sequence[Path]], child: Confined, languages: Sequence[str] = ()) -> int:
    """The number of the version whose sound is heard.

    Of those with the full length, the one in the wanted language, then with the most channels, lossless sound, the
    highest bit rate; of equals the first. A version that cannot be opened comes last.

    Args:
        versions: the files of each version.
        child: opens them.
        languages: the most wanted first, as `track_in` takes them.
    """
    lengths_s = [_length_s(files, child) for files in versions]
    longest_s = max(lengths_s, default=0.0)

    def rank(number: int) -> tuple[bool, bool, bool, int, bool, int, int]:
        try:
            choice = child.choose_audio_track(versions[number][0])
        except MediaError:
            return False, False, False, 0, False, 0, -number
        track = choice.tracks[track_in(choice, languages)]
        bit_rate = choice.bit_rates[track.number] if choice.bit_rates else 0
        whole = lengths_s[number] >= FULL_LENGTH * longest_s
        fitting = bool(languages) and speaks(track.language, languages[0])
        lossless = bool(_LOSSLESS.fullmatch(track.codec))
        return bool(track.codec), whole, fitting, track.channels, lossless, bit_rate, -number

    return max(range(len(versions)), key=rank)


def _length_s(files: Sequence[Path], child: Confined) -> float:
    try:
        return sum(child.container_seconds(path) or 0.0 for path in files)
    except MediaError:
        return 0.0
