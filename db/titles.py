"""Comparing titles regardless of case, accents, punctuation and articles."""

from __future__ import annotations

import re
import unicodedata

_ARTICLE = re.compile(r"^(?:the|a|an|le|la|les|el|los|las|der|die|das|il) (?=.)")
_TRAILING_ARTICLE = re.compile(r"^(.+), (the|a|an|le|la|les|el|los|las|der|die|das|il)$", re.IGNORECASE)
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_NOT_WORD = re.compile(r"[\W_]+")
_ALIKE = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_SPELT_OUT = {"&": " and ", "+": " and ", "½": " 1 2 ", "⅓": " 1 3 ", "¼": " 1 4 "}
_UNDECOMPOSED = str.maketrans(_ALIKE | _SPELT_OUT)

_ROMAN = "ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
_NUMERALS = {numeral: str(number) for number, numeral in enumerate(_ROMAN.split(" "), 2)}
_PARTS = frozenset({"part", "pt", "vol", "volume", "chapter", "episode"})
_SUBTITLE = re.compile(r"\s*(?:[:(\[–—-]|or\b)", re.IGNORECASE)

_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_ASCII |= {ord("'"): "", ord("`"): "", ord("&"): " and ", ord("+"): " and "}


def fold(text: str) -> str:
    """Lower case without accents, apostrophes and punctuation; words separated by one space; "&" and "+" are "and"."""
    if text.isascii():  # much faster; the first answer has to wait for the keys of the whole catalogue
        return " ".join(text.translate(_ASCII).split())
    return _folded(text)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold().translate(_UNDECOMPOSED))
    return _NOT_WORD.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def title_key(title: str) -> str:
    """A normalised form that is equal for spellings of one title: "Lady Vanishes, The" and "The lady vanishes".

    Case, accents, punctuation and a leading or trailing article are dropped. A title that consists only of such marks
    (an emoji, say) is kept as it is.
    """
    return _ARTICLE.sub("", _plain(title)) or unicodedata.normalize("NFC", title.strip().casefold())


def exact_key(title: str) -> str:
    """Like `title_key`, but with the article: "Arrival" is not "The Arrival"."""
    return _plain(title) or unicodedata.normalize("NFC", title.strip().casefold())


def sequel_key(title: str) -> str:
    """Like `title_key`, with Roman numerals after the first word turned into digits and words such as "part" before
    them dropped.

    "Rocky 2" equals "Rocky II", and "Godfather 2" equals "The Godfather: Part II".
    """
    words = title_key(title).split()
    figures = words[:1] + [_NUMERALS.get(word, word) for word in words[1:]]
    before_number = {place for place in range(1, len(figures) - 1) if figures[place + 1].isdecimal()}
    return " ".join(w for place, w in enumerate(figures) if not (place in before_number and w in _PARTS))


def series_key(title: str) -> str:
    """The title of a series: what stands before a colon, a dash or a number, normalised like `title_key`.

    "rocky" for "Rocky" and "Rocky III", "star wars" for "Star Wars: Episode IV - A New Hope"; a remake has the key of
    the original. "2001: A Space Odyssey" and "Se7en" keep their numbers: one at the beginning is no part's number.
    """
    words = title_key(title.split(": ", 1)[0].split(" - ", 1)[0]).split()
    for place in range(1, len(words)):
        if words[place].isdecimal() or words[place] in _NUMERALS:
            return " ".join(words[: place - (place > 1 and words[place - 1] in _PARTS)])
    return " ".join(words)


def series_name(title: str) -> str:
    """The same as it is written: "The Godfather" of "The Godfather: Part II"."""
    words, key = title.split(), series_key(title)
    begun = (" ".join(words[:n]) for n in range(1, len(words)))
    return next((name.rstrip(" ,:-") for name in begun if title_key(name) == key), title)


def is_short_form(typed: str, title: str) -> bool:
    """Whether `typed` is a common short form of a longer title: the part before its subtitle, or its initials.

    "Birdman" is one for "Birdman or (The Unexpected Virtue of Ignorance)", "E.T." for "E.T. the Extra-Terrestrial";
    "Her" is none for "Her Smell".
    """
    key, whole = title_key(typed), title_key(title)
    if not key or not whole.startswith(key + " "):
        return False
    initials = all(len(word) == 1 and word.isalpha() for word in key.split()) and len(key) > 1
    return initials or any(
        _SUBTITLE.match(title, end) is not None and title_key(title[:end]) == key for end in range(1, len(title))
    )


def _plain(title: str) -> str:
    stripped = title.strip().replace("+", " ")  # "Romeo + Juliet" is not "Romeo and Juliet"
    return fold(_TRAILING_ARTICLE.sub(r"\2 \1", stripped) if "," in stripped else stripped)
