"""SECURITY.md names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_test_that_the_page_names_is_there() -> None:
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    missing, tests, path = [], 0, Path()
    for named in re.findall(r"`((?:tests|commands|docs|bench)/[^`]+\.(?:py|md)|test_\w+)`", page):
        if "/" in named:
            path = ROOT / named
            missing += [] if path.exists() else [named]
        else:
            tests += 1
            missing += [] if f"\ndef {named}(" in path.read_text("utf-8") else [f"{path.name}: {named}"]
    assert missing == [] and tests > 30


def test_every_row_of_the_two_tables_names_a_test() -> None:
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    tables = page.partition("## Attacks that succeeded once")[2].partition("Further doors")[0]
    rows = [line for line in tables.splitlines() if line.startswith("| ") and not line.startswith("| tried")]
    assert len(rows) >= 27 and all(re.search(r"`test_\w+`", row) for row in rows)
