"""Escape texts in CSV files so that a spreadsheet does not run them as formulas, and undo the escaping when reading."""

from __future__ import annotations

import re

_RUN = re.compile(r"'*[=+\-@\t\r\n]")


def neutral(value: object) -> object:
    """Prefix an apostrophe to a text that a spreadsheet would run as a formula; return any other value unchanged.

    A text that already begins with apostrophes and would otherwise be a formula gets one more, so that `original` can
    restore the text.
    """
    return f"'{value}" if isinstance(value, str) and _RUN.match(value) else value


def original(text: str) -> str:
    """Undo `neutral`: `original(neutral(text)) == text` for every text."""
    return text[1:] if text.startswith("'") and _RUN.match(text) else text
