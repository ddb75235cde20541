"""The rows with which Discover begins, kept for the next start: of a large catalogue they take seconds to choose."""

from __future__ import annotations

import json
from dataclasses import asdict

import durable
from service.logs import log_event
from service.questions.app_data import OpenCatalogue
from service.questions.browsing import Row

VERSION = 1
"""Of how rows are chosen; kept rows of another version are chosen again."""


def keep_rows(found: OpenCatalogue) -> None:
    """Keep the rows of a catalogue in its home."""
    kept = {"snapshot": found.snapshot.id, "version": VERSION, "rows": [asdict(row) for row in found.shelf.rows]}
    try:
        durable.write_text(found.home.first_rows, json.dumps(kept))
    except OSError as error:  # a home that cannot be written: the next start chooses them again
        log_event(found.home, "first rows not kept", reason=str(error))


def take_kept_rows(found: OpenCatalogue) -> bool:
    """Show the kept rows, if they were chosen from this snapshot; False if there are none or they are damaged."""
    try:
        kept = json.loads(found.home.first_rows.read_text(encoding="utf-8"))
        if (kept["snapshot"], kept["version"]) != (found.snapshot.id, VERSION):
            return False
        rows = tuple(Row(**{**row, "film_ids": tuple(map(int, row["film_ids"]))}) for row in kept["rows"])
        known = all(film_id in found.names for row in rows for film_id in row.film_ids)
        if not known or not all(isinstance(row.params, dict) for row in rows):
            return False
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    found.shelf.__dict__["rows"] = rows
    return True
