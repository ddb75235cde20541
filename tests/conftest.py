"""Films that several rooms' tests need."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from media.confined import Confined
from studio import Rendered, short_film, write_media

# Programs that a test starts in another folder import the rooms of this checkout.
os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]).strip(
    os.pathsep
)

# Speed is measured in bench, not here; and a run in CI draws what a run at home drew.
settings.register_profile("filmscore", deadline=None, derandomize=True)
settings.load_profile("filmscore")

Row = tuple[str, str, str]
"""Of a marked test: "fault" or "forbidden", what is injected or tried, what must hold."""

_ROWS = pytest.StashKey[list[tuple[Row, int, str]]]()


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """No test cuts the power, so none waits for the disk; that files are synced is seen in the calls (test_durable)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", os.fstat)  # a file that is closed is still an error
        yield


@pytest.fixture(scope="session")
def rendered() -> Rendered:
    """Sixty seconds: speech, music alone, music under speech, an effect."""
    return short_film(seed=1)


@pytest.fixture(scope="session")
def film_file(rendered: Rendered, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`rendered` as a Matroska file. Not to be changed; copy it."""
    return write_media(rendered, tmp_path_factory.mktemp("media") / "Short Film.mkv")


@pytest.fixture(scope="session")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Confined]:
    """A process that opens media files, for the whole run."""
    with Confined(tmp_path_factory.mktemp("scratch")) as started:
        yield started


@pytest.fixture
def heard_here(child: Confined, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ingests hear in this process with the ear made for tests: for tests of what surrounds hearing."""
    from service.library import ingest_steps
    from tests.service.hearing import HearHere

    monkeypatch.setattr(ingest_steps, "hear_all", HearHere(child))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", metavar="FILE", help="write what became of tests marked fault or forbidden to a table")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember how marked tests ended, for `--record`."""
    outcome: Any = yield
    report = outcome.get_result()
    for kind in ("fault", "forbidden"):
        mark = item.get_closest_marker(kind)
        if mark is not None and (report.when == "call" or report.skipped or report.failed):
            what = mark.args[0]
            if mark.kwargs.get("by_case") and isinstance(item, pytest.Function):
                what += f": {item.callspec.id}"
            row = (kind, what, item.originalname.removeprefix("test_").replace("_", " "))  # type: ignore[attr-defined]
            item.session.stash.setdefault(_ROWS, []).append((row, mark.kwargs.get("times", 1), report.outcome))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the table of `--record`."""
    path = session.config.getoption("--record")
    if not path:
        return
    Path(path).write_text(record(session.stash.get(_ROWS, [])), encoding="utf-8")


def record(ended: Sequence[tuple[Row, int, str]]) -> str:
    """The tables of `--record`, and before them how much was tried and what came of it.

    Args:
        ended: of each test its row, how many times it injects or tries, and its outcome ("passed", "failed",
            "skipped").
    """
    rows: dict[Row, list[tuple[int, str]]] = {}
    for row, times, outcome in ended:
        rows.setdefault(row, []).append((times, outcome))
    lines = ["# Faults injected, and what was tried without rights", ""]
    lines += ["Written by `make faults`; each row is a test, and a test that fails counts as a loss.", ""]
    for kind, tried, lost in (("fault", "faults injected", "lost"), ("forbidden", "forbidden tries", "let through")):
        lines.append(
            f"* {_summary([(times, outcome) for row, times, outcome in ended if row[0] == kind], tried, lost)}"
        )
    for kind, title in (("fault", "Injected"), ("forbidden", "Tried without the right")):
        lines += ["", f"| {title} | what must hold | times | held |", "|---|---|---|---|"]
        for (of_kind, what, holds), of_row in rows.items():
            if of_kind == kind:
                held = all(outcome == "passed" for _, outcome in of_row)
                said = "yes" if held else ", ".join(sorted({outcome for _, outcome in of_row}))
                lines.append(f"| {what} | {holds} | {sum(times for times, _ in of_row)} | {said} |")
    return "\n".join([*lines, ""])


def _summary(ended: Sequence[tuple[int, str]], tried: str, lost: str) -> str:
    times = sum(times for times, outcome in ended if outcome != "skipped")
    outcomes = Counter(outcome for _, outcome in ended)
    skipped = f"; {outcomes['skipped']} tests skipped" if outcomes["skipped"] else ""
    return f"{times} {tried} in {len(ended) - outcomes['skipped']} tests, {lost}: {outcomes['failed']}{skipped}"
