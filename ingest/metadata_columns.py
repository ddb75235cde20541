"""Which column of a table of films means which field: TMDB's, OMDb's, IMDb's, MovieLens's, and hand-made ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MUSIC_COLUMNS = frozenset({"blues", "hiphop"})
"""Where both stand in a header, the table is an enhanced dataset, whose first `Country` is a share of music."""

_NAMES: dict[str, tuple[str, ...]] = {
    "movie": (
        *("movie", "title", "primary_title", "primarytitle", "movie_title", "movie_name", "film_title", "series_title"),
        *("film", "original_title", "originaltitle"),
    ),
    "imdb_id": ("imdb_id", "imdbid", "const", "tconst", "imdb_title_id", "imdb"),
    "imdb_link": ("imdb_link", "movie_imdb_link", "imdb_url", "url"),
    "other_title": ("other_title", "original_title", "originaltitle"),
    "year": ("year", "release_year", "released_year", "title_year", "start_year", "startyear"),
    "release_date": ("release_date", "released", "date_published", "release_date_month_day_year"),
    "rating": (
        *("imdb_rating", "imdbrating", "vote_average", "averagerating", "average_rating", "imdb_score", "avg_vote"),
        "rating",
    ),
    "votes": (
        *("votes", "imdb_votes", "imdbvotes", "vote_count", "numvotes", "num_votes", "no_of_votes", "num_voted_users"),
        "number_of_votes",
    ),
    "metascore": ("metascore", "meta_score", "metacritic"),
    "runtime_minutes": (
        *("runtime_minutes", "runtimeminutes", "runtime_mins", "runtime_min", "runtime", "duration", "running_time"),
        "length_minutes",
    ),
    "countries": ("countries", "production_countries", "country_1", "country", "country_of_origin"),
    "languages": ("languages", "spoken_languages", "language"),
    "original_language": ("original_language",),
    "locations": ("locations", "filming_locations"),
    "genres": ("genres", "genre", "movie_genres"),
    "cast": ("cast", "actors", "stars", "starring"),
    "director": ("director", "directors", "director_name", "directed_by"),
    "writers": ("writers", "writer", "screenwriter", "screenwriters", "written_by"),
    "composers": ("composers", "composer", "music_by", "music_composer"),
    "tags": ("tags", "keywords", "plot_keywords"),
    "film_set": ("film_set", "belongs_to_collection"),
    "crew": ("crew",),
    "thesis_director": ("thesis_director",),
    "plot": ("plot", "overview", "description", "synopsis", "storyline"),
    "collection": ("collection",),
    "kind": ("title_type", "titletype", "type"),
}
"""Field -> the names that its column has elsewhere; the first that a header has is taken."""
_STAR = re.compile(r"star_?(\d+)|actor_?(\d+)(?:_name)?")
"""Columns of one actor each."""


@dataclass(frozen=True)
class Columns:
    """What a header means."""

    header: tuple[str, ...]
    """As it is written."""
    places: Mapping[str, int]
    """Field -> place of its column."""
    stars: tuple[int, ...]
    """Places of columns of one actor each, in order; used where no column lists the cast."""

    own_names: frozenset[str]
    """Names of the header in small letters, words joined by underlines."""

    @property
    def used(self) -> dict[str, str]:
        """Name of each column that is used -> the field it fills."""
        found = {self.header[place]: field for field, place in self.places.items()}
        return found | {self.header[place]: "cast" for place in self.stars}

    @property
    def unused(self) -> tuple[str, ...]:
        """Names of the columns that are not used, in order."""
        taken = {*self.places.values(), *self.stars}
        return tuple(name for place, name in enumerate(self.header) if place not in taken and name.strip())

    def row(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells of a row by field."""
        row = {field: cells[place] for field, place in self.places.items()}
        if self.stars:
            row["cast"] = "|".join(name for place in self.stars if (name := cells[place].replace("|", "/").strip()))
        return row


def columns_of(header: Sequence[str]) -> Columns:
    """Recognise a header, in any order, case and spelling ("IMDb ID", "imdb_id")."""
    plain = [re.sub(r"[\W_]+", "_", name.strip().casefold()).strip("_") for name in header]
    free = set(range(len(plain)))
    if set(plain) >= MUSIC_COLUMNS and "country" in plain:
        free.discard(plain.index("country"))
    if "const" in plain and "description" in plain:  # of a list of IMDb: what its maker says of the entry
        free.discard(plain.index("description"))
    places: dict[str, int] = {}
    for field, names in _NAMES.items():
        found = next((i for name in names for i, own in enumerate(plain) if own == name and i in free), None)
        if found is not None:
            places[field] = found
            free.discard(found)
    numbered = sorted((int(star[1] or star[2]), i) for i in free if (star := _STAR.fullmatch(plain[i])))
    stars = () if "cast" in places else tuple(i for _, i in numbered)
    return Columns(tuple(header), places, stars, frozenset(plain))
