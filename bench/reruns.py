"""Measure what a rerun of each page costs on a large catalogue: processor time, and bytes sent to the browser.

    python -m bench.reruns --films 100000
    python -m bench.reruns --home HOME --publish --json

The pages run in this process without a browser, as an admin, on the generated catalogue of `bench.pages` (a tenth of
its films are analysed). The first run of a page prepares what all visitors share; each further click is a rerun. Bytes
are those of the messages that the page sends to the browser, before the web server compresses them. With `--publish`
a film's votes are then changed and published, and once the app shows the new catalogue, the page's next run is
measured as well.
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

from bench.given import existing
from bench.pages import generate
from db.home import Home
from db.state.store import State
from service.library.publishing import publish
from service.questions.current import current_of
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


def publish_a_change(home: Home) -> None:
    """Change the votes of a film, publish, and return when this process shows the new catalogue."""
    with State.open(home) as state:
        state.update_film(2, votes=int(time.time()) % 1_000_000)
    published, shown = publish(home), current_of(home)
    while (found := shown.get()) is None or found.snapshot.id != published:
        time.sleep(0.05)


def measure(
    page: str, params: dict[str, str], sizes: list[int], changing: Home | None = None
) -> dict[str, float | str]:
    """Processor seconds of the first run and of reruns (median and maximum), their wall-clock seconds, and the bytes.

    Args:
        changing: the home, if a film is to be published before one more run.
    """
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
    after = {}
    if changing is not None:
        publish_a_change(changing)
        started = time.process_time()
        app.run()
        after["after_publish_cpu_s"] = round(time.process_time() - started, 3)
    return {
        "first_cpu_s": round(busy[0], 3),
        "rerun_cpu_s": round(float(np.median(busy[1:])), 3),
        "most_cpu_s": round(max(busy[1:]), 3),
        "rerun_s": round(float(np.median(took[1:])), 3),
        "bytes": sizes[-1],
        "error": "; ".join(str(one.value) for one in app.exception),
        **after,
    }


def measure_all(
    home: Home, names: Sequence[str] = (), publishing: bool = False
) -> Iterator[tuple[str, dict[str, float | str]]]:
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
                yield name, measure(page, params, sizes, home if publishing else None)


def main() -> None:
    """Generate a catalogue or open that of a home, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=100_000)
    parser.add_argument("--home", type=existing, help="a home that exists already; it is not changed but for a session")
    parser.add_argument("--publish", action="store_true", help="also the run after a publish; changes the home")
    parser.add_argument("--page", action="append", default=[], help="only this page; may be given several times")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = Home.at(options.home) if options.home else generate(Path(scratch), options.films)
        if options.json:
            pages = dict(measure_all(home, options.page, options.publish))
            print(json.dumps({"films": None if options.home else options.films, "pages": pages}))
            return
        for name, found in measure_all(home, options.page, options.publish):
            print(
                f"{name:30} first {found['first_cpu_s']:7.2f} s   rerun {found['rerun_cpu_s']:6.3f} s "
                f"(most {found['most_cpu_s']:6.3f})   {int(found['bytes']) / 1000:9.1f} kB   "
                + (f"after a publish {found['after_publish_cpu_s']:6.3f}   " if options.publish else "")
                + str(found["error"]),
                flush=True,
            )


if __name__ == "__main__":
    main()
