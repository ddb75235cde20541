"""Measure what a rerun of each page costs on a large catalogue: processor time, and bytes sent to the browser.

    python -m bench.reruns --films 100000
    python -m bench.reruns --home HOME --json

The pages run in this process without a browser, as an admin, on the generated catalogue of `bench.pages` (a tenth of
its films are analysed). The first run of a page prepares what all visitors share; each further click is a rerun. Bytes
are those of the messages that the page sends to the browser, before the web server compresses them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from bench.pages import generate
from db.home import Home
from service.rights import access
from service.rights.browsers import SESSION_COOKIE
from views import frame

ROOT = Path(__file__).resolve().parents[1]
PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("discover", {}),
    ("discover", {"like": "1,11"}),
    ("films", {}),
    ("film", {"film": "1"}),
    ("sounds_like", {}),
    ("tonight", {}),
    ("map", {"of": "sound"}),
    ("map", {"of": "about"}),
    ("map", {"of": "scenes"}),
    ("lists", {}),
    ("compare", {"a": "1", "b": "11"}),
    ("compare", {"what": "directors"}),
    ("mining", {"section": "correlations"}),
    ("mining", {"section": "projection"}),
    ("mining", {"section": "surfaces"}),
    ("mining", {"section": "directors"}),
    ("mining", {"section": "table"}),
    ("validity", {}),
    ("overview", {}),
    ("library", {}),
    ("jobs", {}),
    ("data", {}),
)
"""A page and the parameters of its address."""
RERUNS = 5


@contextmanager
def counted() -> Iterator[list[int]]:
    """The number of bytes that each run sends, one number per run."""
    sizes: list[int] = []
    plain = LocalScriptRunner.forward_msgs

    def forward_msgs(runner: LocalScriptRunner) -> list[ForwardMsg]:
        messages = plain(runner)
        sizes.append(sum(message.ByteSize() for message in messages))
        return messages

    with mock.patch.object(LocalScriptRunner, "forward_msgs", forward_msgs):
        yield sizes


def measure(page: str, params: dict[str, str], sizes: list[int]) -> dict[str, float | str]:
    """Processor seconds of the first run and of reruns (median and maximum), their wall-clock seconds, and the
    bytes."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=900)
    app.run()
    if page != "discover":
        app.switch_page(f"views/{page}.py")
    for name, value in params.items():
        app.query_params[name] = value
    busy: list[float] = []
    took: list[float] = []
    for _ in range(1 + RERUNS):
        started, began = time.process_time(), time.perf_counter()
        app.run()
        busy.append(time.process_time() - started)
        took.append(time.perf_counter() - began)
    return {
        "first_cpu_s": round(busy[0], 3),
        "rerun_cpu_s": round(float(np.median(busy[1:])), 3),
        "most_cpu_s": round(max(busy[1:]), 3),
        "rerun_s": round(float(np.median(took[1:])), 3),
        "bytes": sizes[-1],
        "error": "; ".join(str(one.value) for one in app.exception),
    }


def measure_all(home: Home, names: Sequence[str] = ()) -> Iterator[tuple[str, dict[str, float | str]]]:
    """Page with its parameters -> its `measure`; for all pages, or for those with these names."""
    token = access.new_session(home)
    with (
        mock.patch.dict("os.environ", FILMSCORE_HOME=str(home.root)),
        mock.patch.object(frame, "cookies", lambda: {SESSION_COOKIE: token}),
        counted() as sizes,
    ):
        for page, params in PAGES:
            if not names or page in names:
                name = " ".join([page, *(f"{key}={value}" for key, value in params.items())])
                yield name, measure(page, params, sizes)


def main() -> None:
    """Generate a catalogue or open that of a home, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=100_000)
    parser.add_argument("--home", type=Path, help="a home that exists already; it is not changed but for a session")
    parser.add_argument("--page", action="append", default=[], help="only this page; may be given several times")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = Home.at(options.home) if options.home else generate(Path(scratch), options.films)
        if options.json:
            pages = dict(measure_all(home, options.page))
            print(json.dumps({"films": None if options.home else options.films, "pages": pages}))
            return
        for name, found in measure_all(home, options.page):
            print(
                f"{name:30} first {found['first_cpu_s']:7.2f} s   rerun {found['rerun_cpu_s']:6.3f} s "
                f"(most {found['most_cpu_s']:6.3f})   {int(found['bytes']) / 1000:9.1f} kB   {found['error']}",
                flush=True,
            )


if __name__ == "__main__":
    main()
