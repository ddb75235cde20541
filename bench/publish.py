"""Time to publish one more film into a large generated catalogue.

    python -m bench.publish --films 100000 --heard 1000 --json

Titles, people, places and sounds are random (seed 7). The first publish builds everything; each further publish adds
one analysed film, as an ingest of one film does. The home is deleted at the end.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.storage import sizes
from db.catalogue.parts import write_part
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from film import (
    GENRES,
    MUSIC,
    OTHER,
    SPEECH,
    Activity,
    Film,
    FilmAnalysis,
    WindowAttributes,
)
from ingest.runs import find_runs
from ingest.summarise import summarise, summarise_run
from media.geometry import WINDOW_S
from service.library.publishing import publish

SEED = 7
EMBEDDING = 200
MOVIE_GENRES = ("Drama", "Comedy", "Thriller", "Horror", "Romance", "Crime", "Western", "Adventure", "Fantasy", "War")
PLOT = "Somebody wants something, somebody else is in the way, and in the end it is too late for both of them. " * 3


def generated_film(rng: np.random.Generator, number: int) -> Film:
    """Draw a film."""
    people = [f"Person {rng.integers(40_000)}" for _ in range(4)]
    return Film(
        title=f"Generated {number:06d} {rng.integers(1_000_000)}",
        directors=(people[0],),
        year=int(rng.integers(1920, 2026)),
        imdb_id=f"tt{number:08d}",
        rating=float(rng.integers(20, 95)) / 10,
        votes=int(rng.integers(5, 1_000_000)),
        metascore=int(rng.integers(10, 99)),
        runtime_minutes=int(rng.integers(70, 180)),
        countries=(f"Country {rng.integers(80)}",),
        locations=(f"Place {rng.integers(9_000)}, Region {rng.integers(500)}, Country {rng.integers(80)}",),
        genres=tuple(rng.choice(MOVIE_GENRES, 2, replace=False)),
        cast=tuple(people[1:]),
        plot=PLOT,
        collection="bench",
    )


def generated_analysis(rng: np.random.Generator, number: int, runs: int = 20, seconds: int = 6_000) -> FilmAnalysis:
    """An analysis of the size of a feature film's, with consistent windows, runs, seconds and summary.

    All windows of a run share its embedding, which makes the part quicker to write; a publish does not read windows.
    """
    present = np.arange(seconds) % 100 < 60
    present[100 * runs :] = False
    noise = rng.random((2, seconds), np.float32) / 4
    label = np.where(present, MUSIC, rng.choice([SPEECH, OTHER], seconds)).astype(np.int8)
    speech = np.where(label == SPEECH, 0.7, 0.1).astype(np.float32)
    activity = Activity(np.where(present, 0.7, 0.1).astype(np.float32) + noise[0], speech + noise[1], label, present)
    spans = find_runs(present)
    windows = tuple(_generated_windows(rng, end - start - WINDOW_S + 1) for start, end in spans)
    heard = tuple(summarise_run(start, end, window) for (start, end), window in zip(spans, windows, strict=True))
    return FilmAnalysis(
        media=f"/bench/{number}.mkv",
        media_sha256=f"{number:064x}",
        audio_track=0,
        duration_s=float(seconds),
        model_version="bench-1",
        activity=activity,
        runs=heard,
        windows=windows,
        summary=summarise(activity, heard),
    )


def _generated_windows(rng: np.random.Generator, n: int) -> WindowAttributes:
    def drawn(classes: int) -> npt.NDArray[np.float32]:
        return rng.dirichlet(np.ones(classes), n).astype(np.float32)

    embedding = np.tile(rng.standard_normal(EMBEDDING, np.float32), (n, 1))
    return WindowAttributes(drawn(len(GENRES)), drawn(3), drawn(3), drawn(3), embedding)


def run(home: Home, films: int, heard: int, times: int) -> dict[str, object]:
    """Build the catalogue, add `times` films one by one, and report how long each publish took."""
    rng = np.random.default_rng(SEED)
    with State.open(home) as state:
        ids = state.add_films(generated_film(rng, number) for number in range(films))
        for number in range(heard):
            attach_generated(home, state, rng, ids[number], number)
        before_mb, started, busy = peak_mb(), time.perf_counter(), time.process_time()
        publish(home)
        full_s, full_cpu_s = time.perf_counter() - started, time.process_time() - busy
        full_mb = peak_mb()
        one_s = []
        for number in range(times):
            film_id = state.add_film(replace(generated_film(rng, films + number), title=f"The newest, {number}"))
            attach_generated(home, state, rng, film_id, films + number)
            started = time.perf_counter()
            publish(home)
            one_s.append(time.perf_counter() - started)
    with Snapshot.open(home) as snapshot:
        assert snapshot.manifest.films == films + times
        assert snapshot.find_titles(f"newest {times - 1}")[0].film_id == film_id
    room = sizes(home)
    return {
        "films": films,
        "heard": heard,
        "dimension": snapshot.manifest.dimension,
        "first_publish_s": round(full_s, 2),
        "first_publish_cpu_s": round(full_cpu_s, 2),
        "peak_mb": round(full_mb),
        "peak_mb_before_publish": round(before_mb),
        "one_film_s": [round(s, 3) for s in one_s],
        "one_film_median_s": round(statistics.median(one_s), 3),
        **{name: room[name] for name in room if name.endswith("_per_film")},
    }


def peak_mb() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def attach_generated(home: Home, state: State, rng: np.random.Generator, film_id: int, number: int) -> None:
    """Store a generated analysis of a film, as an ingest does before it publishes."""
    analysis = generated_analysis(rng, number)
    write_part(home, analysis)
    state.attach_media(film_id, analysis.media_sha256, 0, analysis.media, analysis.model_version)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=100_000)
    parser.add_argument("--heard", type=int, default=1_000, help="films that have an analysis")
    parser.add_argument("--times", type=int, default=5, help="films added one by one")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        found = run(Home.at(Path(directory)), arguments.films, arguments.heard, arguments.times)
    if arguments.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:>20}: {value}")


if __name__ == "__main__":
    main()
