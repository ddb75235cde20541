"""Measure what distinguishes some films from the others of a catalogue."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from film import GENRES, LEVELS
from told import Told

Float64 = npt.NDArray[np.float64]

LEVEL, SHARE, FILMS = "level", "share", "films"
"""Kinds of features: a mean level from 0 to 2, a percentage of a film's music, a percentage of films."""
IN_MUSIC, FROM, BY = " in the music", "from the ", "by "
"""What the names of music shares, decades and directors contain besides the name itself."""
FEWEST = 2
"""Films that must have a genre, decade or director, for it to be compared; and films on each side."""
MOST_NAMES = 200
"""Of directors, the ones with the most films are compared: the table grows with films, not with films times names."""
SURE = 0.05
"""A feature is named if its p-value, corrected for the number of features, is below this."""


@dataclass(frozen=True)
class Difference:
    """A feature whose mean differs between the chosen films and the others."""

    name: str
    kind: str
    inside: float
    outside: float
    p: float
    """Corrected (Holm)."""


def features(films: pd.DataFrame, summaries: pd.DataFrame) -> pd.DataFrame:
    """The properties that can distinguish films, as numbers: one row per film (as `films`), columns (kind, name); NaN
    if unknown."""
    known = summaries.set_index("film_id").reindex(films.index)
    columns: dict[tuple[str, str], Any] = {}
    heard = known[list(GENRES)].to_numpy(float).sum(axis=1) > 0
    for attribute, levels in LEVELS.items():
        shares = known[[f"{attribute}_{level}" for level in levels]].to_numpy(float)
        columns[LEVEL, attribute] = np.where(heard, shares @ np.arange(3) / 100, np.nan)
    for genre in GENRES:
        columns[SHARE, f"{genre}{IN_MUSIC}"] = np.where(heard, known[genre].to_numpy(float), np.nan)
    years = pd.to_numeric(films["year"]).astype(float)
    decades = [[] if np.isnan(year) else [f"{FROM}{int(year) // 10 * 10}s"] for year in years]
    directors = [[f"{BY}{name}" for name in names] for names in films["directors"]]
    for lists in (films["genres"], decades, directors):
        columns |= _flags(lists)
    return pd.DataFrame(columns, index=films.index)


def set_apart(table: pd.DataFrame, chosen: Iterable[int]) -> list[Difference]:
    """The features in which the chosen films differ from the others beyond chance, the surest first.

    The test is Welch's, with the normal distribution for its statistic: it orders features rather than proves them,
    since films that were chosen on a map were chosen for lying together.

    Args:
        table: as `features`.
        chosen: film_ids; ids that the table lacks are ignored.
    """
    inside = table.index.isin(list(chosen))
    found = []
    for column in table.columns:  # (kind, name)
        values = table[column].to_numpy(float)
        sides = [values[side & ~np.isnan(values)] for side in (inside, ~inside)]
        if min(map(len, sides)) >= FEWEST:
            found.append((tuple(map(str, column)), float(sides[0].mean()), float(sides[1].mean()), _p_value(*sides)))
    found.sort(key=lambda one: (one[3], one[0][1]))
    differences, largest = [], 0.0
    for place, ((kind, name), mean, other, p) in enumerate(found):
        largest = max(largest, min(1.0, p * (len(found) - place)))
        if largest < SURE:
            factor = 100.0 if kind == FILMS else 1.0
            differences.append(Difference(name, kind, factor * mean, factor * other, largest))
    return differences


def difference_words(one: Difference) -> str:
    """A difference as a line: "energy 1.62, others 0.84"; "Western 80 %, others 4 %"."""
    if one.kind == LEVEL:
        return Told("{} {:.2f} (0 to 2), others {:.2f}", Told(one.name), one.inside, one.outside)
    return Told("{} {:.0f} %, others {:.0f} %", _name_words(one), one.inside, one.outside)


def _name_words(one: Difference) -> str:
    """The name of a share: of a music genre, a decade, a director or a film genre."""
    if one.kind == SHARE:
        genre = one.name.removesuffix(IN_MUSIC)
        return Told("{} in the music", Told(genre))
    if one.name.startswith(FROM):
        return Told("from the {}", one.name.removeprefix(FROM))
    return Told("by {}", one.name.removeprefix(BY)) if one.name.startswith(BY) else one.name


def _p_value(first: Float64, second: Float64) -> float:
    """Two-sided p of two means' difference. A variance of 0 counts as that of one film in the other half."""
    variance = 0.0
    for values in (first, second):
        least = (np.concatenate([first, second]).std() / len(values)) ** 2
        variance += max(float(values.var(ddof=1)), least) / len(values)
    if variance <= 0:
        return 1.0
    return math.erfc(abs(float(first.mean() - second.mean())) / math.sqrt(2 * variance))


def _flags(lists: Iterable[Iterable[str]]) -> Mapping[tuple[str, str], npt.NDArray[np.bool_]]:
    """A column for each value that at least FEWEST films have, of MOST_NAMES values at most."""
    held = [frozenset(map(str, names)) for names in lists]
    counts = Counter(name for names in held for name in names)
    often = sorted((-count, name) for name, count in counts.items() if count >= FEWEST)[:MOST_NAMES]
    return {
        (FILMS, name): np.array([name in names for names in held], bool) for name in sorted(name for _, name in often)
    }
