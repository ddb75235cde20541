"""How often unrelated numbers are called related: `python -m bench.false_finds [--columns 64] [--seed 1]`.

Tables of independent normal columns, of several numbers of films: the share of pairs whose p is below 0.05 (it should
be about 0.05; less where few films leave few possible values of p), the share whose 95 % interval leaves out 0, and
the share of tables of six columns with any find after the correction of Benjamini and Hochberg.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from mining.correlation import INTERVAL_DRAWS, p_method, spearman

FILMS = (3, 5, 6, 7, 8, 12, 20, 29, 30, 60, 200)
TABLES = 200
"""Tables of six columns for each number of films"""


def measure(films: int, columns: int, seed: int) -> tuple[float, float, float]:
    """Shares of pairs with p < 0.05, of intervals without 0, of corrected tables with a find."""
    rng = np.random.default_rng((seed, films))
    pairs = spearman(pd.DataFrame(rng.standard_normal((films, columns))), "none", interval_draws=INTERVAL_DRAWS).pairs()
    apart = (pairs["low"] > 0) | (pairs["high"] < 0)
    tables = [spearman(pd.DataFrame(rng.standard_normal((films, 6)))).pairs() for _ in range(TABLES)]
    finds = [bool((table["p_corrected"] < 0.05).any()) for table in tables]
    return float((pairs["p"] < 0.05).mean()), float(apart.mean()), float(np.mean(finds))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--columns", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("films  p from       p < .05  interval without 0  tables with a find (corrected)")
    for films in FILMS:
        found, apart, tables = measure(films, options.columns, options.seed)
        print(f"{films:5}  {p_method(films):11}  {found:7.1%}  {apart:18.1%}  {tables:30.1%}")


if __name__ == "__main__":
    main()
