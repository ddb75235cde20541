"""The prose of code, messages and documents avoids phrases that read as translated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BETTER = {
    r"anew": "again, re-...",
    r"told apart": "separated, classified, distinguished",
    r"hand(s|ed)? (it |them )?in(?! hand)": "submit",
    r"tak(es|en) back": "undo, remove",
    r"put back": "restore, requeue",
    r"tak(e|es|en) down": "crash, resample",
    r"held against": "compared with",
    r"by turns": "alternately",
    r"whatever leaves a chance": "name the thing that remains possible",
    r"lies in": "is in, resides in",
    r"lie beside": "are next to",
    r"so many of": "up to N, this many",
}
"""A phrase (regular expression) -> what to write instead."""

READ = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
ROOMS = ("bench", "commands", "db", "docs", "ingest", "media", "mining", "models")
ROOMS += ("recommender", "service", "studio", "views")
EXEMPT = {"studio/sentences.py", "docs/faults.md"}
"""Sentences that films speak; names of tests."""


def written() -> list[Path]:
    in_rooms = [path for room in ROOMS for kind in ("*.py", "*.md") for path in (ROOT / room).rglob(kind)]
    paths = [*(ROOT / name for name in READ), *ROOT.glob("*.py"), *in_rooms]
    return sorted(path for path in paths if path.relative_to(ROOT).as_posix() not in EXEMPT)


@pytest.mark.parametrize("phrase", BETTER)
def test_a_phrase_is_not_used(phrase: str) -> None:
    pattern = re.compile(rf"\b{phrase}\b", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in written()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found, "\n".join([f"write: {BETTER[phrase]}", *found])


def test_the_check_finds_a_phrase() -> None:
    assert re.search(rf"\b{next(iter(BETTER))}\b", "fitted anew")
    assert len(written()) > 300
