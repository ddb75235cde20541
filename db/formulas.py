"""Texts in CSV files that a spreadsheet does not run as formulas, and that are read back as they were."""

from __future__ import annotations

import re

_RUN = re.compile(r"'*[=+\-@\t\r\n]")


def neutral(value: object) -> object:
    """A text that a spreadsheet would take for a formula with an apostrophe before it; anything else as it is.

    A text that is such a one after apostrophes of its own gets a further one, so that `original` finds it again.
    """
    return f"'{value}" if isinstance(value, str) and _RUN.match(value) else value


def original(text: str) -> str:
    """What `neutral` made this text of: `original(neutral(text)) == text` for every text."""
    return text[1:] if text.startswith("'") and _RUN.match(text) else text
