"""Two films, or two directors' films, side by side: in which numbers of their music they differ, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from film import GENRES, LEVELS
from mining.differences import Difference, difference
from service.questions.app_data import OpenCatalogue
from told import Told

MOST_SAID = 8
APART = "{} has {} than {}: {} against {}."
SURE = "{} has {} than {}: {} against {}, difference {:+.0f} [{:+.0f}, {:+.0f}]."
SURE_TO_HUNDREDTHS = "{} has {} than {}: {} against {}, difference {:+.2f} [{:+.2f}, {:+.2f}]."


@dataclass(frozen=True)
class Measure:
    """A number of a film's music."""

    name: str
    unit: str
    more: str
    """What a film has that has more of it: "{} music", or a comparative such as "faster"."""
    less: str
    step: float
    """A difference of so much is worth a word; also what sizes of differences are compared by."""


def _measures() -> dict[str, Measure]:
    found = {
        "music": Measure("music", " %", Told("more music"), Told("less music"), 5),
        "speech": Measure("speech", " %", Told("more speech"), Told("less speech"), 5),
        "tempo_bpm": Measure("tempo", " BPM", Told("faster music"), Told("slower music"), 8),
        "energy": Measure("energy", " of 2", Told("more energetic music"), Told("calmer music"), 0.2),
        "valence": Measure("valence", " of 2", Told("brighter music"), Told("darker music"), 0.2),
        "danceability": Measure(
            "danceability", " of 2", Told("more danceable music"), Told("less danceable music"), 0.2
        ),
        "acousticness": Measure("acousticness", " of 1", Told("more acoustic music"), Told("less acoustic music"), 0.1),
        "instrumentalness": Measure(
            "instrumentalness", " of 1", Told("more instrumental music"), Told("less instrumental music"), 0.1
        ),
    }
    return found | {
        name: Measure(name, " %", Told("more {} music", Told(name)), Told("less {} music", Told(name)), 8)
        for name in GENRES
    }


MEASURES: Mapping[str, Measure] = _measures()


@dataclass(frozen=True)
class Compared:
    """One measure of two sides."""

    measure: Measure
    found: Difference

    @property
    def size(self) -> float:
        """The difference in steps that are worth a word."""
        return abs(self.found.difference) / self.measure.step

    def sentence(self, first: str, second: str) -> str:
        """Who has more or less, both numbers, the difference, and its interval where there are films enough."""
        found, measure = self.found, self.measure
        word = measure.more if found.difference >= 0 else measure.less
        whole = measure.step >= 1
        sides = [
            Told("{:.0f}{}" if whole else "{:.2f}{}", value, Told(measure.unit))
            for value in (found.first, found.second)
        ]
        if found.low is None or found.high is None:
            return Told(APART, first, word, second, *sides)
        interval = found.difference, found.low, found.high
        return Told(SURE if whole else SURE_TO_HUNDREDTHS, first, word, second, *sides, *interval)


def measures_of(found: OpenCatalogue) -> pd.DataFrame:
    """One row a film with music, by film_id; a column a measure, NaN where it was not heard."""
    summaries = found.snapshot.summaries().set_index("film_id")
    summaries = summaries[summaries["dominant_energy"].astype(str) != ""]
    summaries = summaries[found.films["has_music"].reindex(summaries.index, fill_value=False).to_numpy(bool)]
    table = pd.DataFrame({name: summaries[name].astype(float) for name in ("music", "speech", *GENRES)})
    for attribute in ("energy", "valence", "danceability"):
        shares = summaries[[f"{attribute}_{level}" for level in LEVELS[attribute]]].to_numpy(float)
        table[attribute] = shares @ np.arange(3) / 100
    for name in ("tempo_bpm", "acousticness", "instrumentalness"):
        table[name] = [one.get(name, np.nan) if isinstance(one, Mapping) else np.nan for one in summaries["further"]]
    return table


def directors_of(found: OpenCatalogue, table: pd.DataFrame) -> dict[str, list[int]]:
    """Director -> film_ids of the films of `measures_of`, in the order of the catalogue's directors."""
    films: dict[str, list[int]] = {}
    for film_id, names in found.films.loc[table.index, "directors"].items():
        for name in dict.fromkeys(names):
            films.setdefault(name, []).append(int(film_id))
    return {name: films[name] for name in found.directors if name in films}


def compare(table: pd.DataFrame, first: Sequence[int], second: Sequence[int]) -> list[Compared]:
    """In what two groups of films differ, the largest difference first.

    Args:
        table: `measures_of`.
        first, second: film_ids; films without music are left out.
    """
    groups = [table.loc[[one for one in ids if one in table.index]] for ids in (first, second)]
    compared = []
    for name, measure in MEASURES.items():
        apart = difference(groups[0][name].to_numpy(float), groups[1][name].to_numpy(float))
        if apart is not None:
            compared.append(Compared(measure, apart))
    return sorted(compared, key=lambda one: -one.size)


def worth_saying(compared: Sequence[Compared]) -> list[Compared]:
    """Differences of at least a step; where both sides have films enough for an interval, only those that are clear."""
    said = [one for one in compared if one.size >= 1 and (one.found.low is None or one.found.is_clear)]
    return said[:MOST_SAID]
