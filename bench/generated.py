"""Generate any number of fictitious films, reproducibly, to measure and test the recommender.

Names follow Zipf's law; genres and countries have the proportions of real catalogues; recent years are more frequent;
some films lack music, rating or Metascore; embeddings form a few dozen clusters, one per style.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from db.catalogue.records import FilmRecord, Fitted
from db.catalogue.scenes import Scenes
from film import ATTRIBUTES, GENRES, LEVELS, Film, FilmSummary
from models.pictures.faces import EXPRESSIONS
from recommender.matrix import BlockMatrix
from recommender.vectors import FilmEncoding
from senses import Dialogue, Faces, Picture

FILM_GENRES = (
    ("Drama", 0.54), ("Comedy", 0.34), ("Romance", 0.17), ("Crime", 0.15), ("Thriller", 0.14), ("Action", 0.14),
    ("Adventure", 0.11), ("Documentary", 0.10), ("Horror", 0.08), ("Mystery", 0.06), ("Sci-Fi", 0.06), ("Family", 0.06),
    ("Fantasy", 0.05), ("Animation", 0.05), ("War", 0.04), ("History", 0.04), ("Western", 0.03), ("Musical", 0.03),
)  # fmt: skip
COUNTRIES = ("USA", "UK", "France", "Germany", "Canada", "Italy", "Japan", "Australia", "Spain", "India", "Sweden")
CITIES = ("Los Angeles, California, USA", "New York City, New York, USA", "Paris, Île-de-France, France",
          "London, England, UK", "Rome, Lazio, Italy", "Tokyo, Kanto, Japan", "Berlin, Berlin, Germany")  # fmt: skip
EMBEDDING_DIMENSION = 64
STYLES = 24
CHUNK = 50_000
FITTED_ON = 100_000
"""The encoder of a larger catalogue is fitted on this many of its films."""


def _zipf(rng: np.random.Generator, n_names: int, shape: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Draw ranks below n_names; the frequency of rank r is proportional to 1 / (r + 10), approximately."""
    spread = np.log((n_names + 10) / 10)
    return np.minimum((10 * np.exp(rng.random(shape) * spread) - 10).astype(np.int64), n_names - 1)


def records(n: int, seed: int = 7, first_id: int = 1, music: float = 0.8) -> Iterator[FilmRecord]:
    """Generate n films with ids from `first_id`; `music` is the share of them that has been analysed and has runs."""
    for start in range(0, n, CHUNK):
        yield from _chunk(min(CHUNK, n - start), n, np.random.default_rng([seed, start]), first_id + start, music)


