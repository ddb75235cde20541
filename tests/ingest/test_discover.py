import os
from pathlib import Path

import pytest

from ingest.beside import FilmFolder
from ingest.discover import FoundFilm, LeftOut, NotFound, describe, discover, find_films, say_left_out


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_the_thesis_layout_gives_director_and_title(tmp_path: Path) -> None:
    touch(tmp_path / "Alfred Hitchcock" / "Rear Window.avi")
    [film] = discover([tmp_path])
    assert film == FoundFilm(tmp_path / "Alfred Hitchcock" / "Rear Window.avi", "Rear Window", "Alfred Hitchcock")


def test_a_flat_folder_gives_titles_in_order(tmp_path: Path) -> None:
    touch(tmp_path / "b.mkv")
    touch(tmp_path / "a.MP4")
    touch(tmp_path / "a.srt")
    touch(tmp_path / ".hidden.mkv")
    assert [film.title for film in discover([tmp_path]) if isinstance(film, FoundFilm)] == ["a", "b"]


def test_a_year_in_brackets_is_no_part_of_the_title() -> None:
    film = describe(Path("Vertigo (1958).mkv"))
    assert (film.title, film.year) == ("Vertigo", 1958)


def test_a_folder_named_as_the_film_is_no_director(tmp_path: Path) -> None:
    touch(tmp_path / "Vertigo (1958)" / "Vertigo (1958).mkv")
    [film] = discover([tmp_path])
    assert isinstance(film, FoundFilm)
    assert film.director == ""


def test_a_named_file_is_taken_whatever_its_ending(tmp_path: Path) -> None:
    [film] = discover([touch(tmp_path / "recording.dat")])
    assert isinstance(film, FoundFilm)


@pytest.mark.parametrize("title", ['It\'s "quoted"', "émoji 🎬", "x" * 240, "[red]markup[red]", "..."])
def test_odd_titles_are_titles(title: str) -> None:
    assert describe(Path(f"{title}.mkv")).title == title


def test_a_missing_and_an_empty_folder_say_so(tmp_path: Path) -> None:
    missing, empty = discover([tmp_path / "nowhere", tmp_path])
    assert isinstance(missing, NotFound)
    assert "does not exist" in missing.reason
    assert isinstance(empty, NotFound)
    assert "no media" in empty.reason


def touch_latin_1(folder: Path) -> None:
    """`Café.mkv` in Latin-1; skips where the file system takes UTF-8 names only."""
    try:
        os.close(os.open(os.fsencode(folder) + b"/Caf\xe9.mkv", os.O_CREAT | os.O_WRONLY))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")


def test_a_name_that_is_not_utf_8_is_said_and_the_others_go_on(tmp_path: Path) -> None:
    touch_latin_1(tmp_path)
    touch(tmp_path / "Vertigo.mkv")
    odd, film = discover([tmp_path])
    assert isinstance(odd, NotFound)
    assert odd.path == tmp_path / "Caf\\xe9.mkv"
    assert "not UTF-8" in odd.reason
    assert isinstance(film, FoundFilm)
    [named] = discover([tmp_path / os.fsdecode(b"Caf\xe9.mkv")])
    assert named == odd


def test_links_that_lead_nowhere_or_to_such_a_name_are_said(tmp_path: Path) -> None:
    touch_latin_1(tmp_path)
    folder = tmp_path / "links"
    folder.mkdir()
    (folder / "gone.mkv").symlink_to("nowhere.mkv")
    (folder / "loop.mkv").symlink_to("loop.mkv")
    (folder / "odd.mkv").symlink_to(tmp_path / os.fsdecode(b"Caf\xe9.mkv"))
    reasons = [item.reason for item in discover([folder]) if isinstance(item, NotFound)]
    assert ["broken link" in reason for reason in reasons] == [True, True, False]
    assert "not UTF-8" in reasons[2]


