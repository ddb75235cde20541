"""Mining over a catalogue: everything that the page Mining and `filmscore mine` compute."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from mining.composition import centred_log_ratios
from mining.correlation import FOCUS, INTERVAL_DRAWS, Correction, Correlations, correct, focus_columns, spearman
from mining.preprocess import EncodingName, encode, first_director, joined_genres, sensed_columns, with_music
from mining.projection import Plane, Projected, project
from mining.separation import PRESETS, Separation, Source, Surface, decision_surface, separate, sources_of
from service.questions.app_data import OpenCatalogue

__all__ = [
    "CORRECTIONS",
    "FOCUS",
    "PRESETS",
    "Correction",
    "Correlations",
    "Plane",
    "Projected",
    "Room",
    "Separation",
    "Source",
    "Surface",
    "chosen_directors",
    "encodings_beside",
    "explained_words",
    "loadings_table",
    "separation_table",
]

CORRECTIONS: dict[Correction, str] = {
    "benjamini-hochberg": "Benjamini-Hochberg (few false positives)",
    "holm": "Holm (no false positives)",
    "none": "nothing",
}
_ALIASES = {
    "Coen Brothers": ("Coen Brothers", "Joel Coen", "Ethan Coen"),
    "Roman Polanski": ("Roman Polanski", "Polanski"),
    "Pedro Almodovar": ("Pedro Almodovar", "Pedro Almodóvar"),
}


@dataclass(frozen=True)
class Room:
    """The preprocessed table of one snapshot in one encoding."""

    snapshot: str
    encoding: EncodingName
    table: pd.DataFrame
    """(n_films, k) numbers, see mining.preprocess."""
    titles: pd.Series
    directors: pd.Series
    """First director of each film, "" if unknown."""
    order: tuple[str, ...]
    """The catalogue's directors in the order of their colours."""
    heard: int
    """Number of films with music."""
    film_ids: tuple[int, ...] = ()
    """Of each row."""

    @classmethod
    def of(cls, found: OpenCatalogue, encoding: EncodingName) -> Room:
        """Encode the catalogue's enhanced dataset.

        Raises:
            ParameterError: the dataset contains no films.
        """
        data = found.enhanced.reset_index(drop=True)
        return cls(
            found.snapshot.id,
            encoding,
            encode(data, encoding),
            data["Movie"].astype(str),
            first_director(data),
            found.directors,
            int(with_music(data).sum()),
            tuple(map(int, data["Film Id"])),
        )

    @cached_property
    def content(self) -> str:
        """A hash of the table and the directors: equal for snapshots between which nothing changed that is mined."""
        read = hashlib.blake2b(repr(list(self.table.columns)).encode(), digest_size=16)
        read.update(np.ascontiguousarray(self.table.to_numpy(float)).ravel().data)
        read.update("\0".join(self.directors).encode())
        return read.hexdigest()

    def table_with_titles(self) -> pd.DataFrame:
        """The table for display: the title in the first column, films with music first."""
        heard = self.table["Music Duration"].notna()
        return pd.concat([self.titles.rename("Movie"), self.table], axis=1).loc[
            heard.sort_values(ascending=False, kind="stable").index
        ]

    def first_rows(self, most: int) -> pd.DataFrame:
        """The first rows of `table_with_titles`."""
        heard = self.table["Music Duration"].notna().to_numpy()
        places = np.argsort(~heard, kind="stable")[:most]
        return pd.concat([self.titles.rename("Movie").iloc[places], self.table.iloc[places]], axis=1)

    def correlations(self, focus: str, correction: Correction, *, log_ratios: bool = False) -> Correlations:
        """Figures 25-30, selected by the name of their preset.

        Args:
            log_ratios: shares of one whole as centred log-ratios (mining.composition).
        """
        table = centred_log_ratios(self.table) if log_ratios else self.table
        return spearman(
            table[focus_columns(list(self.table.columns), focus)], correction, interval_draws=INTERVAL_DRAWS
        )

    def pair(self, x: str, y: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The films that have both values: the numbers, and a table of film, director, x and y for download."""
        names = list(dict.fromkeys((x, y)))
        drawn = self.table[names].dropna()
        named = pd.DataFrame({"film": self.titles.loc[drawn.index], "director": self.directors.loc[drawn.index]})
        return drawn, pd.concat([named, drawn], axis=1)

    def projection(self, plane: Plane, *, standardise: bool = True) -> Projected:
        """Figures 31-33."""
        return project(self.table, plane, standardise=standardise)

    def points_table(self, found: Projected) -> pd.DataFrame:
        """film, director, x, y of the films in a plane."""
        index = found.points.index
        named = pd.DataFrame({"film": self.titles.loc[index], "director": self.directors.loc[index]})
        return pd.concat([named, found.points], axis=1)

    def directors_with_music(self) -> list[str]:
        """Directors of films with music, in the order of their colours."""
        return list(self._with_music)

    @cached_property
    def _with_music(self) -> tuple[str, ...]:
        known = set(self.directors[self.table["Music Duration"].notna()])
        return tuple(name for name in self.order if name in known)

    def surface(self, names: Sequence[str], *, plane: Plane = "both") -> tuple[Surface, Projected]:
        """Figures 34-37: the SVM's regions in a plane (figure 33's) for some directors, and the films."""
        found = self.projection(plane)
        directors = self.directors.loc[found.points.index]
        directors = directors[directors.isin(list(names))]
        points = found.points.loc[directors.index]
        surface = decision_surface(points, directors)
        return surface, Projected(points, found.x_title, found.y_title, found.parts, found.left_out)

    @property
    def has_senses(self) -> bool:
        """Whether it has columns about what is said or seen in films."""
        return bool(sensed_columns(self.table))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The features that can separate its directors."""
        return sources_of(self.table)

    def separation(
        self,
        names: Sequence[str],
        source: Source,
        *,
        shuffles: int = 100,
        advance: Callable[[int], None] = lambda done: None,
    ) -> Separation:
        """How well a classifier can distinguish these directors from one source; `advance` as in `separate`."""
        directors = self.directors.where(self.directors.isin(list(names)), "")
        return separate(self.table, directors, source, shuffles=shuffles, advance=advance)

    def separations(self, names: Sequence[str] | None = None, *, shuffles: int = 100) -> list[Separation]:
        """Every source that the films have, evaluated on the same films.

        Args:
            names: directors to distinguish; None selects the twelve with the most films with music.
        """
        chosen = list(names) if names is not None else self.directors_with_music()[:12]
        return [self.separation(chosen, source, shuffles=shuffles) for source in self.sources]


