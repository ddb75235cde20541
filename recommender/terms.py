"""Encode sets of words (genres, names, places) as dense vectors: TF-IDF, then columns, a projection or hashing.

A word of a single film cannot make two films similar, but it must count as a difference: such words, and words that
the fitted catalogue did not contain, are hashed to a few signed columns. Words of two or more films are projected on
the strongest directions of the catalogue (truncated SVD), so that people who work together get similar vectors. The
loss of the projection is stored with it (`loss`).
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import scipy.sparse as sp

Float64 = npt.NDArray[np.float64]
WeightedWords = Sequence[tuple[str, float]]

MAX_WORDS = 60_000
"""Maximum size of the projected vocabulary; rarer words are hashed."""

SEED = 20200

SHORTEST = 1e-12
"""A shorter row has no direction."""


def unit_rows(rows: Float64) -> Float64:
    """(n, d) rows scaled to length 1; a row of zeros (or with a value that is not finite) becomes zeros."""
    safe = np.where(np.isfinite(rows).all(axis=1, keepdims=True), rows, 0.0)
    length = np.linalg.norm(safe, axis=1, keepdims=True)
    out: Float64 = np.divide(safe, length, out=np.zeros_like(safe), where=length > SHORTEST)
    return out


def inverse_document_frequency(counts: Float64, n_films: int) -> Float64:
    """log((1 + n) / (1 + count)) + 1, as scikit-learn's smoothed idf: at least 1, largest for rare words."""
    idf: Float64 = np.log((1.0 + n_films) / (1.0 + counts)) + 1.0
    return idf


def hashed_direction(word: str, columns: int) -> tuple[int, float]:
    """The column and sign of a hashed word; the same in every process."""
    digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
    number = int.from_bytes(digest, "little")
    return number % columns, 1.0 if (number >> 40) & 1 else -1.0


class Documents:
    """The weighted words of many films, held as numbers: a few bytes a word, each distinct word once as text."""

    def __init__(self, documents: Iterable[WeightedWords] = ()) -> None:
        self._columns: dict[str, int] = {}
        self._held, self._edges, self._weights = array("i"), array("q", [0]), array("d")
        for document in documents:
            self.add(document)

    def add(self, document: WeightedWords) -> None:
        """Append the words of one film."""
        columns = self._columns
        for word, weight in document:
            self._held.append(columns.setdefault(word, len(columns)))
            self._weights.append(weight)
        self._edges.append(len(self._held))

    def __len__(self) -> int:
        return len(self._edges) - 1

    def ranked(self) -> tuple[list[str], Float64]:
        """All words and the number of films that have each, most frequent first; equally frequent ones by alphabet."""
        words, counts = list(self._columns), self._matrix().getnnz(axis=0)
        order = sorted(range(len(words)), key=lambda i: (-counts[i], words[i]))
        return [words[i] for i in order], counts[order].astype(float)

    def matrix(self, words: Sequence[str]) -> sp.csr_matrix:
        """(films, words) sums of the weights."""
        import scipy.sparse as sp

        chosen = sp.csr_matrix(self._matrix()[:, [self._columns[word] for word in words]])
        chosen.sort_indices()
        return chosen

    def _matrix(self) -> sp.csr_matrix:
        import scipy.sparse as sp  # slow to import, and a question needs none

        numbers = np.frombuffer(self._weights, np.float64), np.frombuffer(self._held, np.intc)
        shape = (len(self), len(self._columns))
        matrix = sp.csr_matrix((*numbers, np.frombuffer(self._edges, np.int64)), shape=shape, copy=True)
        matrix.sum_duplicates()
        return matrix


def fit_columns(documents: Documents, dimension: int) -> dict[str, Any]:
    """One column per word for the `dimension` most frequent words; without loss if there are no more words."""
    words, counts = documents.ranked()
    total = counts.sum()
    return {
        "words": words[:dimension],
        "idf": inverse_document_frequency(counts[:dimension], len(documents)),
        "loss": 1.0 - float(counts[:dimension].sum() / total) if total else 0.0,
    }


def encode_columns(fitted: dict[str, Any], documents: Sequence[WeightedWords], dimension: int) -> Float64:
    """(n, dimension) unit rows of TF-IDF weights; words outside the vocabulary are ignored."""
    where = {word: i for i, word in enumerate(fitted["words"])}
    idf = fitted["idf"]
    rows = np.zeros((len(documents), dimension))
    for row, document in enumerate(documents):
        for word, weight in document:
            column = where.get(word)
            if column is not None:
                rows[row, column] += weight * idf[column]
    return unit_rows(rows)


