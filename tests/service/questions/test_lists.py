"""Lists that a reader keeps, and the files that other services take."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.home import Home
from errors import ParameterError
from film import Film
from service.questions import lists
from service.questions.lists import SEEN, WATCH, delete_list, imdb_csv, letterboxd_csv, lists_of, put, save_list


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path)


def test_each_reader_has_lists_of_their_own(home: Home) -> None:
    put(home, "one", WATCH, 3)
    put(home, "one", WATCH, 1)
    put(home, "one", WATCH, 3)
    put(home, "other", WATCH, 2)
    save_list(home, "one", "  rainy   days ", (5, 5, 4))
    assert lists_of(home, "one") == {WATCH: (3, 1), SEEN: (), "rainy days": (5, 4)}
    assert list(lists_of(home, "one"))[:2] == [WATCH, SEEN]
    assert lists_of(home, "other")[WATCH] == (2,)
    put(home, "one", WATCH, 3, within=False)
    put(home, "one", SEEN, 3, within=False)
    delete_list(home, "one", "rainy days")
    assert lists_of(home, "one") == {WATCH: (1,), SEEN: ()}


def test_what_is_too_much_is_refused_by_name(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_FILMS", 3)
    monkeypatch.setattr(lists, "MOST_LISTS", 2)
    for name, films, said in (
        (" ", (1,), "a name has 1 to 80"),
        ("x" * 81, (1,), "a name has 1 to 80"),
        ("many", (1, 2, 3, 4), "4 films; a list holds 3"),
    ):
        with pytest.raises(ParameterError, match=said):
            save_list(home, "one", name, films)
    save_list(home, "one", "a", (1,))
    save_list(home, "one", "b", (1,))
    save_list(home, "one", "b", (2,))
    with pytest.raises(ParameterError, match="2 lists are kept already"):
        save_list(home, "one", "c", (1,))
    assert lists_of(home, "one")["b"] == (2,) and "c" not in lists_of(home, "one")


FILMS = (
    Film("Vertigo", imdb_id="tt0052357", year=1958, directors=("Alfred Hitchcock",)),
    Film('=HYPERLINK("x")', directors=("A, B", "C")),
)


def test_the_files_have_the_columns_that_letterboxd_and_imdb_take() -> None:
    first, second = csv.DictReader(io.StringIO(letterboxd_csv(FILMS)))
    assert first == {"imdbID": "tt0052357", "Title": "Vertigo", "Year": "1958", "Directors": "Alfred Hitchcock"}
    assert second["Directors"] == "A, B, C" and not second["Title"].startswith("=")
    first, second = csv.DictReader(io.StringIO(imdb_csv(FILMS)))
    assert (first["Position"], first["Const"], first["Title Type"]) == ("1", "tt0052357", "movie")
    assert first["URL"] == "https://www.imdb.com/title/tt0052357/" and second["URL"] == ""
    assert not second["Title"].startswith("=")


PUTTING = """
import sys
from pathlib import Path
from db.home import Home
from service.questions.lists import put
print("ready", flush=True)
sys.stdin.readline()
first = int(sys.argv[2])
for film_id in range(first, first + 25):
    put(Home.at(Path(sys.argv[1])), "somebody", "To watch", film_id)
"""


@pytest.mark.fault("Four processes put films on one list at once", times=100)
def test_films_put_on_a_list_by_four_processes_are_all_there(home: Home) -> None:
    lists_of(home, "somebody")
    root = str(Path(__file__).parents[3])
    children = [
        subprocess.Popen(
            [sys.executable, "-c", PUTTING, str(home.root), str(100 * number)],
            env={**os.environ, "PYTHONPATH": root},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for child in children:
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        child.communicate()
        assert child.returncode == 0
    expected = {100 * number + place for number in range(4) for place in range(25)}
    assert set(lists_of(home, "somebody")["To watch"]) == expected
