"""A small enhanced dataset of invented films whose directors differ by known amounts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mining.preprocess import MUSIC_SHARES


def row(movie: str, director: str, **given: Any) -> dict[str, Any]:
    """One film of the enhanced dataset; what is not given is plain."""
    shares = dict.fromkeys(MUSIC_SHARES, 0.0)
    shares.update({name: given.pop(name) for name in list(given) if name in shares})
    base: dict[str, Any] = {
        "Movie": movie,
        **shares,
        "Music Duration": 30.0,
        "Speech Duration": 60.0,
        "Other Duration": 10.0,
        "Director": director,
        "Year": 1960,
        "Rating": 7.0,
        "Metascore": 70,
        "Countries": "USA",
        "Locations": "",
        "Movie Genres": "Crime, Drama",
        "Cast": "",
        "Energy": "Low",
        "Danceability": "Medium",
        "Valence": "Negative",
    }
    return base | {name.replace("_", " "): value for name, value in given.items()}


def i_confess() -> dict[str, Any]:
    """The golden row of thesis Table 17."""
    return row(
        "I Confess",
        "Alfred Hitchcock",
        Blues=14.0, Rock=2.0, Jazz=31.0, Classical=51.0, Electronic=1.0, Country=1.0,
        Music_Duration=31.0, Speech_Duration=63.0, Other_Duration=6.0,
        Year=1953, Rating=7.3, Metascore=73, Danceability="Low",
    ) | {"Countries": "USA", "Movie Genres": "Crime, Drama, Thriller"}  # fmt: skip


def directors_apart(films_each: int = 8, seed: int = 3) -> pd.DataFrame:
    """Three directors that differ in their music only; the metadata are the same noise for all."""
    random = np.random.default_rng(seed)
    rows = []
    for director, genre in (("Ada Blue", "Blues"), ("Bob Rock", "Rock"), ("Cy Jazz", "Jazz")):
        for number in range(films_each):
            share = float(random.uniform(70, 95))
            rows.append(
                row(
                    f"{director} {number}",
                    director,
                    **{genre: share, "Classical": 100 - share},
                    Year=int(random.integers(1950, 2020)),
                    Rating=float(random.uniform(5, 9)),
                    Metascore=int(random.integers(40, 95)),
                )
            )
    return pd.DataFrame(rows)
