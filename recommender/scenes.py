"""Search for scenes by sound: the runs whose embeddings are nearest to given embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from errors import ParameterError

Float64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

SPARE = 50
"""The indexes look for so many more runs than asked for; exact cosines choose among them."""
DEEPER = 4
"""More candidates are so many times as many."""
CHUNK = 65_536
"""Runs compared at a time."""
SHORTEST = 1e-5
"""A run nearer to the centre than this has no direction: its float32 numbers are rounding."""
MOST_CANDIDATES = 20_000
"""The films nearest to a clip are sought among at most so many runs for each of the clip's."""
DECIMALS = 6
"""Of a cosine: what embeddings in float32 determine, so that twins tie on every machine."""


MARGIN = 2 * 10.0**-DECIMALS
"""Of a bound on a score: what rounding and the float32 of the indexes can hide."""


class StoredScenes(Protocol):
    """What a snapshot's `scenes()` offers: one row a run."""

    @property
    def film_ids(self) -> npt.NDArray[np.int64]: ...
    @property
    def runs(self) -> npt.NDArray[np.integer]: ...
    @property
    def start_s(self) -> npt.NDArray[np.integer]: ...
    @property
    def end_s(self) -> npt.NDArray[np.integer]: ...
    @property
    def usable(self) -> npt.NDArray[np.bool_]: ...
    @property
    def n_usable(self) -> int: ...
    @property
    def centre(self) -> Float64: ...
    @property
    def width(self) -> int: ...
    @property
    def model_version(self) -> str: ...
    def __len__(self) -> int: ...
    def embeddings(self, rows: Rows) -> Float64: ...
    def nearest(self, units: npt.NDArray[np.float32], n: int) -> Rows: ...


@dataclass(frozen=True)
class SceneMatch:
    """A run of a film and its similarity: the cosine of centred embeddings, -1 to 1."""

    film_id: int
    run: int
    start_s: int
    end_s: int
    score: float