@pytest.mark.parametrize(
    ("path", "title", "director", "year"),
    [
        ("Heat (1995)/whatever.mkv", "Heat", "", 1995),
        ("Heat (1995)/tt0113277.mkv", "Heat", "", 1995),
        ("Michael Mann/Heat [1995]/x.mkv", "Heat", "Michael Mann", 1995),
        ("Movies/Michael Mann/Heat.mkv", "Heat", "Michael Mann", None),
        ("Movies/Heat (1995).mkv", "Heat", "", 1995),
        ("A/Alien Collection/Aliens (1986)/x.mkv", "Aliens", "", 1986),
        ("Heat.1995.1080p.BluRay.x264-GRP/grp-heat.mkv", "Heat", "", 1995),
        ("Heat {imdb-tt0113277}/x.mkv", "Heat", "", None),
        ("Heat (1995)/VIDEO_TS/VTS_01_1.VOB", "Heat", "", 1995),
        ("Heat (1995)-cd1.avi", "Heat", "", 1995),
        ("Star Wars (1977)/The Empire Strikes Back (1980).mkv", "The Empire Strikes Back", "", 1980),
    ],
)
def test_the_layouts_of_media_servers(tmp_path: Path, path: str, title: str, director: str, year: int | None) -> None:
    touch(tmp_path / path)
    [film] = discover([tmp_path])
    assert isinstance(film, FoundFilm)
    assert (film.title, film.director, film.year) == (title, director, year)


def test_the_named_folder_may_be_the_films_own(tmp_path: Path) -> None:
    path = touch(tmp_path / "Heat (1995)" / "x.mkv")
    for named in (path, path.parent):
        [film] = discover([named])
        assert isinstance(film, FoundFilm)
        assert (film.title, film.year) == ("Heat", 1995)


def test_several_films_in_a_folder_of_one_name_are_named_by_their_files_and_versions_are_one(tmp_path: Path) -> None:
    for name in ("Bill Volume 1", "Bill Volume 2", "Bill (2003) - Director's Cut", "Bill (2003) - 2160p"):
        touch(tmp_path / "Bill (2003)" / f"{name}.mkv")
    found = [(film.title, film.year) for film in discover([tmp_path]) if isinstance(film, FoundFilm)]
    assert found == [("Bill", 2003), ("Bill Volume 1", 2003), ("Bill Volume 2", 2003)]


def test_what_is_no_film_is_left_out_and_counted(tmp_path: Path) -> None:
    folder = tmp_path / "Heat (1995)"
    for name in ("Heat (1995).mkv", "Heat-trailer.mkv", "Heat-trailer2.mkv", "Extras/x.mkv", "theme.mp3"):
        touch(folder / name)
    touch(tmp_path / "Lost" / "Season 1" / "one.mkv")
    films, missing, left_out = find_films([tmp_path])
    assert ([film.path.name for film in films], missing) == (["Heat (1995).mkv"], [])
    assert sorted(item.kind for item in left_out) == ["episode", "extra", "theme music", "trailer", "trailer"]
    assert say_left_out(left_out) == "2 trailers, 1 theme music, 1 extra, 1 episode"
    films, _, left_out = find_films([tmp_path], with_extras=True)
    assert (len(films), left_out) == (6, [])
    assert [film.title for film in films if film.year == 1995] == ["Heat"]


@pytest.mark.parametrize("suffix", ["f4v", "3g2", "swf", "m1v", "ra", "mlp", "spx", "mk3d", "m2t", "caf", "tak", "mpc"])
def test_every_name_of_media_is_taken(tmp_path: Path, suffix: str) -> None:
    touch(tmp_path / f"Heat (1995).{suffix.upper()}")
    [film] = discover([tmp_path])
    assert isinstance(film, FoundFilm)
    assert (film.title, film.year) == ("Heat", 1995)


def test_a_file_with_another_name_is_taken_if_it_begins_as_media_do_and_the_others_are_counted(tmp_path: Path) -> None:
    for name, content in {
        "Heat (1995)": b"\x1aE\xdf\xa3 and so on",
        "Ran (1985).film": b"\0\0\0 ftypisom",
        "poster.jpg": b"RIFF, and no sound",
        "movie.nfo": b"<movie/>",
        "Ran.iso": b"",
        "heat.r00": b"Rar!",
        "notes": b"ID card",
        "locked": b"",
    }.items():
        (tmp_path / name).write_bytes(content)
    os.mkfifo(tmp_path / "pipe")
    films, missing, left_out = find_films([tmp_path])
    assert ([film.path.name for film in films], missing) == (["Heat (1995)", "Ran (1985).film"], [])
    assert [(film.title, film.year) for film in films] == [("Heat", 1995), ("Ran", 1985)]
    assert say_left_out(left_out) == "1 disc image, 6 other files"
    assert find_films([tmp_path], with_extras=True)[2] == left_out


