"""Every page opens on every state of a catalogue, and never shows a stack trace."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.home import Home
from tests.views.conftest import PAGES, Open


def words(app: AppTest) -> str:
    """All that Streamlit's own elements and our HTML say."""
    kinds = ("title", "subheader", "markdown", "caption", "info", "warning")
    said = [element.value for kind in kinds for element in app.get(kind) if hasattr(element, "value")]
    return "\n".join(map(str, said + [element.proto.body for element in app.get("html")]))


def test_all_pages_are_known() -> None:
    expected = {"discover", "film", "sounds_like", "mining", "validity", "about", "library"}
    assert expected <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_on_a_filled_catalogue(page: str, filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, page)
    assert not app.exception
    assert app.title


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_where_there_is_nothing_yet(page: str, tmp_path: Path, open_page: Open) -> None:
    app = open_page(tmp_path / "new", page)
    assert not app.exception
    if page == "discover":
        assert "Three ways to begin" in words(app)
        home = f"--home {tmp_path / 'new'}"
        assert {code.value for code in app.code} >= {f"filmscore demo {home}", f"filmscore ingest FOLDER {home}"}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_calm_on_a_broken_catalogue(page: str, filled: Home, tmp_path: Path, open_page: Open) -> None:
    root = tmp_path / "broken"
    shutil.copytree(filled.root, root)
    for path in [*root.glob("snapshots/**/*.*"), root / "manifest.json"]:
        if path.is_file():
            path.write_bytes(b"not a catalogue")
    app = open_page(root, page)
    assert not app.exception
    assert "Traceback" not in words(app)
    if page in ("discover", "film", "mining"):
        assert len(app.warning) == 1


def test_hostile_titles_are_shown_as_text(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "film", film="32")
    html = "".join(element.proto.body for element in app.get("html"))
    assert "&lt;img src=x onerror=" in html
    assert "<img src=x" not in html
