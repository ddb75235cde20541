"""The key of cadences in all keys, and the benchmark that measures it."""

from __future__ import annotations

import numpy as np
import pytest

from bench.keys import studio_pieces, transposed, weight
from film import KEYS
from models.ears.key import correlations, key_attributes
from models.features.chroma import pitch_classes
from studio.composing import compose
from studio.notes import DRUM_CHANNEL
from studio.script import MusicCue
from tests.models.ears.tones import chord

CADENCES = {
    "major": ([0, 4, 7], [5, 9, 12], [7, 11, 14], [0, 4, 7]),
    "minor": ([0, 3, 7], [5, 8, 12], [7, 11, 14], [0, 3, 7]),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_cadence_says_its_key(name: str) -> None:
    tonic, mode = KEYS.index(name) % 12, name.split()[1]
    cents = 25 if tonic % 2 else -15
    sound = np.concatenate([chord([48 + tonic + step for step in steps], 1, cents) for steps in CADENCES[mode]])
    found = key_attributes(sound)
    assert KEYS[int(found["key"])] == name
    assert 0.3 < found["key_confidence"] <= 1
    assert (found["minor"] > 0.5) == (mode == "minor")


@pytest.mark.parametrize("sound", [np.zeros(80_000, np.int16), np.zeros(0, np.int16)])
def test_silence_has_no_key(sound: np.ndarray) -> None:
    found = key_attributes(sound)
    assert found["key_confidence"] == pytest.approx(1 / 24) and found["minor"] == pytest.approx(0.5)


def test_the_key_is_heard_where_nobody_speaks() -> None:
    music = np.concatenate([chord([48 + step for step in steps], 3) for steps in CADENCES["major"]])
    voice = np.tile(chord([53, 56, 61], 1), 12) * 3
    spoken = np.arange(24) >= 12
    sound = np.concatenate([music, music + voice])
    alone, found = key_attributes(music), key_attributes(sound, spoken)
    assert found == pytest.approx(alone)
    assert key_attributes(sound)["key_confidence"] != pytest.approx(alone["key_confidence"])
    under_speech = key_attributes(sound[: music.size], np.ones(12, np.bool_))
    assert under_speech["key"] == alone["key"] and under_speech["key_confidence"] < alone["key_confidence"]


def test_noise_is_unsure() -> None:
    noise = np.random.default_rng(0).standard_normal(80_000).astype(np.float32) * 0.1
    assert key_attributes(noise)["key_confidence"] < 0.35


def test_pitch_classes_moved_by_a_semitone_move_the_key() -> None:
    classes = pitch_classes(chord([60, 64, 67], 2))
    moved = correlations(np.roll(classes, 1))
    np.testing.assert_allclose(moved[:12], np.roll(correlations(classes)[:12], 1), atol=1e-9)


@pytest.mark.parametrize(("said", "points"), [(0, 1.0), (7, 0.5), (5, 0.5), (21, 0.3), (12, 0.2), (1, 0.0), (19, 0.0)])
def test_near_keys_count_in_part(said: int, points: float) -> None:
    assert weight(0, said) == points


def test_from_minor_the_relative_key_is_three_semitones_up() -> None:
    assert weight(21, 0) == 0.3 and weight(21, 9) == 0.2 and weight(21, 6) == 0.0


def test_the_benchmarks_pieces_are_in_the_keys_that_it_says() -> None:
    piece = compose(MusicCue("classical", 0.0, 8.0, mode="minor"), np.random.default_rng(1))
    moved = transposed(piece, 2)
    for before, after in zip(piece.notes, moved.notes, strict=True):
        assert after.key - before.key == (0 if before.channel == DRUM_CHANNEL else 2)
    first = next(studio_pieces(1))
    assert (first.kind, KEYS[first.key]) == ("blues", "C major")
