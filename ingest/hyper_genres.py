"""Spotify's sub-genres -> ten hyper-genres: the thesis's Table 5, and what a person added to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from csv_table import parse_csv, read_text
from db.formulas import original
from errors import MetadataError
from film import GENRES


def table_5() -> dict[str, str]:
    """The thesis's mapping: 379 sub-genres, in lower case, to names of GENRES."""
    return _mapping(files("ingest").joinpath("data/hyper_genres.csv").read_text(encoding="utf-8"), "hyper_genres.csv")


def read_mapping(path: Path) -> dict[str, str]:
    """A mapping from a CSV with the columns sub_genre and hyper_genre; rows with an empty hyper_genre are left out.

    Raises:
        MetadataError: the file is missing or a hyper-genre is not one of GENRES (by line).
    """
    return _mapping(read_text(path), str(path))


def _mapping(text: str, name: str) -> dict[str, str]:
    table = parse_csv(text, name)
    if not {"sub_genre", "hyper_genre"} <= set(table.header):
        raise MetadataError(f"{name}: no columns sub_genre and hyper_genre. Put them on the first line.")
    mapping: dict[str, str] = {}
    for line, row in table.records():
        sub, hyper = (original(row[column]).strip().lower() for column in ("sub_genre", "hyper_genre"))
        if not sub or not hyper:
            continue
        if hyper not in GENRES:
            raise MetadataError(f"{name}: line {line}: {hyper!r} is no hyper-genre. Use one of {', '.join(GENRES)}.")
        mapping[sub] = hyper
    return mapping


def hyper_genre(names: Iterable[str], mapping: Mapping[str, str]) -> str | None:
    """The hyper-genre of most of a track's sub-genres; the one named first among equals; None if none is mapped."""
    found = Counter(mapping[name.lower()] for name in names if name.lower() in mapping)
    return found.most_common(1)[0][0] if found else None
