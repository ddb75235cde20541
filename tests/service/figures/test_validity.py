"""Thesis 5.2: predictions beside the truth, each with its mark."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

import cli
from db.home import Home
from errors import CatalogueError
from film import LEVELS, MUSIC, OTHER, SPEECH, Activity, FilmAnalysis, FilmSummary, MusicRun
from models.ears.ear import base_version
from models.ears.heads import load_heads, save_heads
from models.ears.store import load_weights
from service.figures import validity
from service.figures.validity import (
    CORRECT,
    EXTREME,
    NOT_FOUND,
    SIMPLE,
    WRONG,
    compare,
    load_validity,
    mark_genre,
    mark_level,
    media_path,
    validity_path,
)
from service.library import ears
from service.rights.access import LOCAL
from studio import MusicSegment, Rendered, short_film

M, S, REST = MUSIC, SPEECH, OTHER


@pytest.mark.parametrize("attribute", LEVELS)
def test_one_level_off_is_simple_two_are_extreme(attribute):
    low, middle, high = LEVELS[attribute]
    marks = {(t, p): mark_level(attribute, t, p) for t in (low, middle, high) for p in (low, middle, high)}
    assert {pair for pair, mark in marks.items() if mark == CORRECT} == {(low, low), (middle, middle), (high, high)}
    assert {pair for pair, mark in marks.items() if mark == EXTREME} == {(low, high), (high, low)}
    assert sum(mark == SIMPLE for mark in marks.values()) == 4
    assert mark_level(attribute, low, None) == NOT_FOUND


def test_a_genre_is_right_or_wrong():
    assert mark_genre("jazz", "jazz") == CORRECT
    assert mark_genre("jazz", "blues") == WRONG
    assert mark_genre("jazz", None) == NOT_FOUND


def segment(start_s, end_s, genre="jazz", **levels):
    return MusicSegment(
        start_s,
        end_s,
        genre,
        100.0,
        "major",
        "low",
        0.0,
        **{"danceability": "low", "valence": "neutral", "energy": "low"} | levels,
    )


def run(start_s, end_s, genre="jazz", danceability="low", valence="neutral", energy="low"):
    return MusicRun(start_s, end_s, genre, 0.8, danceability, 0.7, valence, 0.6, energy, 0.5)


@pytest.fixture
def case():
    """40 s: speech 0-9, a song 10-21, silence, a song 25-36 that nobody heard; the label errs in three seconds."""
    true = np.array([S] * 10 + [M] * 12 + [REST] * 3 + [M] * 12 + [REST] * 3, np.int8)
    rendered = Rendered(
        "Case",
        np.zeros(40 * 8_000, np.int16),
        true == M,
        true == S,
        true,
        (segment(10, 22, energy="medium", valence="positive"), segment(25, 37, "rock")),
    )
    label = np.array([S] * 10 + [M] * 11 + [S] + [REST] * 18, np.int8)
    activity = Activity((label == M) * np.float32(0.9), (label == S) * np.float32(0.9), label, label == M)
    zero = FilmSummary({}, {}, {}, {}, 0, 0, 0)
    runs = (run(10, 21, valence="negative"),)
    return rendered, FilmAnalysis("case.wav", "", 0, 40.4, "ear-1", activity, runs, zero)


def test_seconds_and_songs_are_compared(case):
    made = compare(*case, "default")
    assert made.duration_s == 40
    assert made.confusion == ((11, 1, 12), (0, 10, 0), (0, 0, 6))
    assert made.accuracy["label"] == pytest.approx(27 / 40)
    assert made.accuracy["music_f1"] == pytest.approx(2 * 11 / (24 + 11))
    assert made.accuracy["speech_f1"] == pytest.approx(2 * 10 / (10 + 11))
    found, missed = made.segments
    assert (found.run_start_s, found.run_end_s) == (10, 21)
    assert (found.genre.mark, found.genre.probability) == (CORRECT, 0.8)
    assert (found.danceability.mark, found.energy.mark, found.valence.mark) == (CORRECT, SIMPLE, EXTREME)
    assert (missed.genre.mark, missed.genre.true, missed.genre.predicted) == (NOT_FOUND, "rock", None)
    assert missed.run_start_s is None
    assert made.accuracy["genre"] == 0.5
    assert made.accuracy["valence"] == 0.0
    assert "not the ear" in made.note


def test_the_run_that_covers_most_of_a_song_is_taken(case):
    rendered, analysis = case
    runs = (run(0, 13, "blues"), run(13, 23, "jazz"), run(23, 40, "rock"))
    first, second = compare(rendered, replace(analysis, runs=runs), "default").segments
    assert (first.genre.predicted, second.genre.predicted) == ("jazz", "rock")


def test_a_film_that_decodes_a_second_shorter_is_compared_as_far_as_it_goes(case):
    rendered, analysis = case
    activity = Activity(*(getattr(analysis.activity, name)[:39] for name in ("music", "speech", "label", "present")))
    assert compare(rendered, replace(analysis, activity=activity), "default").duration_s == 39


def test_nothing_stored_is_none_and_a_broken_file_is_named(tmp_path):
    home = Home.at(tmp_path)
    assert load_validity(home) is None
    for text in ("{", "[]", "{}", '{"segments": [], "confusion": []}'):
        validity_path(home).write_text(text)
        with pytest.raises(CatalogueError, match=r"validity\.json.*filmscore validity"):
            load_validity(home)


def test_the_heads_in_use_hear_the_file_and_analyse(tmp_path, film_file, monkeypatch):
    """The rendered file is a short one, so that its hearing is too."""
    home, trained = Home.at(tmp_path / "home"), tmp_path / "trained"
    trained.mkdir()
    head = load_heads(load_weights("default_heads"))["energy"]
    always_high = replace(head, weights=head.weights * 0, bias=np.array([0.0, 0.0, 9.0]), ordinal=None)
    save_heads({"energy": always_high}, trained / "default-energy.npz")
    ears.use(home, LOCAL, "energy", ears.install(home, LOCAL, trained))
    monkeypatch.setattr(validity, "render", lambda script, seed: short_film(seed=1))
    made = validity.run_validity(home)
    assert made.model_version == ears.current_version(home)
    assert {one.energy.predicted for one in made.segments} <= {"high", None}
    shown = CliRunner().invoke(cli.app, ["analyse", str(film_file), "--home", str(home.root), "--json"])
    document = json.loads(shown.stdout)
    assert document["model_version"] == ears.current_version(home)
    assert {run["energy"] for run in document["runs"]} == {"high"}
    speech = [p >= 0.5 for p in document["activity"]["speech"]]
    assert document["summary"]["speech_present"] == pytest.approx(100 * sum(speech) / len(speech))
    assert document["summary"]["music_under_speech"] > 0, "the film has music under speech"
    nowhere = tmp_path / "nowhere"
    shown = CliRunner().invoke(cli.app, ["analyse", str(film_file), "--home", str(nowhere), "--json"])
    assert json.loads(shown.stdout)["model_version"] == base_version(made.model_version)
    assert not nowhere.exists()


def test_the_command_hears_the_file_and_stores_what_it_prints(tmp_path):
    result = CliRunner().invoke(cli.app, ["validity", "--home", str(tmp_path), "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    home = Home.at(tmp_path)
    stored = load_validity(home)
    assert stored is not None
    assert media_path(home).is_file()
    assert document["duration_s"] == 260 == len(stored.label_true) == len(stored.music_p)
    assert [s["genre"]["true"] for s in document["segments"]] == [s.genre.true for s in stored.segments]
    assert len(stored.segments) == 7
    assert sum(map(sum, stored.confusion)) == 260
    assert stored.accuracy == document["accuracy"]
    assert stored.accuracy["label"] > 0.5
