"""The senses of a film together: in `analyse --json`, one failing beside the others, and read again without hearing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from commands import analyse as analyse_verb
from db.catalogue.parts import find_part, read_part
from db.home import Home
from errors import MediaError
from film import Activity, AnalysisStatus, Cue, FilmAnalysis
from ingest.hear import Outcome, Task, hear
from media import confined
from media.confined import Confined
from media.picture import Frames
from studio import write_media
from studio.pictures import PictureScript, Shot
from studio.subtitling import TextStream
from tests.service.heard_home import Samples, ToneEar
from tests.views.test_commands import run

SECONDS = 24
SCRIPT = PictureScript((Shot(12, ((70, 90, 120), (20, 24, 30)), (), "happy"), Shot(12, ((190, 170, 140),))))
SAID = (
    Cue(1, 4, "The harbour is silent, and the captain is away."),
    Cue(6, 9, "[music]"),
    Cue(10, 12, "Nobody has seen him today, and the ship has gone."),
)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "Heat (1995).mkv"
    sound = (8_000 * np.sin(np.arange(SECONDS * 8_000) / 4)).astype(np.int16)
    return write_media(sound, path, codec="flac", texts=[TextStream(SAID, "eng")], picture=SCRIPT)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def heard(home: Home, film: Path, ear: ToneEar | None = None) -> tuple[Outcome, FilmAnalysis]:
    with Confined(home.scratch) as child:
        outcome = hear(home, Task(film), ear or ToneEar(), child)
    part = find_part(home, outcome.media_sha256, 0, "tone-1")
    assert part is not None
    return outcome, read_part(part)


def test_the_document_of_a_film_has_the_figures_of_each_sense(
    film: Path, tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.ears.ear.load_ear", lambda *_, **__: ToneEar())
    told = json.loads(run(analyse_verb, "analyse", str(film), "--json", "--home", str(home.root)))
    said, seen, shown = told["dialogue"], told["picture"], told["faces"]
    assert said["language"] == "en" and said["share"] == pytest.approx(5 / SECONDS, abs=0.01)
    assert said["words_per_minute"] > 0 and -1 <= said["sentiment"] <= 1
    assert said["music_captions"] == 1 and said["music_caption_spans"] == [[6.0, 9.0]]
    assert 0 <= seen["brightness"] <= 1 and 0 <= seen["saturation"] <= 1 and seen["black_and_white"] is False
    assert seen["cuts_per_minute"] >= 0
    assert seen["palette"] and all(
        len(colour) == 3 and all(0 <= c <= 255 for c in colour) for colour in seen["palette"]
    )
    assert 0 < shown["share"] <= 1 and 0 <= shown["close_up_share"] <= 1
    assert sum(shown["expressions"].values()) == pytest.approx(1) and "happy" in shown["expressions"]
    text = run(analyse_verb, "analyse", str(film), "--home", str(home.root))
    assert "Dialogue (en, track 0):" in text and "Picture: brightness" in text and "Faces: in " in text

    silent = write_media(np.zeros(SECONDS * 8_000, np.int16), tmp_path / "sound.wav")
    started: list[object] = []
    start = confined._start
    monkeypatch.setattr(confined, "_start", lambda: started.append(start()) or started[-1])
    bare = json.loads(run(analyse_verb, "analyse", str(silent), "--json", "--home", str(home.root)))
    assert (bare["dialogue"], bare["picture"], bare["faces"]) == (None, None, None)
    assert len(started) == 1  # one process opens the file for all of it


@pytest.mark.fault("A sense that fails", times=2)
@pytest.mark.parametrize("failing", ["look", "read_subtitles"])
def test_a_sense_that_fails_leaves_a_film_its_others(
    failing: str, film: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Frames:
        raise MediaError("Heat (1995).mkv: crashes its decoder (SIGKILL). Convert it, or leave it out.")

    monkeypatch.setattr(Confined, failing, fail)
    outcome, analysis = heard(home, film)
    assert outcome.status == AnalysisStatus.ANALYSED and "crashes its decoder" in outcome.reason
    assert len(analysis.activity.label) == SECONDS
    assert (analysis.dialogue is None, analysis.picture is None) == (failing == "read_subtitles", failing == "look")
    assert (analysis.faces is None) == (failing == "look")


def test_a_film_heard_by_an_earlier_edition_is_looked_at_and_read_again_and_not_heard(
    film: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("ingest.senses.EDITION", 0)
        earlier.setattr(Confined, "look", lambda *_: None)  # an edition that knew no picture
        first, before = heard(home, film)
    assert first.status == AnalysisStatus.ANALYSED and before.picture is None and before.dialogue is not None

    class Deaf(ToneEar):
        def activity(self, samples: Samples) -> tuple[Activity, object]:
            raise AssertionError("the film is heard again")

    again, after = heard(home, film, Deaf())
    assert (again.status, again.renewed) == (AnalysisStatus.SKIPPED, True)
    assert after.picture is not None and after.faces is not None and after.dialogue is not None
    assert np.array_equal(after.activity.label, before.activity.label) and after.runs == before.runs
    assert heard(home, film, Deaf())[0].renewed is False
