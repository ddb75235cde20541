"""Encode sets of words (genres, names, places) as dense vectors: TF-IDF, then columns, a projection or hashing.

A word of a single film cannot make two films similar, but it must count as a difference: such words, and words that
the fitted catalogue did not contain, are hashed to a few signed columns. Words of two or more films are projected on
the strongest directions of the catalogue (truncated SVD), so that people who work together get similar vectors. The
loss of the projection is stored with it (`loss`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from db.catalogue.batches import Lists

if TYPE_CHECKING:
    import scipy.sparse as sp

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]
WeightedWords = Sequence[tuple[str, float]]

MAX_WORDS = 60_000
"""Maximum size of the projected vocabulary; rarer words are hashed."""

SEED = 20200

SHORTEST = 1e-12
"""A shorter row counts as zero."""


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


@dataclass(frozen=True, eq=False)
class Words:
    """The weighted words of n films, as numbers: each distinct word once as text."""

    n: int
    rows: Int64
    """(m,) the film of each word, ascending"""
    codes: Int64
    """(m,) its index in `texts`"""
    weights: Float64
    """(m,)"""
    texts: Sequence[str]

    @classmethod
    def of(cls, documents: Sequence[WeightedWords]) -> Words:
        held = Lists.of([[word for word, _ in document] for document in documents])
        weights = [weight for document in documents for _, weight in document]
        return cls(held.n, held.rows, held.codes, np.array(weights, float), held.texts)

    @classmethod
    def joined(cls, parts: Sequence[Words]) -> Words:
        """The words of all parts, of the same films: film by film, in the order of the parts."""
        known: dict[str, int] = {}
        codes = [part.placed_in(known, grow=True)[part.codes] for part in parts]
        rows = np.concatenate([part.rows for part in parts])
        order = np.argsort(rows, kind="stable")
        weights = np.concatenate([part.weights for part in parts])
        return cls(parts[0].n, rows[order], np.concatenate(codes)[order], weights[order], list(known))

    def placed_in(self, known: dict[str, int], *, grow: bool = False) -> Int64:
        """The index of each of `texts` in `known`; -1 if it is absent, unless `known` may grow."""
        if grow:
            return np.array([known.setdefault(text, len(known)) for text in self.texts], np.int64)
        return np.array([known.get(text, -1) for text in self.texts], np.int64)


class Documents:
    """The weighted words of many films, held as numbers: a few bytes a word, each distinct word once as text."""

    def __init__(self, documents: Sequence[WeightedWords] = ()) -> None:
        self._columns: dict[str, int] = {}
        self._films = 0
        self._parts: list[tuple[npt.NDArray[np.intc], Float64, Int64]] = []
        if documents:
            self.add(Words.of(documents))

    def add(self, words: Words) -> None:
        """Append some films."""
        columns = words.placed_in(self._columns, grow=True)[words.codes]
        self._parts.append((columns.astype(np.intc), words.weights, np.bincount(words.rows, minlength=words.n)))
        self._films += words.n

    def __len__(self) -> int:
        return self._films

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
        columns = np.concatenate([part[0] for part in self._parts] or [np.zeros(0, np.intc)])
        weights = np.concatenate([part[1] for part in self._parts] or [np.zeros(0)])
        counts = np.concatenate([part[2] for part in self._parts] or [np.zeros(0, np.int64)])
        return _sparse(weights, columns, counts, len(self._columns))


def _sparse(weights: Float64, columns: npt.NDArray[Any], counts: Int64, width: int) -> sp.csr_matrix:
    """(n, width) sums of weights; `counts` (n,) says how many of them each film has."""
    import scipy.sparse as sp  # slow to import, and a question needs none

    edges = np.concatenate([[0], np.cumsum(counts)])
    matrix = sp.csr_matrix((weights, columns, edges), shape=(len(counts), width), dtype=np.float64, copy=True)
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


def encode_columns(fitted: dict[str, Any], documents: Words, dimension: int) -> Float64:
    """(n, dimension) unit rows of TF-IDF weights; words outside the vocabulary are ignored."""
    columns = documents.placed_in({word: i for i, word in enumerate(fitted["words"])})[documents.codes]
    held = np.flatnonzero(columns >= 0)
    rows = np.zeros((documents.n, dimension))
    np.add.at(rows, (documents.rows[held], columns[held]), documents.weights[held] * fitted["idf"][columns[held]])
    return unit_rows(rows)


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


def encode_projection(fitted: dict[str, Any], documents: Words, dimension: int, hashed: int) -> Float64:
    """(n, dimension) unit rows: the projected words first, the hashed ones in the last `hashed` columns.

    Each part keeps its words' share of the row's squared length in TF-IDF, so that a film with only unique words is far
    from all others instead of lacking the block. A row whose words cancel each other is hashed without signs.
    """
    import scipy.sparse as sp

    idf, width = fitted["idf"], dimension - hashed
    where = documents.placed_in({word: i for i, word in enumerate(fitted["words"])})
    columns = where[documents.codes]
    rows = np.zeros((documents.n, dimension))
    if len(idf):
        known = columns >= 0
        counts = np.bincount(documents.rows[known], minlength=documents.n)
        weighted = sp.csr_matrix(_sparse(documents.weights[known], columns[known], counts, len(idf)) @ sp.diags(idf))
        known_mass = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        rows[:, :width] = unit_rows(weighted @ fitted["directions"].astype(np.float64)) * known_mass[:, None]
    of_text = np.zeros((len(where), 2))
    for place in np.flatnonzero(where < 0).tolist():
        of_text[place] = hashed_direction(documents.texts[place], hashed)
    rare = np.flatnonzero(columns < 0)
    places, signs = of_text[documents.codes[rare]].T
    values = signs * documents.weights[rare] * fitted["rare_idf"]
    np.add.at(rows, (documents.rows[rare], width + places.astype(np.intp)), values)
    filled = np.bincount(documents.rows, minlength=documents.n) > 0
    cancelled = filled & (np.abs(rows).max(axis=1, initial=0.0) <= SHORTEST)
    unsigned = np.flatnonzero(cancelled[documents.rows])
    hashes = [hashed_direction(documents.texts[code], hashed)[0] for code in documents.codes[unsigned].tolist()]
    np.add.at(rows, (documents.rows[unsigned], width + np.array(hashes, np.intp)), documents.weights[unsigned])
    return unit_rows(rows)


def as_words(values: Iterable[str], weight: float = 1.0, prefix: str = "") -> list[tuple[str, float]]:
    """Values as (word, weight) pairs: stripped, case folded, without duplicates."""
    folded = map(str.casefold, map(str.strip, values))
    return [(prefix + word, weight) for word in dict.fromkeys(folded) if word]


def words_of(
    lists: Lists, weight: float = 1.0, prefix: str = "", read: Callable[[str], str] = lambda text: text
) -> Words:
    """`as_words` of a column of films.

    Args:
        read: extracts the word from a text; "" if there is none.
    """
    known: dict[str, int] = {"": 0}
    folded = [known.setdefault(read(text).strip().casefold(), len(known)) for text in lists.texts]
    codes = np.array(folded, np.int64)[lists.codes]
    _, first = np.unique(lists.rows * len(known) + codes, return_index=True)
    first = np.sort(first[codes[first] > 0])
    words = [prefix + word for word in known if word]
    return Words(lists.n, lists.rows[first], codes[first] - 1, np.full(len(first), weight), words)
