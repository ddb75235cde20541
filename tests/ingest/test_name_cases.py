"""Names that users of other tools reported: a kept list (`../cases/names.tsv`), and others of the same kinds."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from ingest.matching import FileName, Match, match
from ingest.matching_titles import Title, TitleIndex
from tests.ingest.test_matching import DATA, catalogue

CASES = DATA.parent / "cases" / "names.tsv"

TITLES = [
    Title("tt0000001", ("The Long Road",), 1969, ("Ann Bell",), 99),
    Title("tt0000002", ("The Long Road",), 2003, ("Cy Dahl",), 111),
    Title("tt0000003", ("Harbour Lights",), 1988, ("Ivo Mann",), 104),
    Title("tt0000004", ("The Night Train to Lisbon",), 1988, ("Ann Bell",), 120),
    Title("tt0000005", ("Bragg: A Tale of Two Harbours",), 1999, ("Ann Bell",), 90),
    Title("tt0000006", ("Dr. Orlok or: How I Lost My Sleep",), 1962, ("Ivo Mann",), 95),
    Title("tt0000007", ("Kite or (The Virtue of Wind)",), 2012, ("Cy Dahl",), 95),
    Title("tt0000008", ("Q.X. the Visitor",), 1981, ("Cy Dahl",), 95),
    Title("tt0000009", ("Grabber 2: Day of Wrath",), 1992, ("Cy Dahl",), 95),
    Title("tt0000010", ("Heaven: Dawn",), 2011, ("Cy Dahl",), 95),
    Title("tt0000011", ("Heaven: Dusk",), 2011, ("Cy Dahl",), 95),
    Title("tt0000012", ("Wall/Eye",), 1997, ("Cy Dahl",), 95),
    Title("tt0000013", ("Larry Kettle and the Lost Lamp",), 2001, ("Cy Dahl",), 95),
    Title("tt0000014", ("H4rbour",), 2005, ("Cy Dahl",), 95),
    Title("tt0000015", ("City of the Found, The", "Cité des trouvés, La"), 1995, ("Cy Dahl",), 95),
    Title("tt0000016", ("L'Été à Genève",), 1972, ("Cy Dahl",), 95),
    Title("tt0000017", ("Spider Wasp",), 2004, ("Cy Dahl",), 95),
    Title("tt0000018", ("Wasp",), 2004, ("Ann Bell",), 95),
    Title("tt0000019", ("The Lamp of Ages: Book II - The Keeper of Salt",), 2006, ("Cy Dahl",), 95),
    Title("tt0000020", ("Grabber",), 1988, ("Cy Dahl",), 95),
]
INDEX = TitleIndex(TITLES)


def ask(path: str, index: TitleIndex = INDEX, runtime_minutes: float | None = None) -> Match:
    whole = Path(path)
    folders = (*reversed(whole.parts[:-1]), "films")
    return match(FileName(whole, whole.stem, folders, runtime_minutes), index)


@pytest.mark.parametrize(
    ("path", "imdb_id"),
    [
        ("The Long Road [imdbid-tt0000001].mkv", "tt0000001"),
        ("The Long Road {imdb-tt0000002}/The Long Road.mkv", "tt0000002"),
        ("Harbour Lights (1988)/tt0000003.avi", "tt0000003"),
        ("Something else tt0000003.avi", "tt0000003"),
        ("Harbour Lights (1988)/movie.mkv", "tt0000003"),
        ("Harbour Lights (1988)/hl-dvd-cd1.avi", "tt0000003"),
        ("Harbour Lights (1988)/cd1.avi", "tt0000003"),
        ("Harbour Lights (1988)/VIDEO_TS/VTS_01_1.VOB", "tt0000003"),
        ("Harbour Lights (1988)/BDMV/STREAM/00001.m2ts", "tt0000003"),
        ("Harbour.Lights.1988.1080p.BluRay.x264-GRP/grp-hl.mkv", "tt0000003"),
        ("Ivo Mann/Harbour Lights (1988)/x.mkv", "tt0000003"),
        ("Movies/H/Harbour Lights (1988)/x.mkv", "tt0000003"),
        ("The Long Road (2003)/The Long Road.mkv", "tt0000002"),
        ("Ivo Mans (1988)/Harbour Lights (1988).mkv", "tt0000003"),
    ],
)
def test_ids_and_own_folders_decide(path: str, imdb_id: str) -> None:
    assert ask(path).accepted == imdb_id


@pytest.mark.parametrize(
    "path",
    [
        "The Long Road [tt0000001] [tt0000002].mkv",
        "The Long Road (2003) [tt0000999].mkv",
        "Harbour Lights (1988)/The Night Train to Lisbon.mkv",
        "Harbour Lights (1988)/Harbour Lights-trailer.mkv",
        "Harbour Lights (1988)/Extras/Harbour Lights.mkv",
        "Harbour Lights (1988)/Season 1/Harbour Lights (1988).mkv",
        "Ann Bell/Harbour Lights (1988)/x.mkv",
    ],
)
def test_what_contradicts_itself_or_is_no_film_is_not_accepted(path: str) -> None:
    assert ask(path).accepted is None


def test_an_id_puts_its_title_first_and_keeps_the_others() -> None:
    found = ask("The Long Road [tt0000001].mkv")
    assert [one.imdb_id for one in found.candidates[:2]] == ["tt0000001", "tt0000002"]
    assert found.candidates[0].confidence == 1.0


def test_two_minutes_of_a_film_are_not_the_film_however_good_the_name() -> None:
    path = "Harbour Lights (1988)/Harbour Lights (1988).mkv"
    assert ask(path, runtime_minutes=2).accepted is None
    assert ask(path, runtime_minutes=103).accepted == "tt0000003"
    assert ask("Harbour Lights (1988)-cd1.mkv", runtime_minutes=51).accepted == "tt0000003"


@pytest.mark.parametrize(
    ("path", "imdb_id"),
    [
        ("Bragg (1999).mkv", "tt0000005"),
        ("Bragg.1999.1080p.BluRay.x264-GRP.mkv", "tt0000005"),
        ("Bragg (1999)/x.mkv", "tt0000005"),
        ("Dr. Orlok (1962).mkv", "tt0000006"),
        ("Kite (2012).mkv", "tt0000007"),
        ("Q.X. (1981).mkv", "tt0000008"),
        ("Grabber 2 (1992).mkv", "tt0000009"),
        ("H4rbour (2005).mkv", "tt0000014"),
        ("Harbour (2005).mkv", "tt0000014"),
        ("City of the Found, The (Cité des trouvés, La) (1995).mkv", "tt0000015"),
        ("L'Ete\u0301 a\u0300 Gene\u0300ve (1972).mkv", "tt0000016"),
        ("Lights AKA Harbour Lights 1988 1080p BluRay x264.mkv", "tt0000003"),
        ("Harbour.Lights.A.K.A.Hafenlichter.1988.1080p.mkv", "tt0000003"),
        ("[some-site.net] - Harbour.Lights.1988.DVDRip.XviD.mkv", "tt0000003"),
        ("www.some-site.net - Harbour Lights (1988).mkv", "tt0000003"),
        ("grp-harbour.lights.1988.1080p.bluray.x264.mkv", "tt0000003"),
        ("{some-site} Harbour Lights (1988).mkv", "tt0000003"),
        ("some-site.org_Harbour.Lights.1988.1080p.mkv", "tt0000003"),
        ("Harbour Lights = Hafenlichter (1988).mkv", "tt0000003"),
        ("HarbourLights1988.mkv", "tt0000003"),
        ("The Keeper of Salt (2006).mkv", "tt0000019"),
        ("The Lamp of Ages - The Keeper of Salt (2006).mkv", "tt0000019"),
        ("LOA - The Keeper of Salt (2006).mkv", "tt0000019"),
    ],
)
def test_short_forms_and_names_with_more_around_them(path: str, imdb_id: str) -> None:
    assert ask(path).accepted == imdb_id


@pytest.mark.parametrize(
    ("path", "imdb_id"),
    [
        ("01. Harbour Lights (1988).mkv", "tt0000003"),
        ("1. Harbour Lights (1988).mkv", "tt0000003"),
        ("007 - Harbour Lights.mkv", "tt0000003"),
        ("03 Harbour Lights (1988).mkv", "tt0000003"),
        ("(4) Harbour Lights (1988).mkv", "tt0000003"),
        ("No. 12 - Harbour Lights (1988).mkv", "tt0000003"),
        ("01.Harbour.Lights.1988.1080p.BluRay.x264-GRP.mkv", "tt0000003"),
        ("The Coast/02. Harbour Lights (1988)/x.mkv", "tt0000003"),
        ("The Coast/007 - 03 - Harbour Lights (1988).mkv", "tt0000003"),
        ("The Coast 3 - Harbour Lights (1988).mkv", "tt0000003"),
        ("The.Coast.007.Harbour.Lights.1988.1080p.mkv", "tt0000003"),
        ("HL - Harbour Lights (1988).mkv", "tt0000003"),
        ("grabber 1 (1988).mkv", "tt0000020"),
        ("Grabber I (1988).mkv", "tt0000020"),
        ("Grabber Collection/2 - Day of Wrath (1992).mkv", "tt0000009"),
        ("The Lamp of Ages/Book II - The Keeper of Salt (2006).mkv", "tt0000019"),
        ("The Lamp of Ages Box Set [2001-2006]/Book II - The Keeper of Salt (2006)/x.mkv", "tt0000019"),
    ],
)
def test_numbers_and_series_before_a_title_are_no_part_of_it(path: str, imdb_id: str) -> None:
    assert ask(path).accepted == imdb_id


@pytest.mark.parametrize(
    "path",
    [
        "12 Harbour Lights (1988).mkv",
        "The Coast - Harbour Lights (1988).mkv",
        "The Coast 3 - Harbour Lights.mkv",
        "Grabber 3 (1988).mkv",
        "Salt (2006).mkv",
        "Keeper of Salt 2 (2006).mkv",
        "Ann Bell/Harbour Lights (1988).mkv",
    ],
)
def test_what_may_be_a_part_of_another_title_is_left_open(path: str) -> None:
    assert ask(path).accepted is None


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("Bragg.mkv", None),
        ("Bragg (1998).mkv", None),
        ("Heaven (2011).mkv", "tt0000010"),
        ("Wall (1997).mkv", "tt0000012"),
        ("Larry Kettle 1 (2001).mkv", "tt0000013"),
        ("Bragg - The Second Voyage (1999).mkv", None),
        ("grp-wasp.2004.1080p.bluray.x264.mkv", None),
    ],
)
def test_what_is_not_said_clearly_is_left_open(path: str, first: str | None) -> None:
    found = ask(path)
    assert found.accepted is None
    if first:
        assert found.candidates[0].imdb_id == first


CANDIDATE_WILL_DO = frozenset({"Seven (1995).mkv", "X2 (2003).mkv", "Harry Potter 1 (2001).mkv"})
"""The catalogue has these films under other names only: the right one first is enough."""
OTHERWISE = {
    "Face (1997).mkv": "tt0119092",  # the list leaves it open; the catalogue has a film of this very name and year
    "[HD-ELITE.NET] -  The.Art.Of.The.Steal.2013.DVDRip.XviD.mkv": "tt2172985",  # the id that the catalogue has for it
}


@cache
def whole_index() -> TitleIndex:
    return TitleIndex(catalogue())


def cases() -> list[tuple[str, str]]:
    if not CASES.exists():
        return []
    with CASES.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return [(row["path"], OTHERWISE.get(row["path"], row["imdb_id"])) for row in rows]


@pytest.mark.skipif(not CASES.exists(), reason=f"{CASES} is not here")
@pytest.mark.parametrize(("path", "imdb_id"), cases())
def test_every_kept_name_is_matched_rightly_or_left_open(path: str, imdb_id: str) -> None:
    found = ask(path, whole_index())
    if path in CANDIDATE_WILL_DO:
        assert found.accepted in (None, imdb_id or None)
        if imdb_id:
            assert found.candidates
            assert found.candidates[0].imdb_id == imdb_id
    else:
        assert found.accepted == (imdb_id or None)
