"""A picture of what `/metrics` answers: `python -m tests.browser.metrics_picture [--home DIR] [--out FILE]`.

Without --home the usual home is read. The API runs in this process; a few questions are asked first, so that there are
requests to count. What Python and the process say of themselves is left out.
"""

from __future__ import annotations

import argparse
import html
from pathlib import Path

from fastapi.testclient import TestClient
from playwright.sync_api import sync_playwright

from db.home import Home
from service.api.routes import create_app
from tests.browser.server import launch

WIDTH = 1000
PAGE = """<body style="margin:24px;background:#fff;color:#222;font:13px/1.5 monospace">
<pre style="margin:0;white-space:pre-wrap">{}</pre></body>"""
LEFT_OUT = ("_bucket{", "_created", "# TYPE")


def metrics_of(home: Home) -> str:
    """The lines about filmscore, without the buckets of histograms."""
    with TestClient(create_app(home), base_url="http://localhost") as client:
        for path in ("/films/1", "/films?query=a", "/films/0"):
            client.get(path)
        said = client.get("/metrics")
        said.raise_for_status()
    lines = [line for line in said.text.splitlines() if "filmscore_" in line]
    return "\n".join(line for line in lines if not any(part in line for part in LEFT_OUT))


def main() -> None:
    """Ask, and take the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots/metrics.png"))
    options = parser.parse_args()
    text = metrics_of(Home.at(options.home))
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": WIDTH, "height": 200})
        page.set_content(PAGE.format(html.escape(text)))
        page.screenshot(path=options.out, full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
