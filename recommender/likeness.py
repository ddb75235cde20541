"""Agreement of filmscore's similarity with people's judgements of pairs of films."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from db.titles import title_key
from errors import MetadataError
from recommender.evaluation import encode
from recommender.matrix import BlockMatrix
from recommender.metrics import BOOTSTRAPS, SEED
from recommender.plots import KeptVectors
from recommender.protocol import RatedCatalogue, read_catalogue, read_columns
from recommender.scoring import build_query, scores
from recommender.weights import LIKE_WEIGHTS, Weights

Float64 = npt.NDArray[np.float64]

PAIR_COLUMNS = ("title_1", "year_1", "title_2", "year_2", "rating")
JUDGEMENTS = {"OK": True, "NOT_OK": False}
FILM_COLUMNS = ("movie", "year", "genres", "director")


@dataclass(frozen=True, eq=False)
class Pairs:
    """Judged pairs of films of a catalogue."""

    rows: npt.NDArray[np.intp]
    """(n, 2): the films of each pair, as rows of the catalogue"""
    good: npt.NDArray[np.bool_]
    """(n,): the pair was judged a good recommendation for each other"""
    not_found: int
    """Number of pairs with a film that is not in the catalogue"""


def read_pairs(path: Path, catalogue: RatedCatalogue) -> Pairs:
    """The pairs of a table whose films a catalogue has: titles compared by their keys, years within one.

    Raises:
        MetadataError: not a table, a column is missing, a year is no number, a judgement is neither OK nor NOT_OK, or
            the found pairs are not of both kinds.
    """
    table = read_columns(path, PAIR_COLUMNS)
    by_title: dict[str, list[int]] = {}
    for row, record in enumerate(catalogue.records):
        by_title.setdefault(title_key(record.film.title), []).append(row)
    rows, good = [], []
    cells = table.fillna("")[list(PAIR_COLUMNS)]
    for line, title_1, year_1, title_2, year_2, rating in cells.itertuples(name=None):
        if rating not in JUDGEMENTS:
            raise MetadataError(
                f"{path.name}, line {line}: rating {rating!r} is neither OK nor NOT_OK. Correct the row."
            )
        pair = [
            _found(catalogue, by_title, title, _year(year, path, line))
            for title, year in ((title_1, year_1), (title_2, year_2))
        ]
        if None not in pair:
            rows.append(pair)
            good.append(JUDGEMENTS[rating])
    if not any(good) or all(good):
        raise MetadataError(
            f"{path.name}: the pairs that the catalogue has are not of both kinds, OK and NOT_OK. Give more pairs."
        )
    return Pairs(np.array(rows, np.intp), np.array(good, bool), len(table) - len(rows))


def _year(text: str, path: Path, line: int) -> int | None:
    if not text.strip():
        return None
    try:
        return int(float(text))
    except (ValueError, OverflowError) as error:
        raise MetadataError(f"{path.name}, line {line}: year {text!r} is no number. Correct the row.") from error


def _found(catalogue: RatedCatalogue, by_title: dict[str, list[int]], title: str, year: int | None) -> int | None:
    """The film with this title and the nearest year, at most one off; without a year the title must be unique."""
    rows = by_title.get(title_key(title), [])
    if year is None:
        return rows[0] if len(rows) == 1 else None
    dated = [(abs(known - year), row) for row in rows if (known := catalogue.records[row].film.year) is not None]
    near = min(dated, default=(2, -1))
    return near[1] if near[0] <= 1 else None


def auc(values: Float64, good: npt.NDArray[np.bool_]) -> float:
    """Area under the ROC curve: the probability that a good pair has a higher value than a bad one (ties: half)."""
    order = np.unique(values, return_inverse=True, return_counts=True)
    upto = np.cumsum(order[2])
    ranks = (upto - (order[2] - 1) / 2)[order[1]]
    n_good, n_bad = int(good.sum()), int((~good).sum())
    return float((ranks[good].sum() - n_good * (n_good + 1) / 2) / (n_good * n_bad))


def interval(values: Float64, good: npt.NDArray[np.bool_], rounds: int = BOOTSTRAPS) -> list[float]:
    """95 % bootstrap interval of the area over pairs; samples with pairs of one kind only are discarded."""
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(rounds):
        drawn = rng.integers(0, len(good), len(good))
        if 0 < good[drawn].sum() < len(drawn):
            found.append(auc(values[drawn], good[drawn]))
    return [float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))]


def pair_scores(matrix: BlockMatrix, rows: npt.NDArray[np.intp], weights: Weights = LIKE_WEIGHTS) -> Float64:
    """Scores (n,) of pairs (n, 2): the mean of both films' scores when the other film is the only like."""
    found = np.zeros(len(rows))
    nobody = np.zeros(0, np.intp)
    for like, film in ((0, 1), (1, 0)):
        for row in np.unique(rows[:, like]):
            of = np.flatnonzero(rows[:, like] == row)
            query = build_query(matrix, np.array([row]), nobody, 0.5, weights)
            found[of] += np.nan_to_num(scores(matrix, query, rows[of, film])) / 2
    return found


def block_scores(matrix: BlockMatrix, rows: npt.NDArray[np.intp]) -> dict[str, Float64]:
    """For each block that some film has: similarity (n,) of each pair by this block alone; 0 where a film lacks it."""
    found = {}
    for name in (block for block in matrix.slices if matrix.has[block].any()):
        alone = Weights(blocks={name: 1.0}, senses={}, prior=0.0)
        having = matrix.has[name][rows].all(axis=1)
        found[name] = np.zeros(len(rows))
        found[name][having] = pair_scores(matrix, rows[having], alone)
    return found


def evaluate_likeness(catalogue_csv: Path, pairs_tsv: Path, kept: KeptVectors | None = None) -> dict[str, Any]:
    """Compare filmscore's similarity of two films, by LIKE_WEIGHTS, with people's judgements.

    Args:
        catalogue_csv: films; a column `plot` is used where there is one.
        pairs_tsv: title_1, year_1, title_2, year_2, rating.
        kept: store of the plots' vectors, so that a second evaluation need not compute them.

    Returns:
        `n` pairs found, `not_found`, `good` of those found, `auc` of the score, its 95 % `interval` over pairs, and
        `blocks`: the area of each block alone.

    Raises:
        MetadataError: a file cannot be read, lacks a column, or leaves no pairs of both kinds.
    """
    catalogue = read_catalogue(catalogue_csv, FILM_COLUMNS)
    pairs = read_pairs(pairs_tsv, catalogue)
    matrix = encode(catalogue, kept)
    values = pair_scores(matrix, pairs.rows)
    return {
        "n": len(pairs.good),
        "not_found": pairs.not_found,
        "good": int(pairs.good.sum()),
        "auc": auc(values, pairs.good),
        "interval": interval(values, pairs.good),
        "blocks": {name: auc(found, pairs.good) for name, found in block_scores(matrix, pairs.rows).items()},
        "weights": {"blocks": dict(LIKE_WEIGHTS.blocks), "prior": LIKE_WEIGHTS.prior},
    }
