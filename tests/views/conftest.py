"""Catalogues that the pages are opened on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from db.home import Home
from service.questions.current import current_of
from tests.service.conftest import cheap_passwords as cheap_passwords
from tests.views.catalogue import build

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(sorted(path.stem for path in (ROOT / "views").glob("*.py") if "\nshow()\n" in path.read_text("utf-8")))

Open = Callable[..., AppTest]

# Each AppTest scans the metadata of all installed packages for components: most of the time of these tests.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

# After each run of a page Streamlit collects all garbage, and again if Keras is loaded. In a process that has imported
# every room and every test, each collection takes longer than the page. Python's own collections suffice here.
st.config.set_option("runner.postScriptGC", False)
script_runner._clean_problem_modules = lambda: None


def forget() -> None:
    """Forget what pages keep between runs."""
    st.cache_resource.clear()
    st.cache_data.clear()
    current_of.cache_clear()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small catalogue, built once."""
    return build(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open a page of the app on a home: `open_page(home.root, "film", film="3")`."""
    forget()

    def opened(root: Path, page: str = "discover", **params: str) -> AppTest:
        monkeypatch.setenv("FILMSCORE_HOME", str(root))
        monkeypatch.chdir(ROOT)
        app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=300)
        if page != "discover":
            app.switch_page(f"views/{page}.py")
        for name, value in params.items():
            app.query_params[name.replace("_", "-")] = value
        return app.run()

    yield opened
    forget()
