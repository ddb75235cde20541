"""Choose the recommender's weights: each constant is varied and evaluated on earlier likes only.

    python -m bench.tune_recommender --catalogue CSV --ratings CSV [--json]

The test likes of `filmscore evaluate recommender` are dropped before anything is measured. Each user's training likes
are split in time six times, after .4 to .9 of them; the likes after the split are to be predicted. Coverage needs no
test likes, so it is measured on all training likes, and every variant gets the weight of the prior that yields the
wanted coverage: accuracy is compared at equal coverage. The output per variant is the mean NDCG@10 over users and
splits, and its difference from the shipped constants with the standard error over users. Differences under two standard
errors are noise.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.given import existing
from db.catalogue.batches import GivenFilms
from recommender import metrics, quality
from recommender.evaluation import encode, recommend_lists
from recommender.matrix import BlockMatrix
from recommender.protocol import RatedCatalogue, Split, earlier_splits, read_catalogue, read_splits
from recommender.question import DEFAULT_VARIETY
from recommender.weights import DEFAULT_WEIGHTS, Weights

CUTS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
COVERAGE = 0.0715
TOLERANCE = 0.0004
STEPS = 8


@dataclass(frozen=True)
class Variant:
    """The shipped constants with one changed."""

    name: str
    weights: Weights = DEFAULT_WEIGHTS
    variety: float = DEFAULT_VARIETY
    exponent: float = quality.EXPONENT
    metascore: float = quality.METASCORE_WEIGHT


def variants(blocks: Sequence[str]) -> Iterator[Variant]:
    """The shipped constants, then each variant."""
    yield Variant("shipped")
    for exponent in (1.0, 2.5, 4.0, 8.0, 12.0):
        yield Variant(f"exponent of the prior {exponent:g}", exponent=exponent)
    for metascore in (0.0, 0.2, 0.4):
        yield Variant(f"weight of the Metascore {metascore:g}", metascore=metascore)
    for variety in (0.0, 0.05, 0.2):
        yield Variant(f"variety {variety:g}", variety=variety)
    for block in blocks:
        for factor in (0.5, 0.74, 1.35, 2.0):
            moved = {**DEFAULT_WEIGHTS.blocks, block: DEFAULT_WEIGHTS.blocks[block] * factor}
            yield Variant(f"{block} times {factor:g}", replace(DEFAULT_WEIGHTS, blocks=moved))


def _coverage(matrix: BlockMatrix, catalogue: RatedCatalogue, splits: Sequence[Split], variant: Variant) -> float:
    lists = recommend_lists(matrix, catalogue, splits, variant.weights, variant.variety)
    return len(np.unique(np.concatenate(lists))) / int(catalogue.candidates.sum())


def at_coverage(
    matrix: BlockMatrix, catalogue: RatedCatalogue, splits: Sequence[Split], variant: Variant
) -> tuple[Variant, float]:
    """The variant with the weight of the prior that yields `COVERAGE`, and its coverage."""
    low, high = (0.0, 1.0), (4.0, 0.0)  # (weight of the prior, coverage) below and above the target: bisection
    tried = variant
    for _ in range(STEPS):
        found = _coverage(matrix, catalogue, splits, tried)
        if abs(found - COVERAGE) < TOLERANCE:
            break
        prior = tried.weights.prior
        low, high = ((prior, found), high) if found > COVERAGE else (low, (prior, found))
        if low[0] == 0.0 or high[0] == 4.0:
            step = prior * found / COVERAGE
        else:
            step = low[0] + (high[0] - low[0]) * (low[1] - COVERAGE) / (low[1] - high[1])
        tried = replace(tried, weights=replace(tried.weights, prior=step))
    return tried, found


def accuracy(
    matrix: BlockMatrix, catalogue: RatedCatalogue, splits: Sequence[Split], variant: Variant
) -> npt.NDArray[np.float64]:
    """(n_users, n_cuts) NDCG@10."""
    columns = []
    for cut in CUTS:
        earlier = earlier_splits(splits, cut)
        lists = recommend_lists(matrix, catalogue, earlier, variant.weights, variant.variety)
        columns.append(metrics.per_user(lists, earlier)["ndcg"])
    return np.stack(columns, axis=1)


def measure(catalogue_csv: Path, ratings_csv: Path, names: str = "") -> Iterator[dict[str, Any]]:
    """One row per variant whose name contains `names`; the shipped constants come first."""
    catalogue = read_catalogue(catalogue_csv)
    splits = [replace(split, test=()) for split in read_splits(ratings_csv, catalogue)]
    films = GivenFilms([record.film for record in catalogue.records])
    matrix = encode(catalogue)
    shipped: npt.NDArray[np.float64] | None = None
    for variant in variants([name for name in matrix.slices if matrix.has[name].any()]):
        if shipped is not None and names not in variant.name:
            continue
        about = quality.fit(quality.Reception.of(films), variant.exponent, variant.metascore)
        moved = replace(matrix, prior=quality.encode(about, films))
        variant, coverage = at_coverage(moved, catalogue, splits, variant)
        found = accuracy(moved, catalogue, splits, variant)
        users = found.mean(axis=1)
        shipped = users if shipped is None else shipped
        change = users - shipped
        yield {
            "variant": variant.name,
            "prior": round(variant.weights.prior, 3),
            "coverage": round(coverage, 4),
            "ndcg": round(float(users.mean()), 4),
            "change": round(float(change.mean()), 4),
            "standard_error": round(float(change.std() / np.sqrt(len(change))), 4),
            "by_cut": [round(float(value), 4) for value in found.mean(axis=0)],
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalogue", type=existing, required=True)
    parser.add_argument("--ratings", type=existing, required=True)
    parser.add_argument("--only", default="", help="variants whose name holds this")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = measure(options.catalogue, options.ratings, options.only)
    if options.json:
        json.dump(list(rows), sys.stdout)
        sys.stdout.write("\n")
        return
    for row in rows:
        sys.stdout.write(
            f"{row['variant']:32} ndcg {row['ndcg']:.4f} ({row['change']:+.4f} +- {row['standard_error']:.4f}) "
            f"coverage {row['coverage']:.4f} at prior {row['prior']:.3f}\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
