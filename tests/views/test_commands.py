"""`filmscore mine` says what the page shows; `filmscore serve` refuses a port that is taken."""

from __future__ import annotations

import errno
import gc
import json
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from commands import api, app_process, find, mine, recommend, roots, serve
from db.home import Home
from errors import CatalogueError, FilmscoreError, ParameterError
from mining.preprocess import first_director, founded_encoding
from service.figures.mining_room import FOCUS, Room
from service.library.publishing import publish
from service.questions.app_data import OpenCatalogue
from tests.db.sample import filled as made
from tests.mining.fixtures import directors_apart


def run(module: object, *words: str) -> str:
    """Standard output of a verb."""
    app = typer.Typer()
    app.callback()(lambda: None)
    module.register(app)  # type: ignore[attr-defined]
    result = CliRunner().invoke(app, words, catch_exceptions=False, standalone_mode=False)
    if result.exception:
        raise result.exception
    return result.stdout


def test_correlations_are_the_page_s(filled: Home) -> None:
    home = ("--home", str(filled.root))
    for words, encoding in (((), "founded"), (("--figure", "25"), "thesis")):
        document = json.loads(run(mine, "mine", "correlations", *words, "--json", *home))
        room = Room.of(OpenCatalogue.open(filled), encoding)
        pairs = room.correlations(next(iter(FOCUS)), "benjamini-hochberg").pairs()
        assert document["encoding"] == encoding
        assert [pair["rho"] for pair in document["pairs"]][:20] == pytest.approx(list(pairs["rho"])[:20])


def test_every_question_gives_json_and_a_figure(filled: Home, tmp_path: Path) -> None:
    keys = {"projection": "loadings", "separation": "grid", "directors": "sources"}
    for question, key in keys.items():
        html = tmp_path / f"{question}.html"
        words = ("mine", question, "--json", "--html", str(html), "--shuffles", "0", "--home", str(filled.root))
        assert key in json.loads(run(mine, *words))
        assert "plotly" in html.read_text("utf-8")


def test_a_page_of_figures_holds_all_of_a_question(filled: Home, tmp_path: Path) -> None:
    html = tmp_path / "directors.html"
    run(mine, "mine", "directors", "--html", str(html), "--shuffles", "0", "--home", str(filled.root))
    text = html.read_text("utf-8")
    assert text.count("Plotly.newPlot(") == 4  # bars, three matrices
    assert "http" not in text.split("</script>")[-1]


@pytest.mark.parametrize(("question", "figure"), [("correlations", 31), ("projection", 25), ("separation", 38)])
def test_mine_refuses_a_figure_of_another_question(question: str, figure: int, filled: Home) -> None:
    with pytest.raises(ParameterError, match=f"`mine {question}` draws figures"):
        run(mine, "mine", question, "--figure", str(figure), "--home", str(filled.root))
    with pytest.raises(ParameterError, match="Omit it"):
        run(mine, "mine", "directors", "--figure", str(figure), "--home", str(filled.root))


def test_mine_says_what_a_catalogue_without_music_lacks(tmp_path: Path) -> None:
    publish(made(tmp_path, heard=0, known=6))
    home = ("--home", str(tmp_path))
    with pytest.raises(ParameterError, match="two films with music each by two directors, there are none"):
        run(mine, "mine", "directors", *home)
    with pytest.raises(ParameterError, match="Analyse films"):
        run(mine, "mine", "projection", *home)
    assert "nan" not in run(mine, "mine", "correlations", *home)


def test_the_terminal_leaves_out_reasons_without_weight(filled: Home) -> None:
    liked = "Arrival at Dusk II (1963)"
    words = ("recommend", "--like", liked, "--less", "country", "--home", str(filled.root))
    shares = [
        reason["share"]
        for film in json.loads(run(recommend, *words, "--json"))["results"]
        for reason in film["reasons"]
    ]
    assert any(abs(share) < recommend.SMALLEST_SHARE for share in shares)
    said = run(recommend, *words)
    assert "0.000 " not in said and "+0." in said


def test_mine_refuses_an_unknown_encoding(filled: Home) -> None:
    with pytest.raises(ParameterError, match="thesis or founded"):
        run(mine, "mine", "correlations", "--encoding", "other", "--home", str(filled.root))


@pytest.mark.parametrize("question", ["correlations", "projection", "separation"])
def test_mine_draws_what_is_said_and_seen(question: str, monkeypatch: pytest.MonkeyPatch, filled: Home) -> None:
    films = directors_apart()
    seen = np.random.default_rng(7).random((3, len(films)))
    films = films.assign(Brightness=seen[0], Contrast=seen[1], Dialogue=seen[2])
    directors = first_director(films)
    room = Room("1", "founded", founded_encoding(films), films["Movie"], directors, tuple(sorted(set(directors))), 24)
    monkeypatch.setattr(Room, "of", lambda found, encoding: room)
    words = ("mine", question, "--encoding", "founded", "--said-and-seen", "--json", "--home", str(filled.root))
    document = json.loads(run(mine, *words))
    if question == "correlations":
        assert {"Brightness", "Dialogue", "Energy"} <= set(document["attributes"])
    elif question == "projection":
        assert set(document["loadings"]["senses"]) == {"Brightness", "Contrast", "Dialogue"}
    else:
        assert len(document["films"]) == 24 and document["directors"] == sorted(set(directors))


