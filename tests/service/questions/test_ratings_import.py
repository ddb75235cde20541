"""Ratings exported elsewhere: which films of the catalogue they say are liked, disliked or seen."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from errors import MetadataError
from film import Film
from recommender.question import Question
from service.library.publishing import publish
from service.questions.profiles import profile_question
from service.questions.rated_titles import CatalogueTitles
from service.questions.ratings_export import read_ratings
from service.questions.ratings_import import RatedFilms, liked_films, with_ratings
from service.questions.ratings_table import RatedTitle
from service.rights.upload_limits import MB, RATINGS_MB
from tests.service.heard_home import make_home

CASES = Path(os.environ.get("FILMSCORE_DATA", "../shared/data")).parent / "cases" / "ratings"
IMDB = "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres\n"


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with Snapshot.open(make_home(tmp_path_factory.mktemp("home"))) as opened:
        yield opened


def liked(snapshot: Snapshot, folder: Path, text: str, name: str = "ratings.csv") -> RatedFilms:
    (folder / name).write_text(text, "utf-8")
    return liked_films(snapshot, folder / name)


@pytest.mark.parametrize(
    "kind", ["TV-Folge", "Fernsehserie", "Épisode TV", "Serie de TV", "Video Game", "Videospiel", "tvMiniSeries"]
)
def test_what_is_no_film_is_left_out_in_any_language(snapshot: Snapshot, tmp_path: Path, kind: str) -> None:
    row = f"tt0900002,10,2024-01-02,Red Harbour,Red Harbour,u,{kind},8.8,53,1961,Crime\n"
    found = liked(snapshot, tmp_path, IMDB + row)
    assert (found.likes, found.dislikes, found.seen, found.unmatched) == ((), (), (), ())


def test_a_row_with_an_id_never_becomes_a_film_of_another_id(snapshot: Snapshot, tmp_path: Path) -> None:
    known = next(film for film in map(snapshot.film, (1, 2, 3, 4, 5, 6)) if film.imdb_id)
    row = f"tt0900002,10,2024-01-02,{known.title},x,u,Movie,8.8,53,{known.year},Crime\n"
    found = liked(snapshot, tmp_path, IMDB + row)
    assert found.seen == () and found.unmatched == (f"{known.title} ({known.year})",)


@pytest.mark.parametrize(
    "text",
    [
        'Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,Red Harbour,1961,x,"4,5"\n',
        "Date;Name;Year;Letterboxd URI;Rating\n2024-01-01;Red Harbour;1961;x;4,5\n",
        " Date , Name , Year , Letterboxd URI , Rating \n2024-01-01, Red Harbour , 1961 ,x, 4.5\n",
        "position,const,created,Title,Title type,You rated,Year\n1,,Mon Jan 1,Red Harbour,Feature Film,9,1961\n",
        "movie_id,imdb_id,tmdb_id,rating,average_rating,title\n1,,7,4.5,3.9,Red Harbour (1961)\n",
        "rated_at,type,title,year,imdb_id,rating\n2024-01-01T10:00:00Z,movie,Red Harbour,1961,,9\n",
    ],
)
def test_every_layout_gives_the_same_like(snapshot: Snapshot, tmp_path: Path, text: str) -> None:
    found = liked(snapshot, tmp_path, text)
    assert (found.likes, found.seen, found.unmatched) == ((4,), (4,), ())


def test_watched_films_are_seen_without_a_rating(snapshot: Snapshot, tmp_path: Path) -> None:
    found = liked(snapshot, tmp_path, "Date,Name,Year,Letterboxd URI\n2024-01-01,Red Harbour,1961,x\n", "watched.csv")
    assert (found.likes, found.dislikes, found.seen) == ((), (), (4,))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_several_ratings_of_a_film_the_latest_stands(
    snapshot: Snapshot, tmp_path: Path, order: tuple[int, int]
) -> None:
    rows = ["2020-01-01,Red Harbour,1961,x,5,,,2020-01-01", "2024-01-01,Red Harbour,1961,y,1,Yes,,2024-01-01"]
    header = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date"
    found = liked(snapshot, tmp_path, "\n".join([header, *(rows[i] for i in order), ""]))
    assert (found.likes, found.dislikes, found.seen) == ((), (4,), (4,))


def test_a_rewatch_without_a_rating_leaves_the_rating(snapshot: Snapshot, tmp_path: Path) -> None:
    header = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date"
    rows = "2020-01-01,Red Harbour,1961,x,5,,,2020-01-01\n2024-01-01,Red Harbour,1961,y,,Yes,,2024-01-01\n"
    assert liked(snapshot, tmp_path, f"{header}\n{rows}").likes == (4,)


def test_an_export_gives_likes_and_dislikes_and_what_is_asked_stands(snapshot: Snapshot, tmp_path: Path) -> None:
    rows = "Name,Year,Rating\nRed Harbour,1961,5\nSteel Birds,2001,1\nNight Letters,1957,5\nAmélie's Clock,1958,1\n"
    found = liked(snapshot, tmp_path, rows)
    asked = with_ratings(Question(likes=(1, 3), dislikes=(6,)), found)
    assert (asked.likes, asked.dislikes, asked.seen) == ((1, 3, 4), (6, 5), (4, 5, 6, 3))


def test_dislikes_of_an_export_are_kept_in_a_profile(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("Name,Year,Rating\nRed Harbour,1961,5\nSteel Birds,2001,1\n")
    home = make_home(tmp_path / "home")
    arguments = ["--ratings", str(tmp_path / "r.csv"), "--save-profile", "mine", "--home", str(home.root)]
    assert CliRunner().invoke(app, ["recommend", *arguments]).exit_code == 0
    with Snapshot.open(home) as opened:
        kept = profile_question(home, opened, "mine")
    assert (kept.likes, kept.dislikes) == ((4,), (5,))


@pytest.mark.parametrize("cell", ["good", "4 stars", "nan", "1e0", "--"])
def test_a_cell_that_is_no_rating_is_refused_by_line(tmp_path: Path, cell: str) -> None:
    (tmp_path / "ratings.csv").write_text(f"Name,Year,Rating\nA,2000,4\nB,2001,{cell}\n")
    with pytest.raises(MetadataError, match=f"ratings.csv, line 3: '{cell}' is not a rating"):
        read_ratings(tmp_path / "ratings.csv")


def test_what_is_not_matched_is_named(snapshot: Snapshot, tmp_path: Path) -> None:
    found = liked(snapshot, tmp_path, "Name,Year,Rating\nNobody Knows It,2000,4\nRed Harbour,1961,4\n")
    assert found.unmatched == ("Nobody Knows It (2000)",)
    assert found.notices[0].endswith("1 of 2 rated titles are in the catalogue.")
    assert "Nobody Knows It (2000)" in found.notices[1]


def test_imdbs_columns_are_known_by_their_order_in_any_language(snapshot: Snapshot, tmp_path: Path) -> None:
    header = "Const,Ihre Bewertung,Bewertet am,Titel,URL,Titelart,IMDb,Laufzeit,Jahr,Genres,Stimmen,Datum,Regie"
    found = liked(snapshot, tmp_path, f"{header}\ntt0000001,9,2024-01-01,The Quiet Sea,u,Film,7,90,1955,Drama,9,x,y\n")
    assert (found.likes, found.seen) == ((1,), (1,))


def test_a_film_of_a_list_of_imdb_without_a_rating_is_not_seen(snapshot: Snapshot, tmp_path: Path) -> None:
    text = "Position,Const,Title,Title Type,Year,Your Rating\n1,tt0000001,The Quiet Sea,Movie,1955,\n"
    assert liked(snapshot, tmp_path, text).seen == ()


def test_letterboxds_likes_and_lists_are_likes_and_a_watchlist_is_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "likes").mkdir()
    films = "Date,Name,Year,Letterboxd URI\n2024-01-01,Red Harbour,1961,x\n"
    assert liked(snapshot, tmp_path / "likes", films, "films.csv").likes == (4,)
    listed = "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n2024-01-01,Best,,u,\n\n"
    listed += "Position,Name,Year,URL,Description\n1,Red Harbour,1961,u,\n"
    assert liked(snapshot, tmp_path, listed, "best.csv").likes == (4,)
    with pytest.raises(MetadataError, match=r"watchlist\.csv: a watchlist does not express taste"):
        liked(snapshot, tmp_path, films, "watchlist.csv")


def test_letterboxds_zip_gives_ratings_before_likes_before_what_was_seen(snapshot: Snapshot, tmp_path: Path) -> None:
    seen = "Date,Name,Year,Letterboxd URI\n2024-01-01,{0},x\n2024-01-01,{1},x\n2024-01-01,{2},x\n"
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("ratings.csv", 'Date,Name,Year,Letterboxd URI,Rating\n2020-01-01,"Red Harbour",1961,x,1\n')
        archive.writestr("likes/films.csv", seen.format("Red Harbour,1961", "Steel Birds,2001", "Nothing,1900"))
        archive.writestr("watched.csv", seen.format("Red Harbour,1961", "Steel Birds,2001", "Night Letters,1957"))
        archive.writestr("watchlist.csv", seen.format("The Quiet Sea,1955", "X,1900", "Y,1900"))
    found = liked_films(snapshot, tmp_path / "export.zip")
    assert (found.likes, found.dislikes) == ((5,), (4,))
    assert (set(found.seen), found.unmatched) == ({4, 5, 6}, ("Nothing (1900)",))


def test_trakts_json_is_read(snapshot: Snapshot, tmp_path: Path) -> None:
    film = {"title": "Red Harbour", "year": 1961, "ids": {"trakt": 1, "imdb": None}}
    entries = [{"rated_at": "2024-01-01T10:00:00.000Z", "rating": 9, "type": "movie", "movie": film}]
    entries.append({"plays": 1, "movie": {"title": "Night Letters", "year": 1957}})
    entries.append({"rating": 10, "type": "show", "show": {"title": "Steel Birds", "year": 2001}})
    found = liked(snapshot, tmp_path, json.dumps(entries), "ratings.json")
    assert (found.likes, found.seen) == ((4,), (4, 6))


@pytest.mark.fault("A broken export of ratings")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 and then nothing", "a damaged ZIP"),
        (zipped("reviews.csv", b"x"), "none of watched.csv"),
        (zipped("ratings.csv", b"0" * (RATINGS_MB * MB + 1)), "larger than any ratings export"),
        (b"[1, 2", "neither a table nor valid JSON"),
        (b"[" * 100_000, "neither a table nor valid JSON"),
        (b'[{"show": {"title": "X"}}]', "no films from Trakt"),
        (b'[{"rating": "good", "movie": {"title": "X"}}]', "entry 1: 'good' is not a rating from 0 to 10"),
        (b'[{"rating": 11, "movie": {"title": "X"}}]', "entry 1: 11 is not a rating from 0 to 10"),
    ],
)
def test_a_broken_export_says_what_is_wrong(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "export").write_bytes(content)
    with pytest.raises(MetadataError, match=message):
        read_ratings(tmp_path / "export")


FILMS = (
    Film("Star Wars: Episode IV - A New Hope", year=1977),
    Film("Mission: Impossible", year=1996),
    Film("Three Colors: Blue", year=1993),
    Film("Nymphomaniac: Vol. I", year=2013),
    Film("Birdman", year=2014),
    Film("Amélie", year=2001, other_title="Le Fabuleux destin d'Amélie Poulain|Amelie of Montmartre"),
    Film("Arrival", year=2016),
    Film("The Arrival", year=2016),
)


@pytest.fixture(scope="module")
def titles(tmp_path_factory: pytest.TempPathFactory) -> CatalogueTitles:
    home = Home.at(tmp_path_factory.mktemp("titles") / "home")
    with State.open(home) as state:
        state.add_films(FILMS)
    publish(home)
    with Snapshot.open(home) as opened:
        return CatalogueTitles(opened.films())


@pytest.mark.parametrize(
    ("title", "year", "known"),
    [
        ("Star Wars", 1977, "Star Wars: Episode IV - A New Hope"),
        ("Star Wars", 1978, None),
        ("Mission", 1996, None),
        ("Blue", 1993, None),
        ("Three Colours: Blue", 1993, "Three Colors: Blue"),
        ("Nymphomaniac: Vol. II", 2013, None),
        ("Birdman or (The Unexpected Virtue of Ignorance)", 2014, "Birdman"),
        ("Amelie of Montmartre", 2001, "Amélie"),
        ("Amelie", 2002, "Amélie"),
        ("Arrival", 2016, "Arrival"),
        ("The Arrival", 2016, "The Arrival"),
        ("Arrival, The", 2016, "The Arrival"),
    ],
)
def test_a_title_is_matched_by_what_belongs_to_it(titles: CatalogueTitles, title: str, year: int, known: str) -> None:
    found = titles.film_of(RatedTitle(title, year, "", 1.0))
    assert (FILMS[found - 1].title if found else None) == known


@pytest.mark.parametrize(
    ("name", "titles", "ratings"),
    [
        ("imdb_de.csv", 0, []),
        ("imdb_game.csv", 0, []),
        ("imdb_spaces.csv", 1, [0.9]),
        ("lb_commadecimal.csv", 1, [0.9]),
        ("lb_watched.csv", 1, [None]),
        ("lb_diary_rewatch.csv", 2, [1.0, 0.2]),
        ("lb_intl.csv", 21, [1.0] * 21),
    ],
)
def test_a_case_of_other_tools_users_is_read(name: str, titles: int, ratings: list[float | None]) -> None:
    if not CASES.exists():
        pytest.skip(f"{CASES} is not here")
    rows = read_ratings(CASES / name)
    assert len(rows) == titles and [row.rating for row in rows] == ratings
