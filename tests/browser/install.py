"""Bring a Chromium for the browser tests: the system's, apt's (root on Debian), else Playwright's.

Without one the browser tests are skipped, which is said here and by each of them; under CI that is an error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> str | None:
    """Path of a Chromium: `$CHROMIUM`, the PATH's, or the one that Playwright downloaded."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *command], env=environment, stdout=sys.stderr, check=False)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    """0 when there is a browser or when it may be missing; 1 when CI has none."""
    if find_browser() is None:
        print("Installing Chromium for the browser tests ...")
        _install()
    browser = find_browser()
    if browser is None:
        print("Browser tests will be skipped: no Chromium on the PATH, and none could be installed.")
        return 1 if os.environ.get("CI") else 0
    print(f"Browser tests use {browser}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
