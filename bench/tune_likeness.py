"""Choose the weights for "films like this one" by people's judgements of pairs, over folds of films.

    python -m bench.tune_likeness --catalogue CSV --pairs TSV [--plots CSV] [--json]

The films are divided at random into five folds, twenty times. Pairs with a film of the fold are the test; the weights
are those that order the other pairs best. The output is the area under the ROC curve of the tested pairs with the
weights that were chosen without them, and with the shipped ones; how often each setting was chosen; and the area of
each setting on all pairs.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.given import existing
from bench.well_known import with_plots
from db.catalogue.text_vectors import TextVectors
from db.home import Home
from recommender.evaluation import encode
from recommender.likeness import FILM_COLUMNS, auc, pair_scores, read_pairs
from recommender.protocol import read_catalogue
from recommender.weights import LIKE_WEIGHTS, Weights

FOLDS, REPEATS, SEED = 5, 20, 17
PEOPLE = (0.5, 0.7, 0.9, 1.2, 1.5)
PLOT = (0.4, 0.7, 1.0)
GENRES = (0.3, 0.4, 0.5, 0.7)

Float64 = npt.NDArray[np.float64]


def named(weights: Weights) -> str:
    """The weights that are varied."""
    return ", ".join(f"{name} {weights.blocks[name]:g}" for name in ("people", "plot", "genres"))


def settings(has_plots: bool) -> Iterator[Weights]:
    """The shipped weights first, then the grid."""
    yield LIKE_WEIGHTS
    plots = PLOT if has_plots else (LIKE_WEIGHTS.blocks["plot"],)
    for people, plot, genres in product(PEOPLE, plots, GENRES):
        yield replace(LIKE_WEIGHTS, blocks={**LIKE_WEIGHTS.blocks, "people": people, "plot": plot, "genres": genres})


def over_folds(
    values: Float64, rows: npt.NDArray[np.intp], good: npt.NDArray[np.bool_]
) -> tuple[Float64, list[int], Float64]:
    """Areas of the tested pairs with the chosen settings, these settings, and areas with the first setting.

    Args:
        values: (settings, pairs) scores.
        rows: (pairs, 2) films.
    """
    rng = np.random.default_rng(SEED)
    chosen, tested, first = [], [], []
    for _ in range(REPEATS):
        fold_of = rng.integers(0, FOLDS, int(rows.max()) + 1)
        for fold in range(FOLDS):
            held = (fold_of[rows] == fold).any(axis=1)
            best = int(np.argmax([auc(own[~held], good[~held]) for own in values]))
            chosen.append(best)
            tested.append(auc(values[best][held], good[held]))
            first.append(auc(values[0][held], good[held]))
    return np.array(tested), chosen, np.array(first)


def measure(catalogue_csv: Path, pairs_tsv: Path, plots_csv: Path | None, home: Path | None) -> dict[str, Any]:
    """Score all pairs by each setting, and choose over folds."""
    catalogue = read_catalogue(catalogue_csv, FILM_COLUMNS)
    if plots_csv:
        catalogue = with_plots(catalogue, catalogue_csv, plots_csv)
    pairs = read_pairs(pairs_tsv, catalogue)
    matrix = encode(catalogue, TextVectors(Home(home)) if home else None)
    tried = list(settings(bool(matrix.has["plot"].any())))
    values = np.stack([pair_scores(matrix, pairs.rows, weights) for weights in tried])
    tested, chosen, first = over_folds(values, pairs.rows, pairs.good)
    areas = [auc(own, pairs.good) for own in values]
    return {
        "pairs": len(pairs.good),
        "over_folds": round(float(tested.mean()), 4),
        "shipped_over_folds": round(float(first.mean()), 4),
        "chosen": {named(tried[i]): n for i, n in Counter(chosen).most_common(8)},
        "all_pairs": {named(one): round(area, 4) for one, area in zip(tried, areas, strict=True)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalogue", type=existing, required=True)
    parser.add_argument("--pairs", type=existing, required=True)
    parser.add_argument("--plots", type=existing, help="CSV with imdb_id and plot")
    parser.add_argument("--home", type=Path, help="keeps the vectors of the plots")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.catalogue, options.pairs, options.plots, options.home)
    if options.json:
        print(json.dumps(found))
        return
    print(f"{found['pairs']} pairs; over folds {found['over_folds']}, shipped {found['shipped_over_folds']}")
    for name, number in found["chosen"].items():
        print(f"chosen {number:3} times: {name} ({found['all_pairs'][name]} on all pairs)")


if __name__ == "__main__":
    main()
