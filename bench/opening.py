"""Processor time of each step from a start to the first page on a large catalogue: `python -m bench.opening`.

    python -m bench.opening --films 100000
    python -m bench.opening --home HOME --json

The steps run one after another in this process, on the generated catalogue of `bench.pages` (a tenth of its films are
analysed). Imports and films come before the first page of a catalogue that was open before; `commands.app_process` does
the rest after it. The last step is what a publish of one changed film costs: opening, and making ready, what follows.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.given import existing
from bench.pages import generate
from db.home import Home
from recommender.question import Question
from service.questions.app_data import OpenCatalogue
from service.questions.current import ready_for_pages

IMPORTS = """
import time
from commands.app_process import LATER, PAGES_NEED
for names in (("streamlit", *PAGES_NEED), LATER):
    began = time.process_time()
    for name in names:
        __import__(name)
    print(time.process_time() - began)
"""


def _imports_s() -> tuple[float, float]:
    """Processor seconds of a new process that imports what the app's process imports: before it serves, and later."""
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)
    before, later = map(float, done.stdout.split())
    return before, later


def _steps(found: OpenCatalogue) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "films and their names", lambda: (found.films, found.names)
    yield "vectors, and who shares people", lambda: found.recommender.matrix
    first = int(found.films["film_id"].iloc[0])
    question = Question(likes=(first,), music=1.0, variety=0.0, n=12)
    yield "first question", lambda: found.recommender.recommend(question)
    yield "second question", lambda: found.recommender.recommend(question)
    yield "rows of Discover", lambda: found.shelf.rows
    yield "search of titles", lambda: found.snapshot.find_titles("a", 1)
    yield "the same catalogue again, followed", lambda: ready_for_pages(OpenCatalogue.open(found.home, found))


def measure(home: Home) -> dict[str, float]:
    """Step -> its processor seconds."""
    before, later = _imports_s()
    found = {"the app's imports": round(before, 2), "imports after the first page": round(later, 2)}
    for name, step in _steps(OpenCatalogue.open(home)):
        began = time.process_time()
        step()
        found[name] = round(time.process_time() - began, 2)
    return found


def main() -> None:
    """Generate a catalogue or open that of a home, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=100_000)
    parser.add_argument("--home", type=existing, help="a home that exists already; it is not changed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        found = measure(Home.at(options.home) if options.home else generate(Path(scratch), options.films))
    if options.json:
        print(json.dumps(found))
        return
    for name, seconds in found.items():
        print(f"{seconds:6.2f} s  {name}")


if __name__ == "__main__":
    main()
