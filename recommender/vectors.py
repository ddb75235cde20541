"""Encode films as named blocks of a vector: sound and metadata (256 numbers), what is said and seen (122 more)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from db.catalogue.batches import FilmColumns, RecordBatch, batches_of
from db.catalogue.records import Blocks, FilmRecord, Fitted, Heard
from recommender import quality, senses, sound, terms
from recommender.names import DIRECTOR_WEIGHT
from recommender.plots import PLOT_DIMENSION, KeptVectors, PlotFit, PlotReader, encode_plot
from recommender.terms import Float64, unit_rows

DIMENSIONS: dict[str, int] = {
    "music": sound.MUSIC_DIMENSION,
    "embedding": sound.EMBEDDING_DIMENSION,
    "genres": 28,
    "people": 28,
    "place": 16,
    "era": 8,
    "reception": 12,
    "plot": PLOT_DIMENSION,
}
"""The blocks in order with their widths, 256 together. A new block is a new line here."""

HEARD = ("music", "embedding")
"""The blocks of sound, which the slider weighs against the others."""

HASHED_PEOPLE, HASHED_PLACES = 6, 4

FITTED_AT_ONCE = 5_000
"""Films whose plots are in memory at a time during a fit."""

ERA_CENTRES = np.linspace(1920.0, 2025.0, DIMENSIONS["era"])
ERA_WIDTH = 8.0
RATING_CENTRES = np.linspace(4.0, 9.0, 6)
METASCORE_CENTRES = np.linspace(20.0, 100.0, 5)


def bumps(values: Float64, centres: Float64, width: float) -> Float64:
    """(n, len(centres)) unit rows of Gaussian bumps, which make near values similar; zeros where a value is NaN."""
    held = np.clip(values, centres[0] - width, centres[-1] + width)
    return unit_rows(np.exp(-0.5 * ((held[:, None] - centres[None, :]) / width) ** 2))


def people_of(films: FilmColumns) -> terms.Words:
    """Directors, cast and composers as weighted words; somebody with two roles counts twice."""
    directors = terms.words_of(films.lists("directors"), DIRECTOR_WEIGHT, "person:")
    played = films.lists("cast").with_(films.lists("composers"))
    return terms.Words.joined([directors, terms.words_of(played, 1.0, "person:")])


def places_of(films: FilmColumns) -> terms.Words:
    """Countries, and for each location its town (with its region) and its region alone, at half weight."""
    locations = films.lists("locations")
    countries = terms.words_of(films.lists("countries"), 1.0, "country:")
    towns = terms.words_of(locations, 0.5, "place:", read=lambda text: _last_parts(text, 3))
    return terms.Words.joined([countries, towns, terms.words_of(locations, 0.5, "place:", read=_region)])


def _last_parts(location: str, n: int) -> str:
    """The last n parts of "Town, Region, Country"; "" if there are fewer."""
    parts = [part.strip() for part in location.split(",") if part.strip()]
    return ", ".join(parts[-n:]) if len(parts) >= n else ""


def _region(location: str) -> str:
    return _last_parts(location, 2)


def _reception(films: FilmColumns) -> Float64:
    rating, metascore = films.numbers("rating"), films.numbers("metascore")
    rows = np.zeros((len(rating), DIMENSIONS["reception"]))
    rows[:, :6] = bumps(rating, RATING_CENTRES, 0.6)
    rows[:, 6:11] = bumps(metascore, METASCORE_CENTRES, 12.0)
    rows[:, 11] = np.where(np.isfinite(rating) & ~np.isfinite(metascore), 0.7, 0.0)
    return unit_rows(rows)


class FilmEncoding:
    """Encodes films as blocks (implements `db.catalogue.records.Encoding`).

    The encoding is fitted once per catalogue version. Document frequencies, projections and centres are stored with the
    catalogue as plain lists and arrays, so that a film can be encoded later without the others. A film without runs has
    zeros in `music` and `embedding`; an embedding whose model version or length differs from the fitted one counts as a
    missing block.
    """

    version = "blocks-11"

    def __init__(self, kept: KeptVectors | None = None) -> None:
        """`kept`: store of the plots' vectors between publishes."""
        self.plots = PlotReader(kept)

    def fit(self, records: Iterable[FilmRecord]) -> Fitted:
        """Fit document frequencies, projections, centres and the mean quality to a catalogue, which may be empty.

        The records are read once and in order. Only those of films that are heard or seen are kept meanwhile.
        """
        genres, people, place, plots = terms.Documents(), terms.Documents(), terms.Documents(), PlotFit()
        received: list[quality.Reception] = []
        analysed: list[Heard] = []
        for batch in batches_of(records, FITTED_AT_ONCE):
            films = batch.films
            genres.add(terms.words_of(films.lists("genres")))
            people.add(people_of(films))
            place.add(places_of(films))
            received.append(quality.Reception.of(films))
            texts = films.texts("plot")
            for first in range(0, len(texts), FITTED_AT_ONCE):
                plots.add(self.plots.read(texts[first : first + FITTED_AT_ONCE]))
            analysed += [r for r in batch.heard if r.summary or r.dialogue or r.picture or r.faces]
        return {
            "version": self.version,
            "music": sound.fit_music(analysed),
            "embedding": sound.fit_embedding(analysed),
            "genres": terms.fit_columns(genres, DIMENSIONS["genres"]),
            "people": terms.fit_projection(people, DIMENSIONS["people"], HASHED_PEOPLE),
            "place": terms.fit_projection(place, DIMENSIONS["place"], HASHED_PLACES),
            "quality": quality.fit(quality.Reception.joined(received)),
            "senses": senses.fit(analysed),
            "plot": plots.fitted(),
        }

    def encode(self, fitted: Fitted, records: Sequence[FilmRecord]) -> Blocks:
        """Encode films as blocks of (n, d) float32 rows of length 1 or all zero.

        The order is that of `DIMENSIONS`, then the blocks of the senses that some film had at the fit."""
        batch = RecordBatch.of(records)
        films, heard = batch.films, batch.heard
        rows = {
            "music": sound.encode_music(fitted["music"], heard),
            "embedding": sound.encode_embedding(fitted["embedding"], heard),
            "genres": terms.encode_columns(
                fitted["genres"], terms.words_of(films.lists("genres")), DIMENSIONS["genres"]
            ),
            "people": terms.encode_projection(fitted["people"], people_of(films), DIMENSIONS["people"], HASHED_PEOPLE),
            "place": terms.encode_projection(fitted["place"], places_of(films), DIMENSIONS["place"], HASHED_PLACES),
            "era": bumps(films.numbers("year"), ERA_CENTRES, ERA_WIDTH),
            "reception": _reception(films),
            "plot": encode_plot(fitted["plot"], self.plots.read(films.texts("plot"))),
        }
        further = senses.encode(fitted["senses"], heard)
        return {
            name: block.astype(np.float32) for name, block in [*((n, rows[n]) for n in DIMENSIONS), *further.items()]
        }

    def prior(self, fitted: Fitted, records: Sequence[FilmRecord]) -> npt.NDArray[np.float32]:
        """(n,) quality in [0, 1]; unrated films have the mean of the rated ones (see `recommender.quality`)."""
        return quality.encode(fitted["quality"], RecordBatch.of(records).films)
