"""The time in the form in which the state, the catalogue and the logs store it: ISO 8601 in UTC, to the second."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """The current time."""
    return stored(datetime.now(UTC))


def stored(moment: datetime) -> str:
    """A time as it is stored."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def moment(stored: str) -> datetime:
    """The time that was stored so, with its zone; without one it counts as UTC.

    Raises:
        ValueError: not a time.
    """
    found = datetime.fromisoformat(stored)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
