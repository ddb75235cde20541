"""Labels that people set by ear: stored, exported as a manifest, and used for training."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import numpy as np
import pytest
import scipy.io.wavfile
from typer.testing import CliRunner

from cli import app
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from errors import AccessError, ParameterError
from film import Film
from ingest.summarise import summarise_run
from models.ears.ear import load_ear
from models.examples.manifest import read_manifest
from service.library.corrections import COLUMNS, corrections_manifest, write_corrections
from service.library.editing import correct_run
from service.rights.access import ANYBODY, LOCAL
from tests.models.training.test_default_training import clatter
from tests.models.training.test_default_training import tone as tone_of
from tests.service.heard_home import make_home, tone, write_wav


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Films 1 to 4 are analysed, and their files exist."""
    home = make_home(tmp_path / "home")
    with State.open(home) as state:
        for media in state.media():
            path = write_wav(tmp_path / f"{media.film_id}.wav", tone(300 * media.film_id, 30))
            state.attach_media(media.film_id, media.media_sha256, 0, str(path), media.model_version)
    return home


def _spans(home: Home) -> dict[int, list[tuple[int, int]]]:
    with Snapshot.open(home) as snapshot:
        return {film_id: [(run.start_s, run.end_s) for run in snapshot.runs(film_id)] for film_id in range(1, 5)}


def test_several_values_of_a_run_are_set_and_taken_back_in_one_publish(home: Home) -> None:
    (span,) = _spans(home)[1]
    first = correct_run(home, LOCAL, 1, span, {"genre": "jazz", "energy": "high"})
    with Snapshot.open(home) as snapshot:
        assert snapshot.id == first and snapshot.runs(1)[0].corrections == {"genre": "jazz", "energy": "high"}
    with pytest.raises(ParameterError, match="loud"):
        correct_run(home, LOCAL, 1, span, {"genre": "rock", "energy": "loud"})
    correct_run(home, LOCAL, 1, span, {"energy": None})
    with Snapshot.open(home) as snapshot:
        assert snapshot.runs(1)[0].corrections == {"genre": "jazz"}, "the refused act changed nothing"


def test_the_most_doubtful_scene_comes_first_and_a_set_one_no_more(home: Home) -> None:
    spans = _spans(home)
    with Snapshot.open(home) as snapshot:
        runs, left = snapshot.doubtful_runs(["genre", "energy"], 10)
        in_order, _ = snapshot.doubtful_runs(["genre"], 10, by_doubt=False)
        assert left == len(runs) == sum(map(len, spans.values()))
        assert all(0 <= run.doubt <= 1 for run in runs)
        assert [run.doubt for run in runs] == sorted((run.doubt for run in runs), reverse=True)
        assert [(run.film_id, run.run) for run in in_order] == sorted((run.film_id, run.run) for run in in_order)
        assert snapshot.doubtful_runs(["genre"], 1, film_id=3)[1] == len(spans[3])
        assert snapshot.doubtful_runs(["genre"], 1, film_id=99) == ([], 0)
    correct_run(home, LOCAL, 3, spans[3][0], {"genre": "jazz"})
    with Snapshot.open(home) as snapshot:
        assert snapshot.doubtful_runs(["genre"], 9, film_id=3)[1] == len(spans[3]) - 1
        assert snapshot.doubtful_runs(["genre", "energy"], 9, film_id=3)[1] == len(spans[3]), "its energy is open"


def test_a_catalogue_without_runs_has_no_doubtful_scene(tmp_path: Path) -> None:
    with Snapshot.open(make_home(tmp_path / "home", heard=False)) as snapshot:
        assert snapshot.doubtful_runs(["genre"], 5) == ([], 0)


def test_corrections_are_a_manifest_that_train_and_evaluate_read(home: Home, tmp_path: Path) -> None:
    spans = _spans(home)
    correct_run(home, LOCAL, 1, spans[1][0], {"genre": "jazz", "energy": "high"})
    correct_run(home, LOCAL, 2, spans[2][0], {"genre": "rock"})
    written = write_corrections(home, LOCAL, "genre", tmp_path / "out" / "genre.csv")
    assert (written.runs, written.films, written.left_out) == (2, 2, ())
    manifest = read_manifest(tmp_path / "out" / "genre.csv", "genre")
    assert [(clip.path, clip.start_s, clip.end_s, clip.audio_track) for clip in manifest.clips] == [
        (tmp_path / f"{film_id}.wav", *spans[film_id][0], 0) for film_id in (1, 2)
    ]
    assert len({clip.group for clip in manifest.clips}) == 2, "a film is on one side of a split"


def test_the_later_of_two_corrections_that_overlap_counts(home: Home) -> None:
    with State.open(home) as state:
        state.correct_run(1, (0, 20), "genre", "jazz")
        state.write("UPDATE corrections SET corrected_at = '2020-01-01'", ())
        state.correct_run(1, (0, 30), "genre", "rock")
    rows = list(csv.DictReader(io.StringIO(corrections_manifest(home, LOCAL, "genre").text)))
    assert [(row["label"], row["end_s"]) for row in rows] == [("rock", "30")] and tuple(rows[0]) == COLUMNS


