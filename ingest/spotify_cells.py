"""What the cells of dumps of Spotify's attributes hold: numbers of several spellings, words, lists."""

from __future__ import annotations

import ast
import math
import re

_NO_GENRE = frozenset({"", "set()", "[]", "{}", "none", "nan", "unknown"})
_GENRES_KEPT = 5
_NOTES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11, "h": 11}
"""Pitch classes as Spotify counts them (C = 0); H is the German name of B."""
_KEY = re.compile(
    r"([a-h])\s*(#|\u266f|sharp|is|b|\u266d|flat|es)?(?:\s*/.*)?(?:\s+(?:maj|min|dur|moll).*)?", re.IGNORECASE
)
_SHARP = frozenset({"#", "\u266f", "sharp", "is"})
_MODES = {"major": 1, "maj": 1, "dur": 1, "minor": 0, "min": 0, "moll": 0}
_BEATS = re.compile(r"(\d{1,2})\s*/\s*\d{1,2}")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2}(?:[.,]\d+)?)")
_CERTAIN_COMMA = re.compile(r"-?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3})+,\d+)")
"""A comma that does not separate thousands."""


def comma_is_decimal(text: str) -> bool:
    """Whether a number can only be read with a decimal comma: 0,751 and 12,5 and 1.234,5; 1,412 may be 1412."""
    return bool(_CERTAIN_COMMA.fullmatch(text))


def number_of(text: str, *, decimal_comma: bool) -> float | None:
    """A number with or without separators of thousands; None for anything else."""
    if decimal_comma:
        thousands, plain = r"-?\d{1,3}(\.\d{3})+(,\d+)?", text
        plain = (text.replace(".", "") if re.fullmatch(thousands, text) and "," in text else text).replace(",", ".")
    else:
        plain = text.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text) else text
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def word_number(column: str, text: str) -> int | None:
    """The number that Spotify has for a word: key C# = 1, mode Major = 1, time signature 4/4 = 4; None for others."""
    if column == "key" and (found := _KEY.fullmatch(text)):
        shift = 0 if not found[2] else 1 if found[2].lower() in _SHARP else -1
        return (_NOTES[found[1].lower()] + shift) % 12
    if column == "mode":
        return _MODES.get(text.lower())
    if column == "timesignature" and (beats := _BEATS.fullmatch(text)):
        return int(beats[1])
    return None


def clock_ms(text: str) -> float | None:
    """Milliseconds of 3:31, 03:31.5 or 1:02:03; None for anything else."""
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    seconds = 3600 * int(found[1] or 0) + 60 * int(found[2]) + float(found[3].replace(",", "."))
    return 1000 * seconds


def genres_of(text: str) -> tuple[str, ...]:
    """At most five genre names of a cell: "rock, pop", "rock;pop", "rock/pop", "['rock', 'pop']"; none for "[]"."""
    if text.strip().lower() in _NO_GENRE:
        return ()
    names = (name.strip().lower() for name in re.split(r"[,;/|]", unlisted(text)))
    return tuple(dict.fromkeys(name for name in names if name not in _NO_GENRE))[:_GENRES_KEPT]


def unlisted(text: str) -> str:
    """A list as dumps write it, "['Norah Jones']", as "Norah Jones"."""
    if text.startswith("[") and text.endswith("]"):
        try:
            return ", ".join(str(part) for part in ast.literal_eval(text))
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            return text
    return text
