"""docs/architecture.md names files that are there, and its picture shows today's imports."""

from __future__ import annotations

import re
from pathlib import Path

from bench.rooms import PAGE, longest_ways, picture

ROOT = Path(__file__).resolve().parents[1]


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_0-9-]*\.?[a-z]*)`", PAGE.read_text("utf-8")))
    assert len(named) > 50
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_the_picture_shows_the_imports() -> None:
    assert picture() in PAGE.read_text("utf-8"), "run python -m bench.rooms --write"


def test_an_arrow_is_left_out_where_a_longer_way_leads() -> None:
    assert longest_ways([("a", "b"), ("b", "c"), ("a", "c"), ("a", "d")]) == [("a", "b"), ("a", "d"), ("b", "c")]
