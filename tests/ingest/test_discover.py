import os
from pathlib import Path

import pytest

from ingest.discover import FoundFilm, NotFound, describe, discover


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
    assert ["leads nowhere" in reason for reason in reasons] == [True, True, False]
    assert "not UTF-8" in reasons[2]