@pytest.mark.parametrize(
    ("name", "title", "year"),
    [
        ("01. Batman Begins (2005)", "Batman Begins", 2005),
        ("007 - Goldfinger (1964)", "Goldfinger", 1964),
        ("[some-site.net] - Heat (1995)", "Heat", 1995),
        ("1995 - Heat", "Heat", 1995),
        ("[1995] Heat", "Heat", 1995),
        ("Heat.1995", "Heat", 1995),
        ("heat_1995_dvdrip", "heat", 1995),
        ("The.Long.Road.(1969)", "The Long Road", 1969),
        ("Heat.1995.1080p.BluRay.x264-GRP", "Heat", 1995),
        ("(500) Days of Summer (2009)", "(500) Days of Summer", 2009),
        ("12 Angry Men (1957)", "12 Angry Men", 1957),
        ("2001 A Space Odyssey", "2001 A Space Odyssey", None),
        ("[REC] (2007)", "[REC]", 2007),
        ("[REC]2 (2009)", "[REC]2", 2009),
        ("Blade Runner 2049", "Blade Runner 2049", None),
        ("1917 (2019)", "1917", 2019),
    ],
)
def test_a_title_is_told_from_what_people_write_around_it(name: str, title: str, year: int | None) -> None:
    film = describe(Path(f"{name}.mkv"))
    assert (film.title, film.year) == (title, year)


def test_sound_tracks_beside_a_film_are_no_films_and_other_sound_is(tmp_path: Path) -> None:
    folder = tmp_path / "Heat (1995)"
    for name in ("film.mkv", "film.flac", "film.de.ac3", "film.commentary.en.aac", "film 2.mp3", "movie.nfo"):
        touch(folder / name)
    touch(tmp_path / "Ran (1985).flac")
    films, missing, left_out = find_films([tmp_path])
    assert ([film.path.name for film in films], missing) == (["Ran (1985).flac", "film 2.mp3", "film.mkv"], [])
    assert say_left_out(left_out) == "3 sound tracks beside their films, 1 other file"
    (folder / "film 2.mp3").unlink()
    [film] = (film for film in find_films([folder])[0])
    assert (film.title, film.year) == ("Heat", 1995)
    assert FilmFolder.of(film.path, tmp_path).nfo(film.path) == folder / "movie.nfo"


@pytest.mark.parametrize(
    ("path", "title", "director"),
    [
        ("Kids (1995)/BDMV/STREAM/00001.m2ts", "Kids", ""),
        ("Home Videos/Beach.mp4", "Beach", ""),
        ("TV Shows/Beach.mp4", "Beach", ""),
        ("New Movies (2020)/Heat.mkv", "Heat", ""),
    ],
)
def test_shelves_and_films_with_the_name_of_a_shelf(tmp_path: Path, path: str, title: str, director: str) -> None:
    touch(tmp_path / path)
    [film] = find_films([tmp_path])[0]
    assert (film.title, film.director) == (title, director)


def test_an_episode_as_groups_name_it_is_left_out(tmp_path: Path) -> None:
    for name in ("[Grp] A Title - 01 [1080p].mkv", "[Grp] A Title - 012v2.mkv", "[Grp] A Film (2016) [97681524].mkv"):
        touch(tmp_path / name)
    films, _, left_out = find_films([tmp_path])
    assert [film.title for film in films] == ["A Film"]
    assert say_left_out(left_out) == "2 episodes"


def test_a_folder_of_extras_only_is_not_empty_and_a_named_extra_is_taken(tmp_path: Path) -> None:
    trailer = touch(tmp_path / "Heat (1995)-trailer.mkv")
    assert list(discover([tmp_path])) == [LeftOut(trailer, "trailer")]
    [film] = discover([trailer])
    assert isinstance(film, FoundFilm)
    assert (film.title, film.year) == ("Heat (1995)-trailer", None)
