"""Response time of recommendations while an ingest keeps all cores busy.

    python -m bench.concurrency [--films 50] [--minutes 3] [--known 5000] [--json]

A reader asks a question every 50 ms, as the app does (one open catalogue, reopened after each publish): first alone,
then while `filmscore ingest` analyses films of real sound (bench.ingest) with one worker per core. Each question has
three liked films and one disliked film; half of the questions have filters; seed 17. The output is the time per
question in ms and the number of failures. During the ingest, reopening the catalogue counts as part of the question.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from bench.given import real_data
from bench.ingest import assemble, write_mkv
from bench.publish import SEED, attach_generated, generated_film
from db.home import Home
from db.state.store import State
from errors import FilmscoreError
from media.geometry import WIDE_RATE_HZ
from recommender import Filters, Question
from service.library.publishing import publish
from service.questions.app_data import OpenCatalogue, snapshot_id

EVERY_S = 0.05
IDLE_QUESTIONS = 300
READER_SEED = 17
ENCODED = 10
"""Number of distinct films; the others repeat their sound."""


@dataclass
class Reader:
    """Asks questions and records how long each answer takes."""

    home: Home
    rng: np.random.Generator
    found: OpenCatalogue
    ms: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    opened: int = 0

    def ask(self) -> None:
        likes = self.rng.choice(self.found.recommender.matrix.film_ids, 4, replace=False)
        filters = Filters(year_from=1960) if self.rng.random() < 0.5 else Filters()
        question = Question(tuple(map(int, likes[:3])), (int(likes[3]),), filters=filters, max_per_director=2)
        began = time.perf_counter()
        try:
            if snapshot_id(self.home) != self.found.snapshot.id:
                self.found = OpenCatalogue.open(self.home)
                self.opened += 1
            answer = self.found.recommender.recommend(question)
            if len(answer.results) < question.n:
                self.failed.append(f"{len(answer.results)} films")
        except FilmscoreError as error:
            self.failed.append(str(error))
        self.ms.append(1e3 * (time.perf_counter() - began))
        time.sleep(EVERY_S)

    def told(self) -> dict[str, object]:
        p50, p99 = np.percentile(self.ms, [50, 99])
        said = {
            "questions": len(self.ms),
            "p50_ms": round(float(p50), 2),
            "p99_ms": round(float(p99), 2),
            "max_ms": round(max(self.ms), 1),
        }
        return said | {"failed": len(self.failed), "catalogues_opened": self.opened}


def run(folder: Path, films: int, minutes: int, known: int) -> dict[str, object]:
    """Fill a home, ask questions on the idle machine, then ask them during an ingest."""
    home = Home.at(folder / "home")
    rng = np.random.default_rng(SEED)
    with State.open(home) as state:
        for number, film_id in enumerate(state.add_films(generated_film(rng, number) for number in range(known))):
            if number % 5 == 0:
                attach_generated(home, state, rng, film_id, number)
    publish(home)
    (folder / "films").mkdir()
    sound, length = assemble(real_data(), 60, Fraction(1, 3), narrow=False), minutes * 60 * WIDE_RATE_HZ
    for number in range(films):
        film, first = (folder / "films" / f"Real {n}.mkv" for n in (number, number % ENCODED))
        if film == first:
            start = int(rng.integers(len(sound) - length))
            write_mkv(sound[start : start + length], film)
        else:
            film.write_bytes(first.read_bytes() + b"\0" * number)  # another hash: analysed as well

    idle = Reader(home, np.random.default_rng(READER_SEED), OpenCatalogue.open(home))
    for _ in range(IDLE_QUESTIONS):
        idle.ask()
    idle.ms = idle.ms[10:]
    busy = Reader(home, np.random.default_rng(READER_SEED), idle.found)
    command = [sys.executable, "-m", "cli", "ingest", str(folder / "films"), "--json", "--home", str(home.root)]
    began = time.perf_counter()
    ingest = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    while ingest.poll() is None:
        busy.ask()
    took = time.perf_counter() - began
    assert ingest.stdout
    heard = [film["status"] for film in json.loads(ingest.stdout.read())["films"]]
    busy.ask()  # the catalogue with the new films
    return {
        "films_known": known,
        "films_added": heard.count("analysed"),
        "minutes_each": minutes,
        "ingest_s": round(took, 1),
        "idle": idle.told(),
        "while_ingesting": busy.told(),
        "p50_ratio": round(float(np.median(busy.ms) / np.median(idle.ms)), 2),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=50)
    parser.add_argument("--minutes", type=int, default=3)
    parser.add_argument("--known", type=int, default=5_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), options.films, options.minutes, options.known)
    if options.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
