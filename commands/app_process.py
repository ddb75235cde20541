"""The app's process: what the pages need, imported before the first visitor comes, and then Streamlit."""

from __future__ import annotations

import importlib
import os
import sys

PAGES_NEED = (
    "service.app_data",
    "recommender",
    "recommender.scan",
    "plotly.graph_objects",
    "service.mining_figures",
    "service.sounds_like",
    "service.admin_films",
    "service.worker",
)


ALLOWED_HOSTS = "FILMSCORE_ALLOWED_HOSTS"
"""Names that lead here, with commas between them."""


def _stand_in_front() -> None:
    """Let nobody in by a foreign name, and let Streamlit ask nobody on the internet what this machine's address is."""
    from starlette.middleware import Middleware
    from streamlit import net_util
    from streamlit.web.server.starlette import starlette_app

    from service.hosts import Hosts

    streamlit_s = starlette_app.create_streamlit_middleware
    allowed = [name for name in os.environ.get(ALLOWED_HOSTS, "").split(",") if name]
    starlette_app.create_streamlit_middleware = lambda: [Middleware(Hosts, allowed=allowed), *streamlit_s()]
    net_util.get_external_ip = net_util.get_internal_ip = lambda: None


def main() -> None:
    """As `streamlit`, with its arguments; the first visitor does not wait for imports."""
    from streamlit.web.cli import main as streamlit

    _stand_in_front()
    # Not in a thread beside Streamlit's own imports: two threads importing the same packages see them half made.
    for name in PAGES_NEED:
        importlib.import_module(name)
    sys.argv[0] = "streamlit"
    streamlit()


if __name__ == "__main__":
    main()
