"""Title search in IMDb's loaded files."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.imdb import title_words
from db.imdb.store import ImdbStore
from db.titles import exact_key
from errors import CatalogueError

TITLES = [
    ("The Godfather", 900),
    ("The Godfather Part II", 800),
    ("God", 5),
    ("Good Bye", 50),
    ("Of Gods and Men", 300),
    ("A God", 7),
    ("Schindler's List", 700),
    ("Æon Flux", 60),
    ("Señor", None),
    ("Tom & Jerry", 10),
    ("!!!", 1),
]


def index_of(titles: list[tuple[str, int | None]]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"threads": 1})
    con.execute("CREATE TABLE films (tconst VARCHAR, title VARCHAR, original_title VARCHAR, votes INT)")
    rows = [(f"tt{i:07d}", title, title, votes) for i, (title, votes) in enumerate(titles)]
    con.executemany("INSERT INTO films VALUES (?, ?, ?, ?)", rows)
    con.execute(title_words.CREATE)
    return con


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("god", ["God", "The Godfather", "The Godfather Part II", "Of Gods and Men", "A God"]),
        ("the godf", ["The Godfather", "The Godfather Part II"]),
        ("godfather part", ["The Godfather Part II"]),
        ("schindlers", ["Schindler's List"]),
        ("SCHINDLER’S", ["Schindler's List"]),
        ("aeon", ["Æon Flux"]),
        ("senor", ["Señor"]),
        ("tom and jerry", ["Tom & Jerry"]),
        ("jerry", ["Tom & Jerry"]),
        ("?!", []),
        ("", []),
        ("godmother", []),
        ("%", []),
        ("a'; DROP TABLE films; --", []),
    ],
)
def test_the_same_title_comes_first_then_beginnings_of_titles_and_of_words(typed: str, found: list[str]) -> None:
    with index_of(TITLES) as con:
        ids = title_words.find_ids(con, typed, 50)
        titles = [TITLES[int(imdb_id[2:])][0] for imdb_id in ids]
        assert titles == found


@given(
    st.lists(st.tuples(st.text("ab c-'", min_size=1, max_size=9), st.integers(0, 3)), min_size=1, max_size=12),
    st.text("ab c", max_size=4),
)
@settings(max_examples=40, deadline=None)
def test_a_search_finds_what_a_look_at_every_title_finds(titles: list[tuple[str, int]], typed: str) -> None:
    key, ranked = exact_key(typed) if re.search(r"\w", typed) else "", []
    for i, (title, votes) in enumerate(titles):
        name = exact_key(title) if re.search(r"\w", title) else ""
        if key and f" {key}" in f" {name}":
            rank = 0 if name == key else 1 if name.startswith(key) else 2
            ranked.append((rank, -votes, f"tt{i:07d}"))
    with index_of([*titles]) as con:
        assert title_words.find_ids(con, typed, 50) == [imdb_id for _, _, imdb_id in sorted(ranked)]


@pytest.mark.fault("A damaged search of IMDb's titles")
def test_a_store_of_an_earlier_version_and_a_damaged_one_say_what_to_do(tmp_path: Path) -> None:
    old = tmp_path / "imdb.duckdb"
    with duckdb.connect(str(old), config={"threads": 1}) as con:
        con.execute("CREATE TABLE films (tconst VARCHAR)")
    with ImdbStore(old) as store, pytest.raises(CatalogueError, match=r"earlier version.*imdb load"):
        store.search("god", 5)
    (tmp_path / "broken.duckdb").write_bytes(b"x" * 20_000)
    with pytest.raises(CatalogueError, match=r"broken\.duckdb: cannot be read .*imdb load"):
        ImdbStore(tmp_path / "broken.duckdb")
