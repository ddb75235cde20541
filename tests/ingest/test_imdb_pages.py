"""Saved title pages in the three layouts, written by us after IMDb's structure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from errors import MetadataError
from film import Film
from ingest.imdb_pages import parse_page
from ingest.metadata_csv import read_films

ABOVE: dict[str, Any] = {
    "id": "tt0045897",
    "titleText": {"text": "I Confess"},
    "originalTitleText": {"text": "I Confess!"},
    "titleType": {"id": "movie", "text": "Movie"},
    "releaseYear": {"year": 1953},
    "runtime": {"seconds": 5700},
    "ratingsSummary": {"aggregateRating": 7.3, "voteCount": 21000},
    "metacritic": {"metascore": {"score": 73}},
    "genres": {"genres": [{"text": "Crime"}, {"text": "Drama"}, {"text": "Thriller"}]},
}


def named(name: str) -> dict[str, Any]:
    return {"name": {"nameText": {"text": name}}}


MAIN: dict[str, Any] = {
    "countriesOfOrigin": {"countries": [{"text": "United States"}]},
    "directors": [{"credits": [named("Alfred Hitchcock")]}],
    "cast": {"edges": [{"node": named("Montgomery Clift")}, {"node": named("Anne Baxter")}]},
    "filmingLocations": {"edges": [{"node": {"text": "Québec, Canada"}}], "total": 9},
}


def next_page(props: dict[str, Any]) -> str:
    data = json.dumps({"props": {"pageProps": props}}, ensure_ascii=False)
    return (
        '<html><head><link rel="canonical" href="https://www.imdb.com/title/tt0045897/"></head><body>'
        f'<script id="__NEXT_DATA__" type="application/json">{data}</script></body></html>'
    )


LD = """<html><head><title>Vertigo (1958) - IMDb</title><script type="application/ld+json">
{"@type": "Movie", "url": "https://www.imdb.com/title/tt0052357/", "name": "Vertigo &amp; Co",
 "aggregateRating": {"ratingCount": 1000, "ratingValue": 8.2}, "genre": ["Mystery", "Romance"],
 "datePublished": "1958-07-21", "duration": "PT2H8M", "actor": [{"@type": "Person", "name": "James Stewart"}],
 "director": [{"@type": "Person", "name": "Alfred Hitchcock"}]}</script></head></html>"""

OLD = """<html><head><meta property="og:url" content="http://www.imdb.com/title/tt0093412/"></head><body>
<div id="pagecontent" itemscope itemtype="http://schema.org/Movie">
<h1 itemprop="name" class="">Law of Desire&nbsp;<span id="titleYear">(<a href="/year/1987/">1987</a>)</span></h1>
<div class="originalTitle">La ley del deseo<span class="description"> (original title)</span></div>
<span itemprop="ratingValue">7.2</span><span itemprop="ratingCount">9,876</span>
<div class="metacriticScore score_favorable titleReviewBarSubItem"><span>71</span></div>
<span itemprop="director" itemscope><a href="/name/nm1"><span itemprop="name">Pedro Almodóvar</span></a></span>
<td itemprop="actor" itemscope><a href="/name/nm2"><span itemprop="name">Eusebio Poncela</span></a></td>
<span itemprop="genre">Comedy</span><span itemprop="genre">Drama</span>
<div class="txt-block"><h4 class="inline">Country:</h4> <a>Spain</a></div>
<div class="txt-block"><h4 class="inline">Filming Locations:</h4> <a>Madrid, Spain</a> <a>See more</a></div>
</div></body></html>"""


def saved(tmp_path: Path, html: str, name: str = "page.html") -> Path:
    path = tmp_path / name
    path.write_text(html, encoding="utf-8")
    return path


def test_the_current_layout_gives_the_twelve_fields(tmp_path: Path) -> None:
    film = parse_page(saved(tmp_path, next_page({"aboveTheFoldData": ABOVE, "mainColumnData": MAIN})))
    assert (film.title, film.imdb_id, film.other_title, film.year) == ("I Confess", "tt0045897", "I Confess!", 1953)
    assert (film.rating, film.votes, film.metascore, film.runtime_minutes) == (7.3, 21000, 73, 95)
    assert film.genres == ("Crime", "Drama", "Thriller")
    assert film.countries == ("United States",)
    assert film.directors == ("Alfred Hitchcock",)
    assert film.cast == ("Montgomery Clift", "Anne Baxter")
    assert film.locations == ("Québec, Canada",)


@pytest.mark.parametrize("lacking", ["metacritic", "runtime", "ratingsSummary", "releaseYear", "genres"])
def test_what_is_null_is_not_known(tmp_path: Path, lacking: str) -> None:
    film = parse_page(
        saved(tmp_path, next_page({"aboveTheFoldData": {**ABOVE, lacking: None}, "mainColumnData": None}))
    )
    assert film.title == "I Confess"
    assert film.directors == film.cast == film.locations == ()


def test_the_reference_page_lists_credits_by_group(tmp_path: Path) -> None:
    above = {
        **{key: value for key, value in ABOVE.items() if key != "metacritic"},
        "castV2": [{"grouping": {"text": "Cast"}, "credits": [named("Montgomery Clift")]}],
        "crewV2": [
            {"grouping": {"text": "Assistant Director"}, "credits": [named("Don Page")]},
            {"grouping": {"text": "Director of Photography"}, "credits": [named("Robert Burks")]},
            {"grouping": {"text": "Director"}, "credits": [named("Alfred Hitchcock")]},
        ],
    }
    main = {
        "countriesDetails": {"countries": [{"text": "United States"}]},
        "metacritic": {"metascore": {"score": 73}},
    }
    film = parse_page(saved(tmp_path, next_page({"aboveTheFoldData": above, "mainColumnData": main})))
    assert film.directors == ("Alfred Hitchcock",)
    assert film.cast == ("Montgomery Clift",)
    assert (film.metascore, film.countries) == (73, ("United States",))


def test_the_locations_page_gives_all_locations(tmp_path: Path) -> None:
    content = {
        "entityMetadata": ABOVE,
        "categories": [
            {"id": "flmg_dates", "section": {"items": [{"cardText": "1952"}]}},
            {"id": "flmg_locations", "section": {"items": [{"cardText": "Québec"}, {"cardText": "Burbank"}]}},
        ],
    }
    film = parse_page(saved(tmp_path, next_page({"contentData": content})))
    assert film.locations == ("Québec", "Burbank")


def test_a_locations_page_without_the_title_s_data_has_it_from_its_head(tmp_path: Path) -> None:
    content = {"categories": [{"id": "flmg_locations", "section": {"items": [{"cardText": "Québec"}]}}]}
    html = next_page({"contentData": content}).replace(
        "<head>", "<head><title>I Confess (1953) - Filming &amp; production - IMDb</title>"
    )
    film = parse_page(saved(tmp_path, html))
    assert (film.title, film.imdb_id, film.locations) == ("I Confess", "tt0045897", ("Québec",))


@pytest.mark.parametrize(
    ("above", "main"),
    [
        (
            {
                "id": "tt0045897",
                "titleText": {"text": "I Confess"},
                **dict.fromkeys(["originalTitleText", "titleType", "releaseYear", "runtime", "ratingsSummary"]),
                **dict.fromkeys(["metacritic", "genres", "plot"]),
            },
            dict.fromkeys(MAIN),
        ),
        (
            {
                "id": "tt0045897",
                "titleText": {"text": "I Confess"},
                "originalTitleText": {"text": None},
                "releaseYear": {"year": None},
                "runtime": {"seconds": None},
                "ratingsSummary": {"aggregateRating": None, "voteCount": None},
                "metacritic": {"metascore": None},
                "genres": {"genres": [None, {"text": None}]},
            },
            {
                "countriesOfOrigin": {"countries": None},
                "directors": [None, {"credits": None}, {"credits": [{"name": None}]}],
                "cast": {"edges": [None, {"node": None}, {"node": {"name": {"nameText": None}}}]},
                "filmingLocations": {"edges": [{"node": {"text": None}}]},
            },
        ),
    ],
)
def test_nulls_everywhere_are_not_known(tmp_path: Path, above: dict[str, Any], main: dict[str, Any]) -> None:
    film = parse_page(saved(tmp_path, next_page({"aboveTheFoldData": above, "mainColumnData": main})))
    assert film == Film("I Confess", imdb_id="tt0045897")


@pytest.mark.parametrize(
    ("field", "value"), [("releaseYear", {"year": 99999}), ("ratingsSummary", {"aggregateRating": 71})]
)
def test_values_that_no_film_has_are_refused(tmp_path: Path, field: str, value: dict[str, float]) -> None:
    with pytest.raises(MetadataError, match=r"page\.html: its (year|rating) is (99999|71\.0), not between"):
        parse_page(saved(tmp_path, next_page({"aboveTheFoldData": {**ABOVE, field: value}, "mainColumnData": MAIN})))


@pytest.mark.parametrize(
    "wrapped",
    [
        LD.replace('{"@type": "Movie"', '[{"@type": "Movie"').replace("}]}</script>", "}]}]</script>"),
        LD.replace('{"@type": "Movie"', '{"@graph": [{"@type": "Movie"').replace("}]}</script>", "}]}]}</script>"),
        LD.replace('"Movie"', '["Movie", "Product"]'),
        LD.replace(
            "<script",
            '<script type="application/ld+json">{"@type": "BreadcrumbList", "name": "IMDb"}</script><script',
            1,
        ),
    ],
)
def test_json_ld_is_found_in_every_wrapping(tmp_path: Path, wrapped: str) -> None:
    assert wrapped != LD
    assert parse_page(saved(tmp_path, wrapped)) == parse_page(saved(tmp_path, LD))


def test_the_pages_of_one_film_are_joined_in_the_file(tmp_path: Path) -> None:
    title = saved(tmp_path, next_page({"aboveTheFoldData": ABOVE, "mainColumnData": MAIN}), "title.html")
    items = [{"cardText": "Québec, Canada"}, {"cardText": "Burbank"}]
    content = {"entityMetadata": ABOVE, "categories": [{"id": "flmg_locations", "section": {"items": items}}]}
    locations = saved(tmp_path, next_page({"contentData": content}), "locations.html")
    out = tmp_path / "films.csv"
    answer = CliRunner().invoke(app, ["imdb", "parse", str(title), str(locations), "--out", str(out)])
    assert answer.exit_code == 0, answer.output
    [film] = read_films(out)
    assert film.locations == ("Québec, Canada", "Burbank")
    assert film.directors == ("Alfred Hitchcock",)


def test_json_ld_serves_where_the_data_block_is_missing(tmp_path: Path) -> None:
    film = parse_page(saved(tmp_path, LD))
    assert (film.title, film.imdb_id, film.year, film.runtime_minutes) == ("Vertigo & Co", "tt0052357", 1958, 128)
    assert (film.rating, film.votes, film.genres) == (8.2, 1000, ("Mystery", "Romance"))
    assert (film.directors, film.cast) == (("Alfred Hitchcock",), ("James Stewart",))


def test_the_old_layout_is_read(tmp_path: Path) -> None:
    film = parse_page(saved(tmp_path, OLD))
    assert (film.title, film.other_title, film.year) == ("Law of Desire", "La ley del deseo", 1987)
    assert (film.imdb_id, film.rating, film.votes, film.metascore) == ("tt0093412", 7.2, 9876, 71)
    assert (film.countries, film.locations) == (("Spain",), ("Madrid, Spain",))
    assert (film.genres, film.directors, film.cast) == (("Comedy", "Drama"), ("Pedro Almodóvar",), ("Eusebio Poncela",))


SERIES = next_page({"aboveTheFoldData": {**ABOVE, "titleType": {"id": "tvSeries", "text": "TV Series"}}})
OTHER = '<html><head><link rel="canonical" href="https://www.example.org/x"></head><h1 itemprop="name">X</h1></html>'


@pytest.mark.parametrize(
    ("html", "message"),
    [
        (SERIES, "a page of a TV Series, not of a film"),
        (LD.replace('"Movie"', '"TVSeries"'), "a page of a TVSeries"),
        (OLD.replace("/Movie", "/TVSeries"), r"page\.html: a page of a TV series"),
        (OTHER, r"a page of www\.example\.org, not of imdb\.com"),
        (OTHER.replace("www.example.org", "imdb.com.example.org"), r"imdb\.com\.example\.org"),
        (LD.replace("www.imdb.com", "films.example.org"), r"a page of films\.example\.org"),
        ("<html></html>", "no title of IMDb"),
        ("", "no title of IMDb"),
        (next_page({})[:-60], "no title of IMDb|cut or damaged"),
        (next_page({"aboveTheFoldData": [1], "mainColumnData": "x"}), "no title of IMDb"),
    ],
)
def test_a_page_of_something_else_is_refused_by_name(tmp_path: Path, html: str, message: str) -> None:
    with pytest.raises(MetadataError, match=message):
        parse_page(saved(tmp_path, html))


def test_the_command_reports_each_page_and_ends_with_1_if_some_failed(tmp_path: Path) -> None:
    good = saved(tmp_path, next_page({"aboveTheFoldData": ABOVE, "mainColumnData": MAIN}), "good.html")
    bad = saved(tmp_path, SERIES, "bad.html")
    answer = CliRunner().invoke(app, ["imdb", "parse", str(good), str(bad), "--json"])
    assert answer.exit_code == 1
    first, second = json.loads(answer.stdout)
    assert first["error"] is None
    assert first["imdb_link"] == "https://www.imdb.com/title/tt0045897/"
    assert first["director"] == ["Alfred Hitchcock"]
    assert second["movie"] is None
    assert "TV Series" in second["error"]
    assert set(first) == {
        "file", "movie", "imdb_id", "imdb_link", "other_title", "year", "rating", "metascore", "countries", "locations",
        "genres", "cast", "director", "error",
    }  # fmt: skip
