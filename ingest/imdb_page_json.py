"""Reading the JSON that IMDb's pages carry, in which anything may be missing or null."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

FILM_TYPES = frozenset({"movie", "tvMovie", "short", "tvShort", "video"})
"""titleType ids that are films; the others (tvSeries, tvEpisode, tvSpecial, videoGame ...) are refused."""
CAST_KEPT = 15
NOT_FILMS = "a page of a {0}, not of a film. Save the film's own page."


def at(data: Any, *keys: str | int) -> Any:
    """What is under a path of keys; None as soon as one is missing or null."""
    for key in keys:
        if isinstance(key, int):
            data = data[key] if isinstance(data, list) and len(data) > key else None
        else:
            data = data.get(key) if isinstance(data, Mapping) else None
    return data


def as_list(data: Any) -> list[Any]:
    """A list as it is; nothing for null; one value as a list of it."""
    return data if isinstance(data, list) else [] if data is None else [data]


def items(data: Any) -> list[Any]:
    """A list as it is, nothing for anything else."""
    return data if isinstance(data, list) else []


def texts(values: Iterable[Any]) -> tuple[str, ...]:
    """The distinct texts among values, in order."""
    found = (value.strip() for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(value for value in found if value))


def number(value: Any) -> float | None:
    if isinstance(value, str):
        value = float(value.replace(",", "")) if value.strip() else None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def whole(value: Any) -> int | None:
    found = number(value)
    return None if found is None else round(found)
