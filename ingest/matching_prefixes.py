"""What people write before a title: a site, a group, a number in a series, the name of the series."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from db.titles import fold

_SITE_OR_GROUP = re.compile(
    r"^(?:\[(?!(?:18|19|20)\d\d\])[^\]]*\]|\{(?!imdb|tmdb|tvdb|edition)[^}]*\}|www\.[\w-]+\.\w{2,4}"
    r"|[\w-]+\.(?:com|net|org|info|to|cc|me)(?=\s|_|-))[ ._-]*(?=\w)",
    re.IGNORECASE,
)
_SHORT_GROUP = re.compile(r"^[a-z0-9]{2,10}-(?=[a-z0-9']+\.[a-z0-9']+\.)")
_PADDED = re.compile(r"^[(\[#]?0\d{1,2}[)\]]?[ ._)\-]+(?=[^\W_])")
"""A number that begins with 0 is not part of a title: "01.Title", "007 - Title", "03 Title"."""
_NUMBERED = re.compile(
    r"^(?:(?:no\.?|nr\.?|#)\s*\d{1,3}\s*[-.:)]*|[(\[]\d{1,3}[)\]][ .\-]*"
    r"|\d{1,3}(?:[.)]\s|\s*\u2013\s|\s-\s|_-_))\s*(?=[^\W_])",
    re.IGNORECASE,
)
"""Any other number counts only if punctuation separates it: "1. Title", "12 - Title", "(3) Title", "No. 4 - Title"."""
_IN_SERIES = re.compile(
    r"^(?P<series>[^\W\d_].*?)[ ._]+(?P<number>0\d{1,2}|\d{1,2}|[ivx]{1,4})(?:[ ._]+-[ ._]+|_-_)(?P<title>.+)$",
    re.IGNORECASE,
)
_PADDED_IN_SERIES = re.compile(r"^(?P<series>[^\W\d_][^-]*?)[ ._]+(?P<number>0\d\d)[ ._]+(?P<title>[^\W_].+)$")
_SHORT_OF_TITLE = re.compile(r"^(?P<short>\w+)[ ._]+-[ ._]+(?P<title>.+)$")
_GLUED_YEAR = re.compile(r"^(?P<title>[^\W\d_][\w'&]*[^\W\d_])(?P<year>(?:18|19|20)\d\d)$")


@dataclass(frozen=True)
class Rest:
    """A name without its prefix."""

    name: str
    weight: float
    """How certain it is that the removed prefix is not part of the title."""
    needs_year: bool = False
    """Whether the reading counts only if the year is known."""
    needs_words: bool = False
    """Whether the reading counts only if several words remain."""


def without_prefix(stem: str) -> Iterator[Rest]:
    """The names that remain when possible prefixes are removed from a file's name."""
    if found := _SITE_OR_GROUP.match(stem):
        yield Rest(stem[found.end() :], 0.95)
    elif found := _SHORT_GROUP.match(stem):
        yield Rest(stem[found.end() :], 0.95, needs_year=True, needs_words=True)
    if found := _PADDED.match(stem) or _NUMBERED.match(stem):
        yield Rest(stem[found.end() :], 0.95)
    if found := _IN_SERIES.match(stem) or _PADDED_IN_SERIES.match(stem):
        yield Rest(f"{found['series']} - {found['title']}", 0.94, needs_year=True)
        yield Rest(found["title"], 0.91, needs_year=True)
    elif (found := _SHORT_OF_TITLE.match(stem)) and _is_short_for(found["short"], found["title"]):
        yield Rest(found["title"], 0.95, needs_year=True)
    if found := _GLUED_YEAR.match(stem):
        yield Rest(f"{found['title']} ({found['year']})", 0.95)


def title_part(stem: str) -> str:
    """A file's name without site, group and number, if the rest begins with a letter.

    A number in brackets stays: "(500) Days of Summer".
    """
    while True:
        found = _SITE_OR_GROUP.match(stem) or _PADDED.match(stem) or _NUMBERED.match(stem)
        rest = stem[found.end() :] if found and not found[0].endswith(("]", "}")) else ""
        if not rest[:1].isalpha() or (stem[0] in "([" and stem[1:2].isdigit() and not _PADDED.match(stem)):
            return stem
        stem = rest


def is_numbered(stem: str) -> bool:
    """Whether a name begins with its number in a series: "03. Title"."""
    return bool(_PADDED.match(stem) or _NUMBERED.match(stem))


def _is_short_for(short: str, title: str) -> bool:
    """Whether a word consists of the first letters and the digits of a title's words: "T2 - Terminator 2"."""
    letters = "".join(word if word.isdigit() else word[0] for word in fold(title).split())
    return len(short) > 1 and letters.startswith(fold(short).replace(" ", ""))
