"""What `make faults` writes."""

from __future__ import annotations

from tests.conftest import record

KILLED = ("fault", "SIGKILL", "nothing is lost")
FULL = ("fault", "Disk full", "the last snapshot stays")
VISITOR = ("forbidden", "As a visitor", "a visitor is refused")


def test_the_record_counts_what_was_injected_and_what_was_lost() -> None:
    told = record([(KILLED, 50, "passed"), (KILLED, 3, "passed"), (FULL, 1, "passed"), (VISITOR, 1, "passed")])
    assert "* 54 faults injected in 3 tests, lost: 0\n* 1 forbidden tries in 1 tests, let through: 0\n" in told
    assert "| SIGKILL | nothing is lost | 53 | yes |" in told and told.endswith("| yes |\n")


def test_a_loss_is_told_and_what_was_skipped_is_not_counted_as_held() -> None:
    told = record([(KILLED, 3, "failed"), (FULL, 1, "skipped"), (VISITOR, 1, "failed")])
    assert "* 3 faults injected in 1 tests, lost: 1; 1 tests skipped\n" in told and "let through: 1\n" in told
    assert (
        "| SIGKILL | nothing is lost | 3 | failed |" in told
        and "| Disk full | the last snapshot stays | 1 | skipped |" in told
    )
