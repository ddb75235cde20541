"""The event log of a home, `logs/filmscore.jsonl`: one JSON line per event.

An event names its subject ("film", "stage", ...) and durations in seconds, and never a secret. Full logs are rotated:
at most KEPT files of LARGEST_BYTES each. Each event is one `write` to a file opened for appending, so that several
processes can log at once.
"""

from __future__ import annotations

import json
from contextlib import suppress

from db.clock import now
from db.home import Home

LARGEST_BYTES = 10_000_000
KEPT = 5


def log_event(home: Home, event: str, **facts: str | float | int) -> None:
    """Log an event. An error of the log itself (a full disk) does not stop the work."""
    path = home.root / "logs" / "filmscore.jsonl"
    rounded = {name: round(fact, 3) if isinstance(fact, float) else fact for name, fact in facts.items() if fact != ""}
    line = json.dumps({"at": now(), "event": event, **rounded}, ensure_ascii=False) + "\n"
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        if path.exists() and path.stat().st_size > LARGEST_BYTES:
            for number in range(KEPT - 1, 0, -1):
                older = path.with_suffix(f".{number}.jsonl")
                if older.exists():
                    older.replace(path.with_suffix(f".{number + 1}.jsonl"))
            path.replace(path.with_suffix(".1.jsonl"))
            path.with_suffix(f".{KEPT}.jsonl").unlink(missing_ok=True)
        with path.open("ab", buffering=0) as stream:
            stream.write(line.encode("utf-8", "replace"))
