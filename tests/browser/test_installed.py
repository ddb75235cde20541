"""filmscore as `pip install` leaves it, outside a checkout: the app with its theme and fonts, demo, and all files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.server import served, settled
from tests.views.catalogue import build

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("commands", "db", "ingest", "media", "mining", "models", "recommender", "service", "studio", "views")

pytestmark = pytest.mark.browser


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command that ends well, without this checkout on its path."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _setuptools(what: str, into: Path, source: Path) -> None:
    run(sys.executable, "-c", f"from setuptools import build_meta; build_meta.{what}({str(into)!r})", cwd=source)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that is made from the source distribution."""
    made = tmp_path_factory.mktemp("made")
    checkout = made / "checkout"
    left_out = shutil.ignore_patterns(".git", ".venv", "tests", "bench", "docs", "build", "*.egg-info", ".*_cache")
    shutil.copytree(ROOT, checkout, symlinks=True, ignore=left_out)
    _setuptools("build_sdist", made, checkout)
    (sdist,) = made.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(made, filter="data")
    source = made / sdist.name.removesuffix(".tar.gz")
    _setuptools("build_wheel", made, source)
    (built,) = made.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`filmscore`, installed from the wheel; its dependencies are those of this environment."""
    place = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", "own", cwd=place)
    python = place / "own" / "bin" / "python"
    own = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).strip())
    # A line with a folder; what is installed there in editable form (this checkout) does not come with it.
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = (sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index")
    run(*pip, wheel, cwd=place)
    assert run(python, "-c", "import filmscore.launch as one; print(one.__file__)", cwd=place).startswith(str(own))
    names = {path.name for path in own.iterdir()} - {"dependencies.pth"}
    assert {name for name in names if not name.endswith(".dist-info")} == {"filmscore"}, "one top-level name"
    return place / "own" / "bin" / "filmscore"


def test_the_wheel_holds_every_file_of_the_rooms(wheel: Path) -> None:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()]
    files += [path for path in ROOT.glob("*.py") if path.name != "setup.py"]
    names = {f"filmscore/{path.relative_to(ROOT).as_posix()}" for path in files if "__pycache__" not in path.parts}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == names


def test_an_installed_app_has_its_pages_theme_and_fonts(
    program: Path, page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home, elsewhere = build(tmp_path_factory.mktemp("filled")), tmp_path_factory.mktemp("elsewhere")
    (elsewhere / ".streamlit").mkdir()
    (elsewhere / ".streamlit" / "config.toml").write_text("[theme]\nprimaryColor = '#00ff00'\n")  # another app's
    with served(home.root, (str(program),), elsewhere, ["--no-worker"]) as address:
        font = f"{address}/app/static/newsreader-latin-wght-normal.woff2"
        with urllib.request.urlopen(font, timeout=60) as answer:
            assert answer.read(4) == b"wOF2"
        page.goto(f"{address}/film?film=3")
        settled(page)
        assert page.locator("h1").first.inner_text()
        ground = page.locator('[data-testid="stApp"]').evaluate("one => getComputedStyle(one).backgroundColor")
        assert ground == "rgb(19, 18, 16)"
        loaded = page.evaluate(
            "document.fonts.ready.then(all => [...all].filter(f => f.status === 'loaded').map(f => f.family))"
        )
        assert {"Newsreader", "SourceSans3"} <= {family.strip("\"'") for family in loaded}


def test_an_installed_command_line_finds_weights_and_tables(program: Path, tmp_path: Path) -> None:
    assert "activity" in run(program, "models", "list", "--home", tmp_path / "home", cwd=tmp_path)
    run(program, "doctor", "--home", tmp_path / "home", cwd=tmp_path)


@pytest.mark.stress
def test_an_installed_filmscore_builds_its_demo(program: Path, tmp_path: Path) -> None:
    run(program, "demo", "--home", tmp_path / "home", cwd=tmp_path)
    found = json.loads(run(program, "recommend", "--json", "--home", tmp_path / "home", cwd=tmp_path))
    assert len(found["results"]) == 10
