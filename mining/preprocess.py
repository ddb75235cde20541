"""Encode the enhanced dataset as numbers: the thesis's encoding, and a statistically sound alternative.

The thesis (chapter 6) turns every category into an integer by its place in the alphabet, so that rank correlation and
PCA can be run at once. For levels (low, medium, high) that is right; for countries, film genres and directors the
order is an accident of spelling. The founded encoding gives each country, film genre and director an indicator of its
own (1 = has it), and leaves a missing Metascore missing: filling it with the rating manufactures agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from errors import ParameterError
from film import ATTRIBUTES, GENRES, LEVELS

EncodingName = Literal["thesis", "founded"]

MUSIC_SHARES = tuple(name.capitalize() for name in GENRES)
DURATIONS = ("Music Duration", "Speech Duration", "Other Duration")
PRESENT = ("Music Present", "Speech Present", "Music Under Speech")
"""What is present in a second, in addition to its one label: music and speech may both be present. Not in the
thesis."""
LEVEL_COLUMNS = tuple(name.capitalize() for name in ATTRIBUTES)
MUSIC_FEATURES = (*MUSIC_SHARES, *DURATIONS, "Energy", "Danceability", "Valence")
"""Figure 31's features: ten genres, three durations, Energy, Danceability, Valence."""
METADATA_FEATURES = ("Rating", "Metascore", "Countries", "Year", "Movie Genres")
"""Figure 32's features."""
DIALOGUE_FEATURES = (
    "Dialogue",
    "Words Per Minute",
    "Longest Silence Seconds",
    "Vocabulary",
    "Questions",
    "Exclamations",
    "Sentiment",
)
PICTURE_FEATURES = (
    "Brightness",
    "Brightness Spread",
    "Contrast",
    "Saturation",
    "Warmth",
    "Colourfulness",
    "Dark Frames",
    "Cuts Per Minute",
    "Aspect Ratio",
)
FACE_FEATURES = (
    "Frames With Faces",
    "Faces Per Frame",
    "Close-ups",
    "Faces Neutral",
    "Faces Happy",
    "Faces Sad",
    "Faces Angry",
    "Faces Fearful",
    "Faces Disgusted",
    "Faces Surprised",
)
SAID_AND_SEEN = (*DIALOGUE_FEATURES, *PICTURE_FEATURES, *FACE_FEATURES)
"""In the founded encoding, where at least SENSED films have it."""
SENSED = 4
GENRE_THRESHOLD_PCT = 20.0
"""Music genres above this share are joined into one string per film (thesis chapter 6)."""
MOST_NAMES = 12
"""At most this many directors and as many composers have an indicator column."""
COMMON_SHARE = 0.02
"""A country or film genre gets an indicator column if at least this share of the films, and at least two, have it."""

_COUNTRY_NAMES = ("Country", "Country_", "Country_1", "Country.1")

REQUIRED = ("Movie", *MUSIC_FEATURES, "Director", *METADATA_FEATURES)


def sensed_columns(encoded: pd.DataFrame) -> list[str]:
    """The columns of an encoded table about what is said and seen; none in the thesis's encoding."""
    return [name for name in SAID_AND_SEEN if name in encoded.columns]


def with_music(data: pd.DataFrame) -> pd.Series:
    """(n_films,) bool: the film has at least one run (its genre shares do not all vanish)."""
    return data[list(MUSIC_SHARES)].fillna(0.0).sum(axis=1) > 0


def first_director(data: pd.DataFrame) -> pd.Series:
    """(n_films,) str: the first director, "" if unknown."""
    return _Cells.of(data["Director"]).each(lambda names: names[0] if names else "").astype(str)


def _split(value: object) -> list[str]:
    """The parts of "Crime, Drama" or of a list; nothing for a missing value."""
    if isinstance(value, str):
        return [part.strip() for part in value.replace("|", ",").split(",") if part.strip()]
    if isinstance(value, (Sequence, np.ndarray)):
        return [str(part) for part in value]
    return []


