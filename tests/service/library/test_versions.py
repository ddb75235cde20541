"""Versions and chosen tracks, from the first ingest to the next."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from db.home import Home
from db.state.store import State
from errors import AccessError, ParameterError
from film import AnalysisStatus
from ingest.hear import Outcome, Task
from media.source import joined_sha256
from recommender import Question
from service.library import ingest_steps
from service.library.adding import ingest
from service.library.editing import duplicates, succeed, successions
from service.library.tracks import choose_track, sound_tracks, track_name
from service.questions.app_data import profile
from service.questions.lists import lists_of, save_list
from service.questions.profiles import save
from service.rights.access import ANYBODY, LOCAL


def sound(path: Path, channels: int, value: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes([value, 0]) * channels * 8000)
    return path


class Listener:
    """Stands for `hear_all`: every film was heard before; files named in `damaged` fail."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.damaged: set[str] = set()

    def __call__(self, home: Home, tasks: Sequence[Task], **_: Any) -> Iterator[Outcome]:
        for task in tasks:
            self.tasks.append(task)
            if task.path.name in self.damaged:
                yield Outcome(task.path, AnalysisStatus.FAILED, f"{task.path.name}: damaged.")
                continue
            digest = joined_sha256([task.path])
            number = dict(task.chosen).get(digest, 0) if task.audio_track is None else task.audio_track
            yield Outcome(task.path, AnalysisStatus.SKIPPED, "", digest, number, model_version="m")


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    listener = Listener()
    monkeypatch.setattr(ingest_steps, "hear_all", listener)
    return listener


def test_a_film_stays_one_when_a_better_version_comes_and_goes(tmp_path: Path, listener: Listener) -> None:
    home, folder = Home.at(tmp_path / "home"), tmp_path / "films" / "Heat (1995)"
    mono = sound(folder / "Heat (1995) - dvd.wav", 1, 1)
    (first,) = ingest(home, [tmp_path / "films"]).films
    stereo = sound(folder / "Heat (1995) - bluray.wav", 2, 2)
    (second,) = ingest(home, [tmp_path / "films"]).films
    assert (second.film_id, second.path, second.versions) == (first.film_id, str(stereo), (str(mono),))
    assert "best sound of 2 versions" in second.reason
    (named,) = ingest(home, [mono]).films
    assert (named.film_id, named.path) == (first.film_id, str(mono))
    with State.open(home) as state:
        assert [film.media_path for film in state.films()] == [str(mono)]
        assert state.versions() == {str(stereo): first.film_id}
    stereo.unlink()
    ingest(home, [tmp_path / "films"])
    with State.open(home) as state:
        assert (len(state.films()), state.versions()) == (1, {})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Heat (1995)/Heat (1995) dvd.wav", "Heat (1995)/Heat 1995 2160p.wav"),
        ("Heat (1995)/Heat.wav", "Heat (1995) [Remux]/Heat (1995).wav"),
        ("Michael Mann/Heat.wav", "Michael Mann/Heat (1995).wav"),
        ("Heat (1995).wav", "better/Heat (1995).wav"),
    ],
)
def test_a_better_rip_under_another_name_takes_the_place_of_a_file_that_is_gone(
    before: str, after: str, tmp_path: Path, listener: Listener
) -> None:
    home, films = Home.at(tmp_path / "home"), tmp_path / "films"
    old = sound(films / before, 1, 1)
    sound(films / "Ran (1985).wav", 1, 9)
    (first,) = ingest(home, [old]).films
    with State.open(home) as state:
        state.update_film(first.film_id or 0, plot="What I wrote")
    old.unlink()
    if not any(old.parent.iterdir()):
        old.parent.rmdir()
    new = sound(films / after, 2, 2)
    (second,) = ingest(home, [new]).films
    assert second.film_id == first.film_id
    with State.open(home) as state:
        assert [(film.plot, film.media_path) for film in state.films()] == [("What I wrote", str(new))]


def test_a_film_keeps_its_file_that_is_there_or_whose_disk_is_away(tmp_path: Path, listener: Listener) -> None:
    home, disk = Home.at(tmp_path / "home"), tmp_path / "disk"
    old = sound(disk / "films" / "Heat (1995)" / "Heat (1995).wav", 1, 1)
    (first,) = ingest(home, [old]).films
    cut = sound(tmp_path / "other" / "Heat (1995).wav", 2, 2)
    assert ingest(home, [cut]).films[0].film_id != first.film_id, "both cuts are there"
    alone = Home.at(tmp_path / "alone")
    (first,) = ingest(alone, [old]).films
    disk.rename(tmp_path / "away")
    disk.mkdir()
    assert ingest(alone, [cut]).films[0].film_id != first.film_id, "the disk is not mounted"


