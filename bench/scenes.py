"""The index of scenes on a generated catalogue: recall and time of a question beside an exact scan in the same run.

    python -m bench.scenes [--runs 3000000] [--questions 100] [--json]

Embeddings (200 numbers) gather around 2,000 styles, and a film's runs around a point of the film; both and the runs'
own differences lie in 40 directions (seed 7). A question is a run with some noise. Recall: the share of the ten nearest
runs of the scan that are in the index's answer, from `recommender.scenes`, with a centre that later films have moved.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from db.catalogue.scene_index import BATCH, Float32, Float64, read_index, write_index
from db.catalogue.scenes import RunKeys, Scenes
from recommender.scenes import SceneIndex

SEED, WIDTH, DIRECTIONS, STYLES, RUNS_OF_A_FILM, NEAREST = 7, 200, 40, 2_000, 20, 10
LATER_SHARE = 0.02
"""This share of further runs is in small segments, half a unit away from the others."""


def batches(count: int) -> Iterator[Float32]:
    """The embeddings of a catalogue, the same at each call."""
    shared = np.random.default_rng(SEED)
    spread = shared.standard_normal((DIRECTIONS, WIDTH)).astype(np.float32) / np.sqrt(DIRECTIONS)
    styles = shared.standard_normal((STYLES, DIRECTIONS)).astype(np.float32)
    for start in range(0, count, BATCH):
        rng = np.random.default_rng([SEED, start])
        n = min(BATCH, count - start)
        films = -(-n // RUNS_OF_A_FILM)
        film = styles[rng.integers(0, STYLES, films)] + 0.6 * rng.standard_normal((films, DIRECTIONS), np.float32)
        runs = np.repeat(film, RUNS_OF_A_FILM, axis=0)[:n] + 0.5 * rng.standard_normal((n, DIRECTIONS), np.float32)
        yield runs @ spread + 1.0


def scanned(count: int, later: Float32, questions: Float64, centre: Float64) -> tuple[np.ndarray, float]:
    """The NEAREST rows of each question by a scan of everything, and the seconds of one question's products."""
    units = questions - centre
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    best = np.full((len(questions), NEAREST), -np.inf)
    rows = np.full((len(questions), NEAREST), -1)
    start, took = 0, 0.0
    for batch in (later, *batches(count)):
        centred = (batch - centre).astype(np.float32)
        centred /= np.linalg.norm(centred, axis=1, keepdims=True)
        began = time.perf_counter()
        centred @ units[0].astype(np.float32)
        took += time.perf_counter() - began
        cosines = np.hstack([best, units.astype(np.float32) @ centred.T])
        numbers = np.hstack([rows, np.tile(np.arange(start, start + len(batch)), (len(questions), 1))])
        order = np.argpartition(-cosines, NEAREST, axis=1)[:, :NEAREST]
        best, rows = np.take_along_axis(cosines, order, 1), np.take_along_axis(numbers, order, 1)
        start += len(batch)
    return rows, took


def _keys(count: int, first_film: int) -> RunKeys:
    number = np.arange(count)
    start_s = (number % RUNS_OF_A_FILM * 60).astype(np.int32)
    runs = (number % RUNS_OF_A_FILM).astype(np.int32)
    films = first_film + number // RUNS_OF_A_FILM
    return RunKeys(films, runs, start_s, start_s + 30, np.full(count, "bench", object), np.ones(count, bool))


def run(count: int, asked: int) -> dict[str, float]:
    """Build and open an index, and ask it questions."""
    rng = np.random.default_rng(SEED)
    later = next(batches(max(NEAREST, int(count * LATER_SHARE)))) + np.float32(0.5)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "bench.scenes.faiss"
        began = time.perf_counter()
        write_index(path, count, lambda: batches(count))
        built = time.perf_counter() - began
        began = time.perf_counter()
        keys = (_keys(len(later), 10**8), None), (_keys(count, 1), read_index(path, count))
        scenes = Scenes.of_parts(keys, later)
        opened = time.perf_counter() - began
        index, recalled, took = SceneIndex(scenes), [], []
        rows = rng.integers(0, len(scenes), asked)
        questions = scenes.embeddings(rows) + 0.1 * rng.standard_normal((asked, WIDTH))
        right, scan = scanned(count, later, questions, scenes.centre)
        place = {(int(f), int(r)): i for i in np.unique(right) for f, r in [(scenes.film_ids[i], scenes.runs[i])]}
        for question, expected in zip(questions, right, strict=True):
            began = time.perf_counter()
            found = index.nearest(question[None], n=NEAREST)[0]
            took.append(time.perf_counter() - began)
            recalled.append(len({place.get((one.film_id, one.run)) for one in found} & set(expected.tolist())))
        size = sum(file.stat().st_size for file in Path(directory).iterdir())
    return {
        "runs": count,
        "recall_at_10": round(float(np.mean(recalled)) / NEAREST, 4),
        "question_p50_ms": round(1e3 * float(np.median(took)), 2),
        "question_p99_ms": round(1e3 * float(np.quantile(took, 0.99)), 2),
        "scan_ms": round(1e3 * scan, 1),
        "build_s": round(built, 1),
        "open_s": round(opened, 2),
        "index_mb": round(size / 1e6),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3_000_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = run(options.runs, options.questions)
    print(json.dumps(found) if options.json else "\n".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
