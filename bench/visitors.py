"""Several visitors at once on a large catalogue, while films are published: `python -m bench.visitors --films 100000`.

    python -m bench.visitors --films 100000 --visitors 4 --seconds 120 --every 20
    python -m bench.visitors --home HOME --json

Serves the generated catalogue of `bench.pages` (a tenth of its films are analysed) and talks to it as browsers do, over
websockets, without drawing anything. First it measures the start: seconds and processor time until the app answers its
health check, and until the first visitor's first page is complete. Then each visitor opens the pages in turn, waits a
second, and asks for the next one: first while nothing is published, then while a film is changed and published every
`--every` seconds by another process. A rerun's processor time is that of the app's process between two moments,
divided by the number of reruns: it includes opening the catalogues that were published meanwhile. Of each page
the median and the longest time are told.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from bench.given import existing
from bench.pages import generate
from db.home import Home
from db.state.store import State
from service.library.publishing import publish
from tests.browser.server import served
from tests.service.rights.streamlit_client import Tab, tab

ASKED = (
    ("", ""),
    ("", "like=1%2C11"),
    ("films", "sort=newest"),
    ("film", "film=1"),
    ("", "like=21%2C31%2C41&music=0.8"),
    ("lists", ""),
    ("compare", "a=1&b=11"),
    ("mining", "section=projection"),
)
"""Page and question of its address, in the order in which a visitor opens them."""
PAUSE_S = 1.0
"""A visitor looks so long at a page."""
PUBLISH = """
import sys, time
from pathlib import Path
from bench.visitors import publish_often
publish_often(Path(sys.argv[1]), float(sys.argv[2]))
"""


@dataclass
class Visitor:
    """Opens page after page and records how long each takes."""

    number: int
    took_s: list[tuple[str, float]] = field(default_factory=list)
    """Page and seconds"""
    failed: list[str] = field(default_factory=list)

    def visit(self, address: str, until: float) -> None:
        with tab(address) as page:
            turn = 2 * self.number
            while time.monotonic() < until:
                name, query = ASKED[turn % len(ASKED)]
                turn += 1
                self.took_s.append((f"{name}?{query}", self._open(page, name, query)))
                time.sleep(PAUSE_S)

    def _open(self, page: Tab, name: str, query: str) -> float:
        began = time.perf_counter()
        said = page.run(name, query=query).text
        if "Something went wrong" in said or not said:
            self.failed.append(f"{name}?{query}")
        return time.perf_counter() - began


def publish_often(root: Path, every_s: float) -> None:
    """Change a film and publish, again and again, until the process is ended."""
    home, turn = Home.at(root), 0
    while True:
        began = time.monotonic()
        turn += 1
        with State.open(home) as state:
            state.update_film(1 + turn, votes=100 + turn)
        publish(home)
        print(round(time.monotonic() - began, 2), flush=True)
        time.sleep(max(0.0, every_s - (time.monotonic() - began)))


def app_of(address: str) -> psutil.Process:
    """The app's process, by its port."""
    port = int(address.rsplit(":", 1)[1])
    for process in psutil.Process().children(recursive=True):
        if any(one.laddr.port == port and one.status == psutil.CONN_LISTEN for one in process.net_connections()):
            return process
    raise RuntimeError(f"{address}: no process of this one listens there.")


def busy_s(process: psutil.Process) -> float:
    """Processor seconds of a process."""
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def measure(address: str, app: psutil.Process, visitors: int, seconds: float) -> dict[str, object]:
    """Let the visitors look around; how long their pages took."""
    until, before = time.monotonic() + seconds, busy_s(app)
    all_of_them = [Visitor(number) for number in range(visitors)]
    threads = [threading.Thread(target=one.visit, args=(address, until)) for one in all_of_them]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    by_page: dict[str, list[float]] = {}
    for page, seconds_taken in (opened for one in all_of_them for opened in one.took_s):
        by_page.setdefault(page, []).append(seconds_taken)
    took = [s for all_of_page in by_page.values() for s in all_of_page]
    p50, p95 = np.percentile(took, [50, 95])
    return {
        "pages": len(took),
        "p50_s": round(float(p50), 3),
        "p95_s": round(float(p95), 3),
        "most_s": round(max(took), 3),
        "cpu_s_a_page": round((busy_s(app) - before) / len(took), 3),
        "memory_mb": round(app.memory_info().rss / 1e6),
        "median_and_most_s": {
            page: [round(float(np.median(all_of_page)), 3), round(max(all_of_page), 3)]
            for page, all_of_page in sorted(by_page.items())
        },
        "failed": sorted({name for one in all_of_them for name in one.failed}),
    }


def run(home: Home, visitors: int, seconds: float, every_s: float) -> dict[str, object]:
    """Serve a home and measure."""
    began = time.perf_counter()
    with served(home.root, options=("--no-worker",)) as address:
        health_s = time.perf_counter() - began
        app = app_of(address)
        health_cpu_s = busy_s(app)
        with tab(address) as first:
            first.run()
        found: dict[str, object] = {
            "health_s": round(health_s, 2),
            "health_cpu_s": round(health_cpu_s, 2),
            "first_page_s": round(time.perf_counter() - began, 2),
            "first_page_cpu_s": round(busy_s(app), 2),
        }
        measure(address, app, 1, 2 * PAUSE_S * len(ASKED))  # prepares what all visitors share
        found["quiet"] = measure(address, app, visitors, seconds)
        command = [sys.executable, "-c", PUBLISH, str(home.root), str(every_s)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as publisher:
            try:
                found["publishing"] = measure(address, app, visitors, seconds)
            finally:
                publisher.terminate()
            published = [float(line) for line in publisher.stdout or ()]
        found["publishes"], found["publish_s"] = len(published), published
    return found


def main() -> None:
    """Generate a catalogue or open that of a home, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=100_000)
    parser.add_argument("--home", type=existing, help="an existing home; votes of its first films are changed")
    parser.add_argument("--visitors", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=120.0, help="how long the visitors look around, twice")
    parser.add_argument("--every", type=float, default=20.0, help="seconds from one publish to the next")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = Home.at(options.home) if options.home else generate(Path(scratch), options.films)
        found = run(home, options.visitors, options.seconds, options.every)
    if options.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
