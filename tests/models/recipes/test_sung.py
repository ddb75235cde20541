"""Spoken lines become sung ones: pitch, length and names of what is made (a stand-in for the vocoder)."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from media.geometry import SAMPLE_RATE_HZ
from models.recipes import sung
from models.recipes.films import Shelf, load_shelves
from models.recipes.sung import Line, held, melody, passages, say, score, sing, store, syllables, vocalise

BINS = 33


class Vocoder:
    """Hears 120 Hz in three quarters of any sound, and makes a sine of the pitch that it gets."""

    def dio(self, sound: np.ndarray, rate_hz: int, frame_period: float) -> tuple[np.ndarray, np.ndarray]:
        times = np.arange(len(sound) * 1000 // (rate_hz * int(frame_period))) * frame_period / 1000
        return np.where(np.arange(len(times)) % 200 < 150, 120.0, 0.0), times

    def stonemask(self, sound: np.ndarray, pitch: np.ndarray, times: np.ndarray, rate_hz: int) -> np.ndarray:
        return pitch

    def cheaptrick(self, sound: np.ndarray, pitch: np.ndarray, times: np.ndarray, rate_hz: int) -> np.ndarray:
        return np.abs(np.random.default_rng(0).normal(1, 0.2, (len(pitch), BINS))) + 0.01

    def d4c(self, sound: np.ndarray, pitch: np.ndarray, times: np.ndarray, rate_hz: int) -> np.ndarray:
        return np.full((len(pitch), BINS), 0.1)

    def synthesize(
        self, pitch: np.ndarray, spectrum: np.ndarray, breath: np.ndarray, rate_hz: int, period: float
    ) -> np.ndarray:
        assert len(pitch) == len(spectrum) == len(breath)
        each = np.repeat(pitch, int(rate_hz * period / 1000))
        return np.sin(2 * np.pi * np.cumsum(each) / rate_hz) * (each > 0)


@pytest.fixture
def line() -> Line:
    """Two seconds: a quarter silent, a dip of loudness within the voice."""
    pitch = np.where(np.arange(400) % 200 < 150, 120.0, 0.0)
    spectrum = np.ones((400, BINS))
    spectrum[[40, 80]] = 0.01
    return Line(pitch, spectrum, np.full((400, BINS), 0.1))


def test_syllables_are_cut_where_the_voice_is_quietest_and_fill_the_line(line: Line) -> None:
    found = syllables(line)
    assert [first for first, _, _ in found[1:]] == [last for _, last, _ in found[:-1]]
    assert (found[0][0], found[-1][1]) == (0, 400)
    assert {40, 80} <= {last for _, last, _ in found}
    assert all((line.pitch_hz[first:last] > 0).all() == voiced for first, last, voiced in found)


def test_a_held_syllable_keeps_its_ends_and_repeats_its_middle() -> None:
    frames = held(100, 130, 200)
    assert (frames[0], frames[-1], len(frames)) == (100, 129, 200)
    assert (np.diff(frames) >= 0).all()
    assert np.diff(frames[:10]).min() == 1  # the onset at its own pace
    assert 112 <= frames[60] <= frames[140] <= 118  # the middle fifth, held


def test_a_melody_holds_notes_of_a_scale_around_its_root() -> None:
    lengths = [200] * 12
    for seed in range(5):
        pitch = melody(np.random.default_rng(seed), lengths, 200.0)
        assert pitch.shape == (2400,)
        semitones = 12 * np.log2(pitch / 200)
        assert np.abs(semitones).max() < 26
        second_halves = semitones.reshape(12, 200)[:, 100:]
        assert np.median(second_halves.std(axis=1)) < 0.7  # held, but for vibrato
        assert len(set(np.round(second_halves.mean(axis=1)))) >= 3


def test_a_line_is_sung_longer_than_it_is_said_and_its_pauses_have_no_pitch(line: Line) -> None:
    for seed in range(5):
        frames, pitch = score(np.random.default_rng(seed), line, 150.0)
        assert len(frames) == len(pitch) >= 0.75 * 400
        assert ((pitch > 0) == (line.pitch_hz[frames] > 0)).all()
    frames, pitch = vocalise(np.random.default_rng(0), line, 150.0)
    assert (pitch > 0).all()
    assert len(set(frames)) < 8  # one vowel


def test_a_line_said_again_keeps_its_rhythm_and_gets_no_melody(line: Line) -> None:
    for seed in range(6):
        sound = say(Vocoder(), np.random.default_rng(seed), line)
        assert 0.75 * 2 < sound.size / SAMPLE_RATE_HZ < 1.3 * 2
        assert np.abs(sound).max() == pytest.approx(1)
    assert sing(Vocoder(), np.random.default_rng(0), line).size > 0


def test_what_is_sung_is_music_and_what_is_rebuilt_is_speech_in_the_films(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyworld", Vocoder())  # type: ignore[arg-type]
    monkeypatch.setattr(sung, "PASSAGES", 2)
    monkeypatch.setattr(sung, "REBUILT", 3)
    noise = (3_000 * np.random.default_rng(0).standard_normal(4 * SAMPLE_RATE_HZ)).astype(np.int16)
    for kind in ("speech", "music", "effect"):
        np.savez(tmp_path / f"{kind}_join.npz", samples=noise, length=np.array([noise.size]), group=np.array(["anna"]))
    heard, said = passages(tmp_path / "speech_join.npz", "anna", 22)
    assert [len(heard), len(said)] == [2, 3]
    assert all(8 <= passage.size / SAMPLE_RATE_HZ <= 18 for passage in heard)
    again, _ = passages(tmp_path / "speech_join.npz", "anna", 22)
    np.testing.assert_array_equal(heard[0], again[0])
    further = tmp_path / "sung"
    further.mkdir()
    store(further / "music_join.npz", {"sung/anna": heard})
    store(further / "speech_join.npz", {"rebuilt/anna": said})
    shelves = load_shelves(tmp_path, "join", further)
    assert set(shelves["music"].names) == {"anna", "sung/anna"}
    assert dict(zip(shelves["music"].names, shelves["music"].weights, strict=True))["sung/anna"] == pytest.approx(0.2)
    assert set(shelves["speech"].names) == {"anna", "rebuilt/anna"}
    assert set(Shelf(tmp_path / "effect_join.npz").names) == {"anna"}


def test_without_the_vocoder_the_recipe_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyworld", None)  # type: ignore[arg-type]
    with pytest.raises(SystemExit, match="pip install pyworld"):
        sung.world()
