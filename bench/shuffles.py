"""Shuffles of the test against chance, beside the same classifier as a pipeline of scikit-learn.

    python -m bench.shuffles [--films 20] [--directors 6] [--shuffles 50] [--json]

Both see the same generated films and folds; their predictions are compared, and their times are of the same run.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np
from sklearn.model_selection import StratifiedKFold

from mining.separation import _classifier, _held_out

FEATURES = 40


def measure(films: int, directors: int, shuffles: int) -> dict[str, float]:
    """Seconds of each, alternating, and how many predictions agree (%)."""
    rng = np.random.default_rng(3)
    classes = np.arange(films * directors) % directors
    table = rng.standard_normal((len(classes), FEATURES)) + 0.5 * classes[:, None]
    folds = StratifiedKFold(5, shuffle=True, random_state=1)
    ours_s = pipeline_s = 0.0
    agree = 0
    for _ in range(shuffles):
        shuffled = rng.permutation(classes)
        splits = list(folds.split(table, shuffled))
        began = time.perf_counter()
        said = _held_out(table, shuffled, splits)
        between = time.perf_counter()
        expected = np.empty_like(shuffled)
        for train, test in splits:
            expected[test] = _classifier().fit(table[train], shuffled[train]).predict(table[test])  # type: ignore[attr-defined]
        pipeline_s += time.perf_counter() - between
        ours_s += between - began
        agree += int((said == expected).sum())
    return {
        "ours_s": round(ours_s, 2),
        "pipeline_s": round(pipeline_s, 2),
        "times_as_fast": round(pipeline_s / ours_s, 2),
        "agree_pct": round(100 * agree / (shuffles * len(classes)), 2),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=20, help="of each director")
    parser.add_argument("--directors", type=int, default=6)
    parser.add_argument("--shuffles", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.films, options.directors, options.shuffles)
    print(json.dumps(found) if options.json else "\n".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
