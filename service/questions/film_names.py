"""A film as one line of a list: "Vertigo (1958), Alfred Hitchcock"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

MOST_NAMES = 10_000
"""Number of names that are kept, about 100 bytes each."""


class FilmNames(Mapping[int, str]):
    """film_id -> title, year and first director as one line of a list."""

    def __init__(self, films: pd.DataFrame) -> None:
        """`films`: columns film_id, title, year, directors."""
        self._ids = pd.Index(films["film_id"])
        self._columns = films["title"].to_numpy(object), films["year"].to_numpy(object), films["directors"].to_numpy()
        self._made: dict[int, str] = {}

    def __getitem__(self, film_id: int) -> str:
        made = self._made.get(film_id)
        if made is None:
            title, year, directors = (column[self._ids.get_loc(film_id)] for column in self._columns)
            made = name_of(str(title), None if pd.isna(year) else int(year), list(directors))
            if len(self._made) >= MOST_NAMES:
                self._made.clear()
            self._made[film_id] = made
        return made

    def __contains__(self, film_id: object) -> bool:
        return film_id in self._ids

    def __iter__(self) -> Iterator[int]:
        return iter(self._ids.tolist())

    def __len__(self) -> int:
        return len(self._ids)


def name_of(title: str, year: int | None, directors: Sequence[str]) -> str:
    """A film as one line of a list."""
    dated = f"{title} ({year})" if year else title
    return f"{dated}, {directors[0]}" if len(directors) else dated