def _matrix(words: dict[str, int], documents: Sequence[WeightedWords]) -> sp.csr_matrix:
    import scipy.sparse as sp  # slow to import, and a question needs none

    indptr, indices, data = [0], [], []
    for document in documents:
        for word, weight in document:
            column = words.get(word)
            if column is not None:
                indices.append(column)
                data.append(weight)
        indptr.append(len(indices))
    matrix = sp.csr_matrix((data, indices, indptr), shape=(len(documents), len(words)), dtype=np.float64)
    matrix.sum_duplicates()
    return matrix


def fit_projection(documents: Documents, dimension: int, hashed: int) -> dict[str, Any]:
    """Fit TF-IDF and the truncated SVD of a sparse vocabulary.

    Args:
        documents: (word, weight) pairs of each film.
        dimension: number of columns, including the hashed ones.
        hashed: number of columns for words of a single film and unknown words.

    Returns:
        words, idf, `directions` (n_words, dimension - hashed), `rare_idf`, and `loss`: the share of the squared length
        of the films' TF-IDF rows that the projection loses.
    """
    import scipy.sparse as sp

    words, counts = documents.ranked()
    shared = words[: min(int((counts >= 2).sum()), MAX_WORDS)]
    n_films, width = len(documents), dimension - hashed
    idf = inverse_document_frequency(counts[: len(shared)], n_films)
    fitted: dict[str, Any] = {
        "words": shared,
        "idf": idf,
        "rare_idf": float(inverse_document_frequency(np.array([1.0]), n_films)[0]),
        "directions": np.zeros((len(shared), width), np.float32),
        "loss": 0.0,
    }
    if not shared:
        return fitted
    weighted = sp.csr_matrix(documents.matrix(shared) @ sp.diags(idf))
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted = sp.csr_matrix(sp.diags(np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)) @ weighted)
    if len(shared) <= width:
        fitted["directions"] = np.eye(len(shared), width, dtype=np.float32)
        return fitted
    directions = _strongest_directions(weighted, min(width, *weighted.shape))
    fitted["directions"][:, : directions.shape[1]] = directions
    kept = weighted @ directions
    total = float((length > 0).sum())
    fitted["loss"] = max(0.0, 1.0 - float((kept**2).sum()) / total) if total else 0.0
    return fitted


def _strongest_directions(rows: sp.csr_matrix, rank: int) -> Float64:
    """(n_words, rank) right singular vectors, signs fixed by their largest entry."""
    if min(rows.shape) <= 2 * rank:
        right = np.linalg.svd(rows.toarray(), full_matrices=False)[2][:rank].T
    else:
        from sklearn.utils.extmath import randomized_svd  # slow to import, and only the fit needs it

        right = randomized_svd(rows, rank, n_iter=4, random_state=SEED)[2].T
    largest = np.abs(right).argmax(axis=0)
    signed: Float64 = right * np.where(right[largest, np.arange(right.shape[1])] < 0, -1.0, 1.0)
    return signed


def encode_projection(
    fitted: dict[str, Any], documents: Sequence[WeightedWords], dimension: int, hashed: int
) -> Float64:
    """(n, dimension) unit rows: the projected words first, the hashed ones in the last `hashed` columns.

    Each part keeps its words' share of the row's squared length in TF-IDF, so that a film whose words are all its own
    is far from all others instead of lacking the block. A row whose words cancel each other is hashed without signs.
    """
    import scipy.sparse as sp

    words = {word: i for i, word in enumerate(fitted["words"])}
    idf, width = fitted["idf"], dimension - hashed
    weighted = sp.csr_matrix(_matrix(words, documents) @ sp.diags(idf)) if words else None
    rows = np.zeros((len(documents), dimension))
    known_mass = np.zeros(len(documents))
    if weighted is not None:
        known_mass = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        rows[:, :width] = unit_rows(weighted @ fitted["directions"].astype(np.float64)) * known_mass[:, None]
    for row, document in enumerate(documents):
        for word, weight in document:
            if word not in words:
                column, sign = hashed_direction(word, hashed)
                rows[row, width + column] += sign * weight * fitted["rare_idf"]
        if document and np.abs(rows[row]).max() <= SHORTEST:
            for word, weight in document:
                rows[row, width + hashed_direction(word, hashed)[0]] += weight
    return unit_rows(rows)


def as_words(values: Iterable[str], weight: float = 1.0, prefix: str = "") -> list[tuple[str, float]]:
    """Values as (word, weight) pairs: stripped, case folded, without duplicates."""
    folded = map(str.casefold, map(str.strip, values))
    return [(prefix + word, weight) for word in dict.fromkeys(folded) if word]
