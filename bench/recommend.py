"""`python -m bench.recommend --films N --json`: time of a recommendation, beside two simple alternatives.

The films are generated; every question has five likes, one dislike, variety and reasons, and most have filters. The
rivals take the mean vector of the liked films and find its 10 nearest by cosine in the same matrix: scikit-learn's
brute-force NearestNeighbors, and a loop over the rows of a pandas DataFrame. All run in one process on one core.

`by_likes` has questions of 1, 10 and 50 likes without filters, in wall and processor time (which counts on a busy
machine); scikit-learn then finds the 10 nearest of each like. The answer of some of them is compared with scoring every
film in float64 (`exact`).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from bench.generated import GeneratedCatalogue
from recommender import Filters, Question, Recommender
from recommender.scoring import scores
from recommender.search import search

SEED = 11
QUESTIONS = 200
LIKES = (1, 10, 50)
ASKED, CHECKED = 60, 3
"""Questions of each number of likes, and how many of them are compared with scoring every film."""
FILTERS = (
    Filters(),
    Filters(year_from=1990),
    Filters(genre="Drama", year_from=1980),
    Filters(country="USA"),
    Filters(with_music=True),
    Filters(genre="Crime"),
)
"""Used in turn; the first is the most expensive because every film is a candidate."""


def questions(n_films: int, count: int) -> list[Question]:
    """A fixed sequence of questions, with and without filters."""
    rng = np.random.default_rng(SEED)
    drawn = []
    for i in range(count):
        ids = rng.choice(n_films, 6, replace=False) + 1
        likes, dislikes = tuple(map(int, ids[:5])), (int(ids[5]),)
        music = (0.0, 0.25, 0.5, 0.75, 1.0)[i % 5]
        drawn.append(
            Question(likes, dislikes, music=music, variety=0.3, filters=FILTERS[i % len(FILTERS)], max_per_director=2)
        )
    return drawn


def times_ms(work: Callable[[int], object], count: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Wall time of each of `count` calls."""
    found = []
    for i in range(count):
        start = time.perf_counter()
        work(i)
        found.append((time.perf_counter() - start) * 1e3)
    return np.array(found)


def _rival_sklearn(vectors: Any, asked: Any, count: int) -> float:
    from sklearn.neighbors import NearestNeighbors

    nearest = NearestNeighbors(n_neighbors=10, algorithm="brute", metric="cosine", n_jobs=1).fit(vectors)
    nearest.kneighbors(asked[:1])
    return float(np.median(times_ms(lambda i: nearest.kneighbors(asked[i : i + 1]), count)))


def _rival_pandas(vectors: Any, asked: Any, count: int) -> float:
    table = pd.DataFrame(vectors)

    def work(i: int) -> Any:
        query = asked[i] / np.linalg.norm(asked[i])
        cosines = {}
        for index, row in table.iterrows():
            values = row.to_numpy()
            length = np.linalg.norm(values)
            cosines[index] = float(values @ query / length) if length else 0.0
        return pd.Series(cosines).nlargest(10)

    return float(np.median(times_ms(work, count)))


def of_likes(n_films: int, likes: int, count: int) -> list[Question]:
    """A fixed sequence of questions with a given number of likes, without filters and dislikes."""
    rng = np.random.default_rng([SEED, likes])
    return [Question(tuple(map(int, rng.choice(n_films, likes, replace=False) + 1))) for _ in range(count)]


