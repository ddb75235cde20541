"""Ratings exported elsewhere: which films of the catalogue they say are liked, disliked or seen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.snapshot import Snapshot
from errors import MetadataError
from service.ratings_export import read_ratings
from service.ratings_import import RatedFilms, liked_films
from tests.service.heard_home import make_home

CASES = Path(os.environ.get("FILMSCORE_DATA", "../shared/data")).parent / "cases" / "ratings"
IMDB = "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres\n"


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


@pytest.mark.parametrize("cell", ["good", "4 stars", "nan", "1e0", "--"])
def test_a_cell_that_is_no_rating_is_refused_by_line(tmp_path: Path, cell: str) -> None:
    (tmp_path / "ratings.csv").write_text(f"Name,Year,Rating\nA,2000,4\nB,2001,{cell}\n")
    with pytest.raises(MetadataError, match=f"ratings.csv, line 3: '{cell}' is no rating"):
        read_ratings(tmp_path / "ratings.csv")


def test_what_is_not_matched_is_named(snapshot: Snapshot, tmp_path: Path) -> None:
    found = liked(snapshot, tmp_path, "Name,Year,Rating\nNobody Knows It,2000,4\nRed Harbour,1961,4\n")
    assert found.unmatched == ("Nobody Knows It (2000)",)
    assert found.notices[0].endswith("1 of 2 rated titles are in the catalogue.")
    assert "Nobody Knows It (2000)" in found.notices[1]


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
