"""What the app's and the API's doors cost: `python -m bench.doors [--times 500] [--json]`.

One process, no network, medians in ms. A request goes through headers, hosts and cookies to an app that answers at
once, and to that app alone; a request to the API's /health with and without the gate's look-up of a token. Who is
asking is looked up again whenever a page needs it: one look-up costs this, and a run of each page makes so many, for a
visitor and for an admin. `dearest_page_ms` is the door and all the look-ups of the page that makes most of them; the
bound is 5 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Scope
from streamlit.testing.v1 import AppTest

from db.home import Home
from service.library.publishing import publish
from service.rights import access
from service.rights.app_door import Door
from service.rights.browsers import BROWSER_COOKIE, SESSION_COOKIE, StreamlitSessions, browser_key, new_browser
from service.rights.headers import APP, SecurityHeaders
from service.rights.hosts import Hosts
from service.rights.uploads import Uploads
from tests.db.sample import filled
from views import frame

BOUND_MS = 5.0
PAGES = ("discover", "films", "sounds_like", "map", "lists", "mining", "about", "library", "add_films", "jobs", "data")
ROOT = Path(__file__).parents[1]


def median_ms(act: Callable[[], object], times: int) -> float:
    """The median time of an act, in ms."""
    act()
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        spent.append(time.perf_counter() - began)
    return float(np.median(spent)) * 1000


def request(app: ASGIApp, cookies: str) -> Callable[[], int]:
    """A request of a signed-in browser to an app, without a network; gives the status."""
    headers = [(b"host", b"localhost:8501"), (b"cookie", cookies.encode()), (b"accept", b"text/html")]
    scope: Scope = {
        **{"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": "/"},
        **{"raw_path": b"/", "root_path": "", "scheme": "http", "query_string": b"", "headers": headers},
        **{"client": ("127.0.0.1", 40000), "server": ("localhost", 8501)},
    }
    loop = asyncio.new_event_loop()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def ask() -> int:
        statuses = []

        async def send(message: Message) -> None:
            statuses.append(message.get("status", 0))

        await app(dict(scope), receive, send)
        return int(statuses[0])

    return lambda: loop.run_until_complete(ask())


def lookups(home: Home, token: str | None) -> dict[str, int]:
    """How often a run of each page looks up who is asking."""
    counts = {}
    cookies = {SESSION_COOKIE: token} if token else {}
    with mock.patch.dict(os.environ, {"FILMSCORE_HOME": str(home.root)}):
        for page in PAGES:
            app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
            with (
                mock.patch.object(frame, "cookies", lambda: cookies),
                mock.patch.object(frame, "actor_of", wraps=access.actor_of) as asked,
            ):
                app.switch_page(f"views/{page}.py").run()
            assert not app.exception, page
            counts[page] = asked.call_count
    return counts


def measure(times: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        home = filled(Path(folder) / "home")
        publish(home)
        access.set_password(home, access.setup_token(home), "a long enough password")
        token, key = access.new_session(home), browser_key(home)
        cookies = f"{BROWSER_COOKIE}={new_browser(key)}; {SESSION_COOKIE}={token}"
        bare = PlainTextResponse("here")
        uploads = Uploads(lambda: mock.Mock(file_storage={}), lambda _: True, lambda: Path(folder))
        behind = SecurityHeaders(Hosts(Door(bare, home, key, StreamlitSessions(), uploads), []), APP)
        alone, doors = request(bare, cookies), request(behind, cookies)
        assert alone() == doors() == 200
        without_ms, with_ms = median_ms(alone, times), median_ms(doors, times)
        lookup_ms = median_ms(lambda: access.actor_of(home, token), times)
        api = access.new_api_token(home, access.LOCAL, "bench")
        token_ms = median_ms(lambda: access.api_actor(home, api), times)
        counts = {"visitor": lookups(home, None), "admin": lookups(home, token)}
    most = max(counts["admin"].values())
    return {
        "request_ms": without_ms,
        "request_with_doors_ms": with_ms,
        "doors_ms": with_ms - without_ms,
        "lookup_ms": lookup_ms,
        "api_token_ms": token_ms,
        "lookups": counts,
        "dearest_page_ms": with_ms - without_ms + most * lookup_ms,
        "bound_ms": BOUND_MS,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(asked.times)
    if asked.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name}: {value if isinstance(value, dict) else f'{value:.3f}'}")
    return int(found["dearest_page_ms"] > BOUND_MS)


if __name__ == "__main__":
    sys.exit(main())
