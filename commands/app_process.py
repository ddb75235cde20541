"""The app's process: Streamlit, with what the pages need imported while its server starts."""

from __future__ import annotations

import importlib
import sys
import threading

PAGES_NEED = (
    "service.app_data",
    "recommender",
    "plotly.graph_objects",
    "service.mining_figures",
    "service.sounds_like",
    "service.admin_films",
    "service.worker",
)


def main() -> None:
    """As `streamlit`, with its arguments; the first visitor does not wait for imports."""
    threading.Thread(target=lambda: [importlib.import_module(name) for name in PAGES_NEED], daemon=True).start()
    from streamlit.web.cli import main as streamlit

    sys.argv[0] = "streamlit"
    streamlit()


if __name__ == "__main__":
    main()