class SceneIndex:
    """Search among the runs of the commonest model version: indexes find candidates, exact cosines order them."""

    def __init__(self, scenes: StoredScenes) -> None:
        self._scenes = scenes

    def __len__(self) -> int:
        return len(self._scenes)

    @property
    def model_version(self) -> str:
        return self._scenes.model_version

    def nearest(
        self, embeddings: Float64, seconds: Sequence[float] | None = None, n: int = 10
    ) -> tuple[list[SceneMatch], list[tuple[int, float]]]:
        """Scenes and films nearest to the runs of a clip.

        Args:
            embeddings: (k, d) of the clip's runs, by the model whose embeddings the catalogue holds.
            seconds: (k,) their lengths, the weights in a film's score; None = equal.
            n: how many scenes, and how many films.

        Returns:
            n scenes by their nearest cosine to any run of the clip; n films as (film_id, score), the score the mean
            over the clip's runs of the best cosine among the film's scenes. Ties by film_id, then start.

        Raises:
            ParameterError: the embeddings are of another length than the catalogue's, or not finite.
        """
        if not self._scenes.n_usable:
            return [], []
        if embeddings.ndim != 2 or embeddings.shape[1] != self._scenes.width or not len(embeddings):
            raise ParameterError(
                f"embeddings of shape {embeddings.shape}: the catalogue's have {self._scenes.width} "
                "numbers. Analyse the clip with the catalogue's model."
            )
        if not np.isfinite(embeddings).all():
            raise ParameterError("the clip's embedding holds values that are not finite. Analyse the clip again.")
        units = self._units(embeddings)
        weights = np.ones(len(embeddings)) if seconds is None else np.asarray(seconds, np.float64)
        return self._best_scenes(units, n), self._best_films(units, weights / weights.sum(), n)

    def like_run(self, film_id: int, run: int, n: int = 10) -> list[SceneMatch]:
        """More scenes like one run; the run itself is left out.

        Raises:
            ParameterError: the film has no such run, or its embedding cannot be compared.
        """
        scenes = self._scenes
        here = np.flatnonzero((scenes.film_ids == film_id) & (np.asarray(scenes.runs) == run))
        if not len(here):
            raise ParameterError(
                f"film {film_id}, run {run}: nothing to compare. The film has no such run, or another model heard it "
                "than most films here. See the film's list of runs, or ingest the film again."
            )
        rows = here[scenes.usable[here]]
        embedding = scenes.embeddings(rows)
        if not len(rows) and np.isfinite(scenes.embeddings(here)).all():
            raise ParameterError(
                f"film {film_id}, run {run}: another model heard it than most films here, and there is "
                "nothing to compare. Ingest the other films again."
            )
        if not len(rows) or not np.isfinite(embedding).all() or np.linalg.norm(embedding - scenes.centre) < SHORTEST:
            raise ParameterError(f"film {film_id}, run {run}: its embedding is empty or broken. Ingest the film again.")
        return self._best_scenes(self._units(embedding), n, without=int(rows[0]))

    def nearest_pairs(self, films: Sequence[tuple[int, int]]) -> list[tuple[SceneMatch, SceneMatch] | None]:
        """Of each pair of films the two scenes, one of each, that sound most alike; None where one has no scene."""
        scenes = self._scenes
        asked = np.unique(np.array([film for pair in films for film in pair], np.int64))
        of_film: dict[int, Rows] = {film: np.zeros(0, np.int64) for film in asked.tolist()}
        found = np.flatnonzero(np.isin(scenes.film_ids, asked) & scenes.usable)
        of_film |= {film: found[scenes.film_ids[found] == film] for film in np.unique(scenes.film_ids[found]).tolist()}
        return [self._nearest_pair(of_film[first], of_film[second]) for first, second in films]

    def _nearest_pair(self, first: Rows, second: Rows) -> tuple[SceneMatch, SceneMatch] | None:
        if not len(first) or not len(second):
            return None
        cosines = self._cosines(second, self._units(self._scenes.embeddings(first)))
        there, here = np.unravel_index(int(cosines.argmax()), cosines.shape)
        best = float(cosines[there, here])
        if not np.isfinite(best):
            return None
        return self._match(int(first[here]), best), self._match(int(second[there]), best)

    def _best_scenes(self, units: Float64, n: int, without: int = -1) -> list[SceneMatch]:
        """The n scenes with the largest cosine to any of (k, d) units."""
        rows = np.unique(self._scenes.nearest(units.astype(np.float32), n + SPARE))
        rows = rows[(rows >= 0) & (rows != without)]
        best = self._cosines(rows, units).max(axis=1)
        order = np.lexsort((self._scenes.start_s[rows], self._scenes.film_ids[rows], -best))[:n]
        return [self._match(int(rows[i]), float(best[i])) for i in order if np.isfinite(best[i])]

    def _best_films(self, units: Float64, weights: Float64, n: int) -> list[tuple[int, float]]:
        """The n films with the largest weighted mean of best cosines.

        A film without a run among the candidates of some units is no nearer to those than their last candidate, which
        bounds its score: more candidates are taken until that bound lies below the n-th film.
        """
        scenes = self._scenes
        most = min(scenes.n_usable, MOST_CANDIDATES)
        depth = min(most, n + SPARE)
        while True:
            nearest = scenes.nearest(units.astype(np.float32), depth)
            found = np.unique(nearest[nearest >= 0])
            film_ids = np.unique(scenes.film_ids[found])
            rows = np.flatnonzero(np.isin(scenes.film_ids, film_ids) & scenes.usable)
            cosines = self._cosines(rows, units)
            per_film = np.full((len(film_ids), len(units)), -np.inf)
            np.maximum.at(per_film, np.searchsorted(film_ids, scenes.film_ids[rows]), cosines)
            scores = np.round(per_film @ weights, DECIMALS)
            order = np.lexsort((film_ids, -scores))[:n]
            last = self._last(rows, cosines, nearest, depth)
            if depth >= most or (len(order) == n and scores[order[-1]] > last @ weights + MARGIN):
                return [(int(film_ids[i]), float(scores[i])) for i in order if np.isfinite(scores[i])]
            depth = min(most, depth * DEEPER)

    def _last(self, rows: Rows, cosines: Float64, nearest: Rows, depth: int) -> Float64:
        """(k,) the cosine of each unit's depth-th candidate: no run that was not found is nearer."""
        last = np.empty(cosines.shape[1])
        for unit, found in enumerate(nearest):
            own = np.sort(cosines[np.searchsorted(rows, found[found >= 0]), unit])
            last[unit] = own[-depth] if len(own) >= depth else 1.0
        return last

    def _units(self, embeddings: Float64) -> Float64:
        """(k, d) unit vectors from the centre; zeros for an embedding at the centre."""
        centred = embeddings - self._scenes.centre
        length = np.linalg.norm(centred, axis=1, keepdims=True)
        units: Float64 = np.divide(centred, length, out=np.zeros_like(centred), where=length > SHORTEST)
        return units

    def _cosines(self, rows: Rows, units: Float64) -> Float64:
        """(n_rows, k) cosines with k units; -inf for runs that lie at the centre, which are like nothing."""
        cosines = np.full((len(rows), len(units)), -np.inf)
        for start in range(0, len(rows), CHUNK):
            centred = self._scenes.embeddings(rows[start : start + CHUNK]) - self._scenes.centre
            lengths = np.linalg.norm(centred, axis=1)
            held = np.isfinite(lengths) & (lengths > SHORTEST)
            found = np.einsum("ij,kj->ik", centred[held], units) / lengths[held, None]
            cosines[start : start + CHUNK][held] = np.round(np.clip(found, -1.0, 1.0), DECIMALS)
        return cosines

    def _match(self, row: int, score: float) -> SceneMatch:
        s = self._scenes
        return SceneMatch(int(s.film_ids[row]), int(s.runs[row]), int(s.start_s[row]), int(s.end_s[row]), score)
