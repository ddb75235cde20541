"""The level of a second comes from its surroundings: quiet scenes are heard, what follows changes nothing before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.geometry import SECOND_SAMPLES
from models.ears.default_ear import DefaultEar
from models.features import levelling
from models.features.levelling import (
    LEVEL_RMS,
    QUIETEST_RMS,
    SILENT_RMS,
    SURROUNDINGS_S,
    Levelled,
    level_gains,
    levelled,
)
from models.recipes.events_reference import drawn_sounds

loudness = st.lists(st.sampled_from([0.0, 1e-5, 2e-4, 3e-3, 0.02, 0.1, 0.5]), min_size=1, max_size=120)


def slow_gains(rms: list[float]) -> list[float]:
    """By the definition, one second after the other."""
    gains = []
    for s in range(len(rms)):
        around = rms[max(0, s - SURROUNDINGS_S) : s + SURROUNDINGS_S + 1]
        heard = [value for value in around if value >= SILENT_RMS]
        reference = np.percentile(heard, levelling.LOUD_PERCENTILE) if heard else 0.0
        gains.append(LEVEL_RMS / max(reference, QUIETEST_RMS))
    return gains


@given(loudness)
def test_gains_equal_the_definition(rms: list[float]) -> None:
    assert np.allclose(level_gains(np.array(rms)), slow_gains(rms), rtol=1e-5)


@given(loudness, loudness)
def test_what_follows_changes_only_the_gains_of_its_surroundings(rms: list[float], appended: list[float]) -> None:
    before = level_gains(np.array(rms))
    after = level_gains(np.array(rms + appended))[: len(rms)]
    settled = max(0, len(rms) - SURROUNDINGS_S)
    assert np.array_equal(after[:settled], before[:settled])


@given(loudness, st.integers(1, 4_000))
def test_silence_that_follows_changes_no_gain(rms: list[float], seconds: int) -> None:
    before = level_gains(np.array(rms))
    assert np.array_equal(level_gains(np.array(rms + [0.0] * seconds))[: len(rms)], before)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.5, 90), min_size=1, max_size=6), st.integers(-9_000, 60_000), st.integers(0, 30_000))
def test_a_piece_is_the_sound_times_the_gain_drawn_between_seconds(gains: list[float], begin: int, length: int) -> None:
    n = len(gains) * SECOND_SAMPLES + 777
    sound = np.random.default_rng(n).uniform(-0.5, 0.5, n).astype(np.float32)
    centres = (np.arange(len(gains)) + 0.5) * SECOND_SAMPLES
    places = np.arange(begin, begin + length)
    inside = (places >= 0) & (places < n)
    expected = np.where(inside, sound[np.clip(places, 0, n - 1)] * np.interp(places, centres, gains), 0)
    film = Levelled(sound, np.array(gains, np.float32), slice(0, len(gains)))
    if begin > n or begin + length < 0:
        return
    assert np.allclose(film.piece(begin, begin + length), expected, rtol=1e-3, atol=1e-3)


def drawn_film(seed: int, seconds: int) -> np.ndarray:
    """Scenes of 5 to 20 s of chords, voice, noise, bursts and nothing, each at a level of its own; int16 at 8 kHz."""
    rng = np.random.default_rng(seed)
    sounds = drawn_sounds()
    scenes: list[np.ndarray] = []
    while sum(map(len, scenes)) < seconds * SECOND_SAMPLES:
        sound = sounds[str(rng.choice(["chords", "vowel", "noise", "burst", "silent", "loud"]))][::2]
        scene = np.resize(sound, int(rng.uniform(5, 20) * SECOND_SAMPLES)).astype(np.float64)
        loudness = max(float(np.sqrt(np.mean(np.square(scene)))), 1.0)
        scenes.append(np.clip(scene * 32_768 * 10 ** (rng.uniform(-45, -12) / 20) / loudness, -32_768, 32_767))
    return np.concatenate(scenes)[: seconds * SECOND_SAMPLES].astype(np.int16)


APPENDED = {
    "silence": np.zeros(240 * SECOND_SAMPLES, np.int16),
    "noise": np.random.default_rng(0).normal(0, 3_000, 40 * SECOND_SAMPLES).astype(np.int16),
    "a loud film": np.clip(drawn_film(99, 40).astype(np.int32) * 40, -32_768, 32_767).astype(np.int16),
}
LAST_S = 25
"""Surroundings, what the networks hear ahead, and what smoothing carries back."""


@pytest.fixture(scope="module")
def ear() -> DefaultEar:
    return DefaultEar.load()


@pytest.mark.parametrize("appended", APPENDED)
@pytest.mark.parametrize(("seed", "seconds"), [(3, 57), (7, 90)])
def test_what_follows_leaves_the_labels_before_it(ear: DefaultEar, seed: int, seconds: int, appended: str) -> None:
    film = drawn_film(seed, seconds)
    alone, _ = ear.activity(film)
    together, _ = ear.activity(np.concatenate([film, APPENDED[appended]]))
    settled = seconds - (LAST_S if appended != "silence" else 5)
    assert len(set(alone.label[:settled].tolist())) > 1  # the film has something to lose
    assert np.array_equal(together.label[:settled], alone.label[:settled])
    assert np.array_equal(together.present[:settled], alone.present[:settled])


def test_a_quiet_scene_is_levelled_as_a_loud_one_is() -> None:
    scene = drawn_film(3, 40).astype(np.float64)
    film = np.concatenate([scene, scene * 10 ** (-20 / 20), scene]).round().astype(np.int16)
    gains = levelled(film).gains
    middle, loud = gains[40 + SURROUNDINGS_S : 80 - SURROUNDINGS_S], gains[SURROUNDINGS_S : 40 - SURROUNDINGS_S]
    assert np.allclose(middle / loud, 10, rtol=0.05)
