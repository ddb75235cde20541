"""The app as a process of its own, and a browser to look at it: for the tests and for the screenshots."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]
STARTED_S = 600
SETTLED_MS = 300_000
"""How long a page may take on a busy machine; a wait ends with what it waits for."""


def chromium() -> str | None:
    """Path of a Chromium: $CHROMIUM, else one installed on this machine; None: Playwright's own download."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    """A headless browser."""
    return playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    home: Path,
    program: Sequence[str] = (sys.executable, "-m", "cli"),
    cwd: Path = ROOT,
    options: Sequence[str] = (),
    before: Callable[[str], None] = lambda address: None,
) -> Iterator[str]:
    """Serve the app on a home by `filmscore serve`; its address.

    Args:
        program: what is called for `filmscore`, in the folder `cwd`.
        options: further ones of `serve`.
        before: called with the address before the app starts.
    """
    port = _free_port()
    command = [*program, "serve", "--port", str(port), "--home", str(home), *options]
    address = f"http://localhost:{port}"
    before(address)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=said)
        try:
            _wait_for(address, process, said)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=90)


def _wait_for(address: str, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    deadline = time.monotonic() + STARTED_S
    while True:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > deadline:
                said.seek(0)
                message = said.read().decode(errors="replace")[-2000:]
                raise AssertionError(f"the app did not start (exit code {process.poll()}): {message}") from None
            time.sleep(0.2)


def settled(page: Page) -> None:
    """Wait until the app has drawn what it was asked for."""
    page.locator('[data-testid="stHeading"]').first.wait_for(timeout=SETTLED_MS)
    page.wait_for_function(
        """() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'
             && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stSpinner"]')""",
        timeout=SETTLED_MS,
    )
    page.wait_for_timeout(250)