def test_an_admin_makes_one_film_of_two_if_the_file_of_the_first_is_gone(tmp_path: Path, listener: Listener) -> None:
    home, films = Home.at(tmp_path / "home"), tmp_path / "films"
    old, new = sound(films / "a" / "Heat (1995).wav", 1, 1), sound(films / "b" / "Heat (1995).wav", 2, 2)
    first, second = (film.film_id or 0 for film in ingest(home, [films / "a", films / "b"]).films)
    with pytest.raises(ParameterError, match="Heat: its file is still there"):
        succeed(home, LOCAL, first, second)
    with pytest.raises(AccessError):
        succeed(home, ANYBODY, first, second)
    old.unlink()
    [(gone, other)] = successions(duplicates(home, LOCAL)[1])
    assert (gone.film_id, other.film_id) == (first, second)
    save(home, "mine", Question(likes=(second, 7), seen=(first, second)), "a browser")
    save_list(home, "a browser", "Friday", (second, 7, first))
    succeed(home, LOCAL, first, second)
    assert profile(home, "mine", "a browser") == {"like": f"{first},7", "seen": f"{first}"}
    assert lists_of(home, "a browser")["Friday"] == (first, 7)
    with State.open(home) as state:
        assert [(film.film_id, film.media_path, film.media_sha256) for film in state.films()] == [
            (first, str(new), joined_sha256([new]))
        ]
    assert duplicates(home, LOCAL) == ([], [])
    assert ingest(home, [new]).films[0].film_id == first
    with pytest.raises(ParameterError):
        succeed(home, LOCAL, first, second)


def test_another_year_or_one_of_two_films_of_the_name_is_another_film(tmp_path: Path, listener: Listener) -> None:
    home, films = Home.at(tmp_path / "home"), tmp_path / "films"
    old = sound(films / "a" / "Heat (1995).wav", 1, 1)
    sound(films / "a" / "Ran (1985).wav", 1, 9)
    (first,) = ingest(home, [old]).films
    old.unlink()
    remake = sound(films / "a" / "Heat (1986).wav", 2, 2)
    unnamed = sound(films / "b" / "Heat.wav", 2, 3)
    (second, third) = ingest(home, [remake, unnamed]).films
    assert len({first.film_id, second.film_id, third.film_id}) == 3


@pytest.mark.fault("A damaged version of a film")
def test_a_damaged_version_is_named_and_the_next_is_heard(tmp_path: Path, listener: Listener) -> None:
    home, folder = Home.at(tmp_path / "home"), tmp_path / "films" / "Heat (1995)"
    good, bad = sound(folder / "Heat (1995) - a.wav", 1, 1), sound(folder / "Heat (1995) - b.wav", 2, 2)
    listener.damaged = {bad.name}
    (film,) = ingest(home, [tmp_path / "films"]).films
    assert (film.path, film.status, film.notes) == (str(good), AnalysisStatus.SKIPPED, (f"{bad.name}: damaged.",))
    with State.open(home) as state:
        assert list(state.versions()) == [str(bad)]
    listener.damaged |= {good.name}
    report = ingest(home, [tmp_path / "films"])
    assert (report.failed, len(report.films)) == (True, 1)


def test_a_chosen_track_is_heard_again_until_another_is_chosen(tmp_path: Path, listener: Listener) -> None:
    home, path = Home.at(tmp_path / "home"), sound(tmp_path / "films" / "Heat (1995).wav", 1, 1)
    assert ingest(home, [path], audio_track=2).films[0].track == 2
    assert ingest(home, [path]).films[0].track == 2
    moved = path.rename(path.with_name("Moved (1995).wav"))
    assert ingest(home, [moved]).films[0].track == 2
    assert ingest(home, [moved], languages=("en",)).films[0].track == 0
    assert ingest(home, [moved]).films[0].track == 0


def test_an_admin_chooses_the_track_and_leaves_the_choice_again(tmp_path: Path, listener: Listener) -> None:
    home, path = Home.at(tmp_path / "home"), sound(tmp_path / "films" / "Heat (1995).wav", 1, 1)
    film_id = ingest(home, [path]).films[0].film_id or 0
    found = sound_tracks(home, LOCAL, film_id)
    assert ([track_name(one) for one in found.tracks], found.heard, found.chosen) == (
        ["0: 1 channel, pcm_s16le"],
        0,
        None,
    )
    choose_track(home, LOCAL, film_id, 0)
    assert sound_tracks(home, LOCAL, film_id).chosen == 0
    with pytest.raises(ParameterError, match="track 1: the file has 1"):
        choose_track(home, LOCAL, film_id, 1)
    choose_track(home, LOCAL, film_id, None)
    assert sound_tracks(home, LOCAL, film_id).chosen is None
    with State.open(home) as state:
        state.choose_track(state.get_film(film_id).media_sha256, 0)
        state.delete_film(film_id)
        assert state.chosen_tracks() == {}
