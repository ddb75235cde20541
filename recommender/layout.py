"""Points on a plane for vectors: near vectors become near points.

The start is a PCA; t-SNE (L. van der Maaten and G. Hinton, JMLR 9, 2008) moves its points. Of many vectors t-SNE lays
out a sample, the landmarks, and the others take their places from the nearest landmarks, as new films do later.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Float64 = npt.NDArray[np.float64]
Float32 = npt.NDArray[np.float32]

LANDMARKS = 2_000
"""Largest number of vectors that t-SNE lays out; more would take minutes."""
PERPLEXITY = 30.0
FEWEST = 5
"""Fewer different vectors than this are shown by their PCA."""
PLACED_BY = 5
"""Number of nearest known vectors that give a new one its place."""
CHUNK = 512
"""Number of new vectors placed at a time."""
TWIN_STEP = 0.004
"""Distance between the points of equal vectors, in units of the map's radius, so that each can be chosen."""
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


def lay_out(vectors: Float32) -> Float64:
    """Lay out n vectors (n, d) as (n, 2) points around 0, the farthest at distance 1.

    Equal vectors get points beside each other. None gives no point, one gives the point 0.
    """
    if not len(vectors):
        return np.zeros((0, 2))
    different, first, twin_of = np.unique(vectors, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)  # by first occurrence, so that the start does not depend on how vectors sort
    different, twin_of = different[order], np.argsort(order)[np.ravel(twin_of)]
    sample = np.random.default_rng(0).permutation(len(different))[:LANDMARKS]
    points = np.empty((len(different), 2))
    points[sample] = _scaled(_moved(different[sample]))
    rest = np.setdiff1d(np.arange(len(different)), sample)
    points[rest] = place(different[rest], different[sample], points[sample])
    return points[twin_of] + _beside(twin_of)


def place(new: Float32, known: Float32, points: Float64) -> Float64:
    """Place new vectors (m, d) among known ones (n, d) with points (n, 2): the mean of the nearest known points.

    The nearer a known vector, the more it weighs (1 / squared distance), so that an equal vector gives its own point.
    Without known vectors all new ones are placed at 0.
    """
    placed = np.zeros((len(new), 2))
    if not len(known):
        return placed
    k = min(PLACED_BY, len(known))
    lengths = np.einsum("ij,ij->i", known, known)
    for start in range(0, len(new), CHUNK):
        part = new[start : start + CHUNK]
        squared = lengths - 2 * (part @ known.T)
        nearest = np.argpartition(squared, k - 1, axis=1)[:, :k]
        apart = known[nearest].astype(np.float64) - part[:, None, :].astype(np.float64)
        weight = 1 / (np.einsum("ijk,ijk->ij", apart, apart) + 1e-9)
        weight /= weight.sum(axis=1, keepdims=True)
        placed[start : start + CHUNK] = np.einsum("ij,ijk->ik", weight, points[nearest])
    return placed


def aligned(new: Float64, old: Float64, shared: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]) -> Float64:
    """Turn, mirror, scale and move a new map (n, 2), so that shared points come nearest to their old places.

    This is Procrustes' problem; the singular value decomposition solves it (P. Schoenemann, Psychometrika 31, 1966).

    Args:
        shared: positions of the same films in `new` and in `old`. With fewer than two, the new map stays as it is.
    """
    source, target = new[shared[0]], old[shared[1]]
    if len(source) < 2:
        return new
    from_centre, to_centre = source.mean(axis=0), target.mean(axis=0)
    source, target = source - from_centre, target - to_centre
    size = float((source**2).sum())
    if size <= 0 or not target.any():
        return new
    left, singular, right = np.linalg.svd(source.T @ target)
    moved: Float64 = (new - from_centre) @ (left @ right) * (singular.sum() / size) + to_centre
    return moved


def _moved(vectors: Float32) -> Float64:
    """The PCA of different vectors, moved by t-SNE where there are enough of them."""
    start = _components(vectors)
    if len(vectors) < FEWEST:
        return start
    from sklearn.manifold import TSNE

    spread = float(start[:, 0].std()) or 1.0
    model = TSNE(
        perplexity=min(PERPLEXITY, (len(vectors) - 1) / 3),
        init=(start / spread * 1e-4).astype(np.float32),
        random_state=0,
    )
    moved: Float64 = model.fit_transform(vectors).astype(np.float64)
    return moved


def _components(vectors: Float32) -> Float64:
    """(n, 2) scores of the first two principal components; each component's largest loading is positive."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, directions = np.linalg.eigh(centred.T @ centred)
    first = directions[:, ::-1][:, :2]
    first = first * np.sign(first[np.abs(first).argmax(axis=0), np.arange(first.shape[1])])
    scores = np.zeros((len(vectors), 2))
    scores[:, : first.shape[1]] = centred @ first
    return scores


def _scaled(points: Float64) -> Float64:
    """Around 0, the farthest at distance 1."""
    centred = points - points.mean(axis=0)
    radius = float(np.sqrt((centred**2).sum(axis=1).max()))
    scaled: Float64 = centred / radius if radius > 0 else centred
    return scaled


def _beside(twin_of: npt.NDArray[np.intp]) -> Float64:
    """(n, 2) steps that take equal vectors apart: the first stays, the others lie on a spiral around it."""
    order = np.argsort(twin_of, kind="stable")
    counts = np.bincount(twin_of)
    rank = np.empty(len(twin_of), np.intp)
    rank[order] = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    radius, angle = TWIN_STEP * np.sqrt(rank), GOLDEN_ANGLE * rank
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
