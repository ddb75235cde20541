"""One served app and one browser for all browser tests; skipped, with the reason, where there is no Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from db.home import Home
from db.state.store import State
from tests.browser.server import launch, served
from tests.service.heard_home import tone, write_wav
from tests.views.catalogue import build

PATIENCE_MS = 60_000
"""A wait ends with what it waits for; this bound only ends a test that fails, so it is generous on a busy machine."""
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            found = launch(playwright)
        except Error as error:
            reason = f"no Chromium could be started ({str(error).splitlines()[0]}); set CHROMIUM to one"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        yield found
        found.close()


@pytest.fixture(scope="session")
def served_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home that `address` serves. The file of film 1 is there to listen to."""
    home = build(tmp_path_factory.mktemp("browser"))
    home.uploads.mkdir(exist_ok=True)
    sound = write_wav(home.uploads / "heard.wav", np.tile(tone(440, 60), 8))
    with State.open(home) as state:
        [media] = state.media([1])
        state.attach_media(1, media.media_sha256, 0, str(sound), media.model_version)
    return home


@pytest.fixture(scope="session")
def address(served_home: Home) -> Iterator[str]:
    with served(served_home.root, options=["--no-worker"]) as where:
        yield where


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Iterator[list[Page]]:
    """The open tab of `page`, if there is one."""
    opened: list[Page] = []
    yield opened
    for tab in opened:
        tab.context.close()


@pytest.fixture
def page(browser: Browser, tabs: list[Page]) -> Iterator[Page]:
    """A tab that remembers nothing: dark, as wide as a laptop's.

    All tests share it, because a new one compiles Streamlit's and Plotly's scripts again: three times the processor
    time of a page. What a test changes of the window, the theme and the cookies is put back.
    """
    while tabs and tabs[-1].is_closed():
        tabs.pop()
    if not tabs:
        context = browser.new_context()
        context.set_default_timeout(PATIENCE_MS)
        tabs.append(context.new_page())
    tab = tabs[-1]
    tab.set_viewport_size({"width": 1360, "height": 1000})
    tab.emulate_media(color_scheme="dark", reduced_motion="no-preference")
    yield tab
    for other in tab.context.pages:
        if other is not tab:
            other.close()
    tab.context.clear_cookies()
    tab.evaluate(
        "() => { try { localStorage.clear(); sessionStorage.clear(); } catch { /* an empty tab has none */ } }"
    )


@pytest.fixture
def empty_page(browser: Browser) -> Iterator[Page]:
    """A tab of its own, without the app: for a test that writes the page itself."""
    with browser.new_context() as context:
        yield context.new_page()
