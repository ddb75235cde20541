"""Which files are one film."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.discover import FoundFilm, LeftOut, discover, find_films
from ingest.film_parts import MENU, OTHER_TITLE, further_files, join


def make(root: Path, *names: str, size: int = 0) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)


def films(root: Path) -> list[list[str]]:
    """The files of each film below a root."""
    found = [film for film in discover([root]) if isinstance(film, FoundFilm)]
    return [[path.relative_to(root).as_posix() for path in (film.path, *film.further)] for film in found]


@pytest.mark.parametrize(
    "names",
    [
        ["Heat (1995)-cd1.avi", "Heat (1995)-cd2.avi", "Heat (1995)-cd3.avi"],
        ["Heat.1995.DVDRip.CD1.avi", "Heat.1995.DVDRip.CD2.avi"],
        ["Heat disc 1.mkv", "Heat disc 2.mkv"],
        ["Heat (1995)/heat-part1.mkv", "Heat (1995)/heat-part2.mkv"],
        ["Heat (1995)/cd1.avi", "Heat (1995)/cd2.avi"],
        ["Heat (1995)/Part 1.mkv", "Heat (1995)/Part 2.mkv"],
        ["Heat (1995)/CD1/heat.avi", "Heat (1995)/CD2/heat.avi"],
        ["Heat/VIDEO_TS/VTS_02_1.VOB", "Heat/VIDEO_TS/VTS_02_2.VOB"],
    ],
)
def test_parts_are_one_film_in_order(tmp_path: Path, names: list[str]) -> None:
    make(tmp_path, *names)
    assert films(tmp_path) == [names]
    first, *others = [tmp_path / name for name in names]
    assert further_files(first) == tuple(others)
    assert further_files(others[0]) == ()
    [named] = discover([first])
    assert isinstance(named, FoundFilm)
    assert named.further == tuple(others)


@pytest.mark.parametrize(
    "names",
    [
        ["Dune Part 1.mkv", "Dune Part 2.mkv"],
        ["Heat (1995)-cd1.avi", "Heat (1995)-part2.avi"],
        ["Shelf/cd1.avi", "Shelf/cd2.avi"],
        ["Heat (1995)-cd1.avi", "Ronin (1998)-cd2.avi"],
        ["Heat (1995)-cd2.avi", "Heat (1995)-cd3.avi"],
        ["Heat (1995)-cd1.avi", "Heat (1995)-cd1.mkv", "Heat (1995)-cd2.avi"],
        ["backups/CD1/heat.avi", "backups/CD2/ronin.avi"],
        ["Kill Bill 1.mkv", "Kill Bill 2.mkv"],
    ],
)
def test_what_may_be_several_films_stays_so(tmp_path: Path, names: list[str]) -> None:
    make(tmp_path, *names)
    assert films(tmp_path) == [[name] for name in names]


def test_a_film_and_its_trailer_are_not_joined_and_a_part_named_twice_counts_once(tmp_path: Path) -> None:
    make(tmp_path, "Heat (1995)/heat-cd1.avi", "Heat (1995)/heat-cd2.avi", "Heat (1995)/heat-trailer.avi")
    assert films(tmp_path) == [["Heat (1995)/heat-cd1.avi", "Heat (1995)/heat-cd2.avi"]]
    found, missing, left_out = find_films([tmp_path, tmp_path / "Heat (1995)" / "heat-cd2.avi"])
    assert (len(found), missing, len(left_out)) == (1, [], 1)


def test_a_dvd_is_its_largest_title(tmp_path: Path) -> None:
    folder = tmp_path / "Heat (1995)" / "VIDEO_TS"
    make(folder, "VIDEO_TS.VOB", "VTS_01_0.VOB", "VTS_01_1.VOB", "VTS_02_0.VOB", "VTS_03_1.VOB", size=10)
    make(folder, "VTS_02_1.VOB", "VTS_02_2.VOB", size=8)
    found = list(discover([tmp_path]))
    [film] = [item for item in found if isinstance(item, FoundFilm)]
    assert (film.title, film.year) == ("Heat", 1995)
    assert (film.path.name, [path.name for path in film.further]) == ("VTS_02_1.VOB", ["VTS_02_2.VOB"])
    left = [(item.path.name, item.kind) for item in found if isinstance(item, LeftOut)]
    assert left == [
        ("VIDEO_TS.VOB", MENU),
        ("VTS_01_0.VOB", MENU),
        ("VTS_01_1.VOB", OTHER_TITLE),
        ("VTS_02_0.VOB", MENU),
        ("VTS_03_1.VOB", OTHER_TITLE),
    ]


def test_a_blu_ray_is_its_largest_stream(tmp_path: Path) -> None:
    folder = tmp_path / "Heat" / "BDMV" / "STREAM"
    make(folder, "00000.m2ts", "00002.m2ts", size=3)
    make(folder, "00001.m2ts", size=9)
    assert films(tmp_path) == [["Heat/BDMV/STREAM/00001.m2ts"]]
    [film] = [item for item in discover([tmp_path]) if isinstance(item, FoundFilm)]
    assert film.title == "Heat"


def test_every_file_is_in_one_film_or_left_out() -> None:
    names = ["a-cd1.avi", "a-cd2.avi", "VTS_01_0.VOB", "VTS_01_1.VOB", "b.mkv", "a-cd2 (1999)-cd1.mkv"]
    paths = [Path("films", name) for name in names]
    joined = join(paths)
    taken = [path for files in joined.films for path in files] + [path for path, _ in joined.of_discs]
    assert sorted(taken) == sorted(paths)
