"""docs/thesis_figures.md names every figure and table of the thesis's chapters 3 to 6, and tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "thesis_figures.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


def numbers(kind: str) -> set[int]:
    """The numbers that the first cells of the table name: "Figures 8, 10-12" gives 8, 10, 11, 12."""
    found: set[int] = set()
    for listed in re.findall(rf"^\| {kind}s? ([\d, -]+)", TEXT, flags=re.MULTILINE):
        for part in re.findall(r"(\d+)(?:-(\d+))?", listed):
            found |= set(range(int(part[0]), int(part[1] or part[0]) + 1))
    return found


def test_no_figure_and_no_table_is_missing() -> None:
    assert numbers("Figure") == set(range(3, 38))
    assert numbers("Table") == set(range(8, 18))


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_the_test_that_is_named_exists(path: str, name: str) -> None:
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text("utf-8"), flags=re.MULTILINE)


def test_every_row_names_a_test() -> None:
    rows = [row for row in TEXT.splitlines() if re.match(r"\| (Figure|Table|The closing|Preprocessing)", row)]
    assert len(rows) >= 24
    assert all("`tests/" in row.rsplit("|", 2)[1] for row in rows)
