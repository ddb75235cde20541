"""The track that is heard, by what is asked for and what is known of the film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from db.home import Home
from db.state.store import State
from errors import ParameterError
from film import AudioTrack, Film
from ingest.discover import describe
from ingest.metadata_csv import read_films
from ingest.track_language import known_language, track_in
from media.tracks import Choice, choose_track
from service.library.companions import Companions
from service.library.identities import Identities
from service.library.ingest_steps import identify, wanted_languages


def file_with(*tracks: tuple[str, str]) -> Choice:
    """A file with tracks of (language, purpose), and what is heard of it without a language."""
    listed = tuple(AudioTrack(n, lang, "", "aac", 2, n == 0, why) for n, (lang, why) in enumerate(tracks))
    return Choice(choose_track(Path("x.mkv"), listed), listed)


@pytest.mark.parametrize(
    ("tracks", "languages", "heard"),
    [
        ([("ger", ""), ("eng", "")], ["English"], 1),
        ([("ger", ""), ("eng", "")], ["fr", "en"], 1),
        ([("ger", ""), ("eng", "")], ["French"], 0),
        ([("ger", ""), ("eng", "")], [], 0),
        ([("ger", ""), ("eng", "commentary"), ("eng", "")], ["eng"], 2),
        ([("ger", ""), ("eng", "audio description")], ["eng"], 0),
        ([("eng", "commentary"), ("ger", "")], ["eng"], 1),
        ([("", ""), ("wol", "")], ["wol"], 1),
        ([("", ""), ("", "")], [""], 0),
        ([("eng", ""), ("eng", "")], ["en"], 0),
        ([("fre", ""), ("pt-BR", "")], ["Portuguese"], 1),
    ],
)
def test_the_wanted_language_is_heard(tracks: Sequence[tuple[str, str]], languages: Sequence[str], heard: int) -> None:
    assert track_in(file_with(*tracks), languages) == heard


def test_a_language_that_nobody_knows_is_refused() -> None:
    assert known_language("Deutsch") == known_language("ger") == "de"
    with pytest.raises(ParameterError, match=r"^klingon: not a language"):
        known_language("klingon")
    both = CliRunner().invoke(app, ["analyse", "x.mkv", "--audio-track", "0", "--audio-language", "en"])
    assert isinstance(both.exception, ParameterError)


def test_the_original_language_is_known_from_the_nfo_file_the_library_or_a_table(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    for name in ("Ran (1985)", "Heat (1995)", "Amélie (2001)", "Unknown (1990)"):
        (tmp_path / "films" / name).mkdir(parents=True)
        (tmp_path / "films" / name / "x.mkv").touch()
    text = "<movie><title>Ran</title><languages>ja, en</languages></movie>"
    (tmp_path / "films/Ran (1985)/movie.nfo").write_text(text, "utf-8")

    def wanted(name: str, *asked: str) -> tuple[str, ...]:
        film = describe(tmp_path / "films" / name / "x.mkv", tmp_path / "films")
        (identified,) = identify([film], companions, identities)
        return wanted_languages(identified, asked)

    with State.open(home) as state, Companions(home, state) as companions:
        state.add_film(Film("Heat", year=1995, languages=("English", "Spanish")))
        identities = Identities(state, "", [Film("Amélie", year=2001, languages=("French",))])
        assert wanted("Ran (1985)") == ("ja",)
        assert wanted("Heat (1995)") == ("English",)
        assert wanted("Amélie (2001)", "de") == ("de", "French")
        assert wanted("Unknown (1990)") == ()
        assert len(state.films()) == 1


def test_the_original_language_of_a_table_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "films.csv"
    path.write_text('title,original_language,spoken_languages\nAmélie,fr,"English, French"\nHeat,en,\n', "utf-8")
    assert [film.languages for film in read_films(path)] == [("French", "English"), ()]