def _is_exact(recommender: Recommender, question: Question) -> bool:
    """Whether the search finds the films that scoring all of them in float64 finds, with the same scores."""
    matrix = recommender.matrix
    query = recommender.query(recommender.placed(question))
    liked = matrix.rows_of(question.likes)
    rows, found = search(matrix, query, 200, None, liked)
    every = np.setdiff1d(np.arange(len(matrix)), liked)
    right = np.concatenate(
        [scores(matrix, query, part) for part in np.array_split(every, max(1, len(every) // 20_000))]
    )
    order = np.lexsort((every, -np.nan_to_num(right, nan=-np.inf)))[: len(rows)]
    return bool((every[order] == rows).all() and (right[order] == found).all())


def by_likes(recommender: Recommender, n_films: int) -> dict[str, dict[str, Any]]:
    """Times of questions of 1, 10 and 50 likes, in wall and processor time, beside scikit-learn."""
    from sklearn.neighbors import NearestNeighbors

    matrix, found = recommender.matrix, {}
    nearest = NearestNeighbors(n_neighbors=10, algorithm="brute", metric="cosine", n_jobs=1).fit(matrix.vectors)
    for likes in LIKES:
        asked = of_likes(n_films, likes, ASKED)
        recommender.recommend(asked[0])
        wall, cpu = [], []
        for question in asked:
            start, spent = time.perf_counter(), time.process_time()
            recommender.recommend(question)
            wall.append((time.perf_counter() - start) * 1e3)
            cpu.append((time.process_time() - spent) * 1e3)
        rival = []
        for question in asked[:CHECKED]:
            spent = time.process_time()
            nearest.kneighbors(matrix.vectors[matrix.rows_of(question.likes)])
            rival.append((time.process_time() - spent) * 1e3)
        found[str(likes)] = {
            "p50_ms": float(np.quantile(wall, 0.5)),
            "p99_ms": float(np.quantile(wall, 0.99)),
            "cpu_p50_ms": float(np.quantile(cpu, 0.5)),
            "cpu_p99_ms": float(np.quantile(cpu, 0.99)),
            "sklearn_cpu_p50_ms": float(np.median(rival)),
            "exact": all(_is_exact(recommender, question) for question in asked[:CHECKED]),
        }
    return found


def measure(n_films: int, pandas_rows: int = 10_000, senses: float = 0.0) -> dict[str, Any]:
    """Build a catalogue of n_films and time the questions and the rivals.

    The pandas loop is timed on at most `pandas_rows` films and scaled up proportionally; the output says so.
    """
    catalogue = GeneratedCatalogue(n_films, senses=senses)
    recommender = Recommender(catalogue)
    asked = questions(n_films, QUESTIONS)
    start = time.perf_counter()
    recommender.recommend(asked[0])
    first_ms = (time.perf_counter() - start) * 1e3
    for question in asked[: len(FILTERS)]:
        recommender.recommend(question)
    cpu = time.process_time()
    took = times_ms(lambda i: recommender.recommend(asked[i]), QUESTIONS)
    cpu_ms = (time.process_time() - cpu) * 1e3 / QUESTIONS
    unfiltered = took[[i for i, q in enumerate(asked) if not q.filters.named()]]
    matrix = catalogue.matrix()
    profiles = np.stack([matrix.vectors[matrix.rows_of(q.likes)].mean(axis=0) for q in asked[:20]])
    looped = min(n_films, pandas_rows)
    sklearn_ms = _rival_sklearn(matrix.vectors, profiles, 20)
    pandas_ms = _rival_pandas(matrix.vectors[:looped], profiles, 1) * n_films / looped
    return {
        "films": n_films,
        "dimension": int(matrix.vectors.shape[1]),
        "p50_ms": float(np.quantile(took, 0.5)),
        "p99_ms": float(np.quantile(took, 0.99)),
        "unfiltered": {
            "p50_ms": float(np.quantile(unfiltered, 0.5)),
            "p99_ms": float(np.quantile(unfiltered, 0.99)),
        },
        "first_ms": first_ms,
        "cpu_mean_ms": cpu_ms,
        "by_likes": by_likes(recommender, n_films),
        "load": os.getloadavg()[0],
        "questions": QUESTIONS,
        "rivals": {
            "sklearn": {"p50_ms": sklearn_ms},
            "pandas": {"p50_ms": pandas_ms, "films_looped": looped},
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--senses", type=float, default=0.0, help="share of the films with dialogue, picture and faces")
    options = parser.parse_args()
    with threadpool_limits(limits=1):
        result = measure(options.films, senses=options.senses)
    if options.json:
        json.dump(result, sys.stdout)
        sys.stdout.write("\n")
        return
    rows = {
        "filmscore p50": result["p50_ms"],
        "filmscore p99": result["p99_ms"],
        "filmscore p50, no filter": result["unfiltered"]["p50_ms"],
        "scikit-learn p50": result["rivals"]["sklearn"]["p50_ms"],
        "pandas loop p50": result["rivals"]["pandas"]["p50_ms"],
    }
    sys.stdout.write(f"{result['films']} films, {result['dimension']} numbers each\n")
    for likes, times in result["by_likes"].items():
        rows |= {f"{likes} likes, {name[:-3]}": value for name, value in times.items() if name != "exact"}
        sys.stdout.write(f"{likes} likes: {'exact' if times['exact'] else 'NOT EXACT'}\n")
    sys.stdout.writelines(f"{name:30} {value:10.2f} ms\n" for name, value in rows.items())


if __name__ == "__main__":
    main()
