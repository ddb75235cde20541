"""What lies beside a film comes into the library with it, by a stated precedence, and never ends an ingest."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.home import Home
from db.state.store import State
from db.upkeep.backup import backup, restore
from film import AnalysisStatus, Film
from ingest.discover import FoundFilm, describe
from ingest.hear import Outcome
from ingest.matching import FileName, match
from ingest.matching_folder import file_name
from ingest.matching_titles import Title, TitleIndex
from service.library.companions import PROFILE, Companions
from service.library.identities import Identities
from service.library.posters import forget_poster, poster_of
from tests.media.test_posters import picture
from tests.media.test_tags import tagged

MOVIE = "<movie><title>Heat</title><year>1995</year><id>tt0113277</id><genre>Crime</genre>{}</movie>"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


@pytest.fixture
def state(home: Home) -> Iterator[State]:
    with State.open(home) as opened:
        yield opened


def film(folder: Path, name: str, **beside: str) -> FoundFilm:
    path = folder / "films" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(name.encode())
    for kind, text in beside.items():
        (path.parent / {"nfo": "movie.nfo"}.get(kind, kind)).write_text(text, "utf-8")
    return describe(path, folder / "films")


def taken(state: State, home: Home, found: FoundFilm, sha256: str = "ab" * 32) -> tuple[Film, tuple[str, ...]]:
    """The film after an ingest of a file that is heard already."""
    with Companions(home, state) as companions:
        told = companions.of(found)
        outcome = Outcome(found.path, AnalysisStatus.SKIPPED, media_sha256=sha256, model_version="m")
        film_id, _ = Identities(state, "", []).resolve(found, outcome, told.imdb_id, told.inside)
        notes = companions.keep(film_id, told)
        companions.keep_taste()
    return state.get_film(film_id), notes


def test_an_nfo_file_stands_before_the_name_and_a_table_and_behind_the_curator(
    home: Home, state: State, tmp_path: Path
) -> None:
    film_id = state.add_film(
        Film("Haet", year=1994, imdb_id="tt0113277", plot="Of a table.", genres=("Drama",)), "table"
    )
    state.update_film(film_id, genres=("Crime", "Film noir"))
    found, notes = taken(state, home, film(tmp_path, "x/hEaT.1080p.mkv", nfo=MOVIE.format("")))
    assert notes == () and found.film_id == film_id
    assert (found.title, found.year, found.plot, found.genres) == ("Heat", 1995, "Of a table.", ("Crime", "Film noir"))


def test_a_changed_nfo_file_is_read_again(home: Home, state: State, tmp_path: Path) -> None:
    first, _ = taken(state, home, film(tmp_path, "Heat (1995)/x.mkv", nfo=MOVIE.format("")))
    again, _ = taken(state, home, film(tmp_path, "Heat (1995)/x.mkv", nfo=MOVIE.format("<director>Mann</director>")))
    assert again.film_id == first.film_id and again.directors == ("Mann",)


def test_an_address_alone_finds_the_film_that_is_known(home: Home, state: State, tmp_path: Path) -> None:
    known = state.add_film(Film("Heat", year=1995, imdb_id="tt0113277", directors=("Michael Mann",)), "table")
    state.add_film(Film("Heat", year=1986, imdb_id="tt0093164"), "table")
    found, _ = taken(state, home, film(tmp_path, "Heat/x.mkv", nfo="https://www.imdb.com/title/tt0113277/"))
    assert (found.film_id, found.title, found.directors) == (known, "Heat", ("Michael Mann",))


def test_another_id_is_another_film(home: Home, state: State, tmp_path: Path) -> None:
    other = state.add_film(Film("Heat", year=1995, imdb_id="tt0000001"), "table")
    found, _ = taken(state, home, film(tmp_path, "Heat (1995)/x.mkv", nfo=MOVIE.format("")))
    assert found.film_id != other and found.imdb_id == "tt0113277"


def test_ratings_and_what_was_watched_become_a_profile(home: Home, state: State, tmp_path: Path) -> None:
    def rated(name: str, said: str) -> int:
        text = f"<movie><title>{name}</title>{said}</movie>"
        found, _ = taken(state, home, film(tmp_path, f"{name}/x.mkv", nfo=text), name[0].lower() * 64)
        return found.film_id or 0

    liked = rated("A", "<userrating>8</userrating>")
    averse = rated("B", "<userrating>2</userrating>")
    seen = rated("C", "<playcount>1</playcount>")
    rated("D", "<playcount>0</playcount><watched>false</watched>")
    profile = state.get_profile(PROFILE)
    assert (profile["like"], profile["dislike"]) == (str(liked), str(averse))
    assert set(profile["seen"].split(",")) == {str(liked), str(averse), str(seen)}
    assert rated("A", "<userrating>3</userrating>") == liked
    assert str(liked) in state.get_profile(PROFILE)["dislike"].split(",")


@pytest.mark.fault("A hostile NFO file beside a film", "the film is known by its name, and a line names the file")
def test_a_bad_nfo_file_is_a_line_and_the_film_goes_on(home: Home, state: State, tmp_path: Path) -> None:
    bad = '<!DOCTYPE m [<!ENTITY e SYSTEM "file:///etc/passwd">]><movie><title>&e;</title></movie>'
    found, notes = taken(state, home, film(tmp_path, "Heat (1995)/x.mkv", nfo=bad))
    assert (found.title, found.year) == ("Heat", 1995)
    assert len(notes) == 1 and notes[0].startswith("movie.nfo: declares a document type")


@pytest.mark.forbidden("A link beside a film that leads out of the media roots")
def test_what_may_not_be_read_is_not_read(home: Home, state: State, tmp_path: Path) -> None:
    found = film(tmp_path, "Heat (1995)/x.mkv", nfo=MOVIE.format(""))
    with Companions(home, state, refused=lambda path: "outside of the media roots.") as companions:
        told = companions.of(found)
    assert told.nfo is None and told.notes == ("movie.nfo: outside of the media roots.",)


def test_a_poster_is_kept_renewed_and_removed_with_the_film(home: Home, state: State, tmp_path: Path) -> None:
    found = film(tmp_path, "Heat (1995)/x.mkv")
    beside = found.path.parent / "poster.jpg"
    beside.write_bytes(b"no picture")
    kept, notes = taken(state, home, found)
    assert poster_of(home, kept) is None and notes == (
        "poster.jpg: not a JPEG, PNG or WebP picture. Convert it, or remove it.",
    )
    beside.write_bytes(picture())
    kept, notes = taken(state, home, found)
    drawn = poster_of(home, kept)
    assert drawn is not None and notes == ()
    backup(home, tmp_path / "kept.tar")
    elsewhere = Home.at(tmp_path / "elsewhere")
    restore(elsewhere, tmp_path / "kept.tar")
    assert poster_of(elsewhere, kept) == drawn
    beside.write_bytes(picture("PNG", (900, 900)))
    os.utime(beside, (later := time.time() + 60, later))
    taken(state, home, found)
    assert poster_of(home, kept) not in (None, drawn)
    forget_poster(home, kept)
    assert poster_of(home, kept) is None


def test_a_file_whose_name_says_nothing_is_named_by_its_container(home: Home, state: State, tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    path = tagged(tmp_path / "films" / "0123456789abcdef0123.mkv", {"title": "The Quiet Sea", "date": "1987"}, [])
    other = tagged(tmp_path / "films" / "Red Harbour.mkv", {"title": "Encoded by somebody"}, [])
    quiet, _ = taken(state, home, describe(path, tmp_path / "films"))
    red, _ = taken(state, home, describe(other, tmp_path / "films"), "cd" * 32)
    assert [(one.title, one.year) for one in (quiet, red)] == [("The Quiet Sea", 1987), ("Red Harbour", None)]


def test_matching_takes_the_id_of_the_nfo_file(tmp_path: Path) -> None:
    found = film(tmp_path, "0001/x.mkv", nfo=MOVIE.format(""))
    name = file_name(found.path, tmp_path / "films")
    titles = [Title("tt0113277", ("Heat",), 1995), Title("tt0093164", ("Heat",), 1986)]
    assert match(name, TitleIndex(titles)).accepted == "tt0113277"
    assert match(name, TitleIndex(titles[1:])).accepted is None
    in_name = FileName(Path("[tt0093164].mkv"), "Heat [tt0093164]", imdb_id="tt0113277")
    assert match(in_name, TitleIndex(titles)).accepted == "tt0093164"