@dataclass(frozen=True, eq=False)
class _Cells:
    """A column of texts or lists. Each distinct text is read once: a large catalogue has the same ones many times."""

    column: pd.Series
    """(n,)"""
    codes: npt.NDArray[np.intp]
    """(n,) the place of each film's cell in `parts`"""
    parts: Sequence[list[str]]
    """The parts of each distinct cell"""

    @classmethod
    def of(cls, column: pd.Series) -> _Cells:
        try:
            codes, distinct = pd.factorize(column, use_na_sentinel=False)
        except TypeError:  # lists
            return cls(column, np.arange(len(column)), [_split(value) for value in column])
        return cls(column, codes, [_split(value) for value in distinct])

    def each(self, told: Callable[[list[str]], str | float]) -> pd.Series:
        """What `told` makes of the parts of each film."""
        made = pd.Series([told(part) for part in self.parts], name=self.column.name)
        whole: pd.Series = made.iloc[self.codes].set_axis(self.column.index)
        return whole

    def having(self, name: str) -> pd.Series:
        """1 for films that have this part, else 0."""
        return self.each(lambda parts: float(name in parts))

    def counts(self) -> pd.Series:
        """Part -> number of films, the most first, then by first appearance."""
        films = np.bincount(self.codes, minlength=len(self.parts)).tolist()
        found: dict[str, int] = {}
        for parts, n in zip(self.parts, films, strict=True):
            for name in parts:
                found[name] = found.get(name, 0) + n
        return pd.Series(found, dtype=int).sort_values(ascending=False, kind="stable")


def _integers(values: pd.Series) -> pd.Series:
    """Position of each string in the sorted list of distinct values; missing ("") stays missing."""
    codes, distinct = pd.factorize(values)
    known = {name: float(place) for place, name in enumerate(sorted(name for name in distinct if name))}
    places = np.array([*(known.get(name, np.nan) for name in distinct), np.nan])  # factorize says -1 of a missing one
    return pd.Series(places[codes], values.index, float, values.name)


def _levels(data: pd.DataFrame) -> pd.DataFrame:
    """Levels 0, 1, 2; missing for films without music."""
    encoded = pd.DataFrame(index=data.index)
    for attribute, column in zip(ATTRIBUTES, LEVEL_COLUMNS, strict=True):
        places = {level: float(place) for place, level in enumerate(LEVELS[attribute])}
        levels = data[column].astype(str).str.lower()
        encoded[column] = levels.map(places).astype(float)
    return encoded


def joined_genres(data: pd.DataFrame) -> pd.Series:
    """The music genres above 20 %, joined in the order of GENRES; "" if there are none."""
    shares = data[list(MUSIC_SHARES)].fillna(0.0)
    above = shares.to_numpy(dtype=float) > GENRE_THRESHOLD_PCT
    joined = [", ".join(name for name, high in zip(MUSIC_SHARES, row, strict=True) if high) for row in above.tolist()]
    return pd.Series(joined, index=data.index, dtype=str)


def _number(data: pd.DataFrame, column: str) -> pd.Series:
    return pd.to_numeric(data[column], errors="coerce").astype(float)


def unambiguous(data: pd.DataFrame) -> pd.DataFrame:
    """The enhanced dataset with the film's countries under "Countries".

    The thesis's Table 17 has two columns "Country": the music genre, then the film's country.
    """
    names = list(data.columns)
    if "Countries" in names:
        return data
    later = [place for place, name in enumerate(names) if str(name) in _COUNTRY_NAMES]
    if len(later) >= 2:
        names[later[1]] = "Countries"
    return data.set_axis(names, axis=1)


def _check(data: pd.DataFrame) -> None:
    missing = [name for name in REQUIRED if name not in data.columns]
    if missing:
        raise ParameterError(
            f"enhanced dataset: the column {missing[0]!r} is missing. Export it again with `filmscore export`."
        )
    if data.empty:
        raise ParameterError("enhanced dataset: it holds no films. Add films, then look again.")


