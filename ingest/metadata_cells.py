"""What the cells of people's tables of films hold: lists, numbers, years, running times."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Mapping
from typing import Any

from film import BOUNDS
from ingest.languages import language_code

SEPARATOR = "|"
_NOTHING = frozenset({"", "n/a", "\\n", "(no genres listed)"})
"""How tables say that nothing is known."""
_SAME_NAME = r"(?:(?:Jr|Sr|M\.?D|Ph\.?D|Esq)\b|[IV]+$|The$|(?:People's |Democratic |Islamic |Federal )*Republic\b)"
_COMMA = re.compile(rf"\s*[,;](?!\s*{_SAME_NAME})\s*")
"""Between the values of a list; not before what belongs to the name, as in "Sammy Davis, Jr."."""
_THOUSANDS = re.compile(r"\d{1,3}(?:[,.'\u2019\u00a0\u202f ]\d{3})+")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_YEAR = re.compile(r"\(?(?:[IVX]+\)? \(?)?(\d{4})(?:\.0+)?\)?(?:\s*[-\u2013]\s*(?:\d{4})?)?")
_YEAR_OF_DATE = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_HOURS = re.compile(r"(?:PT)?(?:(\d+)\s*h(?:ours?|rs?|r)?)?\s*(?:(\d+)\s*m(?:in(?:ute)?s?)?\.?)?", re.IGNORECASE)


def text_of(row: Mapping[str, str], field: str) -> str:
    """A cell without what says that nothing is known."""
    text = row.get(field, "").strip()
    return "" if text.casefold() in _NOTHING else text


def list_of(row: Mapping[str, str], field: str, *, commas: bool) -> tuple[str, ...]:
    """The values of a cell: a JSON or Python list (of names, or of objects with a name), or text with separators.

    Args:
        commas: commas and semicolons separate values as well as bars do.

    Raises:
        ValueError: a list that cannot be read.
    """
    text = text_of(row, field)
    if text.startswith("[") and text.endswith("]") and (text == "[]" or text[1:].lstrip()[0] in "{'\""):
        names = [_name(one) for one in entries(text, field)]
    else:
        names = [part for bar in text.split(SEPARATOR) for part in (_COMMA.split(bar) if commas else [bar])]
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def directors_of_crew(row: Mapping[str, str]) -> tuple[str, ...]:
    """The directors of TMDB's list of a film's crew.

    Raises:
        ValueError: a list that cannot be read.
    """
    text = text_of(row, "crew")
    crew = entries(text, "crew") if text else []
    return tuple(dict.fromkeys(_name(one) for one in crew if isinstance(one, dict) and one.get("job") == "Director"))


def languages_of(row: Mapping[str, str], *, commas: bool) -> tuple[str, ...]:
    """The languages of a film, the original one first where a column names it, as TMDB's does.

    Raises:
        ValueError: a list that cannot be read.
    """
    found = list_of(row, "languages", commas=commas)
    original = language_code(text_of(row, "original_language"))
    return tuple(sorted(found, key=lambda one: not original or language_code(one) != original))


def set_of(row: Mapping[str, str]) -> str:
    """The set of films that one belongs to: a name, or TMDB's object with a name.

    Raises:
        ValueError: an object that cannot be read.
    """
    text = text_of(row, "film_set")
    return _name(entries(f"[{text}]", "film_set")[0]) if text.startswith("{") else text


def entries(text: str, field: str) -> list[Any]:
    """A list as tables write it: JSON, or Python's way with single quotes."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        try:
            found = ast.literal_eval(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            found = None
    if not isinstance(found, list):
        raise ValueError(f"{field} {_short(text)} is not a list")
    return found


def _name(entry: Any) -> str:
    if isinstance(entry, dict):
        entry = entry.get("english_name") or entry.get("name") or ""
    return str(entry)


def number_of(row: Mapping[str, str], field: str) -> float | None:
    """A number of a cell; 7,9 is 7.9. Its bounds are those of `film.BOUNDS`.

    Raises:
        ValueError: no number, or not between the bounds.
    """
    low, high = BOUNDS[field]
    text = text_of(row, field)
    if not text:
        return None
    try:
        value = float(text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text)
    except ValueError:
        raise ValueError(f"{field} {_short(text)} is not a number") from None
    if not math.isfinite(value) or not low <= value <= high:
        raise ValueError(f"{field} {text} is not between {low} and {high}")
    return value


def whole_of(row: Mapping[str, str], field: str) -> int | None:
    """A whole number of a cell; 826,524 has a separator of thousands.

    Raises:
        ValueError: no whole number, or not between the bounds.
    """
    text = text_of(row, field)
    if _THOUSANDS.fullmatch(text):
        text = re.sub(r"\D", "", text)
    value = number_of({field: text}, field)
    if value is None:
        return None
    if value != int(value):
        raise ValueError(f"{field} {text} is not a whole number")
    return int(value)


def year_of(row: Mapping[str, str]) -> int | None:
    """The year of a cell (1989, 1989.0, "2016-2018", "(I) (2016)"), else of the day on which the film was released.

    Raises:
        ValueError: no year, or not between the bounds.
    """
    text = text_of(row, "year")
    if text:
        found = _YEAR.fullmatch(text)
        return whole_of({"year": found[1] if found else text}, "year")
    date = text_of(row, "release_date")
    years = _YEAR_OF_DATE.findall(date)
    if date and not years:
        raise ValueError(f"release_date {_short(date)} names no year")
    return int(years[0]) if years else None


def minutes_of(row: Mapping[str, str]) -> int | None:
    """A running time: 116, "116 min", "1h 56m"; 0 says that none is known.

    Raises:
        ValueError: none of these.
    """
    text = text_of(row, "runtime_minutes")
    found = _HOURS.fullmatch(text)
    if text and found and (found[1] or found[2]):
        text = str(60 * int(found[1] or 0) + int(found[2] or 0))
    value = number_of({"runtime_minutes": text}, "runtime_minutes")
    return (round(value) or None) if value is not None else None


def movielens_title(title: str, other_title: str) -> tuple[str, str, int | None]:
    """Title, other title and year of "City of Lost Children, The (Cité des enfants perdus, La) (1995)".

    A title without a year at its end stays as it is.
    """
    dated = re.fullmatch(r"(.+?)\s*\((\d{4})\)", title)
    if not dated:
        return title, other_title, None
    name = dated[1]
    also = re.fullmatch(r"(.+?)\s*\((?:a\.?k\.?a\.?\s*)?([^()]+)\)", name)
    if also and not other_title:
        name, other_title = also[1], _turned(also[2])
    return _turned(name), other_title, int(dated[2])


def _turned(title: str) -> str:
    """ "Lady Vanishes, The" with its article in front."""
    found = re.fullmatch(r"(.+), (The|A|An|Le|La|Les|L'|El|Los|Las|Der|Die|Das|Il|Un|Une)", title)
    return title if not found else f"{found[2]}{'' if found[2].endswith(chr(39)) else ' '}{found[1]}"


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:37]}...")
