"""Emotify's tracks as films play music: what each copy holds, and that the same copies come again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from media.geometry import SAMPLE_RATE_HZ as RATE
from media.geometry import WINDOW_RMS, WINDOW_S
from models.recipes.films import Shelf
from models.recipes.hear_emotify import BELOW_SPEECH_DB, BLOCKS, copies_of, hear, levelled, talk

N = WINDOW_S * RATE
MUSIC_HZ, VOICE_HZ = 1_000, 2_000
COPIES = ("speech-4", "speech-8", "speech-12", "speech-16", "narrow", "old")


def tone(hz: float, seconds: float, level: float = 0.1) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two voices with one short and one long line each, of one tone."""
    path, lengths = tmp_path_factory.mktemp("decoded") / "speech_train.npz", np.array([RATE, 3 * RATE] * 2)
    samples = (tone(VOICE_HZ, lengths.sum() / RATE) * 32_767).astype(np.int16)
    np.savez(path, samples=samples, length=lengths, group=np.array(["anna", "anna", "bert", "bert"]))
    return path


def power(sound: np.ndarray, low_hz: float, high_hz: float) -> float:
    spectrum = np.square(np.abs(np.fft.rfft(sound.astype(np.float64))))
    hz = np.fft.rfftfreq(sound.size, 1 / RATE)
    return float(spectrum[(hz >= low_hz) & (hz < high_hz)].sum())


def test_the_copies_have_the_level_the_voices_and_the_bands_that_they_promise(speech: Path) -> None:
    music = levelled(tone(MUSIC_HZ, WINDOW_S) + tone(100, WINDOW_S) + tone(3_700, WINDOW_S))
    copies = dict(copies_of(np.random.default_rng(1), music, Shelf(speech)))
    assert tuple(copies) == COPIES
    for samples in copies.values():
        assert samples.shape == (N,)
        assert samples.dtype == np.int16
        assert np.sqrt(np.mean(np.square(samples / 32_768))) == pytest.approx(WINDOW_RMS, rel=0.02)
    for db in BELOW_SPEECH_DB:
        heard = copies[f"speech-{db}"]
        voice, played = power(heard, 1_500, 2_500), 3 * power(heard, 900, 1_100)
        assert 10 * np.log10(voice / played) == pytest.approx(db, abs=0.5)
    for name, inside in (("narrow", 1.1), ("old", 2.0)):
        assert power(copies[name], 60, 4_000) / power(copies[name], 900, 1_100) < inside * 1.1
    assert power(copies["old"], 3_900, 4_000) > 50 * power(copies["narrow"], 3_900, 4_000)  # the hiss


def test_the_same_seed_makes_the_same_copies_and_another_one_does_not(speech: Path) -> None:
    music, shelf = tone(MUSIC_HZ, WINDOW_S), Shelf(speech)
    first, again, other = (dict(copies_of(np.random.default_rng(seed), music, shelf)) for seed in (1, 1, 2))
    assert all(np.array_equal(first[name], again[name]) for name in COPIES)
    assert not np.array_equal(first["speech-4"], other["speech-4"])
    assert np.array_equal(first["narrow"], other["narrow"])


def test_a_voice_speaks_to_the_end_of_the_window_with_short_pauses(speech: Path) -> None:
    spoken = np.abs(talk(np.random.default_rng(3), Shelf(speech), N)).reshape(-1, RATE // 20).max(axis=1) > 0.01
    assert 0.7 < spoken.mean() < 1
    assert spoken[:20].all()
    assert spoken[-40:].any()


def test_silence_makes_copies_without_nan(speech: Path) -> None:
    copies = dict(copies_of(np.random.default_rng(1), np.zeros(N, np.float32), Shelf(speech)))
    assert not copies["narrow"].any()
    assert copies["speech-16"].any()


def test_the_windows_of_a_track_are_heard_in_three_copies_each_in_turn(tmp_path: Path, speech: Path) -> None:
    (tmp_path / "emotify").mkdir()
    wavfile.write(tmp_path / "emotify" / "007.opus", RATE, (tone(MUSIC_HZ, 16) * 32_767).astype(np.int16))
    np.savez(
        tmp_path / "windows.npz",
        clip=np.array(["emotify-007", "another", "emotify-007"]),
        start_s=np.array([5.0, 0.0, 1.0], np.float32),
    )
    heard = hear(tmp_path, Shelf(speech))
    assert heard["clip"].tolist() == ["emotify-007"] * 6
    assert heard["start_s"].tolist() == [1.0] * 3 + [5.0] * 3
    assert tuple(heard["copy"]) == COPIES[1::2] + COPIES[::2]
    for name in BLOCKS:
        assert heard[name].shape[0] == 6
        assert np.isfinite(heard[name]).all()
