"""How much a text is one of a title's names."""

from __future__ import annotations

from itertools import product

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from ingest.matching_names import Reading, title_keys
from ingest.matching_short_forms import words_without_numbers
from ingest.matching_titles import Title

TWO_NAMES = 0.98
JOINED = 0.96
ONE_SLIP = 0.92
TWO_SLIPS = 0.89
"""Accepted only where both the director and the year agree: "The Collector" and "The Collection" are two films."""
SHORT_FORM = 0.96
"""The name up to a subtitle, where the year agrees: "Borat", "Dr. Strangelove". Less than a film of the very name."""
BEGINNING = 0.7
"""The title begins with the words of the name, where the year agrees: a candidate to show, none to accept."""
_FUZZY_CEILING = 0.84
_SHORT_WORD = 4


def likeness(reading: Reading, title: Title) -> float:
    """How much a title is the one of a reading, 0-1: `similarity`, or what a short form in the title's year counts."""
    if reading.without_one and all({*title_keys(name).numbers} - {"1"} for name in title.names):
        return 0.0  # "Nymphomaniac I" is not "Nymphomaniac: Vol. II"
    alike = similarity(reading.title, title)
    if alike >= SHORT_FORM or reading.year is None or reading.year != title.year:
        return alike
    ours = title_keys(reading.title)
    if any(ours.joined & title_keys(short).joined for short in title.short_forms):
        return SHORT_FORM
    words = words_without_numbers(reading.title)
    begins = bool(words) and any(words_without_numbers(name)[: len(words)] == words for name in title.names)
    return max(alike, BEGINNING) if begins else alike


def similarity(text: str, title: Title) -> float:
    """How much a text is one of a title's names, 0-1: 1 = but for case, accents and punctuation; at least 0.96 = but
    for articles, "and", the spelling of numbers and joined words; from 0.86 = but for a letter or two."""
    one = max(_name_similarity(text, name) for name in title.names)
    return max([one, *(TWO_NAMES * _exactness(text, pair) for pair in title.pairs)]) if one < TWO_NAMES else one


def _exactness(text: str, name: str) -> float:
    """1 to 0.96 where two titles have a key in common, else 0."""
    ours, theirs = title_keys(text), title_keys(name)
    if ours.strict == theirs.strict:
        return 1.0
    if ours.loose == theirs.loose:
        return 0.98
    return JOINED if ours.joined & theirs.joined else 0.0


def _name_similarity(text: str, name: str) -> float:
    exact = _exactness(text, name)
    if exact:
        return exact
    ours, theirs = title_keys(text), title_keys(name)
    length = max(len(ours.compact), len(theirs.compact))
    one, other = min(product(ours.joined, theirs.joined), key=lambda pair: OSA.distance(*pair))
    if ours.numbers != theirs.numbers:
        one, other = ours.strict.replace(" ", ""), theirs.strict.replace(" ", "")
    edits = OSA.distance(one, other)
    shared = fuzz.token_set_ratio(ours.loose, theirs.loose) / 100
    near = _FUZZY_CEILING * max(0.0, 1 - edits / length, 0.7 * shared)
    if ours.numbers == theirs.numbers:
        one_number = bool(ours.numbers) or ours.figures == theirs.figures
    else:
        one_number = ours.figures == theirs.figures and edits == 1 and not (ours.numbers and theirs.numbers)
    if not one_number:
        return near * 0.7
    if edits > _edits_allowed(length):
        return near
    return ONE_SLIP if edits == 1 and not _another_word(ours.strict, theirs.strict) else TWO_SLIPS


def _another_word(ours: str, theirs: str) -> bool:
    """Whether a letter is changed in one short word, which makes another word of it ("Bad Girls", "Bar Girls")."""
    if ours.count(" ") != theirs.count(" "):
        return False
    differ = [(one, other) for one, other in zip(ours.split(), theirs.split(), strict=True) if one != other]
    return len(differ) == 1 and len(differ[0][0]) == len(differ[0][1]) <= _SHORT_WORD


def _edits_allowed(length: int) -> int:
    return 0 if length < 3 else 1 if length < 10 else 2
