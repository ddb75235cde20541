"""NFO files: what Kodi, Jellyfin and people write, and what must be refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from errors import MetadataError
from film import Film
from ingest.beside import FilmFolder
from ingest.nfo import LARGEST_BYTES, Nfo, read_nfo
from tests.ingest.test_film_parts import make

KODI = """<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>
<movie>
  <title>Arrival</title><originaltitle>Story of Your Life</originaltitle>
  <ratings>
    <rating name="themoviedb" max="10" default="true"><value>7.6</value><votes>16000</votes></rating>
    <rating name="imdb" max="10"><value>7.9</value><votes>826,524</votes></rating>
    <rating name="metacritic" max="100"><value>81</value></rating>
  </ratings>
  <userrating>9</userrating><playcount>2</playcount><watched>true</watched>
  <plot>A linguist works with the military.</plot><runtime>116</runtime>
  <id>329865</id><uniqueid type="tmdb" default="true">329865</uniqueid><uniqueid type="imdb">tt2543164</uniqueid>
  <genre>Drama</genre><genre>Science Fiction</genre><tag>linguistics</tag><tag>first contact</tag>
  <set><name>Heptapods</name><overview>None.</overview></set>
  <country>United States of America</country><credits>Eric Heisserer</credits><credits>Ted Chiang</credits>
  <director>Denis Villeneuve</director><premiered>2016-11-10</premiered>
  <actor><name>Jeremy Renner</name><role>Ian</role><order>1</order></actor>
  <actor><name>Amy Adams</name><role>Louise</role><order>0</order></actor>
  <actor><name>Jóhann Jóhannsson</name><type>Composer</type></actor>
