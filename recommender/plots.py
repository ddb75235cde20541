"""The block `plot`: a sentence model's vector of the film's plot.

The model (models/texts) was trained on English. A plot in another language gets no vector, so its film lacks the
block; otherwise films whose plots the model does not understand would look similar.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from models.texts.sentences import WIDTH, SentenceEncoder, model_version, sentence_encoder
from recommender.sound import Moments, principal
from recommender.terms import Float64, unit_rows

PLOT_DIMENSION = 96

Vectors = npt.NDArray[np.float32]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_WORDS = """
a about after against all an and are as at be been before between but by can do each for from get gets had has
have he her him his how i in into is it its more must no not of off on one or other out over own she so some
than that the their them then there they this through to under until up was we what when where which while who
whose will with world year years you young old man woman
"""
_COMMON = frozenset(_WORDS.split())
"""Common English words that occur in plots on any subject."""
ENGLISH_FROM = 0.2
"""Minimum share of these words in an English text."""
FEW_WORDS = 8
"""A text with fewer words counts as English."""


def _words(text: str) -> list[str]:
    return list(map(str.casefold, _WORD.findall(text)))


def is_english(text: str) -> bool:
    """Whether a text is in English, the language that the model knows; a text of few words counts as English."""
    words = _words(text)
    return len(words) <= FEW_WORDS or sum(map(_COMMON.__contains__, words)) >= ENGLISH_FROM * len(words)


def is_read(plot: str) -> bool:
    """Whether films are compared by this plot: it exists and is in English."""
    return bool(plot.strip()) and is_english(plot)


def shared_words(first: str, second: str) -> list[str]:
    """Words of four or more letters that two plots share, in the order of the first, without common words."""
    other = set(_words(second))
    return [word for word in dict.fromkeys(_words(first)) if len(word) >= 4 and word in other and word not in _COMMON]


class KeptVectors(Protocol):
    """A store that keeps the vectors of texts between publishes."""

    def get(self, version: str, texts: Iterable[str]) -> Mapping[str, Vectors]: ...
    def put(self, version: str, vectors: Mapping[str, Vectors]) -> None: ...


TEXTS_AT_ONCE = 64
"""Number of texts encoded and stored at a time; an interruption loses at most these."""
MOST_HELD = 10_000
"""Vectors that a fit keeps before it sums them up."""
MOST_KNOWN = 50_000
"""A reader remembers the vectors of about this many texts, 1.5 kB each."""


class PlotReader:
    """Encodes plots with the shipped model; each text once per reader or store."""

    def __init__(self, kept: KeptVectors | None = None, load: Callable[[], SentenceEncoder] = sentence_encoder) -> None:
        self._kept, self._load = kept, load
        self._known: dict[str, Vectors] = {}

    @cached_property
    def _encoder(self) -> SentenceEncoder:
        return self._load()

    @cached_property
    def _version(self) -> str:
        return model_version()

    def read(self, plots: Sequence[str]) -> Float64:
        """(n, WIDTH) vectors of length 1; zeros for a plot without a vector."""
        rows = np.zeros((len(plots), WIDTH))
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        read = {plot: plot.strip() if plot in self._known or is_read(plot) else "" for plot in dict.fromkeys(plots)}
        texts = [read[plot] for plot in plots]
        wanted = [text for text in dict.fromkeys(texts) if text and text not in self._known]
        if wanted and self._kept is not None:
            self._known.update(self._kept.get(self._version, wanted))
            wanted = [text for text in wanted if text not in self._known]
        for first in range(0, len(wanted), TEXTS_AT_ONCE):
            some = wanted[first : first + TEXTS_AT_ONCE]
            made = dict(zip(some, self._encoder.encode(some), strict=True))
            if self._kept is not None:
                self._kept.put(self._version, made)
            self._known.update(made)
        for row, text in enumerate(texts):
            if text:
                rows[row] = self._known[text]
        return rows


class PlotFit:
    """Centre and principal axes of a catalogue's plots. The vectors of a large catalogue are summed up, not kept."""

    def __init__(self) -> None:
        self._held: list[Float64] = []
        self._moments = Moments(WIDTH)

    def add(self, vectors: Float64) -> None:
        """Add (n, WIDTH) vectors of `PlotReader.read`; rows of zeros are ignored."""
        self._held.append(vectors[vectors.any(axis=1)])
        if sum(map(len, self._held)) > MOST_HELD:
            self._sum_up()

    def _sum_up(self) -> None:
        for rows in self._held:
            self._moments.add(rows)
        self._held = []

    def fitted(self) -> dict[str, Any]:
        """What `encode_plot` needs. There are at most as many axes as plots; further axes would be arbitrary."""
        if self._moments.count:
            self._sum_up()
            centre, axes, _, loss = self._moments.principal(PLOT_DIMENSION)
        else:
            known = np.concatenate(self._held or [np.zeros((0, WIDTH))])
            centre, axes, _, loss = principal(known, min(PLOT_DIMENSION, len(known)))
        return {"centre": centre, "axes": axes, "loss": loss}


def encode_plot(fitted: dict[str, Any], vectors: Float64) -> Float64:
    """(n, PLOT_DIMENSION) unit rows; zeros for a film whose plot has no vector."""
    rows = np.zeros((len(vectors), PLOT_DIMENSION))
    known = vectors.any(axis=1)
    found = (vectors[known] - fitted["centre"]) @ fitted["axes"]
    rows[known, : found.shape[1]] = found
    return unit_rows(rows)
