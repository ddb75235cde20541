"""What a start leaves for later is done once, by one thread at a time, and waited for by who needs it."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from service import starting
from service.starting import LaterWork

PATIENCE_S = 60


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two modules that note in `sys.later` that they were imported."""
    monkeypatch.setattr(sys, "later", [], raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    names = ["later_one", "later_two"]
    for name in names:
        (tmp_path / f"{name}.py").write_text(f"import sys\nsys.later.append({name!r})\n")
        monkeypatch.delitem(sys.modules, name, raising=False)
    return names


def noted() -> list[str]:
    return sys.later  # type: ignore[attr-defined, no-any-return]


def test_later_work_is_done_once_in_the_background(modules: list[str]) -> None:
    work = LaterWork(modules, lambda: noted().append("then"))
    thread = work.begin()
    assert work.begin() is thread
    thread.join(PATIENCE_S)
    work.wait()
    assert noted() == [*modules, "then"]


def test_who_needs_a_module_imports_it_and_does_no_more(modules: list[str]) -> None:
    work = LaterWork(modules, lambda: noted().append("then"))
    work.wait()
    assert noted() == modules


def test_several_who_wait_return_when_all_is_there(modules: list[str]) -> None:
    work, seen = LaterWork(modules), list[int]()
    threads = [threading.Thread(target=lambda: (work.wait(), seen.append(len(noted())))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert seen == [2] * 4 and noted() == modules


def test_a_module_that_cannot_be_imported_is_tried_again_by_the_next(modules: list[str], tmp_path: Path) -> None:
    work = LaterWork([*modules, "later_three"])
    with pytest.raises(ModuleNotFoundError):
        work.wait()
    (tmp_path / "later_three.py").write_text("")
    work.wait()
    assert noted() == modules and "later_three" in sys.modules


def test_a_process_that_left_nothing_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting._App, "later", LaterWork())
    starting.later_work().wait()
    left = LaterWork(["os"])
    starting.leave_for_later(left)
    assert starting.later_work() is left