def _chunk(n: int, total: int, rng: np.random.Generator, first_id: int, music: float) -> Iterator[FilmRecord]:
    styles = np.random.default_rng(99)
    style_means = np.maximum(styles.standard_normal((STYLES, EMBEDDING_DIMENSION)) + 0.5, 0)
    style_genres = styles.dirichlet(np.full(len(GENRES), 0.25), STYLES)
    genre_names = [name for name, _ in FILM_GENRES]
    has_genre = rng.random((n, len(genre_names))) < np.array([share for _, share in FILM_GENRES])
    has_genre[~has_genre.any(axis=1), 0] = True
    directors = _zipf(rng, max(4, total // 3), (n,))
    cast = _zipf(rng, max(12, total), (n, 3))
    years = (2024 - rng.gamma(1.6, 14, n)).astype(int).clip(1900)
    rating = np.clip(rng.normal(6.6, 1.0, n), 1, 10).round(1)
    votes = np.exp(rng.normal(7, 2.2, n)).astype(int) + 5
    country = _zipf(rng, len(COUNTRIES), (n,))
    city = rng.integers(0, len(CITIES), n)
    chance = rng.random((n, 4))
    style = rng.integers(0, STYLES, n)
    noise = rng.standard_normal((n, EMBEDDING_DIMENSION)).astype(np.float32)
    shares = rng.dirichlet(np.full(3, 0.7), (n, 4)) * 100
    further = rng.random((n, 4))
    for i in range(n):
        film = Film(
            title=f"The {('Quiet', 'Last', 'Red', 'Hidden', 'Long')[i % 5]} Film {first_id + i}",
            film_id=first_id + i,
            directors=(f"Director {directors[i]}",),
            year=int(years[i]),
            rating=float(rating[i]) if chance[i, 0] < 0.97 else None,
            votes=int(votes[i]) if chance[i, 0] < 0.97 else None,
            metascore=int(np.clip(rating[i] * 10 + rng.normal(0, 8), 1, 100)) if chance[i, 1] < 0.4 else None,
            countries=(COUNTRIES[country[i]],),
            locations=(CITIES[city[i]],) if chance[i, 2] < 0.4 else (),
            genres=tuple(genre_names[g] for g in np.flatnonzero(has_genre[i])[:4]),
            cast=tuple(dict.fromkeys(f"Player {p}" for p in cast[i])),
            collection=f"Collection {first_id % 7}",
        )
        if chance[i, 3] >= music:
            yield FilmRecord(film, None, None, None, "")
            continue
        mean = np.maximum(style_means[style[i]] + 0.4 * noise[i], 0).astype(np.float32)
        yield FilmRecord(
            film, _summary(style_genres[style[i]], shares[i], further[i]), mean, np.abs(0.1 * noise[i]), "g1"
        )


def with_senses(record: FilmRecord, rng: np.random.Generator) -> FilmRecord:
    """A film's senses with random values: they mean nothing, but take as much space as real ones."""
    some = rng.random(24)
    said = Dialogue("en", some[0], 150 * some[1], 600 * some[2], some[3], some[4] / 3, some[5] / 3, some[6] - 0.5)
    said = replace(said, terms={f"word{int(place)}": 1 + place % 5 for place in rng.integers(0, 3_000, 40).tolist()})
    palette = tuple(tuple(int(value) for value in colour) for colour in rng.integers(0, 256, (5, 3)))
    brightness, spread, contrast, saturation, warmth = some[7:12]
    seen = Picture(brightness, spread, contrast, saturation, warmth, 60 * some[12], bool(some[13] < 0.1), some[14],
                   20 * some[15], 30 * some[15] + 1, palette, (0.2,) * 5, 1.3 + some[16], 0.0, (None,) * 20, False,
                   600, "")  # fmt: skip
    shares = rng.dirichlet(np.ones(len(EXPRESSIONS)))
    shown = Faces(some[17], 1 + some[18], some[19], dict(zip(EXPRESSIONS, shares.tolist(), strict=True)), {}, 120)
    return replace(record, dialogue=said, picture=seen, faces=shown)


def _summary(genres: npt.NDArray[Any], shares: npt.NDArray[Any], further: npt.NDArray[Any]) -> FilmSummary:
    levels = {name: dict(zip(LEVELS[name], map(float, shares[i]), strict=True)) for i, name in enumerate(ATTRIBUTES)}
    music, speech, other = (float(share) for share in shares[3])
    names = ("acousticness", "instrumentalness", "tempo_bpm", "tempo_confidence")
    values = (further[0], further[1], 60 + 120 * further[2], further[3])
    return FilmSummary(
        genres=dict(zip(GENRES, map(float, 100 * genres), strict=True)),
        music=music,
        speech=speech,
        other=other,
        further=dict(zip(names, map(float, values), strict=True)),
        **levels,
    )


class GeneratedCatalogue:
    """A snapshot in memory."""

    def __init__(self, n: int, seed: int = 7, music: float = 0.8, senses: float = 0.0) -> None:
        """`senses` is the share of films that have dialogue, picture and faces."""
        encoding = FilmEncoding()
        fitted: Fitted | None = None
        parts, priors, films, summaries, chunk = [], [], [], [], []
        source = records(n, seed, music=music)
        if senses:
            rng = np.random.default_rng([seed, 1])
            source = (with_senses(record, rng) if rng.random() < senses else record for record in source)
        for i, record in enumerate(source, start=1):
            chunk.append(record)
            if len(chunk) == FITTED_ON or i == n:
                fitted = fitted or encoding.fit(chunk)
                parts.append(encoding.encode(fitted, chunk))
                priors.append(encoding.prior(fitted, chunk))
                films.append(film_table([r.film for r in chunk]))
                summaries.append(summary_table(chunk))
                chunk = []
        blocks = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        self.fitted = fitted
        self._films = pd.concat(films, ignore_index=True)
        self._summaries = pd.concat(summaries, ignore_index=True)
        self._matrix = BlockMatrix.from_blocks(range(1, n + 1), blocks, np.concatenate(priors))

    def films(self) -> pd.DataFrame:
        return self._films

    def summaries(self) -> pd.DataFrame:
        return self._summaries

    def matrix(self) -> BlockMatrix:
        return self._matrix

    def scenes(self) -> Scenes:
        """One run a film that has music."""
        held = np.flatnonzero(self._matrix.has["embedding"])
        vectors = self._matrix.vectors[held][:, self._matrix.slices["embedding"]]
        zeros = np.zeros(len(held), np.int32)
        return Scenes.of_embeddings(self._matrix.film_ids[held], zeros, zeros, zeros + 30, vectors, ("g1",) * len(held))


def film_table(films: list[Film]) -> pd.DataFrame:
    """Films as rows of the catalogue's table `films`, with lists in the multi-valued columns."""
    names = list(Film.__dataclass_fields__)
    return pd.DataFrame({name: pd.Series([getattr(f, name) for f in films], dtype=object) for name in names})


def summary_table(heard: Sequence[FilmRecord]) -> pd.DataFrame:
    """Summaries as rows of the catalogue's table `summaries`."""
    rows = []
    for record in heard:
        s = record.summary
        if s is not None:
            levels = {f"{name}_{level}": share for name in ATTRIBUTES for level, share in getattr(s, name).items()}
            rows.append({"film_id": record.film.film_id, **s.genres, **levels, "music": s.music})
    return pd.DataFrame(rows or {"film_id": np.array([], np.int64)})
