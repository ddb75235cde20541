"""The app's process: what the pages need, imported before the first visitor comes, and then Streamlit."""

from __future__ import annotations

import asyncio
import atexit
import gc
import importlib
import json
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from db.secret_files import hide_secrets

PAGES_NEED = (
    "service.questions.current",
    "recommender",
    "service.jobs.alone",
    "streamlit.web.server.starlette.starlette_server",
)
LATER = (
    "recommender.scan",
    "plotly.graph_objects",
    "service.figures.mining_figures",
    "service.questions.sounds_like",
    "service.library.editing",
    "service.jobs.jobs",
)
"""What the first page does without; it is imported after it, see `service.starting`."""
HOUSE_EVERY_S = 20.0
SWITCH_S = 0.0005
"""A thread that computes hands the interpreter over after so long, if another waits for it. With Python's own 0.005 s,
a page that waits a hundred times while a large catalogue is opened in the background takes half a second longer. A
request of the API waits a few times only: it takes equally long with both, so the API keeps Python's."""


def _serve(script: str, allowed: list[str], options: dict[str, Any]) -> None:
    """Serve the pages with our doors before Streamlit's server."""
    import streamlit as st
    from starlette.middleware import Middleware
    from streamlit import net_util
    from streamlit.components.v2 import manifest_scanner
    from streamlit.runtime import get_instance
    from streamlit.web.server.starlette import starlette_server

    from db.home import Home
    from errors import FilmscoreError
    from service.listening.answers import excerpt_route
    from service.listening.excerpts import Excerpts
    from service.questions.current import current_of, ready_for_first_page
    from service.rights.app_door import Door, session_route
    from service.rights.arriving import arriving
    from service.rights.browsers import SESSIONS, TICKETS, browser_key
    from service.rights.compressed import Compressed
    from service.rights.headers import APP, SecurityHeaders
    from service.rights.hosts import Hosts
    from service.rights.oidc import end_sessions, provider_from_environment
    from service.rights.oidc_door import OidcDoor
    from service.rights.upload_limits import MESSAGE_MB
    from service.rights.uploads import Uploads
    from service.starting import LaterWork, leave_for_later

    # Streamlit would ask a host on the internet for this machine's address, to allow that origin: `Hosts` decides it.
    net_util.get_external_ip = net_util.get_internal_ip = lambda: None
    # It would read 200 MB of a message before refusing it.
    taken_in = lambda: MESSAGE_MB * 10**6  # noqa: E731
    starlette_server.get_max_message_size_bytes = taken_in  # type: ignore[attr-defined]
    # It would read the files of every installed package to find components for pages; our pages use none.
    manifest_scanner.scan_component_manifests = lambda *_: []
    home = Home.at()
    try:
        key = browser_key(home)
        end_sessions(home)
    except FilmscoreError:  # the state cannot be read: pages say so; cookies last as long as this process
        key = secrets.token_bytes(32)
    catalogue = current_of(home)
    with suppress(FilmscoreError):  # the pages say what is wrong
        if found := catalogue.get():
            ready_for_first_page(found)
    leave_for_later(LaterWork(LATER, lambda: _after_the_first_page(catalogue)))
    provider = provider_from_environment()
    known = provider.streamlit_secrets() if provider else {}
    uploads = Uploads(
        lambda: get_instance().uploaded_file_mgr,  # type: ignore[return-value, arg-type]
        lambda one: get_instance().is_active_session(one),
        lambda: Path(tempfile.gettempdir()),  # `arriving` says which, while the app runs
    )

    @asynccontextmanager
    async def released(_app: object) -> AsyncIterator[dict[str, Any]]:
        with arriving(home):
            task = asyncio.create_task(_keep_house(uploads, catalogue))
            yield {}
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    base = _base(options)
    doors = [
        Middleware(SecurityHeaders, policy=APP),
        Middleware(Hosts, allowed=allowed),
        Middleware(Door, home=home, key=key, sessions=SESSIONS, uploads=uploads),
        Middleware(Compressed, base=base),
    ]
    if provider:
        signing = known["auth"]["cookie_secret"]
        doors.append(Middleware(OidcDoor, home=home, provider=provider, base=base, cookie_secret=signing))
    app = st.App(
        script,
        secrets=known,
        routes=[session_route(home, TICKETS, base), excerpt_route(Excerpts(home), base)],
        middleware=doors,
        lifespan=released,
    )
    sys.argv = [script]  # Streamlit finds its settings next to the script
    app.run(config=options)


def _after_the_first_page(catalogue: Any) -> None:
    gc.freeze()  # as in `main`
    catalogue.make_ready()


def _base(options: dict[str, Any]) -> str:
    """The path before all of ours, as Starlette writes it."""
    prefix = options.get("server.baseUrlPath", "")
    return f"/{prefix}" if prefix else ""


async def _keep_house(uploads: Any, catalogue: Any) -> None:
    """Now and then let go of uploads that nobody holds, and open what has been published, before somebody asks."""
    while True:
        await asyncio.sleep(HOUSE_EVERY_S)
        uploads.release()
        catalogue.get_in_background()


def main() -> None:
    """Serve the pages; the first visitor does not wait for imports.

    The one argument is JSON: `script`, `allowed` (hosts) and `options` (Streamlit's).
    """
    hide_secrets()
    sys.setswitchinterval(SWITCH_S)
    asked = json.loads(sys.argv[1])
    # Not in a thread: if Streamlit imports the same packages at the same time, both see half-initialised modules.
    for name in PAGES_NEED:
        importlib.import_module(name)
    # Streamlit collects garbage after each run of a page, and everybody waits for it. What was imported is none.
    gc.freeze()
    atexit.register(gc.unfreeze)
    _serve(asked["script"], asked["allowed"], asked["options"])


if __name__ == "__main__":
    main()
