"""What passes between the catalogue and the rooms that encode it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from film import Film, FilmSummary
from senses import Dialogue, Picture

Fitted = dict[str, Any]
"""A fitted encoder: JSON values and NumPy arrays; stored with the snapshot, so that one film can be added later."""

Blocks = dict[str, npt.NDArray[np.float32]]
"""Block name -> (n_films, dimension) rows, L2-normalised; an all-zero row says that the film lacks the block."""


@dataclass(frozen=True)
class FilmRecord:
    """All that a film's vector is made of."""

    film: Film
    summary: FilmSummary | None
    """None: not analysed. A summary without runs has `has_music` false."""
    embedding_mean: npt.NDArray[np.float32] | None
    """Mean of the runs' embeddings, weighted by their seconds; None without runs."""
    embedding_spread: npt.NDArray[np.float32] | None
    """Their weighted standard deviation."""
    model_version: str
    dialogue: Dialogue | None = None
    picture: Picture | None = None


@dataclass(frozen=True)
class ModelRecord:
    """Weights that an ear consists of, for the catalogue's table of models."""

    model_version: str
    """Of the ear, as every analysis names it."""
    kind: str
    """Which part of it: activity, musicnn_msd, thesis-genre, energy, ..."""
    metrics: Mapping[str, float]
    """As its card says; empty if nothing of it was measured alone."""
    sha256: str
    trained_at: str
    """ISO date; empty if not known."""


class Encoding(Protocol):
    """How films become blocks. `recommender` implements it; `db.catalogue.publish` is handed it."""

    version: str
    """Names the feature set; a snapshot of another version is encoded anew."""

    def fit(self, records: Sequence[FilmRecord]) -> Fitted: ...

    def encode(self, fitted: Fitted, records: Sequence[FilmRecord]) -> Blocks: ...

    def prior(self, fitted: Fitted, records: Sequence[FilmRecord]) -> npt.NDArray[np.float32]:
        """(n_films,) quality prior in [0, 1]."""
        ...
