"""Which values filmscore writes into each column of its state. A file from elsewhere may hold any value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from db.state.films import LISTS
from film import JobStatus

LARGEST_ID = 2**31 - 1
LARGEST_REVISION = 2**53
LARGEST_NUMBER = 1e15
LONGEST_VALUE = 20_000_000
"""Characters of one value."""

_LISTED = {("films", name) for name in LISTS}
_NUMBERED = {("lists", "films")}
_DOCUMENTS = {
    ("films", "sources"),
    ("profiles", "document"),
    ("audit", "detail"),
    ("jobs", "arguments"),
}
_PATTERNS = {"media_sha256": re.compile(r"([0-9a-f]{8,128})?"), "model_version": re.compile(r"[A-Za-z0-9._-]*")}
"""Values that become part of a file name."""
_WORDS = {("jobs", "status"): frozenset(JobStatus)}
"""Columns that hold one of a few words."""
_KINDS: dict[str, type | tuple[type, ...]] = {"TEXT": str, "INTEGER": int, "REAL": (int, float)}


@dataclass(frozen=True)
class Column:
    """A column of our own schema."""

    name: str
    kind: str
    required: bool
    has_default: bool

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest number that the column accepts. Integers in the catalogue have 32 bits."""
        if self.kind != "INTEGER":
            return -LARGEST_NUMBER, LARGEST_NUMBER
        if self.name.endswith("revision"):
            return 0, LARGEST_REVISION
        return (1 if self.name.endswith("_id") else -LARGEST_ID), LARGEST_ID


def check_of(table: str, column: Column) -> Callable[[Any], bool]:
    """A function that says whether a value is valid for the column."""
    kind, pattern = _KINDS[column.kind], _PATTERNS.get(column.name)
    least, largest = column.bounds

    def holds(value: object) -> bool:
        if value is None:
            return not column.required
        if not isinstance(value, kind):
            return False
        if isinstance(value, str):
            if len(value) > LONGEST_VALUE or (pattern and not pattern.fullmatch(value)):
                return False
            if words := _WORDS.get((table, column.name)):
                return value in words
            if (table, column.name) in _LISTED:
                return _is_list_of_words(value)
            if (table, column.name) in _NUMBERED:
                return _is_list_of_ids(value)
            return (table, column.name) not in _DOCUMENTS or _is_document(value)
        return isinstance(value, int | float) and least <= value <= largest  # SQLite stores NaN as NULL

    return holds


def _is_list_of_words(text: str) -> bool:
    value = _parsed(text)
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_list_of_ids(text: str) -> bool:
    value = _parsed(text)
    return isinstance(value, list) and all(isinstance(one, int) and 0 < one <= LARGEST_ID for one in value)


def _is_document(text: str) -> bool:
    return isinstance(_parsed(text), dict)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
