"""Titles outside of the catalogue, by every front door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from cli import app
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.imdb.load import load
from errors import ParameterError
from recommender import Question, Recommender
from service.api.routes import create_app
from service.questions.asking import Wish, find_film, question_of
from service.questions.known_titles import KnownTitles
from service.questions.link import from_params, to_params
from service.questions.profiles import export_profile, import_profile, save
from service.questions.ratings_import import liked_films
from tests.service.heard_home import make_home

TITLES = [  # id, title, year, genres, votes, director
    (1, "The Quiet Sea", 1955, "Drama", 900, "nm1"),
    (60, "The Quiet Sea", 2015, "Drama", 90_000, "nm2"),
    (61, "Amélie's Clock", 1958, "Drama,Romance", 500, "nm1"),
    (62, "Harbour Nights", 1960, "Crime", 700, "nm1"),
    (63, "Harbour Nights II", 1963, "Crime", 300, "nm1"),
    (64, "Sail", 1988, "Drama", 40, "nm2"),
    (65, "Sail", 1999, "Drama", 30, "nm2"),
]
BASICS = "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n"


def load_titles(folder: Path, target: Path) -> None:
    folder.mkdir()
    rows = {
        "title.basics": BASICS
        + "".join(
            f"tt{i:07d}\tmovie\t{title}\t{title}\t0\t{year}\t\\N\t90\t{g}\n" for i, title, year, g, _, _ in TITLES
        ),
        "title.ratings": "tconst\taverageRating\tnumVotes\n"
        + "".join(f"tt{i:07d}\t7.0\t{votes}\n" for i, _, _, _, votes, _ in TITLES),
        "title.crew": "tconst\tdirectors\twriters\n"
        + "".join(f"tt{i:07d}\t{director}\t\\N\n" for i, *_, director in TITLES),
        "name.basics": "nconst\tprimaryName\tbirthYear\tdeathYear\tprimaryProfession\tknownForTitles\n"
        "nm1\tIda Holm\t\\N\t\\N\t\\N\t\\N\nnm2\tZoe Yu\t\\N\t\\N\t\\N\t\\N\n",
    }
    for name, text in rows.items():
        (folder / f"{name}.tsv").write_text(text, "utf-8")
    load(folder, target)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = make_home(tmp_path_factory.mktemp("home"), heard=False)
    load_titles(tmp_path_factory.mktemp("imdb") / "files", home.imdb)
    return home


@pytest.fixture(scope="module")
def snapshot(home: Home) -> Iterator[Snapshot]:
    with Snapshot.open(home) as opened:
        yield opened


@pytest.fixture(scope="module")
def known(home: Home, snapshot: Snapshot) -> KnownTitles:
    found = KnownTitles.beside(home, snapshot)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("wanted", "film_id"),
    [
        ("The Quiet Sea (1955)", 1),
        ("tt0000001", 1),
        ("harbour nights", -62),
        ("Harbour Nights 2", -63),
        ("https://www.imdb.com/title/tt0000062/", -62),
        ("The Quiet Sea (2015)", -60),
        ("sail 1999", -65),
    ],
)
def test_a_title_is_found_in_the_catalogue_first_then_among_the_known(
    snapshot: Snapshot, known: KnownTitles, wanted: str, film_id: int
) -> None:
    assert find_film(snapshot, wanted, known).film_id == film_id


def test_of_several_known_titles_the_year_is_asked_for(snapshot: Snapshot, known: KnownTitles) -> None:
    with pytest.raises(ParameterError, match=r"2 films have this title.*Sail \(1988\); Sail \(1999\)"):
        find_film(snapshot, "Sail", known)
    with pytest.raises(ParameterError, match="no such title"):
        find_film(snapshot, "Harbour Nights", None)


def test_the_same_film_as_owned_and_as_known_title_is_one_film(snapshot: Snapshot, known: KnownTitles) -> None:
    assert [film.film_id for film in known.search("the quiet", 10)] == [-60], "the others are in the catalogue"
    assert known.search("amelie", 10) == [], "by title and year, where the catalogue lacks the id"
    recommender = Recommender(snapshot, known_titles=known)
    answer = recommender.recommend(Question(likes=(-1, 1, -61, 3)))
    assert [film.film_id for film in answer.likes] == [1, 3]
    with pytest.raises(ParameterError, match="liked and disliked at once"):
        recommender.recommend(Question(likes=(1,), dislikes=(-1,)))


def test_links_and_profiles_keep_titles_outside(home: Home, snapshot: Snapshot, tmp_path: Path) -> None:
    question = Question(likes=(1, -62), dislikes=(-64,), seen=(-1234567890,), also_unowned=True)
    params = to_params(question)
    assert params["like"] == "1,tt0000062" and params["seen"] == "tt1234567890"
    assert from_params(params, {1})[0] == question
    save(home, "mine", Question(likes=(1, -62)))
    (tmp_path / "mine.json").write_text(exported := export_profile(home, snapshot, "mine"), "utf-8")
    assert "Harbour Nights" in exported
    assert import_profile(home, snapshot, tmp_path / "mine.json") == ("mine", ())
    assert json.loads(export_profile(home, snapshot, "mine"))["likes"] == json.loads(exported)["likes"]


LETTERBOXD = """Date,Name,Year,Letterboxd URI,Rating
2024-01-01,Red Harbour,1961,https://x,4.5
2024-01-01,"Quiet Sea, The",2015,https://x,5
2024-01-01,Harbour Nights,1960,https://x,1
2024-01-01,Nowhere Known,1960,https://x,5
"""


def test_a_ratings_export_counts_known_titles(snapshot: Snapshot, known: KnownTitles, tmp_path: Path) -> None:
    (tmp_path / "letterboxd.csv").write_text(LETTERBOXD)
    found = liked_films(snapshot, tmp_path / "letterboxd.csv", known)
    assert (found.likes, found.dislikes, found.unmatched) == ((4, -60), (-62,), ("Nowhere Known (1960)",))
    assert found.notices[0].endswith("1 of 4 rated titles are in the catalogue.")
    assert found.notices[1] == "2 more are known titles: they count for your taste."


def test_the_command_line_and_the_api_like_and_recommend_titles_outside(home: Home) -> None:
    asked = ["recommend", "--like", "Harbour Nights", "--also-unowned", "--json", "--home", str(home.root)]
    document = json.loads(CliRunner().invoke(app, asked).stdout)
    assert document["likes"] == [{"film_id": -62, "title": "Harbour Nights"}]
    assert all(result["film_id"] > 0 for result in document["results"]) and len(document["results"]) == 6
    beside = {result["film_id"]: result for result in document["unowned"]}
    assert {-63, -60} <= beside.keys() and -62 not in beside and -1 not in beside
    assert beside[-63]["imdb_id"] == "tt0000063" and beside[-63]["owned"] is False
    assert sum(one["share"] for one in beside[-63]["reasons"]) == pytest.approx(beside[-63]["score"], abs=1e-6)
    assert "Films that you don't have" in CliRunner().invoke(app, [one for one in asked if one != "--json"]).stdout
    with TestClient(create_app(home)) as client:
        same = client.post("/recommend", json={"likes": ["tt0000062"], "also_unowned": True}).json()
        assert same["unowned"] == document["unowned"] and same["results"] == document["results"]
        found = client.get("/titles", params={"query": "harb"}).json()
        assert found["loaded"] and [film["title"] for film in found["titles"]] == [
            "Harbour Nights",
            "Harbour Nights II",
        ]


@pytest.mark.fault("IMDb's loaded files are damaged, of an earlier version, or gone", times=3)
def test_broken_titles_are_one_clear_line(snapshot: Snapshot, tmp_path: Path) -> None:
    other = Home.at(tmp_path / "home")
    with duckdb.connect(str(other.imdb), config={"threads": 1}) as con:
        con.execute("CREATE TABLE films (tconst VARCHAR)")
    for broken in (lambda: None, lambda: other.imdb.write_bytes(b"x" * 9000), other.imdb.unlink):
        known = KnownTitles(other, snapshot)
        broken()
        question = question_of(snapshot, Wish(likes=(4,)), known)
        answer = Recommender(snapshot, known_titles=known).recommend(
            Question(likes=(*question.likes, -62), also_unowned=True)
        )
        assert len(answer.results) == 5 and answer.unowned == ()
        assert any("imdb.duckdb" in notice and "imdb load" in notice for notice in answer.notices)
