"""What people call a film for short: "Borat", "Dr. Strangelove", "Terminator 2", "E.T."."""

from __future__ import annotations

import re

from db.titles import fold
from ingest.matching_names import ARTICLES, title_keys

_SUBTITLE = re.compile(
    r":\s|\s+[-\u2013\u2014]\s|;\s|,?\s+or:\s|,\s+or\s|,?\s+or\s+(?=\()|\s+(?=\()|(?<=^\w\.\w\.)\s+|(?<=\.\w\.\w\.)\s+"
)
"""Where a subtitle begins: "Borat: ...", "Dr. Strangelove or: ...", "Birdman or (...)", "E.T. the ..."."""
_WORDS_OF_TAIL = 3
_WORDS_OF_SERIES = 3
"""A series whose name has at least this many words has an abbreviation: "LOTR"."""
_FIGURES = re.compile(r"\d+")


def words_without_numbers(title: str) -> tuple[str, ...]:
    """The words of a title in order, without article and numbers; a figure parts words: "X2" is ("x",)."""
    words = [word for part in title_keys(title).loose.split() for word in _FIGURES.split(part)]
    return tuple(word for word in words if word)


def short_forms(title: str) -> tuple[str, ...]:
    """A title up to each place where a subtitle may begin: "Dr. Strangelove" of "Dr. Strangelove or: How I ..."."""
    heads = [title[: found.start()].strip() for found in _SUBTITLE.finditer(title)]
    return tuple(head for head in heads if any(word not in ARTICLES for word in fold(head).split()))


def last_parts(title: str) -> tuple[str, ...]:
    """The parts of a title from each place where a subtitle begins, if they are long enough: "The Empire Strikes Back".

    They need at least three words: "Judgment Day" and "Reloaded" may be other films.
    """
    tails = [title[found.end() :].strip() for found in _SUBTITLE.finditer(title)]
    return tuple(tail for tail in tails if len(fold(tail).split()) >= _WORDS_OF_TAIL and "(" not in tail)


def with_series(title: str) -> tuple[str, ...]:
    """The last part of a title after the short name of its series: "Star Wars - A New Hope" of "Star Wars:
    Episode IV - ...", "LOTR - The Two Towers"."""
    breaks = list(_SUBTITLE.finditer(title))
    if not breaks or "(" in title:
        return ()
    series, last = title[: breaks[0].start()].strip(), title[breaks[-1].end() :].strip()
    words = [word for place, word in enumerate(fold(series).split()) if place or word not in ARTICLES]
    initials = "".join(word[0] for word in words)
    shortened = [f"{initials} - {last}"] if len(initials) >= _WORDS_OF_SERIES else []
    return (*shortened, *([f"{series} - {last}"] if len(breaks) > 1 else []))
