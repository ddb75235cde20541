"""IMDb's pages of 2010 to today, as people have saved them."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from errors import MetadataError
from film import Film
from ingest.imdb_page_file import MAX_PAGE_BYTES
from ingest.imdb_pages import parse_page

CASES = Path(os.environ.get("FILMSCORE_DATA", "../shared/data")).parent / "cases" / "pages"

HEAD = '<link rel="canonical" href="http://www.imdb.com/title/tt0084602/">'
MICRODATA = f"""<html><head><title>The Old House (1982) - IMDb</title>{HEAD}</head><body>
<div itemscope itemtype="http://schema.org/Movie"><h1 class="header"><span class="itemprop" itemprop="name">The Old
House</span> <span class="nobr">(<a href="/year/1982/">1982</a>)</span><br/>
<span class="title-extra" itemprop="name">"Das alte Haus" <i>(original title)</i></span></h1>
<div class="infobar">98 min - <span itemprop="genre">Drama</span></div>
<time itemprop="duration" datetime="PT98M">98 min</time><span itemprop="ratingValue">6.4</span>
<span itemprop="ratingCount">1,204</span> Metascore: <a href="criticreviews?ref_=tt_ov_rt">58/100</a>
<a href="criticreviews?ref_=tt_ov_rt">12 critic</a>
<div class="txt-block"><h4 class="inline">Country:</h4> <a>West Germany</a> | <a>Austria</a></div>
</div></body></html>"""
LD = {
    "@type": "Movie",
    "url": "/title/tt0084602/",
    "name": "The Old House",
    "datePublished": "1983-02-01",
    "director": {"@type": "Person", "name": "Jo Example"},
}
BODY = """<div class="title_wrapper"><h1 class="">The Old House&nbsp;<span id="titleYear">(<a>1982</a>)</span></h1>
<div class="originalTitle">Das alte Haus<span> (original title)</span></div>
<div class="subtext">98min | Drama</div></div>
<div class="metacriticScore"><span>58</span></div><div id="titleDetails">
<div class="txt-block"><h4 class="inline">Country:</h4> <a>West Germany</a></div>
<div class="txt-block"><h4 class="inline">Language:</h4> <a>German</a></div>
<div class="txt-block"><h4 class="inline">Filming Locations:</h4> <a>Wien, Austria</a> <a>See more</a></div>
<div class="txt-block"><h4 class="inline">Runtime:</h4> <time datetime="PT98M">98 min</time></div></div>"""
COMBINED = f"""<html><head><title>The Old House (1982)</title>{HEAD}</head><body>
<div id="tn15title"><h1>The Old House <span>(<a href="/year/1982/">1982</a>) 
<span class="pro-link">more</span></span></h1>
<span class="title-extra">Das alte Haus <i>(original title)</i></span></div>
<div class="starbar-meta"><b>6.4/10</b> <a href="ratings" class="tn15more">1,204 votes</a></div>
<div class="info"><h5>Directors:</h5><div class="info-content"><a>Jo Example</a><br/><a>Al Other</a></div></div>
<div class="info"><h5>Genre:</h5><div class="info-content"><a>Drama</a> | <a>Mystery</a>
<a class="tn15more">See more</a></div></div>
<div class="info"><h5>Runtime:</h5><div class="info-content">98 min</div></div>
<div class="info"><h5>Country:</h5><div class="info-content"><a>West Germany</a></div></div>
<div class="info"><h5>Language:</h5><div class="info-content"><a>German</a></div></div>
<div class="info"><h5>Filming Locations:</h5><div class="info-content"><a>Wien, Austria</a> <a>more</a></div></div>
<table class="cast"><tr><td class="nm"><a>Ann One</a></td></tr><tr><td class="nm"><a>Bo Two</a></td></tr></table>
</body></html>"""


def page_2018(ld: dict[str, Any] = LD, body: str = BODY) -> str:
    block = f'<script type="application/ld+json">{json.dumps(ld)}</script>'
    return f"<html><head>{HEAD}{block}</head><body>{body}</body></html>"


def current(address: str = "", **main: Any) -> str:
    above = {"id": "tt0084602", "titleText": {"text": "The Old House"}, "titleType": {"id": "movie"}}
    data = {"props": {"pageProps": {"aboveTheFoldData": above, "mainColumnData": main}}}
    link = f'<link rel="canonical" href="https://www.imdb.com{address}/title/tt0084602/">'
    return f'<html><head>{link}</head><script id="__NEXT_DATA__">{json.dumps(data)}</script></html>'


def saved(folder: Path, html: str | bytes, name: str = "page.html") -> Path:
    path = folder / name
    path.write_bytes(html if isinstance(html, bytes) else html.encode())
    return path


def case(name: str) -> Film:
    if not CASES.exists():
        pytest.skip(f"{CASES} is not here")
    return parse_page(CASES / name)


def test_the_case_of_2010() -> None:
    film = case("2010_2016.html")
    assert (film.imdb_id, film.title, film.other_title) == ("tt0119698", "Princess Mononoke", "Mononoke-hime")
    assert (film.year, film.rating, film.metascore) == (1997, 8.4, 76)


def test_the_case_of_2018() -> None:
    film = case("2018_2021.html")
    assert (film.imdb_id, film.title, film.year, film.metascore) == ("tt2948372", "Soul", 2020, 83)
    assert film.countries == ("USA",)
    assert film.locations == ("Pixar Animation Studios - 1200 Park Avenue, Emeryville, California, USA",)


@pytest.mark.parametrize("name", ["2025_reference.html", "de_canonical.html"])
def test_the_cases_of_the_reference_page(name: str) -> None:
    film = case(name)
    assert (film.imdb_id, film.title, film.year) == ("tt0133093", "The Matrix", 1999)
    assert (film.genres, film.countries) == (("Action", "Sci-Fi"), ("United States", "Australia"))
    assert film.cast == ("Keanu Reeves", "Laurence Fishburne", "Carrie-Anne Moss")
    assert film.directors == ("Lana Wachowski", "Lilly Wachowski")


def test_the_cases_of_a_declared_character_set_and_of_a_control_character() -> None:
    film = case("latin1.html")
    assert (film.imdb_id, film.title) == ("tt0111161", "Sueños de libertad")
    soul = case("ld_control.html")
    assert (soul.imdb_id, soul.title, soul.plot) == ("tt2948372", "Soul", "A jazz pianist")


@pytest.mark.parametrize(("name", "message"), [("tvspecial.html", "a page of a TV Special"), ("waf.html", "challenge")])
def test_the_cases_that_are_no_film(name: str, message: str) -> None:
    with pytest.raises(MetadataError, match=rf"{name}: .*{message}"):
        case(name)


def test_microdata_of_2010_give_year_other_title_and_metascore(tmp_path: Path) -> None:
    film = parse_page(saved(tmp_path, MICRODATA))
    assert (film.title, film.other_title, film.year) == ("The Old House", "Das alte Haus", 1982)
    assert (film.rating, film.votes, film.metascore, film.runtime_minutes) == (6.4, 1204, 58, 98)
    assert (film.countries, film.genres) == (("West Germany", "Austria"), ("Drama",))


def test_a_page_with_json_ld_takes_the_rest_from_its_body(tmp_path: Path) -> None:
    film = parse_page(saved(tmp_path, page_2018()))
    assert (film.title, film.other_title, film.year) == ("The Old House", "Das alte Haus", 1982)
    assert (film.metascore, film.runtime_minutes, film.directors) == (58, 98, ("Jo Example",))
    assert (film.countries, film.languages) == (("West Germany",), ("German",))
    assert film.locations == ("Wien, Austria",)


def test_a_combined_page_is_read(tmp_path: Path) -> None:
    film = parse_page(saved(tmp_path, COMBINED))
    assert (film.imdb_id, film.title, film.other_title) == ("tt0084602", "The Old House", "Das alte Haus")
    assert (film.year, film.rating, film.votes, film.runtime_minutes) == (1982, 6.4, 1204, 98)
    assert (film.directors, film.cast) == (("Jo Example", "Al Other"), ("Ann One", "Bo Two"))
    assert (film.genres, film.countries) == (("Drama", "Mystery"), ("West Germany",))
    assert (film.languages, film.locations) == (("German",), ("Wien, Austria",))


def test_a_combined_page_without_boxes_around_its_labels_is_read_alike(tmp_path: Path) -> None:
    bare = (
        COMBINED.replace('<div class="info">', "").replace('<div class="info-content">', "").replace("</div></div>", "")
    )
    assert bare.count("<div") == 2 and parse_page(saved(tmp_path, bare)) == parse_page(saved(tmp_path, COMBINED))


def test_codes_of_countries_are_no_names(tmp_path: Path) -> None:
    codes = {"countries": [{"id": "AT"}]}
    names = {"countries": [{"id": "AT", "text": "Austria"}]}
    film = parse_page(saved(tmp_path, current(countriesOfOrigin=codes, countriesDetails=names)))
    assert film.countries == ("Austria",)


@pytest.mark.parametrize("address", ["", "/de", "/fr-ca", "/pt"])
def test_an_address_with_a_language_is_imdbs(tmp_path: Path, address: str) -> None:
    assert parse_page(saved(tmp_path, current(address))).imdb_id == "tt0084602"
    linked = page_2018({**LD, "url": f"{address}/title/tt0084602/"}, "").replace(HEAD, "")
    assert parse_page(saved(tmp_path, linked)).imdb_id == "tt0084602"


def test_a_control_character_in_the_data_of_today_s_page_is_read(tmp_path: Path) -> None:
    html = current(spokenLanguages={"spokenLanguages": [{"text": "Ger@man"}]}).replace("@", "\t")
    assert parse_page(saved(tmp_path, html)).languages == ("Ger\tman",)


@pytest.mark.parametrize(
    ("charset", "title"),
    [("iso-8859-1", "Señales d’été"), ("windows-1251", "Старый дом"), ("shift_jis", "古い家"), ("utf-8", "古い家")],
)
def test_a_page_is_read_in_the_character_set_that_it_declares(tmp_path: Path, charset: str, title: str) -> None:
    html = MICRODATA.replace("The Old\nHouse", title).replace("<head>", f'<head><meta charset="{charset}">')
    data = html.encode("cp1252" if charset == "iso-8859-1" else charset)
    assert parse_page(saved(tmp_path, data)).title == title


def test_utf_16_gzip_and_mhtml_are_read(tmp_path: Path) -> None:
    expected = parse_page(saved(tmp_path, MICRODATA))
    assert parse_page(saved(tmp_path, MICRODATA.encode("utf-16"))) == expected
    assert parse_page(saved(tmp_path, MICRODATA.encode("utf-16-le"))) == expected
    assert parse_page(saved(tmp_path, gzip.compress(MICRODATA.encode()), "page.html.gz")) == expected
    quoted = MICRODATA.replace("=", "=3D")
    mhtml = (
        "From: <Saved by a browser>\r\nSubject: The Old House\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="cut"\r\n\r\n--cut\r\nContent-Type: text/html; '
        f"charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}\r\n--cut--\r\n"
    )
    assert parse_page(saved(tmp_path, mhtml, "page.mhtml")) == expected


@pytest.mark.parametrize(
    ("html", "message"),
    [
        (MICRODATA.replace("98 min - ", "TV Special - 98 min - "), "a page of a TV Special"),
        (page_2018(body=BODY.replace("98min | Drama", "Episode aired 3 March 1982")), "a page of a Episode"),
        (COMBINED.replace("(<a", "(TV Series <a"), "a page of a TV Series"),
        ("<html><script src='https://x.awswaf.com/challenge.js'></script></html>", "challenge for scripts"),
        ("<html>Sue\xf1os</html>".encode("latin-1"), "line 1 is not UTF-8, and the page names no other"),
        ("<html><meta charset='rot13'>Sue\xf1os</html>".encode("latin-1"), "names no other character set"),
        (b"<html><meta charset='shift_jis'>\x80\xff</html>", "not in shift_jis, as it says of itself"),
        (b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHello", "no HTML is in this"),
        (gzip.compress(MICRODATA.encode())[:-40], r"truncated or damaged \.gz"),
        (gzip.compress(b"\0" * (MAX_PAGE_BYTES + 1)), "larger than 20 MB"),
    ],
)
def test_what_is_no_page_of_a_film_is_refused_by_what_it_is(tmp_path: Path, html: str | bytes, message: str) -> None:
    with pytest.raises(MetadataError, match=rf"page\.html: .*{message}"):
        parse_page(saved(tmp_path, html))