@pytest.mark.parametrize("words", [("--encoding", "thesis"), ("--encoding", "founded", "--figure", "33")])
def test_mine_says_where_what_is_said_and_seen_is_not_to_be_had(words: tuple[str, ...], filled: Home) -> None:
    with pytest.raises(ParameterError, match="--said-and-seen: works with --encoding founded"):
        run(mine, "mine", "projection", "--said-and-seen", *words, "--home", str(filled.root))
    with pytest.raises(ParameterError, match="nothing is known here of what is said and seen"):
        run(mine, "mine", "projection", "--said-and-seen", "--encoding", "founded", "--home", str(filled.root))


def test_serve_refuses_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        with pytest.raises(ParameterError, match="Stop what uses it"):
            run(serve, "serve", "--port", str(taken.getsockname()[1]), "--home", str(tmp_path))


def test_serve_says_what_is_missing_where_localhost_has_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nameless(socket.socket):
        def bind(self, _: object) -> None:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(serve.socket, "socket", Nameless)
    with pytest.raises(ParameterError, match="/etc/hosts"):
        run(serve, "serve", "--home", str(tmp_path))


def test_films_and_scenes_are_found_by_words_and_words_that_mean_nothing_are_named(filled: Home) -> None:
    home = ("--home", str(filled.root))
    said = run(find, "find", "loud fast rock", "-n", "3", *home)
    assert "what matched" in said and "score" in said
    document = json.loads(run(find, "find", "loud fast rock", "-n", "3", "--json", *home))
    assert 0 < len(document["scenes"]) <= 3
    with pytest.raises(ParameterError, match="zzyzx"):
        run(find, "find", "zzyzx", *home)


def test_folders_of_films_are_allowed_watched_listed_and_removed(tmp_path: Path) -> None:
    films, home = tmp_path / "films", ("--home", str(tmp_path / "home"))
    films.mkdir()
    with pytest.raises(FilmscoreError):
        run(roots, "roots", "add", str(tmp_path / "nowhere"), *home)
    assert str(films) in run(roots, "roots", "add", str(films), *home)
    assert str(films) in run(roots, "roots", "watch", str(films), *home)
    listed = run(roots, "roots", "list", *home).splitlines()
    assert listed[0] == str(films) and listed[-1] == f"watched: {films}"
    run(roots, "roots", "unwatch", str(films), *home)
    run(roots, "roots", "remove", str(films), *home)
    assert str(films) not in run(roots, "roots", "list", *home)


STARTED = """
import ast, importlib, sys
from pathlib import Path
from commands import api, app_process, serve
from service.jobs.alone import worker_alive
before = "service.jobs.tasks" in sys.modules
for name in ("views.navigation", *app_process.PAGES_NEED):
    importlib.import_module(name)
page = ast.parse(Path("views/discover.py").read_text(encoding="utf-8"))
exec(compile(ast.Module([one for one in page.body if isinstance(one, ast.ImportFrom)], []), "discover", "exec"))
slow = "scipy.signal scipy.stats sklearn onnxruntime numba guessit faiss".split()
print(before, [name for name in slow if name in sys.modules])
"""


def test_a_start_imports_nothing_slow_that_the_first_page_does_without() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", STARTED], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False []"


def test_nothing_is_imported_beside_streamlit_s_own_start(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two threads that import the same packages see them half made: one start in six died of it.
    found: dict[str, object] = {}

    def start(script: str, allowed: list[str], options: dict[str, object]) -> None:
        found["missing"] = [name for name in app_process.PAGES_NEED if name not in sys.modules]
        found["threads"] = threading.enumerate()
        found["left to collect"] = len(gc.get_objects()) > 1000
        found["waits at most a millisecond"] = sys.getswitchinterval() <= 0.001

    before, usual = threading.enumerate(), sys.getswitchinterval()
    monkeypatch.setattr(app_process, "_serve", start)
    monkeypatch.setattr(sys, "argv", ["app", json.dumps({"script": "app.py", "allowed": [], "options": {}})])
    app_process.main()
    gc.unfreeze()
    sys.setswitchinterval(usual)
    wanted = {"missing": [], "threads": before, "left to collect": False, "waits at most a millisecond": True}
    assert found == wanted


@pytest.mark.parametrize(("module", "verb"), [(serve, "serve"), (api, "api")])
def test_a_home_that_can_only_be_read_is_not_served_and_the_reason_said(
    module: object, verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("db.home.TemporaryFile", refuse)
    with pytest.raises(CatalogueError, match=r"not writable \(Read-only file system\)\. The (app|API) keeps .* A copy"):
        run(module, verb, "--home", str(tmp_path))
