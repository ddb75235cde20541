"""Time and memory of loading a full-size title.basics: `python -m bench.imdb_load [--rows 11000000] [--json]`.

Generates a file in IMDb's format with as many rows as the official one (most are episodes, as in the original), loads
it in a separate process, and prints wall time and peak memory. Seeded; needs a few minutes and 1 GB of disk.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 11_000_000
SEED = 4
KINDS = (
    ("tvEpisode",) * 75
    + ("short",) * 9
    + ("movie",) * 6
    + ("video",) * 3
    + ("tvSeries",) * 3
    + ("tvMovie",) * 2
    + (
        "tvMiniSeries",
        "videoGame",
    )
)
WORDS = "night river house stranger summer león garden wolf último señor shadow city train winter über love".split()  # noqa: SIM905
BROKEN_EVERY = 1_000_003


def generate(path: Path, rows: int) -> int:
    """Write `rows` rows as .tsv.gz; returns the number of broken ones."""
    rng = random.Random(SEED)
    broken = 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        out.write(
            "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n"
        )
        block = []
        for row in range(rows):
            kind = KINDS[rng.randrange(100)]
            title = f'The {WORDS[row % 16]} of "{WORDS[row // 16 % 16]}" {row % 9973}'
            year = str(1900 + rng.randrange(126)) if row % 9 else "\\N"
            if row % BROKEN_EVERY == BROKEN_EVERY - 1:
                year, broken = "19x5", broken + 1
            block.append(f"tt{row:08d}\t{kind}\t{title}\t{title}\t0\t{year}\t\\N\t{row % 180}\tDrama,Comedy\n")
            if len(block) == 50_000:
                out.write("".join(block))
                block.clear()
        out.write("".join(block))
    return broken


def load_here(folder: Path) -> None:
    """Load the folder in this process and print time and memory as JSON."""
    from db.imdb.load import load

    start = time.perf_counter()
    report = load(folder, folder / "imdb.duckdb", only_movies=folder / "onlyMovies.csv")
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    first = report.files[0]
    rejects = [[reject.line, reject.reason] for reject in first.rejects]
    print(json.dumps({"films": report.films, "rejected": first.rejected, "rejects": rejects,
                      "seconds": round(seconds, 1), "peak_memory_mb": round(peak)}))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.load:
        load_here(options.load)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "title.basics.tsv.gz")
        broken = generate(path, options.rows)
        answer = subprocess.run(
            [sys.executable, "-m", "bench.imdb_load", "--load", folder], capture_output=True, text=True, check=True
        )
        report = {
            "rows": options.rows,
            "broken": broken,
            "file_mb": path.stat().st_size // 10**6,
            **json.loads(answer.stdout),
        }
    if options.json:
        print(json.dumps(report))
    else:
        for name, value in report.items():
            print(f"{name:15} {value}")


if __name__ == "__main__":
    main()
