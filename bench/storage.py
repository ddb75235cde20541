"""Disk space of a home by kind of data: bytes per hour of analysed film, and bytes per film.

    python -m bench.storage HOME [--json]

Parts and segments grow with the hours, catalogue and vectors with the films (`bench.publish` measures 100,000).
"""

from __future__ import annotations

import argparse
import json

from bench.given import existing
from db.catalogue.parts import part_paths, read_part
from db.catalogue.snapshot import Snapshot
from db.home import Home

KINDS = ("activity", "runs", "means", "vectors")


def sizes(home: Home) -> dict[str, float]:
    """Kilobytes by kind."""
    hours = sum(read_part(path).duration_s for path in part_paths(home)) / 3600
    parts = sum(path.stat().st_size for path in part_paths(home))
    with Snapshot.open(home) as snapshot:
        manifest = snapshot.manifest
    by_kind = {kind: sum(size for name, (size, _) in manifest.files.items() if f".{kind}." in name) for kind in KINDS}
    found: dict[str, float] = {"films": manifest.films, "heard": manifest.heard, "hours": round(hours, 2)}
    found["parts_kb_per_hour"] = round(parts / 1e3 / hours, 1)
    heard = sum(size for kind, size in by_kind.items() if kind != "vectors")
    found["segments_kb_per_hour"] = round(heard / 1e3 / hours, 1)
    found["vectors_kb_per_film"] = round(by_kind["vectors"] / 1e3 / manifest.films, 2)
    found["catalogue.duckdb_kb_per_film"] = round(manifest.files["catalogue.duckdb"][0] / 1e3 / manifest.films, 2)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=existing)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = sizes(Home.at(options.home))
    print(json.dumps(found) if options.json else "\n".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