def _music(data: pd.DataFrame) -> pd.DataFrame:
    """Shares, durations and levels; all missing for films without music."""
    music = data[[*MUSIC_SHARES, *DURATIONS]].astype(float)
    music = pd.concat([music, _levels(data)], axis=1)[list(MUSIC_FEATURES)]
    return music.where(with_music(data))


def thesis_encoding(data: pd.DataFrame) -> pd.DataFrame:
    """The preprocessed table of thesis chapter 6: one row a film, every column a number.

    Metascore is divided by 10 (the thesis's "multiplied by ten" is a slip: rating 7.3, Metascore 73) and an empty one
    takes the rating. Country, film genres (the whole string), joined music genres and director are integers by
    alphabet.

    Raises:
        ParameterError: a column of the enhanced dataset is missing, or it holds no films.
    """
    data = unambiguous(data)
    _check(data)
    encoded = _music(data)
    rating = _number(data, "Rating")
    encoded["Rating"] = rating
    encoded["Metascore"] = (_number(data, "Metascore") / 10).fillna(rating)
    encoded["Countries"] = _integers(_Cells.of(data["Countries"]).each(", ".join))
    encoded["Year"] = _number(data, "Year")
    encoded["Movie Genres"] = _integers(_Cells.of(data["Movie Genres"]).each("".join))
    encoded["Music Genres"] = _integers(joined_genres(data))
    encoded["Director"] = _integers(first_director(data))
    return encoded


def founded_encoding(data: pd.DataFrame) -> pd.DataFrame:
    """The same films with an indicator column per common country, film genre and director.

    Columns: the music features, Rating, Metascore (missing stays missing), Year, PRESENT where the dataset has them
    (also of films without music, which may have speech), what is said and seen, then `Country: USA`, `Genre: Crime`,
    `Director: ...` (the twelve directors with most films) and `Composer: ...` (likewise, where composers are known).

    Raises:
        ParameterError: as `thesis_encoding`.
    """
    data = unambiguous(data)
    _check(data)
    encoded = _music(data)
    encoded["Rating"] = _number(data, "Rating")
    encoded["Metascore"] = _number(data, "Metascore") / 10
    encoded["Year"] = _number(data, "Year")
    for column in (name for name in PRESENT if name in data.columns):
        encoded[column] = _number(data, column)
    for name in SAID_AND_SEEN:
        if name in data.columns and (values := _number(data, name)).notna().sum() >= SENSED:
            encoded[name] = values
    indicators: dict[str, pd.Series] = {}
    for column, prefix in (("Countries", "Country"), ("Movie Genres", "Genre")):
        cells = _Cells.of(data[column])
        counts = cells.counts()
        for name in counts[counts >= max(2, COMMON_SHARE * len(data))].index:
            indicators[f"{prefix}: {name}"] = cells.having(name)
    directors = first_director(data)
    for name in _with_most_films(directors[directors != ""].value_counts()):
        indicators[f"Director: {name}"] = (directors == name).astype(float)
    if "Composers" in data.columns:  # catalogues of earlier versions lack this column
        composers = _Cells.of(data["Composers"])
        for name in _with_most_films(composers.counts()):
            indicators[f"Composer: {name}"] = composers.having(name)
    return pd.concat([encoded, pd.DataFrame(indicators, index=data.index)], axis=1)


def _with_most_films(counts: pd.Series) -> list[str]:
    """The twelve names with most films; each has at least two films.

    Args:
        counts: name -> number of films.
    """
    several = {str(name): int(n) for name, n in counts[counts >= 2].items()}
    return sorted(several, key=lambda name: (-several[name], name))[:MOST_NAMES]


def encode(data: pd.DataFrame, encoding: EncodingName) -> pd.DataFrame:
    """`thesis_encoding` or `founded_encoding` by name."""
    return thesis_encoding(data) if encoding == "thesis" else founded_encoding(data)


def metadata_columns(encoded: pd.DataFrame) -> list[str]:
    """The columns of figure 32 in either encoding; never the director."""
    return [name for name in encoded.columns if name in METADATA_FEATURES or name.startswith(("Country: ", "Genre: "))]
