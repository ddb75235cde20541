"""Versions of one film are one film; instalments, other years and other ids are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from errors import MediaError
from film import AudioTrack
from ingest.discover import find_films
from ingest.film_versions import best_sound
from media.tracks import Choice

ONE_FILM = (
    ("Heat (1995)/Heat (1995) - 2160p.mkv", "Heat (1995)/Heat (1995) - 1080p.mkv", "Heat (1995)/Heat (1995) [TV].mkv"),
    ("Ran (1985)/ran.mkv", "Ran (1985)/ran-4k.mkv"),
    ("Ali (2001)/2160p.mkv", "Ali (2001)/Director's Cut.mkv"),
    ("Cube (1997) {edition-Final Cut}/Cube (1997) {edition-Final Cut}.mkv", "Cube (1997)/Cube (1997).mkv"),
    ("Avatar (2009)/Avatar (2009).3D.HSBS.mkv", "Avatar (2009)/Avatar (2009).mkv"),
    ("Alien.1979.1080p.BluRay.x264-AAA.mkv", "Alien.1979.2160p.REMUX.mkv"),
    ("Blade.Runner.2049.2017.1080p.mkv", "Blade.Runner.2049.2017.2160p.mkv"),
    ("Casino (1995) [tt0112641]/Casino (1995) [tt0112641] - 4K.mkv", "Casino (1995) [tt0112641]/casino.mkv"),
    ("Once (2007)/Once (2007) - cd1.mkv", "Once (2007)/Once (2007) - cd2.mkv", "Once (2007)/Once (2007) - 4k.mkv"),
)
SEVERAL_FILMS = (
    ("Nymphomaniac (2013) - Vol I.mkv", "Nymphomaniac (2013) - Vol. II.mkv"),
    ("Rocky (1976).mkv", "Rocky II (1979).mkv"),
    ("King Kong (1933).mkv", "King Kong (2005).mkv"),
    ("Heat.mkv", "Heat 2.mkv"),
    ("A/Hamlet (1996) [tt0116477].mkv", "A/Hamlet (1996) [tt0000099].mkv"),
    ("Two (2002)/Other Film.mkv", "Two (2002)/Two.mkv"),
    ("Mann/Heat (1995).mkv", "Other/Heat (1995).mkv"),
)


@pytest.mark.parametrize(("paths", "films"), [(one, 1) for one in ONE_FILM] + [(many, 2) for many in SEVERAL_FILMS])
def test_versions_are_one_film(tmp_path: Path, paths: tuple[str, ...], films: int) -> None:
    for path in paths:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    found, missing, left_out = find_films([tmp_path])
    assert (len(found), missing, left_out) == (films, [], [])
    files = [path for film in found for one in (film, *film.versions) for path in (one.path, *one.further)]
    assert sorted(files) == sorted(tmp_path / path for path in paths)


class Files:
    """Opens files that are not there: name -> length in seconds, and the sound track."""

    def __init__(self, **files: tuple[float, Choice]) -> None:
        self.files = files

    def container_seconds(self, path: Path) -> float:
        return self.choose_audio_track(path) and self.files[path.name][0]  # type: ignore[return-value]

    def choose_audio_track(self, path: Path) -> Choice:
        if path.name not in self.files:
            raise MediaError("damaged")
        return self.files[path.name][1]


def track(codec: str, channels: int, bit_rate: int = 0, language: str = "eng") -> Choice:
    return Choice(0, (AudioTrack(0, language=language, codec=codec, channels=channels),), (bit_rate,))


@pytest.mark.parametrize(
    ("best", "others"),
    [
        ((7000, track("ac3", 6)), (7000, track("flac", 2))),
        ((7000, track("truehd", 6)), (7000, track("ac3", 6, 640_000))),
        ((7000, track("aac", 2, 320_000)), (7100, track("aac", 2, 128_000))),
        ((7000, track("aac", 2)), (600, track("truehd", 8))),
        ((7000, track("aac", 2)), (9000, track("", 8))),
        ((7000, track("aac", 2, language="ja")), (7000, track("truehd", 8, language="eng"))),
    ],
)
def test_the_best_whole_sound_is_heard(best: Any, others: Any) -> None:
    child: Any = Files(best=best, other=others)
    assert best_sound([[Path("best")], [Path("other")]], child, ["Japanese"]) == 0
    assert best_sound([[Path("damaged")], [Path("other")], [Path("best")]], child, ["Japanese"]) == 2
