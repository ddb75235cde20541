"""Ids of films at IMDb: "tt" and 7 to 10 digits, alone or in an address of the site."""

from __future__ import annotations

import re

IMDB_ID = r"tt\d{7,10}"
"""The pattern of an id, for other patterns. A text is read with `imdb_id_of`."""

_ALONE = re.compile(rf"(?:(?:\S*imdb\.com)?/(?:\S*?/)?)?({IMDB_ID})(?:[/?#]\S*)?", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(rf"imdb\.com/(?:[a-z]{{2}}(?:-[a-z]{{2}})?/)?title/({IMDB_ID})(?!\d)", re.IGNORECASE | re.ASCII)


def imdb_id_of(text: str) -> str:
    """The id that a text is, in small letters: "tt0133093", "https://www.imdb.com/de/title/tt0133093/?ref_=x",
    "/title/tt0133093/"; empty for any other text."""
    found = _ALONE.fullmatch(text.strip())
    return found[1].lower() if found else ""


def imdb_id_of_number(text: str) -> str:
    """As `imdb_id_of`, for a column of ids that may lack "tt" and leading zeros (MovieLens: 114709)."""
    digits = text.strip()
    return f"tt{int(digits):07d}" if re.fullmatch(r"\d{1,10}", digits, re.ASCII) else imdb_id_of(text)


def imdb_ids_in(text: str) -> tuple[str, ...]:
    """The ids in the addresses of IMDb's film pages that a longer text holds, each once, in order."""
    return tuple(dict.fromkeys(one.lower() for one in _ADDRESS.findall(text)))
