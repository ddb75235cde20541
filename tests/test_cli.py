"""The front door: help and a wrong word import next to nothing of what the verbs use."""

from __future__ import annotations

import errno
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
from db.home import Home
from ingest.spotify_balance import N_TEST, N_TRAIN
from recommender.question import DEFAULT_VARIETY, Question
from service.questions.asking import Wish
from service.questions.profiles import save
from tests.service.heard_home import make_home

ROOT = Path(__file__).parents[1]
TYPER = {
    *("typer", "click", "rich", "markdown_it", "mdurl", "pygments", "shellingham", "attr", "colorama"),
    *("annotated_doc", "annotated_types", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection"),
}
"""Typer, and what it imports itself."""
OWN_OF_HELP = {"cli", "commands", "errors"}
OWN_OF_OPTIONS = {*OWN_OF_HELP, "commands.common", "db", "db.home", "film", "senses", "models", "models.kinds"} | {
    "db.secret_files",
    "service",
    "service.languages",
}
"""Beside the modules of the verbs: what names and checks their options."""

CHILD = """
import contextlib, io, json, sys
import cli
codes = []
with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
    for line in json.loads(sys.argv[1]):
        sys.argv = ["filmscore", *line]
        try:
            cli.main()
            codes.append(0)
        except SystemExit as stop:
            codes.append(stop.code)
print(json.dumps({"codes": codes, "out": out.getvalue(), "modules": sorted(sys.modules)}))
"""


def run(*lines: list[str]) -> dict[str, Any]:
    """Command lines one after another in one fresh process: exit codes, what stood on stdout, and what was imported."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    child = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps(lines)], env=environment, capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(child.stdout)
    return answer


def imported(answer: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Modules of ours, and packages of others; the interpreter's own and what starts it (an editable install) apart."""
    rooms = {path.stem for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    top = {name.partition(".")[0] for name in answer["modules"]}
    others = {name for name in top - rooms - set(sys.stdlib_module_names) if not name.startswith("_")}
    return {name for name in answer["modules"] if name.partition(".")[0] in rooms}, others


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = make_home(tmp_path_factory.mktemp("home"))
    save(made, "dusk", Question(likes=(1,)))
    return made


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["--nonsense"], 2), (["nonsense"], 2)])
def test_the_front_door_imports_no_verb(arguments: list[str], code: int) -> None:
    answer = run(arguments)
    assert answer["codes"] == [code]
    own, others = imported(answer)
    assert own == OWN_OF_HELP
    assert others <= TYPER


def test_a_verb_s_help_and_a_wrong_option_import_nothing_of_what_it_uses() -> None:
    answer = run(*([verb, word] for verb in VERBS for word in ("--help", "--nonsense")))
    assert answer["codes"] == [0, 2] * len(VERBS)
    own, others = imported(answer)
    verbs = {f"commands.{path.stem}" for path in (ROOT / "commands").glob("*.py")}
    assert own - verbs <= OWN_OF_OPTIONS
    assert others <= TYPER


def test_the_names_of_the_profiles_are_read_without_the_catalogue(tmp_path: Path) -> None:
    answer = run(["profiles", "list", "--home", str(tmp_path)])
    assert answer["codes"] == [0]
    own, others = imported(answer)
    assert {name for name in own if name.startswith(("service", "recommender", "db.catalogue.snapshot"))} == set()
    assert others <= TYPER


ANSWER = {
    *TYPER,
    *("duckdb", "numpy", "pandas", "pyarrow", "rapidfuzz", "dateutil", "six", "pytz", "tzdata", "cloudpickle"),
    "cython_runtime",
}
"""What reads the catalogue."""


@pytest.mark.parametrize("words", [["recommend", "--like", "Red Harbour"], ["export"], ["profiles", "export", "dusk"]])
def test_an_answer_from_the_catalogue_imports_neither_ears_nor_pages(
    words: list[str], home: Home, tmp_path: Path
) -> None:
    file = [] if words[0] == "recommend" else [str(tmp_path / "written.csv")]
    answer = run([*words, *file, "--home", str(home.root)])
    assert answer["codes"] == [0]
    own, others = imported(answer)
    assert others <= ANSWER
    rooms = {name.partition(".")[0] for name in own}
    assert rooms & {"media", "mining", "studio", "views"} == set()
    # The encoders of plots and of frames know how their networks are opened; onnxruntime is not among the others.
    texts = {
        "models",
        "models.pictures",
        "models.pictures.frames",
        "models.texts",
        "models.texts.sentences",
        "models.ears",
        "models.ears.network",
        "models.ears.store",
    }
    assert {name for name in own if name.partition(".")[0] == "models"} <= texts
    assert "db.catalogue.build" not in own


def test_the_defaults_that_the_help_shows_are_those_that_are_used() -> None:
    group: Any = typer.main.get_command(cli.app)

    def shown(*words: str) -> str:
        *verbs, option = words
        command: Any = group
        for verb in verbs:
            command = command.get_command(None, verb)
        return str(next(one for one in command.params if one.name == option).show_default)

    assert shown("recommend", "variety") == str(DEFAULT_VARIETY)
    assert (shown("recommend", "music"), shown("recommend", "n")) == (str(Wish().music), str(Wish().n))
    assert (shown("spotify", "balance", "train"), shown("spotify", "balance", "test")) == (str(N_TRAIN), str(N_TEST))


def test_the_help_lists_every_verb_with_its_line() -> None:
    shown = run(["--help"])["out"]
    for verb, (_, line) in VERBS.items():
        assert verb in shown
        assert line.split()[0] in shown


def test_what_a_newcomer_needs_comes_first_in_the_help() -> None:
    assert list(VERBS)[:4] == ["demo", "serve", "ingest", "recommend"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_and_argument_is_explained(verb: str) -> None:
    group: Any = typer.main.get_command(cli.app)
    waiting, silent = [group.get_command(None, verb)], []
    while waiting:
        command = waiting.pop()
        waiting += getattr(command, "commands", {}).values()
        silent += [f"{command.name} {one.name}" for one in command.params if not one.help and not one.hidden]
    assert silent == []


@pytest.mark.parametrize("verb", VERBS)
def test_the_list_says_what_the_verb_says_of_itself(verb: str) -> None:
    group: Any = typer.main.get_command(cli.app)
    own = group.get_command(None, verb).help
    assert VERBS[verb].help == " ".join(own.split("\n\n")[0].split())


def test_a_name_that_is_no_head_is_refused_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["filmscore", "models", "use", "loud", "--home", str(tmp_path)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code and "loud: not an installed head. Run `filmscore models list`" in capsys.readouterr().err


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_disk_or_one_that_can_only_be_read_is_one_line_whatever_the_verb(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise OSError(number, os.strerror(number), "/films/x")

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    said = capsys.readouterr().err
    assert stop.value.code == 3
    assert said.startswith(f"filmscore: /films/x: {os.strerror(number)}.") and said.count("\n") == 1


def test_another_fault_of_the_system_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError(errno.EBADF, "odd")

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(OSError, match="odd"):
        cli.main()
