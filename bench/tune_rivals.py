"""Choice of the collaborative rivals' constants, on earlier likes only.

    python -m bench.tune_rivals --catalogue CSV --ratings CSV [--only ease|als|item_knn]

The test likes are dropped first. The output per rival and setting is the mean NDCG@10 over users and two splits of the
training likes, after .6 and .8 of them. The best of each rival stands in `recommender/collaborative.py`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

from bench.given import existing
from recommender import collaborative, metrics
from recommender.baselines import lists_of
from recommender.protocol import earlier_splits, read_catalogue, read_splits

CUTS = (0.6, 0.8)


def settings() -> Iterator[tuple[str, Callable[..., collaborative.Ranker], dict[str, float]]]:
    """Name, rival and constants of each trial."""
    for penalty in (30.0, 60.0, 100.0, 200.0, 300.0, 500.0, 800.0):
        yield "ease", collaborative.ease, {"penalty": penalty}
    for neighbours, shrinkage in product((50, 100, 200, 400), (0.0, 5.0, 10.0, 20.0, 50.0)):
        yield "item_knn", collaborative.item_knn, {"neighbours": neighbours, "shrinkage": shrinkage}
    for factors, confidence, penalty in product((8, 16, 32, 64), (1.0, 3.0), (3.0, 10.0, 30.0)):
        yield "als", collaborative.als, {"factors": factors, "confidence": confidence, "penalty": penalty}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalogue", type=existing, required=True)
    parser.add_argument("--ratings", type=existing, required=True)
    parser.add_argument("--only", default="", help="one rival")
    options = parser.parse_args()
    catalogue = read_catalogue(options.catalogue)
    splits = [replace(split, test=()) for split in read_splits(options.ratings, catalogue)]
    for name, rival, constants in settings():
        if options.only not in ("", name):
            continue
        found = 0.0
        for cut in CUTS:
            earlier = earlier_splits(splits, cut)
            lists = lists_of(rival(earlier, len(catalogue.records), **constants), earlier, catalogue)
            found += float(metrics.per_user(lists, earlier)["ndcg"].mean()) / len(CUTS)
        sys.stdout.write(f"{name:10} {found:.4f} {constants}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