def test_films_that_cannot_be_learnt_from_are_named(home: Home, tmp_path: Path) -> None:
    for film_id, spans in _spans(home).items():
        correct_run(home, LOCAL, film_id, spans[0], {"energy": "high"})
    (tmp_path / "1.wav").unlink()
    with State.open(home) as state:
        shutil.copy(tmp_path / "2.wav", tmp_path / "Part cd1.wav")
        shutil.copy(tmp_path / "2.wav", tmp_path / "Part cd2.wav")
        media = {one.film_id: one for one in state.media()}
        state.attach_media(2, media[2].media_sha256, 0, str(tmp_path / "Part cd1.wav"), media[2].model_version)
    found = corrections_manifest(home, LOCAL, "energy")
    assert found.films == 2
    assert any("not where it was" in reason for reason in found.left_out)
    assert any("several files" in reason for reason in found.left_out)
    with pytest.raises(ParameterError, match="outside of the media roots"):
        corrections_manifest(home, LOCAL, "energy", [tmp_path / "elsewhere"])


@pytest.mark.parametrize("attribute", ["genre", "loudness", ""])
def test_no_corrections_or_no_such_attribute_is_a_line(home: Home, attribute: str) -> None:
    with pytest.raises(ParameterError, match="corrections of"):
        corrections_manifest(home, LOCAL, attribute)


def test_only_admins_export_corrections(home: Home) -> None:
    with pytest.raises(AccessError):
        corrections_manifest(home, ANYBODY, "genre")


def _said(*line: str) -> str:
    """The output of a command line, or the error with which it ends."""
    result = CliRunner().invoke(app, list(line))
    if result.exception is None:
        return result.output
    assert isinstance(result.exception, ParameterError), result.exception
    return str(result.exception)


def test_the_command_line_exports_corrections_and_names_what_is_missing(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "energy.csv"
    options = ("--corrections", "energy", "--home", str(home.root))
    assert "there is none to use" in _said("export", str(target), *options)
    correct_run(home, LOCAL, 1, _spans(home)[1][0], {"energy": "high"})
    assert "1 scenes of 1 films" in _said("export", str(target), *options)
    assert len(target.read_text().splitlines()) == 2
    assert "ends in .csv" in _said("export", str(tmp_path / "energy.parquet"), *options)


def _heard_as(path: Path, own: Path | None = None) -> str:
    """The genre of a file's first eleven seconds, by the shipped ear or with the heads of a home."""
    ear = load_ear(own=own)
    [windows] = ear.attributes(scipy.io.wavfile.read(path)[1], [(0, 11)], None)
    return summarise_run(0, 11, windows).genre


def test_what_was_corrected_is_learnt_installed_and_heard_in_other_films(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.training.learning_figures.plotly.io.write_images", lambda *_, **__: None)
    home, options = Home.at(tmp_path / "home"), ("--home", str(tmp_path / "home"))
    sounds = {"blues": tone_of, "metal": clatter}
    with State.open(home) as state:
        for genre, make in sounds.items():
            for seed in range(6):
                path = write_wav(tmp_path / f"{genre}{seed}.wav", (make(seed) * 32_767).astype(np.int16))
                [film_id] = state.add_films([Film(path.stem)])
                state.attach_media(film_id, f"{film_id:064x}", 0, str(path), "any")
                state.correct_run(film_id, (0, 11), "genre", genre)
    others = {
        genre: write_wav(tmp_path / f"other-{genre}.wav", (make(99) * 32_767).astype(np.int16))
        for genre, make in sounds.items()
    }
    assert all(_heard_as(path) != genre for genre, path in others.items()), "the shipped ear hears them otherwise"
    assert "12 scenes of 12 films" in _said("export", str(tmp_path / "genre.csv"), "--corrections", "genre", *options)
    trained = _said("train", "genre", "--from-corrections", "--out", str(tmp_path / "out"), *options)
    assert "accuracy 1.000" in trained
    version = _said("models", "install", str(tmp_path / "out"), *options).split()[0]
    _said("models", "use", version, *options)
    assert {genre: _heard_as(path, home.models) for genre, path in others.items()} == {name: name for name in sounds}


def test_a_training_learns_either_from_a_manifest_or_from_corrections(home: Home, tmp_path: Path) -> None:
    asked = ("train", "genre", "--out", str(tmp_path / "out"), "--home", str(home.root))
    assert "either --data MANIFEST or --from-corrections" in _said(*asked)
    assert "either" in _said(*asked, "--from-corrections", "--data", "x.csv")
    assert "By ear" in _said(*asked, "--from-corrections")
    for film_id, spans in _spans(home).items():
        correct_run(home, LOCAL, film_id, spans[0], {"genre": "jazz"})
    assert "one class only (jazz)" in _said(*asked, "--from-corrections"), "the manifest was read"
    assert (tmp_path / "out" / "corrections.csv").is_file()
