"""Tables of films as people have them: which column is what, and what a cell holds."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import MetadataError
from film import Film
from ingest.metadata_cells import minutes_of, year_of
from ingest.metadata_csv import read_films, read_table

CASES = Path(os.environ.get("FILMSCORE_DATA", "../shared/data")).parent / "cases" / "tables"
ARRIVAL = Film("Arrival", year=2016, imdb_id="tt2543164")


def table(folder: Path, *rows: Sequence[str], delimiter: str = ",") -> Path:
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return path


def case(name: str) -> Path:
    if not CASES.exists():
        pytest.skip(f"{CASES} is not here")
    return CASES / name


def test_the_case_of_tmdb() -> None:
    [film] = read_films(case("tmdb.csv"))
    assert (film.title, film.imdb_id, film.year, film.runtime_minutes) == ("Arrival", "tt2543164", 2016, 116)
    assert (film.rating, film.votes) == (7.6, 16_000)
    assert film.genres == ("Thriller", "Drama")
    assert (film.countries, film.languages) == (("United States of America",), ("English",))


def test_the_case_of_omdb() -> None:
    found = read_table(case("omdb1.csv"))
    [film] = found.films
    assert (film.imdb_id, film.rating, film.votes, film.metascore) == ("tt2543164", 7.9, 826_524, 81)
    assert (film.runtime_minutes, film.genres) == (116, ("Drama", "Mystery", "Sci-Fi"))
    assert (film.directors, film.countries) == (("Denis Villeneuve",), ("United States",))
    assert film.cast == ("Amy Adams", "Jeremy Renner", "Forest Whitaker")
    assert (film.languages, film.plot) == (("English", "Russian", "Mandarin"), "A linguist works with the military.")
    assert film.writers and "Writer" not in found.unused
    assert {"Rated", "Awards", "Poster"} <= set(found.unused)


def test_a_set_is_a_name_or_an_object_of_tmdb(tmp_path: Path) -> None:
    of_tmdb = "{'id': 8091, 'name': 'Alien Collection'}"
    path = table(tmp_path, ["title", "belongs_to_collection"], ["Alien", of_tmdb], ["Heat", ""], ["Aliens", "Aliens"])
    assert [film.film_set for film in read_films(path)] == ["Alien Collection", "", "Aliens"]


def test_the_case_of_genres_with_commas() -> None:
    arrival, tangled = read_films(case("comma_genres.csv"))
    assert (arrival.genres, arrival.cast) == (("Drama", "Mystery", "Sci-Fi"), ("Amy Adams", "Jeremy Renner"))
    assert tangled.directors == ("Nathan Greno", "Byron Howard")


def test_the_case_of_a_rating_of_a_hundred() -> None:
    with pytest.raises(MetadataError, match=r"line 2: rating 79 is not between 0 and 10"):
        read_films(case("rating100.csv"))


@pytest.mark.parametrize(
    ("cell", "genres"),
    [
        ('[{"id": 18, "name": "Drama"}, {"id": 53, "name": "Thriller"}]', ("Drama", "Thriller")),
        ("[{'id': 18, 'name': 'Drama'}, {'id': 53, 'name': \"Men's\"}]", ("Drama", "Men's")),
        ('["Drama", "Thriller"]', ("Drama", "Thriller")),
        ("[]", ()),
        ("Drama, Thriller", ("Drama", "Thriller")),
        ("Drama|Thriller", ("Drama", "Thriller")),
        ("Drama; Thriller", ("Drama", "Thriller")),
        ("(no genres listed)", ()),
        ("N/A", ()),
    ],
)
def test_a_list_is_read_however_it_is_written(tmp_path: Path, cell: str, genres: tuple[str, ...]) -> None:
    [film] = read_films(table(tmp_path, ["title", "genres"], ["A", cell]))
    assert film.genres == genres


@pytest.mark.parametrize("cell", ["[{'name': ", "[{]", '["' + "[" * 5_000 + "]", "['a' + __import__('os').name]"])
def test_a_broken_list_is_refused_by_line(tmp_path: Path, cell: str) -> None:
    path = table(tmp_path, ["title", "genres"], ["A", "[]"], ["B", f"{cell}]" if not cell.endswith("]") else cell])
    with pytest.raises(MetadataError, match=r"line 3: genres .* is not a list"):
        read_films(path)


def test_names_with_commas_stay_whole_where_bars_separate(tmp_path: Path) -> None:
    rows = [["movie", "cast", "locations"], ["A", "Sammy Davis, Jr.|Peter, Paul", "Quebec, Canada"]]
    [film] = read_films(table(tmp_path, *rows))
    assert (film.cast, film.locations) == (("Sammy Davis, Jr.", "Peter, Paul"), ("Quebec, Canada",))
    [film] = read_films(table(tmp_path, ["movie", "cast"], ["A", "Sammy Davis, Jr., Peter Lawford"]))
    assert film.cast == ("Sammy Davis, Jr.", "Peter Lawford")


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Const,Title,URL,Title Type,IMDb Rating,Year", "tt2543164,Arrival,u,Movie,7.9,2016"),
        ("tconst\ttitleType\tprimaryTitle\tstartYear\taverageRating", "tt2543164\tmovie\tArrival\t2016\t7.9"),
        ("Series_Title;Released_Year;IMDB_Rating;imdb_url", "Arrival;2016;7,9;https://www.imdb.com/title/tt2543164/"),
        (
            "movie_title,title_year,imdb_score,movie_imdb_link",
            "Arrival\u00a0,2016,7.9,http://imdb.com/title/tt2543164/?x",
        ),
        ("title,release_date,vote_average,imdb_id", "Arrival,11/10/2016,7.9,tt2543164"),
        ("Title,Released,imdbRating,imdbID", "Arrival,11 Nov 2016,7.9,tt2543164"),
    ],
)
def test_the_columns_of_other_tools_are_recognised(tmp_path: Path, header: str, row: str) -> None:
    (tmp_path / "table.csv").write_text(f"{header}\n{row}\n", "utf-8")
    [film] = read_films(tmp_path / "table.csv")
    assert (film.title, film.year, film.imdb_id, film.rating) == (ARRIVAL.title, 2016, ARRIVAL.imdb_id, 7.9)


def test_titles_of_movielens_hold_year_article_and_other_title(tmp_path: Path) -> None:
    rows = [
        ["movieId", "title", "genres"],
        ["1", "Toy Story (1995)", "Animation|Comedy"],
        ["2", "City of Lost Children, The (Cité des enfants perdus, La) (1995)", "Fantasy"],
        ["3", "Moonlight", "(no genres listed)"],
    ]
    toys, city, plain = read_films(table(tmp_path, *rows))
    assert (toys.title, toys.year, toys.genres) == ("Toy Story", 1995, ("Animation", "Comedy"))
    assert (city.title, city.other_title) == ("The City of Lost Children", "La Cité des enfants perdus")
    assert (plain.title, plain.year, plain.genres) == ("Moonlight", None, ())


def test_the_crew_of_tmdb_names_the_director(tmp_path: Path) -> None:
    crew = '[{"job": "Writer", "name": "E"}, {"job": "Director", "name": "Denis Villeneuve"}]'
    [film] = read_films(table(tmp_path, ["title", "crew"], ["Arrival", crew]))
    assert film.directors == ("Denis Villeneuve",)


def test_actors_in_columns_of_their_own_are_the_cast(tmp_path: Path) -> None:
    [film] = read_films(table(tmp_path, ["title", "Star2", "Star1", "Star3"], ["A", "Two", "One", ""]))
    assert film.cast == ("One", "Two")


@pytest.mark.parametrize("second", ["Country", "Countries", "Country.1"])
def test_an_enhanced_dataset_gives_the_films_countries_not_the_music(tmp_path: Path, second: str) -> None:
    header = ["Movie", "Blues", "Hiphop", "Country", "Director", "Year", second, "Movie Genres"]
    rows = [header, ["I Confess", "14", "0", "1", "Alfred Hitchcock", "1953", "USA", "Crime, Drama"]]
    [film] = read_films(table(tmp_path, *rows))
    assert (film.countries, film.genres, film.year) == (("USA",), ("Crime", "Drama"), 1953)


def test_series_episodes_and_games_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [["Title", "Type"], ["A", "movie"], ["B", "series"], ["C", "TV-Folge"], ["D", "game"]]
    found = read_table(table(tmp_path, *rows))
    assert [film.title for film in found.films] == ["A"] and found.no_films == 3


def test_the_description_in_a_list_of_imdb_is_no_plot(tmp_path: Path) -> None:
    rows = [["Position", "Const", "Description", "Title"], ["1", "tt2543164", "saw it twice", "Arrival"]]
    found = read_table(table(tmp_path, *rows))
    assert found.films[0].plot == "" and "Description" in found.unused


def test_a_repeated_row_counts_once_and_columns_say_what_they_became(tmp_path: Path) -> None:
    rows = [["Title", "imdbID", "Poster"], ["A", "tt0000001", "N/A"], ["A", "tt0000001", "N/A"]]
    found = read_table(table(tmp_path, *rows))
    assert len(found.films) == 1 and not found.faults
    assert (found.columns, found.unused) == ({"Title": "movie", "imdbID": "imdb_id"}, ("Poster",))


def test_a_rating_of_nobody_is_not_known(tmp_path: Path) -> None:
    rows = [["title", "vote_average", "vote_count"], ["A", "0.0", "0"], ["B", "6,5", "1.234"]]
    unrated, rated = read_films(table(tmp_path, *rows))
    assert (unrated.rating, rated.rating, rated.votes) == (None, 6.5, 1234)


@pytest.mark.parametrize(
    ("text", "year"), [("2016", 2016), ("2016.0", 2016), ("(2016)", 2016), ("I 2016", 2016), ("2016\u20132019", 2016)]
)
def test_a_year_is_read_however_it_is_written(text: str, year: int) -> None:
    assert year_of({"year": text}) == year


@given(st.integers(0, 9), st.integers(0, 59))
def test_a_running_time_is_the_same_in_hours_and_in_minutes(hours: int, minutes: int) -> None:
    whole = 60 * hours + minutes
    for text in (
        str(whole),
        f"{whole} min",
        f"{hours}h {minutes}m",
        f"PT{hours}H{minutes}M",
        f"{hours} h {minutes} min",
    ):
        assert minutes_of({"runtime_minutes": text}) == (whole or None)


def test_a_column_of_ages_is_no_rating_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "service.csv"
    path.write_text(
        "type,title,release_year,rating\nMovie,The Long Road,1969,PG-13\nMovie,Salt,2006,TV-MA\nMovie,Ran,1985,\n"
    )
    table = read_table(path)
    assert [(film.title, film.year, film.rating) for film in table.films] == [
        ("The Long Road", 1969, None),
        ("Salt", 2006, None),
        ("Ran", 1985, None),
    ]
    assert (table.unused, table.faults) == (("rating",), ())
    path.write_text("title,rating\nThe Long Road,PG-13\nSalt,7.5\n")
    assert [fault.line for fault in read_table(path).faults] == [2]