def encodings_beside(found: OpenCatalogue, thesis: Room, founded: Room, row: int) -> pd.DataFrame:
    """One film in both encodings, where they differ: attribute, known value, thesis, corrected."""
    data = found.enhanced
    known = data.iloc[row]
    numbers, indicators = thesis.table.loc[row], founded.table.loc[row]

    def has(prefix: str) -> str:
        return ", ".join(name for name in indicators.index if name.startswith(prefix) and indicators[name] == 1)

    def number(value: Any) -> str:
        return "not known" if np.isnan(value) else f"{value:g}"

    rows = [
        ("Metascore", known["Metascore"], numbers["Metascore"], number(indicators["Metascore"])),
        ("Countries", known["Countries"], numbers["Countries"], has("Country: ")),
        ("Movie Genres", known["Movie Genres"], numbers["Movie Genres"], has("Genre: ")),
        ("Music Genres", joined_genres(data.iloc[[row]]).iloc[0], numbers["Music Genres"], "the ten shares"),
        ("Director", thesis.directors[row], numbers["Director"], has("Director: ")),
    ]
    return pd.DataFrame(
        [(name, _told(value), number(code), said or "none of the common ones") for name, value, code, said in rows],
        columns=["attribute", "known", "thesis", "founded"],
    )


def _told(value: Any) -> str:
    """A cell of the enhanced dataset as text."""
    if isinstance(value, str):
        return value or "not known"
    if isinstance(value, (Sequence, np.ndarray)):
        return ", ".join(map(str, value)) or "not known"
    return "not known" if pd.isna(value) else f"{value:g}"


def chosen_directors(preset: str, known: Sequence[str]) -> list[str]:
    """The directors of a preset that the catalogue contains, whatever their spelling."""
    wanted = PRESETS[preset]
    if not wanted:
        return list(known)[:12]
    return [name for name in known if any(name in _ALIASES.get(one, (one,)) for one in wanted)]


def explained_words(found: Projected) -> str:
    """The share of variance of each component of a plane, as text."""
    return "; ".join(
        f"{kind}: " + ", ".join(f"component {place} carries {100 * share:.0f} %" for place, share in enumerate(part, 1))
        for kind, part in ((kind, part.explained) for kind, part in found.parts.items())
    )


def loadings_table(found: Projected) -> pd.DataFrame:
    """part, feature and loadings of every component, as a table."""
    tables = [
        part.loadings.rename_axis("feature").reset_index().assign(part=kind) for kind, part in found.parts.items()
    ]
    return pd.concat(tables, ignore_index=True)


def separation_table(found: Sequence[Separation]) -> pd.DataFrame:
    """One row per source; p_corrected is p_value after Holm, over the sources."""
    corrected = correct([one.p_value for one in found], "holm")
    return pd.DataFrame(
        [
            {
                "source": one.source,
                "films": one.films,
                "directors": len(one.directors),
                "folds": one.folds,
                "accuracy": one.accuracy,
                "balanced_accuracy": one.balanced_accuracy,
                "majority": one.majority,
                "chance": one.chance,
                "p_value": one.p_value,
                "p_corrected": float(p),
                "shuffles": one.shuffles,
            }
            for one, p in zip(found, corrected, strict=True)
        ]
    )
