"""Which part of the block `dialogue` finds texts about the same: words (TF-IDF), the sentence network, or both.

    python -m bench.topics [--films 500] [--json]

Plots of six sentences and more stand for dialogues, since subtitles of many films are not at hand. The odd sentences of
a plot are one film, the even ones another: each half looks for its other half among all halves. Prints how often it is
nearest, and the mean of one by its rank. The parts are fitted on the halves, as in a catalogue.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import sys
from pathlib import Path

import numpy as np

from bench.given import real_data
from db.catalogue.records import FilmRecord
from film import Cue, Film
from ingest.dialogue import sentences, terms
from ingest.passages import passages, shipped_encoder
from recommender import senses
from recommender.terms import Float64
from senses import Dialogue, packed

FEWEST_SENTENCES = 6


def halves(data: Path, films: int) -> list[str]:
    """2 n texts: the odd and the even sentences of plots, one behind the other."""
    text = gzip.decompress((data / "movielens" / "plots.csv.gz").read_bytes()).decode("utf-8")
    found: list[str] = []
    for row in csv.DictReader(io.StringIO(text)):
        told = [sentence for _, sentence in sentences([Cue(0, 1, row["plot"])])]
        if len(told) >= FEWEST_SENTENCES:
            found += [" ".join(told[::2]), " ".join(told[1::2])]
        if len(found) == 2 * films:
            break
    return found


def as_record(text: str, number: int) -> FilmRecord:
    """A film in which this is said."""
    vectors = shipped_encoder().encode(passages([Cue(0, 1, text)]))
    embedding = packed([vectors.mean(axis=0)])
    said = Dialogue("en", 0.4, 60.0, 100.0, terms=terms([text], "en"), embedding=embedding)
    return FilmRecord(Film(f"Film {number}", film_id=number), None, None, None, "", said)


def found(rows: Float64) -> dict[str, float]:
    """How well halves 0 and 1, 2 and 3, ... find one another."""
    near = rows @ rows.T
    np.fill_diagonal(near, -np.inf)
    own = near[np.arange(len(near)), np.arange(len(near)) ^ 1]
    ranks = 1 + (near > own[:, None]).sum(axis=1)
    return {"nearest": float((ranks == 1).mean()), "reciprocal_rank": float((1 / ranks).mean())}


def measure(data: Path, films: int) -> dict[str, object]:
    """Each part by name, and how many texts there were."""
    records = [as_record(text, number) for number, text in enumerate(halves(data, films))]
    rows = senses.encode(senses.fit(records), records)["dialogue"]
    words, network = (slice(start, start + 24) for start in (len(senses.DIALOGUE_FIGURES), -24 % rows.shape[1]))
    parts = {"words": rows[:, words], "network": rows[:, network], "both": rows}
    return {"texts": len(records), **{name: found(part) for name, part in parts.items()}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    told = measure(real_data(), options.films)
    if options.json:
        sys.stdout.write(json.dumps(told, indent=1) + "\n")
        return
    sys.stdout.write(f"{told.pop('texts')} texts; nearest, mean of one by rank\n")
    for name, one in told.items():
        sys.stdout.write(f"{name:8} {one['nearest']:.3f} {one['reciprocal_rank']:.3f}\n")  # type: ignore[index]


if __name__ == "__main__":
    main()
