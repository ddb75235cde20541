"""How titles are compared: what case, accents, punctuation and articles hide."""

from __future__ import annotations

import re
import unicodedata

_ARTICLE = re.compile(r"^(?:the|a|an|le|la|les|el|los|las|der|die|das|il) (?=.)")
_TRAILING_ARTICLE = re.compile(r"^(.+), (the|a|an|le|la|les|el|los|las|der|die|das|il)$", re.IGNORECASE)
_APOSTROPHES = re.compile(r"['’`´]")
_FRACTION = re.compile(r"[¼-¾⅐-⅞]")
_NOT_WORD = re.compile(r"[\W_]+")


def title_key(title: str) -> str:
    """The form under which two spellings of a title are one: "Lady Vanishes, The" and "The lady vanishes".

    Case, accents, punctuation and a leading or trailing article are dropped. A title made only of such marks
    (an emoji, say) is kept as it is.
    """
    turned = _TRAILING_ARTICLE.sub(r"\2 \1", title.strip())
    apart = _FRACTION.sub(r" \g<0> ", turned)
    plain = apart  # most titles are ASCII, and the first answer waits until all of a catalogue have their key
    if not apart.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(c))
    words = _NOT_WORD.sub(" ", _APOSTROPHES.sub("", plain.casefold().replace("&", " and "))).strip()
    return _ARTICLE.sub("", words) or unicodedata.normalize("NFC", title.strip().casefold())
