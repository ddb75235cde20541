"""The front door: every verb is listed without being imported, and a wrong word is a usage error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

import cli
from commands import VERBS

ROOT = Path(__file__).parents[1]
HEAVY = {"av", "duckdb", "faiss", "numba", "numpy", "onnxruntime", "pandas", "plotly", "scipy", "sklearn", "streamlit"}
"""What the verbs import; the front door needs none of it."""

CHILD = """
import contextlib, io, json, sys
import cli
sys.argv = ["filmscore", *sys.argv[1:]]
code = 0
with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
    try:
        cli.main()
    except SystemExit as stop:
        code = stop.code
print(json.dumps({"code": code, "out": out.getvalue(), "err": err.getvalue(), "modules": sorted(sys.modules)}))
"""


def run(*arguments: str) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    child = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(child.stdout)
    return answer


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["--nonsense"], 2), (["nonsense"], 2)])
def test_the_front_door_imports_no_verb(arguments: list[str], code: int) -> None:
    answer = run(*arguments)
    assert answer["code"] == code
    modules = set(answer["modules"])
    assert modules & HEAVY == set()
    assert [name for name in modules if name.startswith("commands.")] == []


def test_the_help_lists_every_verb_with_its_line() -> None:
    shown = run("--help")["out"]
    for verb, (_, line) in VERBS.items():
        assert verb in shown
        assert line.split()[0] in shown


@pytest.mark.parametrize("verb", VERBS)
def test_the_list_says_what_the_verb_says_of_itself(verb: str) -> None:
    group: Any = typer.main.get_command(cli.app)
    own = group.get_command(None, verb).help
    assert VERBS[verb].help == " ".join(own.split("\n\n")[0].split())