</movie>
"""


def nfo(folder: Path, text: str | bytes, name: str = "movie.nfo") -> Nfo:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_nfo(path)


def test_all_fields_of_a_kodi_file(tmp_path: Path) -> None:
    found = nfo(tmp_path, KODI)
    assert found.film == Film(
        "Arrival", other_title="Story of Your Life", directors=("Denis Villeneuve",), year=2016, imdb_id="tt2543164",
        rating=7.9, votes=826_524, metascore=81, runtime_minutes=116, countries=("United States of America",),
        genres=("Drama", "Science Fiction"), cast=("Amy Adams", "Jeremy Renner"),
        writers=("Eric Heisserer", "Ted Chiang"), composers=("Jóhann Jóhannsson",),
        tags=("linguistics", "first contact"), film_set="Heptapods",
        plot="A linguist works with the military.",
    )  # fmt: skip
    assert (found.user_rating, found.watched, found.notes) == (9, True, ())


def test_the_older_way_of_writing(tmp_path: Path) -> None:
    text = """<movie><title>Heat</title><year>1995</year><rating>8.3</rating><votes>700 000</votes><id>tt0113277</id>
        <genre>Crime / Drama</genre><set>Mann</set><runtime>170 min</runtime><userrating>0</userrating></movie>"""
    found = nfo(tmp_path, text)
    assert (found.film.rating, found.film.votes, found.film.imdb_id) == (8.3, 700_000, "tt0113277")
    assert (found.film.genres, found.film.film_set, found.film.runtime_minutes) == (("Crime", "Drama"), "Mann", 170)
    assert (found.user_rating, found.watched) == (None, False)


@pytest.mark.parametrize(
    "text",
    [
        "https://www.imdb.com/title/tt0113277/",
        "\ufeffhttps://www.imdb.com/de/title/tt0113277/?ref_=x\r\n",
        "ÛÛÛ a release ÛÛÛ\n IMDB: http://imdb.com/title/tt0113277 \n ÛÛÛ",
        "tt0113277\n",
        "<movie></movie>\nhttps://www.imdb.com/title/tt0113277/",
    ],
)
def test_an_address_alone_names_the_film(tmp_path: Path, text: str) -> None:
    assert nfo(tmp_path, text).film.imdb_id == "tt0113277"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="UTF-8"?>\n'])
def test_letters_arrive_in_every_encoding(tmp_path: Path, encoding: str, declaration: str) -> None:
    if encoding == "utf-16" and declaration:
        declaration = declaration.replace("UTF-8", "UTF-16")
    text = f"{declaration}<movie><title>Amélie</title></movie>"
    assert nfo(tmp_path, text.encode(encoding)).film.title == "Amélie"


def test_numbers_out_of_range_are_left_out_and_named(tmp_path: Path) -> None:
    found = nfo(tmp_path, "<movie><title>Heat</title><year>9999</year><rating>79</rating></movie>")
    assert (found.film.year, found.film.rating, len(found.notes)) == (None, None, 2)
    assert all(note.startswith("movie.nfo: ") for note in found.notes)


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
HOSTILE = {
    "billion laughs": f'<!DOCTYPE movie [<!ENTITY l0 "lol">{LAUGHS}]><movie><title>&l9;</title></movie>',
    "a file of this machine": '<!DOCTYPE m [<!ENTITY e SYSTEM "file:///etc/passwd">]><movie><title>&e;</title></movie>',
    "a document type from outside": '<!DOCTYPE movie SYSTEM "http://localhost/x.dtd"><movie><title>x</title></movie>',
    "too large": "<movie><title>" + "x" * LARGEST_BYTES + "</title></movie>",
    "deep": "<movie>" + "<a>" * 100_000,
    "cut off": KODI[:700],
    "no XML": "<movie><title>Tom & Jerry</title></movie>",
    "empty": " \n",
    "unknown encoding": '<?xml version="1.0" encoding="no-such"?><movie><title>x</title></movie>',
    "a series": "<tvshow><title>x</title></tvshow>",
    "an episode": "<episodedetails><title>x</title></episodedetails>",
    "no title": "<movie><plot>x</plot></movie>",
    "text": "Thanks to all of you!",
    "two films": "https://www.imdb.com/title/tt0113277/ https://www.imdb.com/title/tt0122690/",
    "zeros": b"\0" * 5000,
    "junk": bytes(range(256)) * 20,
}


@pytest.mark.fault("An NFO file that is hostile, broken, too large or of no film", times=len(HOSTILE))
@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_nfo_of_a_film_is_refused_in_one_line(tmp_path: Path, kind: str) -> None:
    with pytest.raises(MetadataError, match=r"^movie\.nfo: ") as refused:
        nfo(tmp_path, HOSTILE[kind])
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 200
    assert "lol" not in str(refused.value) and "root" not in str(refused.value)


@pytest.mark.parametrize(
    ("film", "files", "expected"),
    [
        ("Heat.mkv", ["Heat.nfo", "movie.nfo", "Ronin.mkv"], "Heat.nfo"),
        ("Heat.mkv", ["movie.nfo", "Ronin.mkv"], ""),
        ("Heat.mkv", ["Ronin.nfo", "Ronin.mkv"], ""),
        ("Heat.mkv", ["movie.nfo", "Heat-trailer.mkv"], "movie.nfo"),
        ("Heat (1995)/x.mkv", ["Heat (1995)/MOVIE.NFO"], "Heat (1995)/MOVIE.NFO"),
        ("Heat (1995)/x.mkv", ["Heat (1995)/Heat (1995).nfo"], "Heat (1995)/Heat (1995).nfo"),
        ("Heat (1995)/x.mkv", ["Heat (1995)/release.nfo"], "Heat (1995)/release.nfo"),
        ("Heat (1995)/x.mkv", ["Heat (1995)/a.nfo", "Heat (1995)/b.nfo"], ""),
        ("Heat (1995)/Heat (1995) - 2160p.mkv", ["Heat (1995)/Heat (1995) - 1080p.mkv", "Heat (1995)/movie.nfo"],
         "Heat (1995)/movie.nfo"),
        ("Heat (1995)/Heat (1995)-cd1.avi", ["Heat (1995)/Heat (1995)-cd2.avi", "Heat (1995)/Heat (1995).nfo"],
         "Heat (1995)/Heat (1995).nfo"),
        ("Heat (1995)/CD1/a.avi", ["Heat (1995)/CD2/a.avi", "Heat (1995)/movie.nfo"], "Heat (1995)/movie.nfo"),
        ("Heat/VIDEO_TS/VTS_01_1.VOB", ["Heat/VIDEO_TS/VIDEO_TS.nfo"], "Heat/VIDEO_TS/VIDEO_TS.nfo"),
        ("Heat/BDMV/STREAM/1.m2ts", ["Heat/BDMV/index.nfo"], "Heat/BDMV/index.nfo"),
        ("Heat/BDMV/STREAM/1.m2ts", ["Heat/movie.nfo"], "Heat/movie.nfo"),
    ],
)  # fmt: skip
def test_which_file_is_the_film_s(tmp_path: Path, film: str, files: list[str], expected: str) -> None:
    make(tmp_path, film, *files)
    found = FilmFolder.of(tmp_path / film, tmp_path).nfo(tmp_path / film)
    assert (found.relative_to(tmp_path).as_posix() if found else "") == expected
