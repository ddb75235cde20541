"""Held notes: a sung or held tone has them; a gliding one, noise, clicks and silence don't."""

from __future__ import annotations

import numpy as np
import pytest

from media.geometry import SAMPLE_RATE_HZ, SECOND_SAMPLES
from models.ears.held_notes import LONGEST, SECONDS_AT_ONCE, SHORTEST, held_notes, pitch
from models.features.levelling import levelled

Sound = np.ndarray
SECONDS = 30


def voiced(hz: Sound) -> Sound:
    """(n,) six partials at the pitch of each sample."""
    phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE_HZ
    return np.asarray(sum(np.sin(k * phase) / k for k in range(1, 7)) / 4, np.float32)


def time_s() -> Sound:
    return np.arange(SECONDS * SECOND_SAMPLES) / SAMPLE_RATE_HZ


def sung() -> Sound:
    """A note of half a second after the other, each with a vibrato of 30 cents to either side."""
    t = time_s()
    steps = np.array([0, 2, 4, 5, 7, 4])[(t * 2).astype(int) % 6]
    return voiced(196 * 2 ** (steps / 12 + 0.025 * np.sin(2 * np.pi * 5 * t)))


def spoken_pitch() -> Sound:
    """A pitch that goes up and down by a fifth or so two times a second and never stays."""
    return voiced(140 * 2 ** (0.35 * np.sin(2 * np.pi * 2.1 * time_s())))


def noise() -> Sound:
    return np.random.default_rng(1).normal(0, 0.1, SECONDS * SECOND_SAMPLES).astype(np.float32)


def shares(sound: Sound) -> Sound:
    return held_notes(levelled(sound))


def test_a_melody_is_held_and_a_voice_that_glides_is_not() -> None:
    assert shares(sung()).min() > 0.6
    assert shares(spoken_pitch()).max() < 0.35 and shares(spoken_pitch()).mean() < 0.25


@pytest.mark.parametrize("sound", [noise(), np.zeros(SECONDS * SECOND_SAMPLES, np.int16)], ids=["noise", "silence"])
def test_nothing_is_held_in_noise_and_silence(sound: Sound) -> None:
    assert not shares(sound).any()


@pytest.mark.parametrize("hz", [70, 110, 261.6, 500, 880])
def test_the_pitch_of_a_tone_is_right_to_ten_cents(hz: float) -> None:
    clarity, cents = pitch(voiced(np.full(SECOND_SAMPLES, hz)))
    assert clarity.min() > 0.9
    assert cents == pytest.approx(1200 * np.log2(hz), abs=10)
    assert SAMPLE_RATE_HZ / LONGEST < 70 and SAMPLE_RATE_HZ / SHORTEST > 880


@pytest.mark.parametrize("gain", [1e-3, 0.037, 40])
def test_amplitude_does_not_matter(gain: float) -> None:
    sound = (sung() + noise()) / 2
    assert shares(sound * np.float32(gain)) == pytest.approx(shares(sound), abs=0.021)


def test_a_share_does_not_depend_on_where_blocks_end(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = np.concatenate([sung(), noise(), spoken_pitch(), sung()])[: 97 * SECOND_SAMPLES + 31]
    whole = shares(sound)
    assert SECONDS_AT_ONCE < whole.size == 97
    for seconds in (1, 7, 200):
        monkeypatch.setattr("models.ears.held_notes.SECONDS_AT_ONCE", seconds)
        assert shares(sound) == pytest.approx(whole, abs=1e-6)


def test_a_clip_of_some_seconds_and_none_at_all() -> None:
    clip = np.asarray(sung()[: 3 * SECOND_SAMPLES] * 20_000, np.int16)
    assert shares(clip).shape == (3,) and shares(clip).min() > 0.6
    assert shares(clip[:100]).shape == shares(clip[:0]).shape == (0,)
