"""Search for scenes by sound: the runs whose embeddings are nearest to given embeddings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from errors import ParameterError

Float64 = npt.NDArray[np.float64]

CHUNK = 65_536
"""Number of runs compared at a time."""

NEUTRAL_RUNS = 20
"""The centre is the mean of the runs and this many runs at zero, so that a few runs keep what they have in common."""


class StoredScenes(Protocol):
    """The type of a snapshot's `scenes()`: one row per run."""

    @property
    def film_ids(self) -> npt.NDArray[np.int64]: ...
    @property
    def runs(self) -> npt.NDArray[np.integer]: ...
    @property
    def start_s(self) -> npt.NDArray[np.integer]: ...
    @property
    def end_s(self) -> npt.NDArray[np.integer]: ...
    @property
    def vectors(self) -> npt.NDArray[np.float32]: ...
    @property
    def model_version(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class SceneMatch:
    """A run of a film and its similarity: the cosine of centred embeddings, -1 to 1."""

    film_id: int
    run: int
    start_s: int
    end_s: int
    score: float


class SceneIndex:
    """Exact search among the runs of the most frequent model version, without a second copy of their embeddings."""

    def __init__(self, scenes: StoredScenes) -> None:
        self._scenes = scenes
        versions = Counter(scenes.model_version)
        self.model_version = min(versions, key=lambda version: (-versions[version], version)) if versions else ""
        self._comparable = np.asarray(np.isfinite(scenes.vectors).all(axis=1))
        if len(versions) > 1:
            self._comparable &= np.array([version == self.model_version for version in scenes.model_version])

    def __len__(self) -> int:
        return len(self._scenes.film_ids)

    @cached_property
    def _centre(self) -> Float64:
        """The mean embedding, which is subtracted: features that all music shares do not make scenes similar."""
        total = self._scenes.vectors.sum(axis=0, dtype=np.float64, where=self._comparable[:, None])
        centre: Float64 = total / (self._comparable.sum() + NEUTRAL_RUNS)
        return centre

    @cached_property
    def _lengths(self) -> Float64:
        """(n_runs,) distances from the centre; infinite for runs that cannot be compared: they match nothing."""
        parts = [np.zeros(0)]
        for start in range(0, len(self), CHUNK):
            centred = self._scenes.vectors[start : start + CHUNK] - self._centre
            parts.append(np.linalg.norm(centred, axis=1))
        lengths = np.concatenate(parts)
        lengths[~self._comparable | (lengths < 1e-9)] = np.inf
        return lengths

    def _cosines(self, embeddings: Float64) -> Float64:
        """(n_runs, k) cosines with k embeddings."""
        centred = embeddings - self._centre
        length = np.linalg.norm(centred, axis=1, keepdims=True)
        unit = np.divide(centred, length, out=np.zeros_like(centred), where=length > 1e-9)
        vectors = self._scenes.vectors
        if not np.isfinite(vectors).all():
            vectors = np.nan_to_num(vectors, posinf=0.0, neginf=0.0)
        products = np.concatenate(
            [vectors[start : start + CHUNK] @ unit.T.astype(np.float32) for start in range(0, len(self), CHUNK)]
        )
        cosines: Float64 = (products - self._centre @ unit.T) / self._lengths[:, None]
        return cosines

    def nearest(
        self, embeddings: Float64, seconds: Sequence[float] | None = None, n: int = 10
    ) -> tuple[list[SceneMatch], list[tuple[int, float]]]:
        """Scenes and films nearest to the runs of a clip.

        Args:
            embeddings: (k, d) of the clip's runs, by the model version of the catalogue's embeddings.
            seconds: (k,) lengths of the runs, the weights in a film's score; None: equal weights.
            n: number of scenes and of films.

        Returns:
            n scenes by their largest cosine to a run of the clip; n films as (film_id, score), where the score is the
            mean over the clip's runs of the largest cosine to the film's scenes. Ties by film_id, then start.

        Raises:
            ParameterError: the embeddings are of another length than the catalogue's, or not finite.
        """
        if not len(self):
            return [], []
        if embeddings.ndim != 2 or embeddings.shape[1] != self._scenes.vectors.shape[1] or not len(embeddings):
            raise ParameterError(
                f"embeddings of shape {embeddings.shape}: the catalogue's have {self._scenes.vectors.shape[1]} "
                "numbers. Analyse the clip with the catalogue's model."
            )
        if not np.isfinite(embeddings).all():
            raise ParameterError("the clip's embedding holds values that are not finite. Analyse the clip again.")
        cosines = self._cosines(embeddings)
        best = cosines.max(axis=1)
        best[np.isinf(self._lengths)] = -np.inf
        order = [row for row in self._order(best)[:n] if np.isfinite(best[row])]
        matches = [self._match(row, float(best[row])) for row in order]
        weights = np.ones(len(embeddings)) if seconds is None else np.asarray(seconds, np.float64)
        usable = np.isfinite(self._lengths)
        film_ids, position = np.unique(self._scenes.film_ids[usable], return_inverse=True)
        per_film = np.full((len(film_ids), len(embeddings)), -np.inf)
        np.maximum.at(per_film, position, cosines[usable])
        scores = per_film @ (weights / weights.sum())
        nearest = np.lexsort((film_ids, -scores))[:n]
        return matches, [(int(film_ids[i]), float(scores[i])) for i in nearest]

    def like_run(self, film_id: int, run: int, n: int = 10) -> list[SceneMatch]:
        """Scenes similar to one run, without the run itself.

        Raises:
            ParameterError: the film has no such run, or its embedding cannot be compared.
        """
        here = np.flatnonzero((self._scenes.film_ids == film_id) & (np.asarray(self._scenes.runs) == run))
        if not len(here):
            raise ParameterError(f"film {film_id}, run {run}: there is no such run. See the film's list of runs.")
        row = int(here[0])
        embedding = np.asarray(self._scenes.vectors[row : row + 1], np.float64)
        if not np.isfinite(self._lengths[row]):
            raise ParameterError(f"film {film_id}, run {run}: its embedding is empty or broken. Ingest the film again.")
        best = self._cosines(embedding)[:, 0]
        best[row] = -np.inf
        best[np.isinf(self._lengths)] = -np.inf
        return [self._match(other, float(best[other])) for other in self._order(best)[:n] if np.isfinite(best[other])]

    def _order(self, scores: Float64) -> npt.NDArray[np.intp]:
        """Best first; ties by film_id, then start."""
        return np.lexsort((self._scenes.start_s, self._scenes.film_ids, -scores))

    def _match(self, row: int, score: float) -> SceneMatch:
        s = self._scenes
        return SceneMatch(int(s.film_ids[row]), int(s.runs[row]), int(s.start_s[row]), int(s.end_s[row]), score)
