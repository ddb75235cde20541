"""Types that the catalogue and the encoding exchange."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from film import Film, FilmSummary
from senses import Dialogue, Faces, Picture

Fitted = dict[str, Any]
"""A fitted encoder: JSON values and NumPy arrays. It is stored with the snapshot, so that single films can be added
later."""

Blocks = dict[str, npt.NDArray[np.float32]]
"""Block name -> (n_films, dimension) rows, L2-normalised. A row of zeros means that the film lacks the block."""


class Heard(Protocol):
    """The analysis of one film; see `FilmRecord`."""

    @property
    def summary(self) -> FilmSummary | None: ...
    @property
    def embedding_mean(self) -> npt.NDArray[np.float32] | None: ...
    @property
    def embedding_spread(self) -> npt.NDArray[np.float32] | None: ...
    @property
    def model_version(self) -> str: ...
    @property
    def dialogue(self) -> Dialogue | None: ...
    @property
    def picture(self) -> Picture | None: ...
    @property
    def faces(self) -> Faces | None: ...


@dataclass(frozen=True)
class StoredHeard:
    """What the catalogue holds of one film's analysis."""

    summary: FilmSummary | None = None
    embedding_mean: npt.NDArray[np.float32] | None = None
    embedding_spread: npt.NDArray[np.float32] | None = None
    model_version: str = ""
    dialogue: Dialogue | None = None
    picture: Picture | None = None
    faces: Faces | None = None


@dataclass(frozen=True)
class FilmRecord:
    """Everything from which a film's vector is computed."""

    film: Film
    summary: FilmSummary | None
    """None if the film is not analysed. A summary without runs has `has_music` false."""
    embedding_mean: npt.NDArray[np.float32] | None
    """Mean of the runs' embeddings, weighted by duration; None without runs."""
    embedding_spread: npt.NDArray[np.float32] | None
    """Their weighted standard deviation."""
    model_version: str
    dialogue: Dialogue | None = None
    picture: Picture | None = None
    faces: Faces | None = None


@dataclass(frozen=True)
class ModelRecord:
    """One set of weights of an ear, for the catalogue's table of models."""

    model_version: str
    """Version of the ear, as recorded in every analysis."""
    kind: str
    """The part of the ear: activity, musicnn_msd, thesis-genre, energy, ..."""
    metrics: Mapping[str, float]
    """Metrics from the model's card; empty if this part was not evaluated alone."""
    sha256: str
    trained_at: str
    """ISO date; empty if unknown."""


class Encoding(Protocol):
    """How films become blocks. `recommender` implements this protocol and passes it to `db.catalogue.publish`."""

    version: str
    """Version of the feature set. Snapshots with another version are encoded again."""

    def fit(self, records: Collection[FilmRecord]) -> Fitted:
        """Fit the encoder. The catalogue reads the records while they are iterated over: keep few of them."""
        ...

    def encode(self, fitted: Fitted, records: Sequence[FilmRecord]) -> Blocks: ...

    def prior(self, fitted: Fitted, records: Sequence[FilmRecord]) -> npt.NDArray[np.float32]:
        """(n_films,) quality prior in [0, 1]."""
        ...
