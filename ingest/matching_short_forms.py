"""What people call a film for short: "Borat", "Dr. Strangelove", "Terminator 2", "E.T."."""

from __future__ import annotations

import re

from db.titles import fold
from ingest.matching_names import ARTICLES, title_keys

_SUBTITLE = re.compile(
    r":\s|\s+[-\u2013\u2014]\s|;\s|,?\s+or:\s|,\s+or\s|,?\s+or\s+(?=\()|\s+(?=\()|(?<=^\w\.\w\.)\s+|(?<=\.\w\.\w\.)\s+"
)
"""Where a subtitle begins: "Borat: ...", "Dr. Strangelove or: ...", "Birdman or (...)", "E.T. the ..."."""
_FIGURES = re.compile(r"\d+")


def words_without_numbers(title: str) -> tuple[str, ...]:
    """The words of a title in order, without article and numbers; a figure parts words: "X2" is ("x",)."""
    words = [word for part in title_keys(title).loose.split() for word in _FIGURES.split(part)]
    return tuple(word for word in words if word)


def short_forms(title: str) -> tuple[str, ...]:
    """A title up to each place where a subtitle may begin: "Dr. Strangelove" of "Dr. Strangelove or: How I ..."."""
    heads = [title[: found.start()].strip() for found in _SUBTITLE.finditer(title)]
    return tuple(head for head in heads if any(word not in ARTICLES for word in fold(head).split()))
