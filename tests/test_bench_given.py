"""A measurement that is given a path where nothing is says so in one line."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from bench.given import real_data


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("storage", ("{}",)),
        ("solos", ("--recordings", "{}")),
        ("corrections", ("--home", "{}")),
        ("tune_rivals", ("--catalogue", "{}", "--ratings", "{}")),
        ("real_films", ("score", "{}", "--home", "{}")),
    ],
)
def test_a_path_where_nothing_is_is_named(
    name: str,
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nothing = tmp_path / "nothing"
    monkeypatch.setattr(sys, "argv", [name, *(word.format(nothing) for word in words)])
    with pytest.raises(SystemExit) as ended:
        import_module(f"bench.{name}").main()
    said = capsys.readouterr().err.splitlines()[-1]
    assert ended.value.code == 2 and f"{nothing}: no such file or folder. Give one that exists." in said


def test_a_folder_of_real_data_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILMSCORE_DATA", str(tmp_path / "nothing"))
    with pytest.raises(SystemExit, match=r"nothing: no such folder\. Set FILMSCORE_DATA"):
        real_data()
    monkeypatch.setenv("FILMSCORE_DATA", str(tmp_path))
    assert real_data() == tmp_path
