"""Read the JSON in IMDb's pages, in which anything may be missing or null."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

FILM_TYPES = frozenset({"movie", "tvMovie", "short", "tvShort", "video"})
"""titleType ids of films; others (tvSeries, tvEpisode, tvSpecial, videoGame ...) are refused."""
CAST_KEPT = 15
NOT_FILMS = "a page of a {0}, not of a film. Save the film's own page."


def at(data: Any, *keys: str | int) -> Any:
    """The value at a path of keys; None if a key is missing or null."""
    for key in keys:
        if isinstance(key, int):
            data = data[key] if isinstance(data, list) and len(data) > key else None
        else:
            data = data.get(key) if isinstance(data, Mapping) else None
    return data


def as_list(data: Any) -> list[Any]:
    """A list unchanged, an empty list for null, any other value as a list with that value."""
    return data if isinstance(data, list) else [] if data is None else [data]


def items(data: Any) -> list[Any]:
    """A list unchanged, an empty list for anything else."""
    return data if isinstance(data, list) else []


def texts(values: Iterable[Any]) -> tuple[str, ...]:
    """The distinct strings among values, in order."""
    found = (value.strip() for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(value for value in found if value))


def number(value: Any) -> float | None:
    if isinstance(value, str):
        value = float(value.replace(",", "")) if value.strip() else None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def whole(value: Any) -> int | None:
    found = number(value)
    return None if found is None else round(found)
