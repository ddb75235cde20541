"""What paths say: films in folders of their own, ids, parts, extras and episodes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.film_paths import FilmPath, read_path
from tests.ingest.test_matching import catalogue


def read(path: str) -> FilmPath:
    *folders, stem = path.split("/")
    return read_path(stem, (*reversed(folders), "collection"))


@pytest.mark.parametrize(
    ("path", "own_folder", "outer"),
    [
        ("Heat (1995)/x", "Heat (1995)", ("collection",)),
        ("Michael Mann/Heat [1995]/x", "Heat [1995]", ("Michael Mann", "collection")),
        ("Heat.1995.1080p.BluRay.x264-GRP/grp-heat", "Heat.1995.1080p.BluRay.x264-GRP", ("collection",)),
        ("Heat/Heat", "Heat", ("collection",)),
        ("Heat/VIDEO_TS/VTS_02_1", "Heat", ("collection",)),
        ("Heat (1995)/BDMV/STREAM/00800", "Heat (1995)", ("collection",)),
        ("Heat (1995)/CD2/heat", "Heat (1995)", ("collection",)),
        ("Heat {imdb-tt0113277}/x", "Heat", ("collection",)),
        ("Michael Mann/Heat", "", ("Michael Mann", "collection")),
        ("Movies/Heat (1995)", "", ("Movies", "collection")),
        ("Movies/VIDEO_TS/VTS_01_1", "", ("Movies", "collection")),
        ("1990s/1995/Heat", "", ("1995", "1990s", "collection")),
        ("Heat", "", ("collection",)),
    ],
)
def test_the_folder_that_is_the_films_own(path: str, own_folder: str, outer: tuple[str, ...]) -> None:
    found = read(path)
    assert (found.own_folder, found.outer_folders) == (own_folder, outer)
    assert not found.left_out


def test_the_folder_that_was_named_may_be_the_films_own() -> None:
    assert read_path("x", ("Heat (1995)",)).own_folder == "Heat (1995)"


@pytest.mark.parametrize(
    ("path", "imdb_id"),
    [
        ("Heat (1995) [imdbid-tt0113277]", "tt0113277"),
        ("Heat (1995) {imdb-tt0113277}", "tt0113277"),
        ("Heat [TT0113277] 1080p", "tt0113277"),
        ("tt0113277", "tt0113277"),
        ("Heat (1995) {tmdb-949}", ""),
        ("Heat (1995) {imdb-tt0113277}/x", "tt0113277"),
        ("Heat {imdb-tt0113277}/VIDEO_TS/VTS_01_1", "tt0113277"),
        ("Heat {imdb-tt0113277}/other [tt0000002]", "tt0000002"),
        ("Heat {imdb-tt0113277}/inner/x", ""),
        ("Heat tt0113277 tt0000002", ""),
        ("Matt0113277", ""),
        ("tt01", ""),
    ],
)
def test_an_id_is_read_from_the_name_or_else_the_films_own_folder(path: str, imdb_id: str) -> None:
    assert read(path).imdb_id == imdb_id


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("Heat (1995)/Heat (1995)-trailer", "trailer"),
        ("Heat (1995)/trailer", "trailer"),
        ("Heat (1995)/Trailers/Heat", "trailer"),
        ("Heat.1995.Trailer.1080p.x264", "trailer"),
        ("Heat (1995) - Teaser 2", "trailer"),
        ("Heat-trailer2", "trailer"),
        ("Heat (1995)/Heat_sample", "sample"),
        ("Heat.1995.DVDRip-GRP/Sample/grp-heat-sample", "sample"),
        ("Heat.1995.DVDRip-GRP/sample-heat", "sample"),
        ("Heat (1995)/behind the scenes/the crew", "behind the scenes"),
        ("Heat (1995)/Heat (1995)-behindthescenes", "behind the scenes"),
        ("Heat (1995) - Making of", "behind the scenes"),
        ("Heat (1995)/Heat-deleted", "deleted scene"),
        ("Heat (1995)/Deleted Scenes/Diner", "deleted scene"),
        ("Heat (1995)/Diner-scene", "scene"),
        ("Heat (1995)-interview", "interview"),
        ("Heat (1995)/Shorts/An hour", "short"),
        ("Heat (1995)/Featurettes/True crime", "featurette"),
        ("Heat (1995)/theme", "theme music"),
        ("Heat (1995)/theme-music/one", "theme music"),
        ("Heat (1995)/Extras/anything", "extra"),
        ("Heat (1995)/Extras/deeper/anything", "extra"),
        ("Lost (2004)/Season 01/anything", "episode"),
        ("Lost/S02/anything", "episode"),
        ("Lost.S01E02.720p", "episode"),
        ("Lost - s01 e02", "episode"),
        ("Lost (2004) - 1x02 - Tabula Rasa", "episode"),
    ],
)
def test_what_is_no_film(path: str, kind: str) -> None:
    assert read(path).left_out == kind


@pytest.mark.parametrize(
    "path",
    [
        "The-Big-Short",
        "The.Big.Short.2015.1080p",
        "Trailer Park Boys - The Movie (2006)",
        "Shorts/Lambert (2001)",
        "Crime-Scene",
        "The-Interview",
        "Sample_This",
        "10x10 (2018)",
        "Fifty 50x50 (2013)",
        "Star Wars - Episode 4 - A New Hope",
        "Season of the Witch (2011)/x",
        "The Making of a Film",
    ],
)
def test_films_whose_names_are_near_to_those_of_extras(path: str) -> None:
    assert not read(path).left_out


@pytest.mark.parametrize(
    ("path", "stem", "part"),
    [
        ("Heat (1995)-cd1", "Heat (1995)", 1),
        ("Heat.1995.DVDRip.cd2", "Heat.1995.DVDRip", 2),
        ("Heat disc 1", "Heat", 1),
        ("Heat (1995)-part2", "Heat (1995)", 2),
        ("Heat (1995)/heat_pt2", "heat", 2),
        ("Heat (1995)/heat-part1", "heat", 1),
        ("Dune Part 2", "Dune Part 2", None),
        ("The Godfather Part 2 (1974)", "The Godfather Part 2 (1974)", None),
    ],
)
def test_parts_of_a_film_are_told_from_titles_with_a_part_in_them(path: str, stem: str, part: int | None) -> None:
    found = read(path)
    assert (found.stem, found.part) == (stem, part)


@settings(deadline=None)
@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_any_path_can_be_read(stem: str, folders: list[str]) -> None:
    found = read_path(stem, folders)
    assert len(found.outer_folders) <= len(folders)


def test_no_title_of_the_catalogue_is_taken_for_an_extra_or_a_part() -> None:
    names = {(re.sub(r'[/\\:?*"<>|]', " ", name), title.year) for title in catalogue() for name in title.names}
    stems = {stem for name, year in names for stem in (name, f"{name} ({year})", f"{name}.{year}".replace(" ", "."))}
    taken = [stem for stem in stems if (found := read_path(stem, ("films",))).left_out or found.part]
    assert not taken
