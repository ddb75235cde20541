"""How titles are compared: what case, accents, punctuation and articles hide."""

from __future__ import annotations

import re
import unicodedata

_ARTICLE = re.compile(r"^(?:the|a|an|le|la|les|el|los|las|der|die|das|il) (?=.)")
_TRAILING_ARTICLE = re.compile(r"^(.+), (the|a|an|le|la|les|el|los|las|der|die|das|il)$", re.IGNORECASE)
_APOSTROPHES = re.compile(r"['’`´]")
_FRACTION = re.compile(r"[¼-¾⅐-⅞]")
_NOT_WORD = re.compile(r"[\W_]+")

_UNDECOMPOSED = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})

_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_ASCII |= {ord("'"): "", ord("`"): "", ord("&"): " and "}


def title_key(title: str) -> str:
    """The form under which two spellings of a title are one: "Lady Vanishes, The" and "The lady vanishes".

    Case, accents, punctuation and a leading or trailing article are dropped. A title made only of such marks
    (an emoji, say) is kept as it is.
    """
    return _ARTICLE.sub("", _plain(title)) or unicodedata.normalize("NFC", title.strip().casefold())


def exact_key(title: str) -> str:
    """As `title_key`, with its article in front: "Arrival" is not "The Arrival"."""
    return _plain(title) or unicodedata.normalize("NFC", title.strip().casefold())


def _plain(title: str) -> str:
    stripped = title.strip()
    turned = _TRAILING_ARTICLE.sub(r"\2 \1", stripped) if "," in stripped else stripped
    return _ascii_words(turned) if turned.isascii() else _words(turned)


def _words(title: str) -> str:
    apart = _FRACTION.sub(r" \g<0> ", title)
    plain = "".join(c for c in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(c))
    folded = plain.casefold().translate(_UNDECOMPOSED)
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", folded.replace("&", " and "))).strip()


def _ascii_words(title: str) -> str:
    """As `_words`, faster, for most titles: the first answer waits for the keys of a whole catalogue."""
    return " ".join(title.translate(_ASCII).split())
