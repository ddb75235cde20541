"""What can be wrong with a home, and what a visitor then reads: one calm message, never a stack trace."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from db.home import Home
from db.state.store import State
from film import Film
from service.library.publishing import publish
from service.questions import app_data
from tests.views.conftest import PAGES, Open
from tests.views.test_pages import words

NEED_FILMS = ("discover", "film", "sounds_like", "mining")
HOLD = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def home(filled: Home, tmp_path: Path) -> Home:
    root = tmp_path / "home"
    shutil.copytree(filled.root, root)
    return Home.at(root)


def _newer(home: Home, held: ExitStack) -> None:
    for path in [*home.snapshots.glob("*/manifest.json"), home.manifest_path]:
        document = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps(document | {"schema_version": 99}), "utf-8")


def _locked(home: Home, held: ExitStack) -> None:
    for path in home.snapshots.glob("*/catalogue.duckdb"):
        holder = subprocess.Popen([sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        held.callback(holder.wait)
        held.enter_context(closing(holder.stdin))  # type: ignore[arg-type]
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"


def _gone(home: Home, held: ExitStack) -> None:
    for path in home.snapshots.iterdir():
        shutil.rmtree(path)


def _cut(home: Home, held: ExitStack) -> None:
    for path in home.snapshots.glob("*/catalogue.duckdb"):
        path.write_bytes(path.read_bytes()[:5000])


@pytest.fixture(params=[_newer, _locked, _gone, _cut], ids=lambda fault: fault.__name__.strip("_"))
def broken(home: Home, request: pytest.FixtureRequest) -> Iterator[Home]:
    fault: Callable[[Home, ExitStack], None] = request.param
    with ExitStack() as held:
        fault(home, held)
        yield home


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_calm_whatever_the_catalogue_suffers(page: str, broken: Home, open_page: Open) -> None:
    app = open_page(broken.root, page)
    assert not app.exception and not app.error
    if page in NEED_FILMS:
        (warning,) = app.warning
        assert str(broken.root.name) in warning.value or "catalogue" in warning.value
    assert "Traceback" not in words(app)


def test_a_fault_of_ours_is_logged_not_shown(filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(app_data.OpenCatalogue, "open", broken)
    app = open_page(filled.root, "film")
    assert not app.exception and not app.error
    assert "Something went wrong" in words(app) and "secret" not in words(app)
    log = (filled.root / "logs" / "filmscore.jsonl").read_text("utf-8").splitlines()
    assert json.loads(log[-1])["event"] == "page failed" and "the secret inside" in log[-1]


def test_a_like_holds_while_the_state_is_locked(home: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.state.ledger.BUSY_S", 0.2)
    app = open_page(home.root, like="1")
    seen = next(one for one in app.button if str(one.key).startswith("card-seen-"))
    film = str(seen.key).rsplit("-", 1)[1]
    with closing(sqlite3.connect(home.state_path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        seen.click().run(timeout=120)
    assert not app.exception and not app.error
    assert app.query_params["seen"] in (film, [film])
    assert len(app.info) == 1


def test_damage_that_an_older_catalogue_covers_is_told(home: Home, open_page: Open) -> None:
    (older,) = home.snapshots.iterdir()
    with State.open(home) as state:
        state.add_film(Film("Newcomer"))
    publish(home)
    (newest,) = [path for path in home.snapshots.iterdir() if path != older]
    (newest / "catalogue.duckdb").write_bytes(b"not a catalogue")
    app = open_page(home.root, like="1")
    assert not app.exception and 'aria-label="Reasons"' in words(app)
    assert "catalogue\\.duckdb: damaged" in words(app).replace("\\:", ":")
