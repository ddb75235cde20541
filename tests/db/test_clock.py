"""Times are stored in UTC, to the second, and come back with their zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from db import clock


@pytest.mark.parametrize("hours", [-3.5, 0.0, 5.75])
def test_a_time_of_any_zone_comes_back_as_the_same_moment(hours: float) -> None:
    then = datetime(2026, 3, 29, 1, 30, 15, tzinfo=timezone(timedelta(hours=hours)))
    assert clock.stored(then).endswith("+00:00")
    assert clock.moment(clock.stored(then)) == then


def test_a_time_without_a_zone_is_of_utc() -> None:
    assert clock.moment("2026-03-29T01:30:15") == datetime(2026, 3, 29, 1, 30, 15, tzinfo=UTC)


def test_now_is_stored_to_the_second() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    assert before <= clock.moment(clock.now()) <= datetime.now(UTC)
