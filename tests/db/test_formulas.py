"""Texts that a spreadsheet does not run and that are read back as they were."""

from hypothesis import example, given
from hypothesis import strategies as st

from db.formulas import neutral, original

TRICKY = st.text(st.sampled_from("'=+-@\t\r\n a1"))
FIRST = ("=", "+", "-", "@", "\t", "\r", "\n")


@given(st.text() | TRICKY)
@example("'71")
@example("'-30-")
@example("''=1")
def test_every_text_comes_back_and_runs_nothing(text: str) -> None:
    written = neutral(text)
    assert isinstance(written, str) and not written.startswith(FIRST)
    assert original(written) == text


def test_only_what_would_run_is_changed() -> None:
    assert [neutral(one) for one in ("'71", "I = J", "", -7.5, None)] == ["'71", "I = J", "", -7.5, None]
    assert [neutral(one) for one in ("+1", "-30-", "'-30-")] == ["'+1", "'-30-", "''-30-"]
