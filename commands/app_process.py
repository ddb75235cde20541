"""The app's process: what the pages need, imported before the first visitor comes, and then Streamlit."""

from __future__ import annotations

import importlib
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


def main() -> None:
    """As `streamlit`, with its arguments; the first visitor does not wait for imports."""
    from streamlit.web.cli import main as streamlit

    # Not in a thread beside Streamlit's own imports: two threads importing the same packages see them half made.
    for name in PAGES_NEED:
        importlib.import_module(name)
    sys.argv[0] = "streamlit"
    streamlit()


if __name__ == "__main__":
    main()
